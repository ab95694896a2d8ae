"""Who waits for a place, to be picked one or several for the window "TLRT - Atur Jadwal Ujian" (§12.5, Gambar 6; R-097..R-099)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import opened, parts, schedule_window
from apps.operator.messages import t
from posko.services import screen_allocation

if TYPE_CHECKING:
    from apps.operator.opened import Opened
    from posko.services.office import Desk

LIST, SEARCH, PAGE = "schedule", "cari", "jadwal_halaman"
"""The list's opening; the search and the page, which stand in the address."""
COLUMNS = {"tki_id": 75, "full_name": 180, "label": 85, "payment": 85, "proposal": 190}
"""Column -> least width, so that all stand side by side at 1024 pixels."""
FULL, SHORT = 35 + 33 * 10, 35 + 33 * 5
"""Height of the list, and beside an open window."""


def render(desk: Desk) -> None:
    """Show who waits for a place, and the window for those who were picked."""
    opened.say_saved()
    opened.plain_tables()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search = st.text_input(
            t("schedule.search"),
            key=SEARCH,
            max_chars=64,
            bind="query-params",
            icon=":material/search:",
            on_change=lambda: st.session_state.pop(PAGE, None),
        )
        opened.reload_button(LIST)
    page = int(st.session_state.get(PAGE, 1))
    seen = opened.opened(
        LIST,
        (search, page),
        lambda: desk.do(screen_allocation.waiting_for_place, page=page, search=search or None),
    )
    if seen is None:
        return
    if not seen.seen["total"]:
        st.info(t("schedule.nobody_found" if search else "schedule.nobody"))
        return
    opened.not_past_the_end(PAGE, LIST, seen.seen["rows"])
    picked = _list(seen)
    if not picked:
        st.info(t("schedule.pick"), icon=":material/touch_app:")
        return
    schedule_window.window(desk, LIST, seen, picked)


def _list(seen: Opened[dict[str, Any]]) -> list[dict[str, Any]]:
    """Show the page of the list as it was when it opened; return the rows that are ticked."""
    rows, key = seen.seen["rows"], f"schedule_rows:{seen.token}"
    is_open = bool(st.session_state.get(key, {}).get("selection", {}).get("rows"))
    st.caption(t("schedule.count", count=parts.number(seen.seen["total"])))
    event = st.dataframe(
        [
            {
                "tki_id": row["tki_id"],
                "full_name": row["full_name"],
                "label": t(f"schedule.{row['status']}"),
                "payment": t(f"schedule.{row['payment_status']}"),
                "proposal": _proposal(row),
            }
            for row in rows
        ],
        column_config={
            name: st.column_config.TextColumn(t(f"schedule.{name}"), width=width) for name, width in COLUMNS.items()
        },
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        key=key,
        height=min(SHORT if is_open else FULL, 37 + 33 * len(rows)),
    )
    pages = math.ceil(seen.seen["total"] / screen_allocation.PAGE)
    if pages > 1:
        st.pagination(pages, key=PAGE, on_change="rerun")
    return [rows[place] for place in event["selection"]["rows"] if place < len(rows)]


def _proposal(row: dict[str, Any]) -> str:
    if row["tuk_code"] is None:
        return parts.NOTHING
    return f"{parts.shown(row['proposed_on'])} · {row['lsp_code']} · {row['tuk_code']}"
