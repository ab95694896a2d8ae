"""The exam day at the TUK: open it, verify the assessor, attendance by keyboard alone (§13.1-13.6, Gambar 8-9; R-120..R-127)."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import streamlit as st

from apps.operator import parts, print_buttons
from apps.operator.finger import ask_finger, choose_way, chosen_way, take_finger
from apps.operator.frame import attempt
from apps.operator.messages import t
from posko.domain.errors import Refused
from posko.domain.proof import Purpose
from posko.domain.session_status import ATTENDANCE_OPEN, SessionStatus
from posko.services import asesor_check, attendance, exam_session, statements

if TYPE_CHECKING:
    from apps.operator.fingers import Way
    from posko.services.office import Desk
    from posko.services.rows import Row

ID = "posko_attend_id"
PENDING = "posko_attend_pending"
SHOWN = "posko_attend_shown"
TURN = "posko_attend_turn"
AGAIN = frozenset({"TRY_AGAIN", "TRY_OTHER_FINGER", "POOR_QUALITY"})
TONES: dict[str, parts.Tone] = {"PRESENT": "good", **dict.fromkeys(AGAIN, "warn")}


def render(desk: Desk) -> None:
    """Show the sessions of today and what may be done in the chosen one."""
    tuk_code = desk.by.tuk_code if desk.by and desk.by.tuk_code else st.text_input(t("attendance.tuk"), max_chars=20)
    if not tuk_code:
        st.info(t("attendance.tuk_missing"))
        return
    # Before anything is read, so that all counts tell of her too and nothing need be read twice.
    has_come = _came(desk)
    sessions = desk.do(exam_session.today, tuk_code=tuk_code)
    if not sessions:
        st.info(t("attendance.none"))
        return
    row = _chosen(sessions)
    status = SessionStatus(row["status"])
    if status is SessionStatus.PLANNED:
        is_wanted = st.button(t("attendance.open"), type="primary", icon=":material/door_open:")
        if is_wanted and attempt(lambda: bool(desk.do(exam_session.open_day, session_id=row["session_id"]))):
            st.rerun()
        return
    is_open = status in ATTENDANCE_OPEN
    if is_open:
        _queue(row)
    else:
        st.info(t("attendance.over", state=row["label"]))
        if has_come:
            _show(st.session_state[SHOWN])
    _counts(row)
    if is_open:
        choose_way("attend")
    if status is SessionStatus.OPEN:
        _asesor(desk, row)
    _statements(desk, row, is_open=is_open)
    print_buttons.offer(desk, "candidates", "attendance", of=int(row["session_id"]))


def _chosen(sessions: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the session that is worked on; where there is one, nobody is asked."""
    by_id = {row["session_id"]: row for row in sessions}
    number = next(iter(by_id))
    if len(by_id) > 1:
        number = st.radio(
            t("attendance.session"), list(by_id), format_func=lambda one: _named(by_id[one]), horizontal=True
        )
    row = by_id[number]
    st.markdown(f"{t('attendance.session')} **{_named(row)}** · {t('attendance.state')} **{row['label']}**")
    return row


def _counts(row: Row) -> None:
    left = row["candidates"] - row["present"] - row["turned_away"]
    named = (("present", row["present"]), ("left", left), ("turned_away", row["turned_away"]))
    parts.cards([(count, t(f"attendance.{name}")) for name, count in named])


def _named(row: Row) -> str:
    return f"{row['session_id']} · {row['lsp_code']} · {row['met_no']}"


def _asesor(desk: Desk, row: Row) -> None:
    with st.expander(t("attendance.asesor"), icon=":material/badge:", expanded=False):
        number = st.text_input(t("attendance.asesor_id"), max_chars=40, key="posko_asesor_id")
        if not number:
            return
        proof = ask_finger(desk, "STAFF", number.strip(), Purpose.VERIFY_ASESOR)
        if proof is None:
            return
        told = attempt(lambda: desk.do(asesor_check.verify_asesor, session_id=row["session_id"], proof=proof))
        if told and told["outcome"] == "VERIFIED":
            st.rerun()
        elif told:
            st.warning(t("finger.no_match"))


def _came(desk: Desk) -> bool:
    """Check in whoever stands before the reader, if somebody does; the field holds her number again when she shall try again."""
    place = st.empty()  # in every run, so that what stands below keeps its place
    session_id, tki_id = st.session_state.pop(PENDING, (0, ""))
    if not tki_id:
        return False
    with place.container():
        told = _check_in(desk, session_id, tki_id, chosen_way())
    place.empty()  # the outcome says the same in big letters
    st.session_state[SHOWN] = told
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    st.session_state[ID] = tki_id if told["outcome"] in AGAIN else ""
    return True


def _queue(row: Row) -> None:
    """Show the queue: number, Enter, finger, outcome, next."""
    with st.form("attend", border=False):
        left, right = st.columns([4, 1], vertical_alignment="bottom")
        left.text_input(t("attendance.id"), key=ID, max_chars=64, placeholder="9264729")
        right.form_submit_button(
            t("attendance.go"),
            type="primary",
            icon=":material/fingerprint:",
            width="stretch",
            on_click=_keep,
            args=(int(row["session_id"]),),
        )
    _show(st.session_state.get(SHOWN))
    parts.focus(t("attendance.id"), st.session_state.get(TURN, 0))


def _keep(session_id: int) -> None:
    """Take the typed number out of the field before the page is built, so that the next one can be typed."""
    st.session_state[PENDING] = (session_id, (st.session_state.get(ID) or "").strip())


def _check_in(desk: Desk, session_id: int, tki_id: str, way: Way) -> dict[str, Any]:
    try:
        proof = take_finger(desk, "TKI", tki_id, Purpose.ATTEND, way)
        if proof is None:
            return {"outcome": "NOTHING", "tki_id": tki_id}
        told = desk.do(attendance.record_attendance, session_id=session_id, tki_id=tki_id, proof=proof)
    except Refused as refusal:
        return {"outcome": "REFUSED", "tki_id": tki_id, "sentence": str(refusal), "reference": refusal.reference}
    return {**told, "tki_id": tki_id}


def _show(told: dict[str, Any] | None) -> None:
    if told is None:
        parts.outcome("idle", t("attendance.ready"), t("attendance.ready_help"))
        return
    name, candidate = told["outcome"], told.get("candidate")
    sentences = [told.get("sentence") or t(f"attendance.say_{name}")]
    if told.get("statement_no"):
        sentences.append(t("attendance.statement_no", number=told["statement_no"]))
    who = f"{candidate['full_name']} · {told['tki_id']}" if candidate else told["tki_id"]
    parts.outcome(TONES.get(name, "bad"), t(f"attendance.{name}"), who, *sentences)
    if name == "POOR_QUALITY":  # a clear finger that does not match is no reason for an exception
        address = f"/pengecualian?{urlencode({'tki': told['tki_id']})}"
        st.html(f'<a href="{escape(address)}" target="_self">{escape(t("attendance.exception"))}</a>')
    if candidate:
        shown = ("birth_place", "born_on", "city", "destination", "pptkis_name", "blkln_code")
        parts.facts([(t(f"attendance.{field}"), candidate[field]) for field in shown])


def _statements(desk: Desk, row: Row, *, is_open: bool) -> None:
    with st.expander(t("attendance.statements"), icon=":material/description:"):
        if is_open:
            with st.form("turn_away", clear_on_submit=True, border=False):
                typed = st.text_input(t("attendance.unknown_id"), max_chars=64)
                why = st.text_input(t("attendance.reason"), max_chars=500)
                is_sent = st.form_submit_button(t("attendance.turn_away"))
            if is_sent:
                told = attempt(
                    lambda: desk.do(
                        attendance.turn_away_unregistered, session_id=row["session_id"], id_as_typed=typed, reason=why
                    )
                )
                if told:
                    st.session_state["posko_statement"] = told["statement_no"]
        number = st.text_input(t("attendance.number"), max_chars=40, key="posko_statement")
        if number:
            found = attempt(lambda: desk.do(statements.statement, statement_no=number.strip()))
            if found:
                fields = ("statement_no", "exam_on", "tuk_name", "tuk_city", "full_name", "id_as_typed", "label",
                          "reason", "tries", "recorded_at", "recorded_by_name")  # fmt: skip
                parts.facts([(t(f"attendance.{field}"), found[field]) for field in fields])
                print_buttons.offer(desk, "statement", of=str(found["statement_no"]))
