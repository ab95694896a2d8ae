"""The same finger under two identities: both sets of points side by side, judged by two persons, never by itself (§3.3; DV-I05, DV-I06)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import changed, finger_pictures, lists, opened, parts, picked, second_person
from apps.operator.frame import attempt
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from posko.domain.matrix import MATRIX, Command
from posko.domain.roles import ACTS, Act
from posko.services import adjudication, inputs, screen_duplicates

if TYPE_CHECKING:
    from posko.services.office import Desk

FIND = "temuan"
HEIGHT = 900
"""Of the frame with both drawings, in pixels."""


def render(desk: Desk) -> None:
    """Show the finds, or the one that the address names."""
    opened.say_saved()
    if picked.instead(FIND, picked.number(FIND), _slot, lambda number: _find(desk, number)):
        return
    answer = listing(desk, _listing(desk))
    if answer:
        rows = {
            str(row["candidate_id"]): f"{row['candidate_id']} · {row['one']} · {row['other']}" for row in answer["rows"]
        }
        picked.choose(FIND, rows, t("duplicates.choose"))


def _listing(desk: Desk) -> Listing:
    columns = [
        Column("candidate_id", t("duplicates.number"), is_number=True), Column("one", t("duplicates.one"), is_fixed=True),
        Column("other", t("duplicates.other"), is_fixed=True), Column("scores", t("duplicates.score"), is_fixed=True),
        Column("fingers", t("duplicates.fingers"), is_number=True),
        Column("way", t("duplicates.way")), Column("found", t("duplicates.found"), is_fixed=True),
        Column("case_id", t("duplicates.case"), is_number=True), Column("mark", t("duplicates.verdict"), is_fixed=True),
    ]  # fmt: skip
    filters = [
        Filter("search", t("duplicates.search")),
        Filter(
            "state",
            t("duplicates.verdict"),
            "choice",
            {one: t(f"duplicates.{one}") for one in screen_duplicates.STATES},
        ),
        Filter(
            "kind", t("duplicates.kind"), "choice", {one: t(f"duplicates.{one}") for one in screen_duplicates.KINDS}
        ),
    ]

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        asked_for: dict[str, Any] = {one.name: asked.get(one.name) for one in filters}
        found = desk.do(screen_duplicates.listed, **asked_for, limit=limit, offset=offset)
        return {**found, "rows": [_line(row) for row in found["rows"]]}

    return Listing("duplikat", columns, filters, read, t("duplicates.none"))


def _line(row: dict[str, Any]) -> dict[str, Any]:
    verdict = row["verdict"] or screen_duplicates.WAITING
    return {
        **row,
        "one": f"{row['one_kind']} {row['one_id']}",
        "other": f"{row['other_kind']} {row['other_id']}",
        "scores": f"{row['score']} / {row['threshold']}",
        "way": t(f"duplicates.origin_{row['origin']}"),
        "found": lists.moment(row["found_at"]),
        "mark": Mark(t(f"duplicates.{verdict}"), "warn" if row["is_waiting"] else "good"),
    }


def _slot(number: int) -> str:
    return f"duplicate:{number}"


def _find(desk: Desk, number: int) -> None:
    """Show both fingers in a frame of their own, and to those who judge the form."""
    name = _slot(number)
    seen = opened.opened(name, (number,), lambda: desk.do(adjudication.view, candidate_id=number))
    if seen is None:
        return
    find = seen.seen
    st.header(t("duplicates.heading", number=number), anchor=False)
    st.iframe(f"{finger_pictures.ADDRESS}{number}", height=HEIGHT)
    st.markdown(f"[{t('duplicates.to_case', number=find['case_id'])}](/kasus?kasus={find['case_id']})")
    if find["verdict"] in {adjudication.SAME, adjudication.DIFFERENT}:
        parts.facts(list(_verdict(find).items()))
        return
    if desk.by is None or Act.DO not in ACTS[MATRIX[Command.JUDGE_DUPLICATE][desk.by.role]]:
        st.info(t("duplicates.read_only"))
        return
    place = f"duplicate_judge:{number}:{seen.token}"
    if not second_person.is_laid_down(place):
        _form(find, place, seen.token)
        return
    made = second_person.sign(
        desk,
        place,
        lambda once, told, proof: once.do(adjudication.judge, candidate_id=number, second=proof, **told),
        on_refused=changed.teller(_verdict(find), lambda: _verdict(desk.do(adjudication.view, candidate_id=number))),
    )
    if made is not None:
        opened.saved(t("duplicates.judged", number=number, verdict=t(f"duplicates.{made['verdict']}")), name)


def _form(find: dict[str, Any], place: str, token: str) -> None:
    number = find["candidate_id"]
    with st.form(f"judge:{token}"):
        st.subheader(t("duplicates.judge"), anchor=False)
        st.caption(t("duplicates.judge_help"))
        verdict = st.radio(
            t("duplicates.verdict"),
            list(adjudication.VERDICTS),
            index=None,
            format_func=lambda one: t(f"duplicates.{one}"),
            horizontal=True,
        )
        reason = st.text_area(t("duplicates.reason"), max_chars=500, height=90)
        is_sent = st.form_submit_button(t("duplicates.lay_down"), type="primary", icon=":material/gavel:")
    if not is_sent:
        return
    said = attempt(
        lambda: (inputs.choice(verdict, t("duplicates.verdict"), tuple(adjudication.VERDICTS)), inputs.reason(reason))
    )
    if said is not None:
        sides = " / ".join(f"{side['kind']} {side['id']}" for side in find["sides"])
        shown = [
            (t("duplicates.heading", number=number), sides),
            (t("duplicates.verdict"), t(f"duplicates.{said[0]}")),
            (t("duplicates.reason"), said[1]),
        ]
        seen_at = find["judged_at"].isoformat() if find["judged_at"] else ""
        second_person.lay_down(place, shown, verdict=said[0], reason=said[1], seen=seen_at)


def _verdict(find: dict[str, Any]) -> dict[str, str]:
    """Return the verdict that stands, as a colleague may have given it meanwhile."""
    if not find["verdict"]:
        return {t("duplicates.verdict"): t("duplicates.WAITING")}
    return {
        t("duplicates.verdict"): t(f"duplicates.{find['verdict']}"),
        t("duplicates.by"): f"{find['judged_by']} + {find['seconded_by']}, {parts.shown(find['judged_at'])}",
        t("duplicates.reason"): str(find["judged_reason"]),
    }
