"""The Konsorsium sends the allocation back to BNSP; who is left gets a reason (§12.6; R-089, R-100, X6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import opened, parts
from apps.operator.frame import attempt
from apps.operator.listing import Filter, Listing, as_opened, in_memory, listing
from apps.operator.lists import Column
from apps.operator.messages import t
from apps.operator.withdrawal import sent_before
from posko.services import allocation, screen_allocation
from posko.services.registration import PAYMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from apps.operator.opened import Opened
    from posko.services.office import Desk

LIST, LEFT = "send", "kirim-sisa"
OWN = "send_own_reasons"
"""ID TKI -> her own reason, typed on any page of the list."""
COLUMNS = {"tki_id": 85, "full_name": 180, "why": 190}
"""Column -> least width, so that all stand side by side at 1024 pixels."""


def render(desk: Desk) -> None:
    """Show what goes back and who is left, and offer to send; below it what was sent before."""
    opened.say_saved()
    opened.plain_tables()
    _now(desk)
    sent_before(desk, LIST, LEFT)


def _now(desk: Desk) -> None:
    seen = opened.opened(LIST, (), lambda: desk.do(screen_allocation.send_overview))
    if seen is None:
        return
    ready, left_ids = seen.seen["ready"], seen.seen["left_ids"]
    going = sum(int(row["tki"]) for row in ready)
    parts.cards([(going, t("send.going")), (len(left_ids), t("send.left")), (len(ready), t("send.places"))])
    opened.reload_button(LIST, LEFT)
    if not going:
        st.info(t("send.nothing"))
        return
    _ready(desk, ready)
    reasons = _left(desk, left_ids) if left_ids else {}
    _send(desk, seen, going, reasons)


def _ready(desk: Desk, rows: list[dict[str, Any]]) -> None:
    st.header(t("send.ready"), anchor=False)
    columns = [
        Column("exam_on", t("send.exam_on"), is_fixed=True),
        Column("lsp_code", t("send.lsp_code"), is_fixed=True),
        Column("tuk_code", t("send.tuk_code"), is_fixed=True),
        Column("tuk_name", t("send.tuk_name")),
        Column("tki", t("send.tki"), is_number=True),
    ]
    filters = [Filter("cari", t("send.search_place")), Filter("exam_on", t("send.exam_on"), "date")]
    read = in_memory(rows, ("lsp_code", "tuk_code", "tuk_name"))
    listing(desk, Listing("kirim-siap", columns, filters, read, t("send.nothing")))


def _left(desk: Desk, ids: list[str]) -> dict[str, str]:
    """Ask why each is left: one reason for all, another for single ones; return ID TKI -> reason of those who have one."""
    st.header(t("send.left_title"), anchor=False)
    st.caption(t("send.left_help"))
    common = st.text_input(t("send.common"), max_chars=500, key="send_common")

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        found = desk.do(
            screen_allocation.left_behind,
            limit=limit,
            offset=offset,
            search=asked.get("cari"),
            payment=asked.get("bayar"),
        )
        rows = [{**row, "why": _why(row), "payment": t(f"schedule.{row['payment_status']}")} for row in found["rows"]]
        return {**found, "rows": rows}

    columns = [
        Column("tki_id", t("send.tki_id"), is_fixed=True),
        Column("full_name", t("send.full_name")),
        Column("payment", t("schedule.payment")),
        Column("why", t("send.why")),
    ]
    filters = [
        Filter("cari", t("send.search_left")),
        Filter("bayar", t("schedule.payment"), "choice", {one: t(f"schedule.{one}") for one in PAYMENTS}),
    ]
    listing(desk, Listing(LEFT, columns, filters, as_opened(LEFT, read), t("send.nobody_left"), show=_reasons))
    own = st.session_state.get(OWN, {})
    said = {tki_id: own.get(tki_id) or common.strip() for tki_id in ids}
    return {tki_id: reason for tki_id, reason in said.items() if reason}


def _reasons(rows: Sequence[Mapping[str, Any]]) -> None:
    """Show a page of those who are left with a column for their own reason, and keep what is typed there."""
    seen = opened.now_open(LEFT)
    token = seen.token if seen else ""
    own = st.session_state.setdefault(OWN, {})
    # The table begins as the reasons stood when it opened: fed with its own edits, it would forget them.
    base = st.session_state.setdefault(f"send_base:{token}", dict(own))
    edited = st.data_editor(
        [{**{name: row[name] for name in COLUMNS}, "reason": base.get(row["tki_id"], "")} for row in rows],
        column_config={
            **{
                name: st.column_config.TextColumn(t(f"send.{name}"), disabled=True, width=width)
                for name, width in COLUMNS.items()
            },
            "reason": st.column_config.TextColumn(t("send.reason"), max_chars=500, width=190),
        },
        hide_index=True,
        key=f"send_rows:{token}",
        placeholder=parts.NOTHING,
        height="auto",
    )
    own.update({row["tki_id"]: (row["reason"] or "").strip() for row in edited})


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
        opened.saved(t("send.sent", count=parts.number(made["rows"]), batch=made["batch_id"]), LIST, LEFT)


def _why(row: dict[str, Any]) -> str:
    if row["unplaced_reason"]:
        return str(row["unplaced_reason"])
    if row["tuk_code"] is not None:
        return t("send.proposed", day=parts.shown(row["proposed_on"]), tuk=row["tuk_code"])
    return t("send.no_proposal")
