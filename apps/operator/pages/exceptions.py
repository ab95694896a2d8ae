"""The way past the finger at the door: two persons of two roles let a candidate sit whose fingers cannot be read (§8.2; R-050, DV-I09)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import lists, opened, picked, second_person
from apps.operator.frame import attempt
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import CATALOGUE, t
from posko.domain.fingers import finger_name
from posko.domain.matrix import MATRIX, Command
from posko.domain.roles import ACTS, Act
from posko.services import attendance, inputs, screen_exceptions

if TYPE_CHECKING:
    from posko.services.office import Desk

TRIES, TKI, NAMED = "exception_tries", "exception_tki", "exception_named"


def render(desk: Desk) -> None:
    """Show the form for today's open sessions, and the register of exceptions."""
    opened.say_saved()
    if desk.by is not None and Act.DO in ACTS[MATRIX[Command.BIOMETRIC_EXCEPTION][desk.by.role]]:
        _except(desk)
    st.header(t("exceptions.register"), anchor=False)
    listing(desk, _listing(desk))


def _except(desk: Desk) -> None:
    sessions = attempt(lambda: desk.do(screen_exceptions.sessions))
    if sessions is None:
        return
    if not sessions:
        st.info(t("exceptions.no_session"))
        return
    by_id = {int(row["session_id"]): row for row in sessions}
    place = "exception"
    if second_person.is_laid_down(place):
        made = second_person.sign(
            desk, place, lambda once, told, proof: once.do(attendance.record_exception, second=proof, **told)
        )
        if made is not None:
            who = made["candidate"] or {}
            opened.saved(t("exceptions.made", name=who.get("full_name") or "-", statement=made["statement_no"]), TRIES)
        return
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    number = left.selectbox(
        t("exceptions.session"), list(by_id), format_func=lambda one: _named(by_id[one]), key="exception_session"
    )
    _take_named()
    typed = right.text_input(t("exceptions.tki"), max_chars=64, key=TKI).strip()
    if not typed:
        st.caption(t("exceptions.help"))
        return
    told = opened.opened(
        TRIES, (number, typed), lambda: desk.do(screen_exceptions.tries, session_id=number, tki_id=typed)
    )
    if told is not None:
        _tries(told.seen)
        _form(by_id[number], typed, told.seen, place)


def _take_named() -> None:
    """Put the TKI whom the address names into the field, once: the door leads here with her number."""
    named = picked.text("tki")
    if named is not None and st.session_state.get(NAMED) != named:
        st.session_state[NAMED] = st.session_state[TKI] = named


def _tries(told: dict[str, Any]) -> None:
    """Show how her fingers did today: what the second person answers for."""
    columns = [
        Column("at", t("exceptions.at"), is_fixed=True), Column("mark", t("exceptions.outcome"), is_fixed=True),
        Column("finger", t("exceptions.finger")), Column("quality", t("exceptions.quality"), is_number=True),
        Column("score", t("exceptions.score"), is_number=True), Column("threshold", t("exceptions.threshold"), is_number=True),
        Column("station_code", t("exceptions.station"), is_fixed=True),
    ]  # fmt: skip
    rows = [
        {
            **row,
            "at": lists.clock(row["at"]),
            "mark": Mark(_outcome(row["outcome"]), "bad" if row["outcome"] == "NO_MATCH" else "warn"),
            "finger": finger_name(int(row["asked_finger"])) if row["asked_finger"] else None,
        }
        for row in told["attempts"]
    ]
    st.subheader(t("exceptions.tries", registered=told["registered"]), anchor=False)
    lists.show_list(columns, rows, empty=t("exceptions.no_tries"))
    if any(row["outcome"] == "NO_MATCH" for row in told["attempts"]):
        st.warning(t("exceptions.missed"))


def _form(session: dict[str, Any], typed: str, told: dict[str, Any], place: str) -> None:
    with st.form(f"except:{session['session_id']}:{typed}", border=False):
        reason = st.text_area(t("exceptions.reason"), max_chars=500, height=90)
        is_sent = st.form_submit_button(t("exceptions.lay_down"), type="primary", icon=":material/front_hand:")
    if not is_sent:
        return
    why = attempt(lambda: inputs.reason(reason))
    if why is not None:
        missed = sum(row["outcome"] == "NO_MATCH" for row in told["attempts"])
        shown = [
            (t("exceptions.what"), t("exceptions.let_in", tki=typed)),
            (t("exceptions.session"), _named(session)),
            (t("exceptions.tries_short"), t("exceptions.tries_told", tries=len(told["attempts"]), missed=missed)),
            (t("exceptions.reason"), why),
        ]
        second_person.lay_down(place, shown, session_id=int(session["session_id"]), tki_id=typed, reason=why)


def _listing(desk: Desk) -> Listing:
    columns = [
        Column("exam_on", t("exceptions.exam_on"), is_fixed=True), Column("tuk_code", t("exceptions.tuk"), is_fixed=True),
        Column("lsp_code", t("exceptions.lsp"), is_fixed=True), Column("tki_id", t("exceptions.tki"), is_fixed=True),
        Column("reason", t("exceptions.reason")), Column("recorded_by", t("exceptions.first"), is_fixed=True),
        Column("second_person", t("exceptions.second"), is_fixed=True),
        Column("statement_no", t("exceptions.statement"), is_fixed=True),
    ]  # fmt: skip
    filters = [
        Filter("search", t("exceptions.search")),
        Filter("since", t("exceptions.since"), "date"),
        Filter("until", t("exceptions.until"), "date"),
    ]

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        asked_for: dict[str, Any] = {one.name: asked.get(one.name) for one in filters}
        return desk.do(screen_exceptions.made, **asked_for, limit=limit, offset=offset)

    return Listing("pengecualian", columns, filters, read, t("exceptions.none"))


def _named(row: dict[str, Any]) -> str:
    return f"{row['session_id']} · {row['tuk_code']} · {row['lsp_code']} · {row['met_no']} · {row['label']}"


def _outcome(code: str) -> str:
    key = f"exceptions.outcome_{code}"
    return t(key) if key in CATALOGUE else code
