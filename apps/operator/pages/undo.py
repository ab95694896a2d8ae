"""The Konsorsium takes a schedule or a change of payment back before it sends, with a reason, and reads what it took back (§12.5-12.6)."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import opened, parts
from apps.operator.frame import attempt
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column
from apps.operator.messages import t
from posko.services import screen_undo, undoing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from posko.services.office import Desk

SCHEDULE, PAYMENT, REGISTER = "jadwal", "pembayaran", "riwayat"
VIEWS = (SCHEDULE, PAYMENT, REGISTER)
VIEW, ASK = "undo_view", "undo"
NAMED = 4
"""Names that the window shows at most."""
COLUMNS = {
    SCHEDULE: ("tki_id", "full_name", "exam_on", "lsp_code", "tuk_code", "met_no", "done_at", "done_by"),
    PAYMENT: ("tki_id", "full_name", "payment_before", "payment_after", "done_at", "done_by"),
    REGISTER: ("undone_at", "undone_by", "kind", "tki_id", "full_name", "what", "done_at", "done_by", "reason"),
}
"""View -> columns of its list."""
WRAPPED = frozenset({"full_name", "reason", "what"})


def render(desk: Desk) -> None:
    """Show what can still be undone, or the register of what was."""
    opened.say_saved()
    opened.plain_tables()
    chosen = st.segmented_control(
        t("undo.view"), VIEWS, default=SCHEDULE, format_func=lambda view: t(f"undo.{view}"), key=VIEW, required=True
    )
    if chosen == REGISTER:
        _register(desk)
    else:
        _undoable(desk, str(chosen))


def _undoable(desk: Desk, view: str) -> None:
    st.caption(t(f"undo.{view}_help"))
    reading = screen_undo.undoable_schedules if view == SCHEDULE else screen_undo.undoable_payments
    picked: list[Mapping[str, Any]] = []
    listing(
        desk,
        Listing(
            f"batal_{view}",
            _columns(view),
            [Filter("cari", t("undo.search"))],
            lambda asked, limit, offset: _shown(desk.do(reading, search=asked.get("cari"), limit=limit, offset=offset)),
            t(f"undo.no_{view}"),
            show=lambda rows: picked.extend(_pick(view, rows)),
        ),
    )
    if picked:
        _window(desk, view, picked)


def _pick(view: str, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Show rows to tick; where the list is another than before, nothing is ticked."""
    name = sha256(repr([row["number"] for row in rows]).encode()).hexdigest()[:16]
    columns = COLUMNS[view]
    event = st.dataframe(
        [{column: parts.shown(row[column]) for column in columns} for row in rows],
        column_config={column: st.column_config.TextColumn(t(f"undo.{column}")) for column in columns},
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        key=f"undo_rows:{view}:{name}",
        height=37 + 33 * len(rows),
    )
    picked = [rows[place] for place in event["selection"]["rows"] if place < len(rows)]
    if not picked:
        st.info(t("undo.pick"), icon=":material/touch_app:")
    return picked


def _window(desk: Desk, view: str, picked: list[Mapping[str, Any]]) -> None:
    """Ask why, and undo all that were ticked or none."""
    numbers = [int(row["number"]) for row in picked]
    seen = opened.opened(ASK, (view, *numbers), lambda: numbers)
    if seen is None:
        return
    with st.form(f"undo:{seen.token}"):
        st.header(t(f"undo.window_{view}", count=len(picked)), anchor=False)
        parts.facts((row["tki_id"], row["full_name"]) for row in picked[:NAMED])
        if len(picked) > NAMED:
            st.caption(t("undo.and_more", count=len(picked) - NAMED))
        reason = st.text_input(t("undo.reason"), max_chars=500, key=f"undo_reason:{seen.token}")
        is_sent = st.form_submit_button(
            t(f"undo.go_{view}", count=len(picked)), type="primary", icon=":material/undo:", shortcut="Ctrl+S"
        )
    if not is_sent:
        return
    once = desk.once(seen.key(reason))
    made = attempt(lambda: _undone(once, view, numbers, reason), on_refused=opened.show_refusal_of)
    if made is not None:
        opened.saved(t(f"undo.done_{view}", **made), ASK)


def _undone(desk: Desk, view: str, numbers: list[int], reason: str) -> dict[str, Any]:
    if view == SCHEDULE:
        return desk.do(undoing.undo_schedule, allocation_ids=numbers, reason=reason)
    return desk.do(undoing.undo_payment, payment_change_ids=numbers, reason=reason)


def _register(desk: Desk) -> None:
    kinds = {kind: t(f"undo.{kind}") for kind in screen_undo.KINDS}
    filters = [
        Filter("cari", t("undo.search")),
        Filter("jenis", t("undo.kind"), "choice", kinds),
        Filter("sejak", t("undo.since"), "date"),
    ]
    listing(
        desk,
        Listing(
            "batal_riwayat",
            _columns(REGISTER),
            filters,
            lambda asked, limit, offset: _shown(
                desk.do(
                    screen_undo.undone,
                    search=asked.get("cari"),
                    kind=asked.get("jenis"),
                    since=asked.get("sejak"),
                    limit=limit,
                    offset=offset,
                )
            ),
            t("undo.no_register"),
        ),
    )


def _columns(view: str) -> list[Column]:
    return [Column(name, t(f"undo.{name}"), is_fixed=name not in WRAPPED) for name in COLUMNS[view]]


def _shown(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer with words for codes, and in one column what was undone."""
    rows = []
    for row in answer["rows"]:
        words = {name: t(f"undo.{row[name]}") for name in ("payment_before", "payment_after", "kind") if row.get(name)}
        made = {**row, **words}
        made["what"] = (
            f"{words['payment_after']} → {words['payment_before']}"
            if "payment_after" in words
            else " · ".join(parts.shown(row.get(name)) for name in ("exam_on", "lsp_code", "tuk_code"))
        )
        rows.append(made)
    return {**answer, "rows": rows}
