"""Suspensions of a body or an assessor: for a time or until they are lifted, each with its reason (§3.2; R-012)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import lists, opened
from apps.operator.frame import attempt
from apps.operator.listing import FIRST, LAST
from apps.operator.lists import Column
from apps.operator.messages import t
from posko.services import registry_entries
from posko.services.screen_registers import KIND_OF

if TYPE_CHECKING:
    from apps.operator.opened import Opened
    from posko.services.office import Desk

ENTRY = "register_entry"


def show(desk: Desk, register: str, seen: Opened[dict[str, Any]], *, may_change: bool) -> None:
    """Show the suspensions of an entry, and what may be done with them."""
    st.subheader(t("registers.suspensions"), anchor=False)
    rows = seen.seen["suspensions"]
    columns = [
        Column("suspension_id", t("registers.number"), is_number=True),
        Column("suspended_from", t("registers.suspended_from"), is_fixed=True),
        Column("suspended_until", t("registers.suspended_until"), is_fixed=True),
        Column("reason", t("registers.reason")),
    ]
    lists.show_list(columns, rows, empty=t("registers.no_suspensions"))
    if not may_change:
        return
    _suspend(desk, register, seen)
    standing = [row for row in rows if not row["is_over"]]
    if standing:
        _lift(desk, seen, [int(row["suspension_id"]) for row in standing])


def _suspend(desk: Desk, register: str, seen: Opened[dict[str, Any]]) -> None:
    with st.expander(t("registers.suspend"), icon=":material/block:"), st.form(f"suspend:{seen.token}", border=False):
        left, right = st.columns(2)
        first = left.date_input(t("registers.suspended_from"), None, FIRST, LAST, format="DD/MM/YYYY")
        last = right.date_input(
            f"{t('registers.suspended_until')} ({t('registers.optional')})", None, FIRST, LAST, format="DD/MM/YYYY"
        )
        reason = st.text_input(t("registers.reason"), max_chars=500, key=f"suspend_reason:{seen.token}")
        is_sent = st.form_submit_button(t("registers.suspend"), type="primary")
    if not is_sent:
        return
    told: dict[str, Any] = {"party_kind": KIND_OF[register], "party_code": seen.seen["key"], "reason": reason}
    told |= {"suspended_from": first, "suspended_until": last}
    once = desk.once(seen.key("suspend", first, last, reason))
    number = attempt(lambda: once.do(registry_entries.suspend, **told))
    if number is not None:
        opened.saved(t("registers.suspended", number=number), ENTRY)


def _lift(desk: Desk, seen: Opened[dict[str, Any]], numbers: list[int]) -> None:
    with st.expander(t("registers.lift"), icon=":material/lock_open:"), st.form(f"lift:{seen.token}", border=False):
        left, right = st.columns(2)
        number = left.selectbox(t("registers.number"), numbers)
        last = right.date_input(t("registers.last_day"), None, FIRST, LAST, format="DD/MM/YYYY")
        reason = st.text_input(t("registers.reason"), max_chars=500, key=f"lift_reason:{seen.token}")
        is_sent = st.form_submit_button(t("registers.lift"), type="primary")
    if not is_sent:
        return
    once = desk.once(seen.key("lift", number, last, reason))
    made = attempt(lambda: once.do(registry_entries.end_suspension, suspension_id=number, ended_on=last, reason=reason))
    if made is not None:
        opened.saved(t("registers.lifted", number=number), ENTRY)
