"""What the Konsorsium sent before, with BNSP's findings; what was found unbalanced may be withdrawn (§12.6-12.8; R-100..R-102, X6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import lists, opened, parts
from apps.operator.frame import attempt
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from posko.services import allocation_withdrawal, screen_withdrawal

if TYPE_CHECKING:
    from posko.services.office import Desk

FORM = "withdrawal_form"
TONES: dict[str, parts.Tone] = {
    "SENT": "warn", "INCOMPLETE": "bad", "COMPLETE": "good", "RELEASED": "good", "WITHDRAWN": "idle",
}  # fmt: skip


def sent_before(desk: Desk, *also: str) -> None:
    """Show the batches and the form of the withdrawal; `also` are openings of the page that a withdrawal makes stale."""
    st.header(t("withdrawal.title"))
    found = listing(desk, _batches(desk))
    rows = found["rows"] if found else []
    for row in rows:
        if row["state"] == "WITHDRAWN":
            told = {"number": row["batch_id"], "at": lists.moment(row["withdrawn_at"]), "who": row["withdrawn_by"]}
            st.caption(t("withdrawal.was", reason=row["reason"], **told))
    unbalanced = {row["batch_id"]: row for row in rows if row["state"] == "INCOMPLETE"}
    if unbalanced:
        _withdraw(desk, unbalanced, also)


def _batches(desk: Desk) -> Listing:
    columns = [
        Column("batch_id", t("withdrawal.batch"), is_number=True), Column("sent", t("withdrawal.sent_at"), is_fixed=True),
        Column("row_count", t("withdrawal.rows"), is_number=True), Column("mark", t("withdrawal.state"), is_fixed=True),
        Column("checked", t("withdrawal.checked_at"), is_fixed=True), Column("found", t("withdrawal.findings"), is_number=True),
    ]  # fmt: skip
    states = {state: t(f"withdrawal.{state}") for state in screen_withdrawal.STATES}

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        told = desk.do(screen_withdrawal.sent, state=asked.get("keadaan"), limit=limit, offset=offset)
        return {**told, "rows": [_line(row) for row in told["rows"]]}

    filters = [Filter("keadaan", t("withdrawal.state"), "choice", states)]
    return Listing("terkirim", columns, filters, read, t("withdrawal.none"))


def _withdraw(desk: Desk, unbalanced: dict[int, dict[str, Any]], also: tuple[str, ...]) -> None:
    """Offer to take one back; the form belongs to the check whose findings are shown."""
    number = st.selectbox(t("withdrawal.choose"), list(unbalanced), format_func=lambda one: _named(unbalanced[one]))
    row = unbalanced[number]
    seen = opened.opened(FORM, (number, row["balance_check_id"]), lambda: row)
    if seen is None:
        return
    for found in seen.seen["findings"]:
        st.error(found["text"])
    with st.form(f"withdraw:{seen.token}", border=False):
        st.write(t("withdrawal.help", count=parts.number(row["row_count"])))
        reason = st.text_input(t("withdrawal.reason"), max_chars=500)
        is_sent = st.form_submit_button(t("withdrawal.withdraw"), type="primary", icon=":material/undo:")
    if not is_sent:
        return
    once, check = desk.once(seen.key(reason)), seen.seen["balance_check_id"]
    told = attempt(
        lambda: once.do(allocation_withdrawal.withdraw, batch_id=number, reason=reason, balance_check_id=check)
    )
    if told is not None:
        opened.saved(t("withdrawal.done", number=number, count=parts.number(told["rows"])), FORM, *also)


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "sent": lists.moment(row["sent_at"]),
        "checked": lists.moment(row["checked_at"]),
        "mark": Mark(t(f"withdrawal.{row['state']}"), TONES[row["state"]]),
        "found": len(row["findings"]) or None,
    }


def _named(row: dict[str, Any]) -> str:
    return f"{row['batch_id']} · {row['sent']} · {parts.number(row['row_count'])} TKI"
