"""Fingers of the TKI: where each comes from, who has none, enrolment where BNP2TKI sent none of use (§6.1, §12.5; R-026, X11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import enrol_fingers, finger_history, lists, opened, parts, picked, second_person
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from posko.domain.fingers import finger_name
from posko.domain.matrix import MATRIX, Cell, Command
from posko.services import screen_fingers, template_capture

if TYPE_CHECKING:
    from posko.services.office import Desk

ONE = "tki"
SLOT = "tki_fingers_open"


def render(desk: Desk) -> None:
    """Show who has no finger, or the fingers of one TKI."""
    opened.say_saved()
    tki_id = picked.text(ONE)
    if tki_id is None:
        _search()
        _list(desk)
        return
    picked.back(ONE)
    found = opened.opened(SLOT, (tki_id,), lambda: desk.do(screen_fingers.of_tki, tki_id=tki_id))
    if found is not None:
        _one(desk, found.seen)


def _search() -> None:
    with st.form("tki_fingers", border=False):
        left, right = st.columns([4, 1], vertical_alignment="bottom")
        typed = left.text_input(t("tki_fingers.id"), max_chars=64)
        is_sent = right.form_submit_button(t("tki_fingers.go"), icon=":material/search:", width="stretch")
    if is_sent and typed.strip():
        picked.show(ONE, typed.strip())
    elif is_sent:
        st.warning(t("tki_fingers.missing"))


def _list(desk: Desk) -> None:
    st.header(t("tki_fingers.without"), anchor=False)
    columns = [
        Column("tki_id", t("tki_fingers.tki_id"), is_fixed=True), Column("full_name", t("tki_fingers.full_name")),
        Column("label", t("tki_fingers.state")), Column("mark", t("tki_fingers.why"), is_fixed=True),
        Column("reason", t("tki_fingers.reason")),
    ]  # fmt: skip
    filters = [
        Filter("cari", t("tki_fingers.search")),
        Filter("sebab", t("tki_fingers.why"), "choice", {why: t(f"tki_fingers.{why}") for why in screen_fingers.WHYS}),
    ]

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        told = {"search": asked.get("cari"), "why": asked.get("sebab")}
        found = desk.do(screen_fingers.without, limit=limit, offset=offset, **told)
        rows = [{**row, "mark": Mark(t(f"tki_fingers.{row['why']}"), "warn")} for row in found["rows"]]
        return {"total": found["total"], "rows": rows}

    shown = listing(desk, Listing("tanpa_jari", columns, filters, read, t("tki_fingers.none")))
    rows = shown["rows"] if shown else []
    picked.choose(ONE, {row["tki_id"]: f"{row['tki_id']} · {row['full_name']}" for row in rows}, t("tki_fingers.open"))


def _one(desk: Desk, found: dict[str, Any]) -> None:
    st.header(f"{found['full_name']} · {found['tki_id']}", anchor=False)
    finger_history.show(found["sets"], found["search"])
    if found["imports"]:
        st.subheader(t("tki_fingers.imports"), anchor=False)
        columns = [
            Column("at", t("tki_fingers.received"), is_fixed=True), Column("name", t("tki_fingers.finger")),
            Column("format", t("tki_fingers.format"), is_fixed=True), Column("mark", t("tki_fingers.outcome"), is_fixed=True),
            Column("reason", t("tki_fingers.reason")),
        ]  # fmt: skip
        lists.show_list(columns, [_sent(row) for row in found["imports"]], empty=t("tki_fingers.no_imports"))
    if found["has_reference"]:
        st.info(t("tki_fingers.reference"), icon=":material/verified_user:")
    elif _may_act(desk):
        _enrol(desk, found)
    else:
        st.info(t("tki_fingers.behalf"))


def _sent(row: dict[str, Any]) -> dict[str, Any]:
    is_used = row["outcome"] == "ACTIVE"
    mark = Mark(t("tki_fingers.used"), "good") if is_used else Mark(t("tki_fingers.refused"), "bad")
    return {**row, "at": lists.moment(row["received_at"]), "name": finger_name(int(row["finger"])), "mark": mark}


def _may_act(desk: Desk) -> bool:
    cell = MATRIX[Command.REGISTER][desk.by.role] if desk.by else Cell.NO
    return cell is Cell.YES or (cell is Cell.ON_BEHALF and desk.by is not None and bool(desk.by.on_behalf))


def _enrol(desk: Desk, found: dict[str, Any]) -> None:
    tki_id = found["tki_id"]
    st.subheader(t("tki_fingers.enrol"), anchor=False)
    slot = f"tki_fingers:{tki_id}"
    if second_person.is_laid_down(slot):
        done = second_person.sign(
            desk, slot, lambda once, told, proof: once.do(template_capture.enrol_tki, second=proof, **told)
        )
        if done is not None:
            enrol_fingers.forget("TKI", tki_id)
            opened.saved(t("tki_fingers.enrolled", tki_id=tki_id, version=done["version"]), SLOT)
        return
    wanted = f"posko_tki_enrol:{tki_id}"
    has_set = any(row["state"] == "ACTIVE" for row in found["sets"])
    if has_set and not st.session_state.get(wanted):
        st.write(t("tki_fingers.has_set"))
        if st.button(t("tki_fingers.again"), icon=":material/fingerprint:"):
            st.session_state[wanted] = True
            st.rerun()
        return
    proof = enrol_fingers.proven(desk, "TKI", tki_id) if enrol_fingers.captured(desk, "TKI", tki_id) else None
    if proof is not None and st.button(t("tki_fingers.to_second"), type="primary", key=f"{wanted}:second"):
        st.session_state.pop(wanted, None)
        shown = [(t("tki_fingers.tki_id"), tki_id), (t("tki_fingers.full_name"), parts.shown(found["full_name"]))]
        second_person.lay_down(slot, shown, tki_id=tki_id, proof=proof)
