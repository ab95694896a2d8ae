"""The Konsorsium appoints another assessor: before the end of a test she tests, after it she only scores (§9.4, §13.7; R-126, DV-A10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import opened, parts
from apps.operator.frame import attempt
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from posko.services import asesor_check, asesor_scoring, screen_asesor

if TYPE_CHECKING:
    from apps.operator.opened import Opened
    from posko.services.office import Desk

FORM = "substitutes_form"
ASKED = {"jenis": "kind", "lsp": "lsp_code", "tuk": "tuk_code", "sejak": "since", "sampai": "until"}
"""Filter in the address -> argument of the service."""


def render(desk: Desk) -> None:
    """Show the sessions, those first whose assessor is not in force, and the form of the chosen one."""
    opened.say_saved()
    found = listing(desk, _sessions(desk))
    if not found or not found["rows"]:
        return
    by_id = {row["session_id"]: row for row in found["rows"]}
    number = st.selectbox(t("substitutes.choose"), list(by_id), format_func=lambda one: _named(by_id[one]))
    row = by_id[number]
    # Kept with the assessor who was shown: whoever was appointed meanwhile is not replaced by mistake.
    seen = opened.opened(FORM, (number, row["met_no"], row["status"]), lambda: {**row, "free": _free(desk, number)})
    if seen is not None:
        _form(desk, seen)


def _free(desk: Desk, number: int) -> list[dict[str, Any]]:
    return desk.do(screen_asesor.substitutes, session_id=number)


def _sessions(desk: Desk) -> Listing:
    columns = [
        Column("session_id", t("substitutes.session"), is_number=True), Column("exam_on", t("substitutes.exam_on"), is_fixed=True),
        Column("tuk_code", t("substitutes.tuk"), is_fixed=True), Column("lsp_code", t("substitutes.lsp"), is_fixed=True),
        Column("label", t("substitutes.state"), is_fixed=True), Column("tki", t("substitutes.tki"), is_number=True),
        Column("asesor", t("substitutes.asesor")), Column("mark", t("substitutes.sign"), is_fixed=True),
    ]  # fmt: skip
    kinds = {kind: t(f"substitutes.{kind}") for kind in screen_asesor.KINDS}
    filters = [
        Filter("jenis", t("substitutes.kind"), "choice", kinds),
        Filter("tanda", t("substitutes.sign"), "choice", {"ya": t("substitutes.only_lapsed")}),
        Filter("lsp", t("substitutes.lsp")), Filter("tuk", t("substitutes.tuk")),
        Filter("sejak", t("substitutes.since"), "date"), Filter("sampai", t("substitutes.until"), "date"),
    ]  # fmt: skip

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        wanted: dict[str, Any] = {ASKED[name]: value for name, value in asked.items() if name in ASKED}
        told = desk.do(screen_asesor.sessions, **wanted, only_lapsed="tanda" in asked, limit=limit, offset=offset)
        return {**told, "rows": [_line(row) for row in told["rows"]]}

    return Listing("pengganti", columns, filters, read, t("substitutes.none"))


def _form(desk: Desk, seen: Opened[dict[str, Any]]) -> None:
    row = seen.seen
    is_scoring = row["kind"] == "SCORING"
    st.header(t("substitutes.form", number=row["session_id"]))
    parts.facts([(t("substitutes.asesor"), row["asesor"]), (t("substitutes.state"), row["label"])])
    (st.warning if is_scoring else st.info)(t(f"substitutes.{row['kind']}_help"))
    free = {one["met_no"]: one for one in row["free"]}
    if not free:
        st.error(t("substitutes.nobody"))
        return
    with st.form(f"substitute:{seen.token}", border=False):
        met_no = st.selectbox(
            t("substitutes.substitute"),
            list(free),
            index=None,
            format_func=lambda one: _choice(free[one]),
            placeholder=t("substitutes.pick"),
        )
        reason = st.text_input(t("substitutes.reason"), max_chars=500)
        is_sent = st.form_submit_button(t("substitutes.appoint"), type="primary", icon=":material/swap_horiz:")
    if not is_sent:
        return
    once = desk.once(seen.key(met_no, reason))
    what = asesor_scoring.substitute_for_scoring if is_scoring else asesor_check.substitute_asesor
    told = attempt(
        lambda: once.do(what, session_id=row["session_id"], met_no=met_no or "", reason=reason, before=row["met_no"])
    )
    if told is not None:
        opened.saved(t("substitutes.appointed", met_no=told["met_no"], number=told["session_id"]), FORM)


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "asesor": f"{row['met_no']} · {row['asesor_name'] or parts.NOTHING}",
        "mark": _sign(row),
    }


def _sign(row: dict[str, Any]) -> Mark | None:
    if row["is_lapsed"]:
        return Mark(t("substitutes.lapsed"), "bad")
    return None if row["is_enrolled"] else Mark(t("substitutes.not_enrolled"), "warn")


def _choice(row: dict[str, Any]) -> str:
    said = t(
        "substitutes.choice", met_no=row["met_no"], name=row["asesor_name"], booked=row["booked"], most=row["capacity"]
    )
    return said if row["is_free"] else f"{said} · {t('substitutes.busy')}"


def _named(row: dict[str, Any]) -> str:
    return f"{row['session_id']} · {parts.shown(row['exam_on'])} · {row['tuk_code']} · {row['asesor']}"
