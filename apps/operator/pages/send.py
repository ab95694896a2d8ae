"""The Konsorsium sends the allocation back to BNSP; who is left gets a reason (§12.6; R-089, R-100, X6)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import opened, parts
from apps.operator.frame import attempt
from apps.operator.messages import t
from posko.services import allocation, screen_allocation

if TYPE_CHECKING:
    from apps.operator.opened import Opened
    from posko.services.office import Desk

LIST, PAGE = "send", "kirim_halaman"
OWN = "send_own_reasons"
"""ID TKI -> her own reason, typed on any page of the list; with the token of the opening that it belongs to."""
COLUMNS = {"tki_id": 85, "full_name": 180, "why": 190}
"""Column -> least width, so that all stand side by side at 1024 pixels."""


def render(desk: Desk) -> None:
    """Show what goes back and who is left, and offer to send."""
    opened.say_saved()
    opened.plain_tables()
    page = int(st.session_state.get(PAGE, 1))
    seen = opened.opened(LIST, (page,), lambda: desk.do(screen_allocation.send_overview, page=page))
    if seen is None:
        return
    opened.not_past_the_end(PAGE, LIST, seen.seen["left"])
    ready, left_ids = seen.seen["ready"], seen.seen["left_ids"]
    going = sum(int(row["tki"]) for row in ready)
    parts.cards([(going, t("send.going")), (len(left_ids), t("send.left")), (len(ready), t("send.places"))])
    opened.reload_button(LIST)
    if not going:
        st.info(t("send.nothing"))
        return
    _ready(ready)
    reasons = _left(seen) if left_ids else {}
    _send(desk, seen, going, reasons)


def _ready(rows: list[dict[str, Any]]) -> None:
    st.subheader(t("send.ready"), anchor=False)
    st.dataframe(
        rows,
        column_order=("exam_on", "lsp_code", "tuk_code", "tuk_name", "tki"),
        column_config={
            "exam_on": st.column_config.DateColumn(t("send.exam_on"), format="DD-MM-YYYY"),
            **{name: st.column_config.TextColumn(t(f"send.{name}")) for name in ("lsp_code", "tuk_code", "tuk_name")},
            "tki": st.column_config.NumberColumn(t("send.tki")),
        },
        hide_index=True,
        height="auto",
    )


def _left(seen: Opened[dict[str, Any]]) -> dict[str, str]:
    """Ask why each is left: one reason for all, another for single ones; return ID TKI -> reason of those who have one."""
    rows, ids = seen.seen["left"], seen.seen["left_ids"]
    st.subheader(t("send.left_title"), anchor=False)
    st.caption(t("send.left_help"))
    common = st.text_input(t("send.common"), max_chars=500, key="send_common")
    own = st.session_state.setdefault(OWN, {})
    # The table begins as the reasons stood when it opened: fed with its own edits, it would forget them.
    base = st.session_state.setdefault(f"send_base:{seen.token}", dict(own))
    edited = st.data_editor(
        [
            {
                "tki_id": row["tki_id"],
                "full_name": row["full_name"],
                "why": _why(row),
                "reason": base.get(row["tki_id"], ""),
            }
            for row in rows
        ],
        column_config={
            **{
                name: st.column_config.TextColumn(t(f"send.{name}"), disabled=True, width=width)
                for name, width in COLUMNS.items()
            },
            "reason": st.column_config.TextColumn(t("send.reason"), max_chars=500, width=190),
        },
        hide_index=True,
        key=f"send_rows:{seen.token}",
        placeholder=parts.NOTHING,
        height="auto",
    )
    own.update({row["tki_id"]: (row["reason"] or "").strip() for row in edited})
    pages = math.ceil(len(ids) / screen_allocation.PAGE)
    if pages > 1:
        st.pagination(pages, key=PAGE)
    said = {tki_id: own.get(tki_id) or common.strip() for tki_id in ids}
    return {tki_id: reason for tki_id, reason in said.items() if reason}


def _send(desk: Desk, seen: Opened[dict[str, Any]], going: int, reasons: dict[str, str]) -> None:
    missing = len(seen.seen["left_ids"]) - len(reasons)
    if missing:
        st.warning(t("send.missing", count=parts.number(missing)))
    is_sure = st.checkbox(t("send.sure", count=parts.number(going)), key=f"send_sure:{seen.asked}")
    label = t("send.send", count=parts.number(going))
    if not st.button(
        label, type="primary", disabled=not is_sure or bool(missing), icon=":material/send:", key="send_go"
    ):
        return
    once = desk.once(seen.key(sorted(reasons.items())))
    made = attempt(lambda: once.do(allocation.send_allocation, justified=reasons))
    if made is not None:
        st.session_state.pop(OWN, None)
        opened.saved(t("send.sent", count=parts.number(made["rows"]), batch=made["batch_id"]), LIST)


def _why(row: dict[str, Any]) -> str:
    if row["unplaced_reason"]:
        return str(row["unplaced_reason"])
    if row["tuk_code"] is not None:
        return t("send.proposed", day=parts.shown(row["proposed_on"]), tuk=row["tuk_code"])
    return t("send.no_proposal")
