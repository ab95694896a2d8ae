"""Who waits for a place, to be picked one or several for the window "TLRT - Atur Jadwal Ujian" (§12.5, Gambar 6; R-097..R-099)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import opened, parts, schedule_window
from apps.operator.listing import Filter, Listing, as_opened, listing
from apps.operator.lists import Column
from apps.operator.messages import t
from posko.services import screen_allocation
from posko.services.registration import PAYMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from apps.operator.opened import Opened
    from posko.services.office import Desk

LIST = "jadwal"
COLUMNS = {"tki_id": 75, "full_name": 180, "label": 85, "payment": 85, "proposal": 190}
"""Column -> least width, so that all stand side by side at 1024 pixels."""
FULL, SHORT = 35 + 33 * 10, 35 + 33 * 5
"""Height of the list, and beside an open window."""


def render(desk: Desk) -> None:
    """Show who waits for a place, and the window for those who were picked."""
    opened.say_saved()
    opened.plain_tables()
    found = listing(desk, _waiting(desk))
    opened.reload_button(LIST)
    seen = opened.now_open(LIST)
    if not found or not found["rows"] or seen is None:
        return
    picked = _picked(seen)
    if not picked:
        st.info(t("schedule.pick"), icon=":material/touch_app:")
        return
    schedule_window.window(desk, LIST, seen, picked)


def _waiting(desk: Desk) -> Listing:
    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        found = desk.do(
            screen_allocation.waiting_for_place,
            limit=limit,
            offset=offset,
            search=asked.get("cari"),
            payment=asked.get("bayar"),
        )
        return {**found, "rows": [_line(row) for row in found["rows"]]}

    return Listing(
        LIST,
        [Column(name, t(f"schedule.{name}"), is_fixed=name == "tki_id") for name in COLUMNS],
        [
            Filter("cari", t("schedule.search")),
            Filter("bayar", t("schedule.payment"), "choice", {one: t(f"schedule.{one}") for one in PAYMENTS}),
        ],
        as_opened(LIST, read),
        t("schedule.nobody"),
        show=_rows,
    )


def _line(row: dict[str, Any]) -> dict[str, Any]:
    told = {"label": t(f"schedule.{row['status']}"), "payment": t(f"schedule.{row['payment_status']}")}
    return {**row, **told, "proposal": _proposal(row)}


def _rows(rows: Sequence[Mapping[str, Any]]) -> None:
    """Show a page of the list so that one or several can be ticked."""
    key = _key(opened.now_open(LIST))
    is_open = bool(st.session_state.get(key, {}).get("selection", {}).get("rows"))
    st.dataframe(
        rows,
        column_order=tuple(COLUMNS),
        column_config={
            name: st.column_config.TextColumn(t(f"schedule.{name}"), width=width) for name, width in COLUMNS.items()
        },
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        key=key,
        height=min(SHORT if is_open else FULL, 37 + 33 * len(rows)),
    )


def _key(seen: Opened[Any] | None) -> str:
    return f"schedule_rows:{seen.token if seen else ''}"


def _picked(seen: Opened[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows that are ticked, as they stood when the list opened."""
    rows, chosen = seen.seen["rows"], st.session_state.get(_key(seen))
    return [rows[place] for place in (chosen["selection"]["rows"] if chosen else []) if place < len(rows)]


def _proposal(row: dict[str, Any]) -> str:
    if row["tuk_code"] is None:
        return parts.NOTHING
    return f"{parts.shown(row['proposed_on'])} · {row['lsp_code']} · {row['tuk_code']}"
