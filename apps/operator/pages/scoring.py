"""The assessor's sheet: K or BK for each unit of each tested candidate, saved under a fresh finger (§13.7, Gambar 10; R-128..R-131)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import parts, scoring_correction
from apps.operator.finger import ask_finger
from apps.operator.frame import attempt
from apps.operator.messages import t
from apps.operator.opened import Opened, opened, reload_button, saved, say_saved
from posko.domain.proof import Purpose
from posko.services import assessment, screen_scoring
from posko.services.assessment_sheet import RESULTS

if TYPE_CHECKING:
    from posko.services.office import Desk

FORM = "scoring"
"""The sheet as it stood when the form opened, with the key of its submission."""
NO_TOOLBAR = '<style>[data-testid="stElementToolbar"] { display: none; }</style>'
"""A sheet cannot be taken away as a file by the way: exports are acts of their own, with an audit event."""


def render(desk: Desk) -> None:
    """Show the assessor's released sessions, and the sheet of the chosen one."""
    sessions = {row["session_id"]: row for row in desk.do(screen_scoring.to_score)}
    say_saved()
    if not sessions:
        st.info(t("scoring.none"))
        return
    number = st.selectbox(t("scoring.session"), list(sessions), format_func=lambda one: _named(sessions[one]))
    form = opened(FORM, (number, desk.auth_event), lambda: desk.do(assessment.sheet, session_id=number))
    if form is None:
        return
    sheet = form.seen
    session = sheet["session"]
    left = [one for one in sheet["candidates"] if one["result"] is None]
    parts.facts(
        [
            (t("scoring.tuk"), f"{session['tuk_code']} · {session['tuk_name']}"),
            (t("scoring.exam_on"), session["exam_on"]),
            (t("scoring.asesor"), f"{session['met_no']} · {session['asesor_name']}"),
            (t("scoring.scheme"), session["scheme_code"]),
        ]
    )
    parts.cards([(len(left), t("scoring.left")), (len(sheet["candidates"]) - len(left), t("scoring.done"))])
    if left:
        _sheet(desk, form, left)
    scoring_correction.render(desk, form)
    reload_button(FORM)


def _sheet(desk: Desk, form: Opened[dict[str, Any]], left: list[dict[str, Any]]) -> None:
    units = form.seen["units"]
    st.html(NO_TOOLBAR)
    st.header(t("scoring.sheet"))
    st.caption(t("scoring.help"))
    with st.expander(t("scoring.units"), icon=":material/list:"):
        parts.facts([(unit["unit_code"], unit["unit_title"]) for unit in units])
    codes = [unit["unit_code"] for unit in units]
    rows = [{"tki_id": one["tki_id"], "full_name": one["full_name"], **dict.fromkeys(codes)} for one in left]
    filled = st.data_editor(
        rows, hide_index=True, placeholder=parts.NOTHING, key=f"posko_scores:{form.token}",
        disabled=["tki_id", "full_name"], column_config=_columns(units),
        height=min(560, 38 + 36 * len(rows)), row_height=36,
    )  # fmt: skip
    scores = {
        one["journey_id"]: {code: row[code] for code in codes}
        for one, row in zip(left, filled, strict=True)
        if any(row[code] for code in codes)
    }
    incomplete = sum(not all(found.values()) for found in scores.values())
    passed = sum(set(found.values()) == {"K"} for found in scores.values())
    if not scores or incomplete:
        st.info(t("scoring.incomplete", count=incomplete) if incomplete else t("scoring.nothing"))
        return
    st.markdown(t("scoring.preview", count=len(scores), passed=passed, failed=len(scores) - passed))
    _save(desk, form, scores)


def _save(desk: Desk, form: Opened[dict[str, Any]], scores: dict[int, dict[str, str]]) -> None:
    if desk.by is None or desk.by.person_id is None:
        return
    st.markdown(f"**{t('scoring.finger')}**")
    proof = ask_finger(desk, "STAFF", desk.by.person_id, Purpose.SCORE)
    if proof is None:
        return
    # A refused submission leaves nothing behind, so the same form may be submitted again with another finger.
    number = form.seen["session"]["session_id"]
    told = attempt(
        lambda: desk.once(form.key(scores)).do(assessment.score, session_id=number, scores=scores, proof=proof)
    )
    if told is not None:
        saved(t("scoring.saved", **told) if told["left"] else t("scoring.saved_all", **told), FORM)


def _columns(units: list[dict[str, Any]]) -> dict[str, Any]:
    column = st.column_config
    chosen = {
        unit["unit_code"]: column.SelectboxColumn(
            unit["unit_code"].rsplit(".", 1)[-1], options=list(RESULTS), help=unit["unit_title"], width="small"
        )
        for unit in units
    }
    return {
        "tki_id": column.TextColumn(t("scoring.tki_id"), width="small", pinned=True),
        "full_name": column.TextColumn(t("scoring.full_name"), width="medium", pinned=True),
        **chosen,
    }


def _named(row: dict[str, Any]) -> str:
    told = t("scoring.so_far", scored=row["scored"], present=row["present"])
    return f"{row['session_id']} · {parts.shown(row['exam_on'])} · {row['tuk_name']} · {row['label']} · {told}"
