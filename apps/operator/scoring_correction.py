"""The part of the assessor's page that shows what stands and corrects one candidate, with a reason and a fresh finger (§13.7; R-131)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import lists
from apps.operator.finger import ask_finger
from apps.operator.frame import attempt
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from apps.operator.opened import saved
from posko.domain.proof import Purpose
from posko.services import assessment
from posko.services.assessment_sheet import RESULTS

if TYPE_CHECKING:
    from apps.operator.opened import Opened
    from posko.services.office import Desk

FORM = "scoring"


def render(desk: Desk, form: Opened[dict[str, Any]]) -> None:
    """Show who is scored, and the form that corrects one of them."""
    standing = {one["journey_id"]: one for one in form.seen["candidates"] if one["result"] is not None}
    if not standing:
        return
    st.header(t("scoring.standing"))
    columns = [
        Column("tki_id", t("scoring.tki_id"), is_fixed=True), Column("full_name", t("scoring.full_name")),
        Column("mark", t("scoring.result"), is_fixed=True), Column("failed", t("scoring.failed_units")),
        Column("version", t("scoring.version"), is_number=True),
    ]  # fmt: skip
    lists.show_list(columns, [_line(one) for one in standing.values()], empty="")
    with st.expander(t("scoring.correct"), icon=":material/edit_note:"):
        number = st.selectbox(
            t("scoring.candidate"),
            list(standing),
            format_func=lambda one: f"{standing[one]['tki_id']} · {standing[one]['full_name']}",
        )
        _form(desk, form, standing[number])


def _form(desk: Desk, form: Opened[dict[str, Any]], one: dict[str, Any]) -> None:
    mark = f"{one['journey_id']}:{one['version']}"
    columns = st.columns(2)
    scores = {}
    for place, unit in enumerate(form.seen["units"]):
        code = unit["unit_code"]
        scores[code] = columns[place % 2].radio(
            f"{code} · {unit['unit_title']}", RESULTS, index=RESULTS.index(one["units"][code]), horizontal=True,
            key=f"posko_correct:{mark}:{code}",
        )  # fmt: skip
    why = st.text_input(t("scoring.reason"), max_chars=500, key=f"posko_correct_why:{mark}")
    if not why or not why.strip() or desk.by is None or desk.by.person_id is None:
        st.info(t("scoring.reason_missing"))
        return
    proof = ask_finger(desk, "STAFF", desk.by.person_id, Purpose.SCORE)
    if proof is None:
        return
    told = attempt(
        lambda: desk.once(form.key(one["journey_id"], scores, why)).do(
            assessment.correct_score, session_id=form.seen["session"]["session_id"], journey_id=one["journey_id"],
            scores=scores, reason=why, proof=proof,
        )
    )  # fmt: skip
    if told is not None:
        saved(t("scoring.corrected", tki_id=one["tki_id"], **told), FORM)


def _line(one: dict[str, Any]) -> dict[str, Any]:
    failed = [code for code, result in one["units"].items() if result != "K"]
    return {**one, "mark": Mark(one["result"], "good" if one["result"] == "K" else "bad"), "failed": ", ".join(failed)}
