"""The window "TLRT - Atur Jadwal Ujian": date, LSP, TUK, Asesor, each list dependent on the ones before (§12.5, Gambar 6; R-097..R-099)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import opened, parts
from apps.operator.frame import attempt
from apps.operator.messages import t
from apps.operator.screens import current
from posko.domain.calendar import local_day
from posko.services import scheduling, screen_allocation

if TYPE_CHECKING:
    from apps.operator.opened import Opened
    from posko.services.office import Desk

LSP, TUK, ASESOR, DAY, PICKED = "schedule_lsp", "schedule_tuk", "schedule_asesor", "schedule_day", "schedule_picked"
DAYS_AHEAD = 365
NAMED = 4
"""Names that the window shows at most."""


def window(desk: Desk, name: str, seen: Opened[dict[str, Any]], picked: list[dict[str, Any]]) -> None:
    """Show the window for those who were picked from the list that opened under this name, and save it."""
    with st.container(border=True):
        st.header(t("schedule.window"), anchor=False)
        parts.facts((row["tki_id"], row["full_name"]) for row in picked[:NAMED])
        if len(picked) > NAMED:
            st.caption(t("schedule.and_more", count=len(picked) - NAMED))
        _follow_proposal(picked)
        place = _place(desk)
        reason = st.text_input(
            t("schedule.reason"), help=t("schedule.reason_help"), max_chars=500, key=f"schedule_reason:{seen.token}"
        )
        with st.container(horizontal=True):
            is_sent = st.button(t("schedule.save"), type="primary", shortcut="Ctrl+S", key="schedule_save")
            if st.button(t("schedule.close"), key="schedule_close"):
                opened.close(name)
                st.rerun()
        if is_sent:
            _save(desk, name, seen, picked, {**place, "reason": reason or None})


def _save(
    desk: Desk, name: str, seen: Opened[dict[str, Any]], picked: list[dict[str, Any]], place: dict[str, Any]
) -> None:
    """Send the window as it stands; what is missing is told at its field, and whatever is refused stays on the screen."""
    missing = [field for field in ("lsp_code", "tuk_code", "met_no") if not place[field]]
    if missing:
        st.error(t(f"schedule.missing_{missing[0]}"))
        return
    ids = [int(row["journey_id"]) for row in picked]
    once = desk.once(seen.key(ids, sorted(place.items(), key=str)))
    made = attempt(
        lambda: once.do(screen_allocation.schedule_many, journey_ids=ids, **place), on_refused=opened.show_refusal_of
    )
    if made is not None:
        told = {"count": made["scheduled"], "day": parts.shown(place["exam_on"]), "tuk": place["tuk_code"]}
        opened.saved(t("schedule.saved", session=made["session_id"], **told), name)


def _tomorrow() -> dt.date:
    screens = current()
    with screens.office.engine.connect() as db:
        return local_day(screens.office.clock(db)) + dt.timedelta(days=1)


def _follow_proposal(picked: list[dict[str, Any]]) -> None:
    """Fill an untouched window with the place that the rule proposes, if it proposes the same to all who were picked."""
    ids, before = [row["journey_id"] for row in picked], st.session_state.get(PICKED)
    st.session_state[PICKED] = ids
    if ids == before or st.session_state.get(LSP) is not None:
        return
    places = {(row["proposed_on"], row["lsp_code"], row["tuk_code"]) for row in picked}
    if len(places) == 1 and None not in (place := places.pop()):
        st.session_state[DAY], st.session_state[LSP], st.session_state[TUK] = place


def _place(desk: Desk) -> dict[str, Any]:
    """Ask date, LSP, TUK, Asesor in the order of Gambar 6; each list holds what is registered and free for the ones before."""
    tomorrow = _tomorrow()
    last = tomorrow + dt.timedelta(days=DAYS_AHEAD)
    st.session_state[DAY] = min(max(st.session_state.get(DAY) or tomorrow, tomorrow), last)
    upper, lower = st.columns(2), st.columns(2)
    day = upper[0].date_input(
        t("schedule.day"),
        min_value=tomorrow,
        max_value=last,
        format="DD-MM-YYYY",
        key=DAY,
    )
    asked: dict[str, Any] = {
        "exam_on": day,
        "lsp_code": st.session_state.get(LSP),
        "tuk_code": st.session_state.get(TUK),
    }
    told = attempt(lambda: desk.do(scheduling.choices, **asked))
    found = told or {"lsp": [], "tuk": [], "asesor": []}
    if told and not told["lsp"]:
        st.warning(t("schedule.no_place", day=parts.shown(day)))
    lsp = _choose(upper[1], "lsp", LSP, {row["lsp_code"]: (row["lsp_name"], row["free"]) for row in found["lsp"]})
    tuk_rows = {row["tuk_code"]: (f"{row['tuk_name']}, {row['city']}", row["free"]) for row in found["tuk"]}
    tuk = _choose(lower[0], "tuk", TUK, tuk_rows)
    asesor_rows = {row["met_no"]: (row["asesor_name"], row["free"]) for row in found["asesor"]}
    met_no = _choose(lower[1], "asesor", ASESOR, asesor_rows)
    return {"exam_on": day, "lsp_code": lsp, "tuk_code": tuk, "met_no": met_no}


def _choose(column: Any, name: str, key: str, choices: dict[str, tuple[str, int]]) -> str | None:
    """Show one list: code, name, what is free; what was chosen before and is no longer there is chosen no more."""
    if st.session_state.get(key) not in choices:
        st.session_state.pop(key, None)
    chosen = column.selectbox(
        t(f"schedule.{name}"),
        list(choices),
        index=None,
        key=key,
        format_func=lambda code: t("schedule.choice", code=code, name=choices[code][0], free=choices[code][1]),
        placeholder=t("schedule.choose") if choices else t("schedule.choose_before"),
        disabled=not choices,
    )
    return None if chosen is None else str(chosen)
