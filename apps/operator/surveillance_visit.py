"""The form in which BNSP records what a visit found (§4.2; R-017, R-190)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st

from apps.operator import opened, parts
from apps.operator.frame import attempt
from apps.operator.messages import t
from posko.domain.audit import LONGEST_TEXT
from posko.domain.rules import RULES
from posko.services import surveillance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streamlit.delta_generator import DeltaGenerator

    from posko.services.office import Desk

T = TypeVar("T")
FORM = "surveillance_visit"


def form(desk: Desk, rows: Sequence[Mapping[str, Any]]) -> None:
    """Ask for the session among those that are shown and have no visit yet, the outcome, the rule and the note; save at a press."""
    waiting = {
        row["session_id"]: f"{row['session_id']} · {row['tuk_code']} · {parts.shown(row['exam_on'])}"
        for row in rows
        if row["outcome"] is None
    }
    if not waiting:
        return
    st.header(t("surveillance.record"), anchor=False)
    form_open = opened.kept(FORM, (), lambda: None)
    words = {one: t(f"surveillance.{one}") for one in surveillance.OUTCOMES}
    with st.form(f"surveillance:{form_open.token}"):
        left, middle, right = st.columns(3)
        session_id = _one(left, t("surveillance.which"), waiting)
        outcome = _one(middle, t("surveillance.outcome"), words)
        rule = _one(right, t("surveillance.rule"), {one: f"{one} (§{RULES[one].paragraph})" for one in RULES})
        note = st.text_area(t("surveillance.what_seen"), max_chars=LONGEST_TEXT)
        is_sent = st.form_submit_button(t("surveillance.save"), icon=":material/save:")
    if is_sent:
        told = {"session_id": session_id, "outcome": outcome, "note": note, "rule_id": rule}
        _save(desk.once(form_open.key(*told.values())), told)


def _one(place: DeltaGenerator, label: str, words: Mapping[T, str]) -> T | None:
    """Ask for one of a few things (key -> what it is called), of which none is chosen yet."""
    return place.selectbox(
        label, list(words), None, lambda one: words.get(one, str(one)), placeholder=t("picked.placeholder")
    )


def _save(desk: Desk, told: dict[str, Any]) -> None:
    done = attempt(lambda: desk.do(surveillance.record_visit, **told))
    if done is None:
        return
    session, deviation = told["session_id"], done["deviation_id"]
    if deviation is None:
        opened.saved(t("surveillance.saved", session=session), FORM)
    opened.saved(t("surveillance.saved_deviation", session=session, deviation=deviation), FORM)
