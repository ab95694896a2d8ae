"""The end of an exam day at the TUK: close the test, give the assessor access to scoring, who left without a finger (§9.4; R-127, F20)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import parts, print_buttons
from apps.operator.frame import attempt
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from apps.operator.opened import saved, say_saved
from posko.domain.session_status import LABELS, SessionStatus
from posko.services import attendance_exit, exam_session, screen_scoring

if TYPE_CHECKING:
    from posko.services.office import Desk

TONES: dict[str, parts.Tone] = {"OPEN": "warn", "RUNNING": "warn", "ENDED": "bad", "SCORING_OPEN": "good"}
NUMBERS = ("listed", "present", "turned_away", "without_exit", "scored")


def render(desk: Desk) -> None:
    """Show the last sessions of the TUK and what may be done in the chosen one."""
    tuk_code = desk.by.tuk_code if desk.by and desk.by.tuk_code else st.text_input(t("session.tuk"), max_chars=20)
    if not tuk_code or not tuk_code.strip():
        st.info(t("session.tuk_missing"))
        return
    say_saved()
    shown = listing(desk, _sessions(desk, tuk_code.strip()))
    if shown is None:
        return
    open_rows = {row["session_id"]: row for row in shown["rows"] if row["status"] in {"OPEN", "RUNNING", "ENDED"}}
    if open_rows:
        _work(desk, open_rows)


def _sessions(desk: Desk, tuk_code: str) -> Listing:
    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        found = desk.do(
            screen_scoring.of_tuk, tuk_code=tuk_code, limit=limit, offset=offset, status=asked.get("keadaan")
        )
        rows = [{**row, "state": Mark(row["label"], TONES.get(row["status"], "idle"))} for row in found["rows"]]
        return {**found, "rows": rows}

    columns = [
        Column("session_id", t("session.number"), is_number=True), Column("exam_on", t("session.exam_on"), is_fixed=True),
        Column("lsp_code", t("session.lsp_code"), is_fixed=True),
        Column("met_no", t("session.met_no"), is_fixed=True), Column("state", t("session.state"), is_fixed=True),
        *(Column(name, t(f"session.{name}"), is_number=True) for name in NUMBERS),
    ]  # fmt: skip
    states = {one.value: label for one, label in LABELS.items()}
    filters = [Filter("keadaan", t("session.state"), "choice", states)]
    return Listing("sesi-tuk", columns, filters, read, t("session.none"))


def _work(desk: Desk, by_id: dict[int, dict[str, Any]]) -> None:
    number = st.selectbox(t("session.choose"), list(by_id), format_func=lambda one: _named(by_id[one]))
    row = by_id[number]
    print_buttons.offer(desk, "candidates", "attendance", of=number)
    left = attempt(lambda: desk.do(attendance_exit.without_exit, session_id=number))
    if left:
        with st.expander(t("session.left", count=len(left)), icon=":material/directions_run:"):
            st.write(t("session.left_help"))
            st.write(", ".join(f"`{one['tki_id']}`" for one in left))
    if row["status"] == SessionStatus.ENDED:
        _release(desk, row)
    else:
        _end(desk, row)


def _end(desk: Desk, row: dict[str, Any]) -> None:
    """Show what ending does before it is done: it cannot be taken back."""
    waiting = max(0, row["listed"] - row["present"] - row["turned_away"])
    st.header(t("session.end"))
    st.warning(t("session.end_help", present=row["present"], waiting=waiting))
    is_sure = st.checkbox(t("session.end_sure"), key=f"posko_end_sure:{row['session_id']}")
    if st.button(t("session.end"), type="primary", disabled=not is_sure, icon=":material/flag:"):
        told = attempt(lambda: _once(desk, row).do(exam_session.end_session, session_id=row["session_id"]))
        if told is not None:
            _done(row, t("session.ended", number=row["session_id"], **told))


def _release(desk: Desk, row: dict[str, Any]) -> None:
    st.header(t("session.release"))
    st.write(t("session.release_help", present=row["present"], met=row["met_no"]))
    if st.button(t("session.release"), type="primary", icon=":material/lock_open:"):
        told = attempt(lambda: _once(desk, row).do(exam_session.open_scoring, session_id=row["session_id"]))
        if told is not None:
            _done(row, t("session.released", number=row["session_id"]))


def _once(desk: Desk, row: dict[str, Any]) -> Desk:
    """Return the desk for one submission of the form that opened for this session in this state."""
    return desk.once(st.session_state.setdefault(_form(row), secrets.token_hex(16)))


def _done(row: dict[str, Any], said: str) -> None:
    st.session_state.pop(_form(row), None)
    saved(said)


def _form(row: dict[str, Any]) -> str:
    return f"posko_session:{row['session_id']}:{row['status']}"


def _named(row: dict[str, Any]) -> str:
    return f"{row['session_id']} · {parts.shown(row['exam_on'])} · {row['lsp_code']} · {row['met_no']} · {row['label']}"
