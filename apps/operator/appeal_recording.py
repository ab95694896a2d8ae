"""Recording an appeal against a decided result, or a complaint, where it arrives (R-189)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import lists, opened, parts
from apps.operator.frame import attempt
from apps.operator.messages import t
from posko.services import appeals, screen_appeals

if TYPE_CHECKING:
    from apps.operator.opened import Opened
    from posko.services.office import Desk

RESULTS, FORM = "appeal_results", "appeal_form"


def show(desk: Desk) -> None:
    """Show the form: of what kind, about which result or body, why."""
    with st.expander(t("appeals.record"), icon=":material/add:"):
        kind = st.radio(
            t("appeals.kind"),
            screen_appeals.KINDS,
            format_func=lambda one: t(f"appeals.{one}"),
            horizontal=True,
            key="appeal_kind",
        )
        st.caption(t(f"appeals.help_{kind}"))
        if kind == appeals.APPEAL:
            _appeal(desk)
        else:
            _complaint(desk)


def _appeal(desk: Desk) -> None:
    """Find the decided results of a TKI, and record an appeal against the chosen one."""
    tki_id = st.text_input(t("appeals.tki"), max_chars=64, key="appeal_tki").strip()
    if not tki_id:
        return
    found = opened.opened(RESULTS, (tki_id,), lambda: desk.do(screen_appeals.results, tki_id=tki_id))
    if found is None:
        return
    if not found.seen:
        st.warning(t("appeals.no_result"))
        return
    rows = {int(row["journey_id"]): row for row in found.seen}
    number = st.selectbox(
        t("appeals.result"), list(rows), format_func=lambda one: _named(rows[one]), key="appeal_result"
    )
    if rows[number]["is_appealed"]:
        st.warning(t("appeals.pending"))
    _form(desk, found, {"kind": appeals.APPEAL, "journey_id": number})


def _complaint(desk: Desk) -> None:
    form = opened.opened(FORM, (), lambda: ("complaint",))
    left, middle, right = st.columns(3)
    tki_id = left.text_input(t("appeals.tki"), max_chars=64, key="complaint_tki").strip()
    by = desk.by
    lsp = middle.text_input(
        t("appeals.lsp"), by.lsp_code or "" if by else "", max_chars=20, key="complaint_lsp"
    ).strip()
    tuk = right.text_input(t("appeals.tuk"), by.tuk_code or "" if by else "", max_chars=20, key="complaint_tuk").strip()
    if form is not None:
        about = {"tki_id": tki_id or None, "lsp_code": lsp or None, "tuk_code": tuk or None}
        _form(desk, form, {"kind": appeals.COMPLAINT, **about})


def _form(desk: Desk, form: Opened[Any], told: dict[str, Any]) -> None:
    with st.form(f"appeal:{form.token}", border=False):
        grounds = st.text_area(t("appeals.grounds"), max_chars=2000, height=110)
        is_sent = st.form_submit_button(t("appeals.record"), type="primary", icon=":material/balance:")
    if not is_sent:
        return
    once = desk.once(form.key(grounds, sorted(told.items(), key=str)))
    made = attempt(lambda: once.do(appeals.record, grounds=grounds, **told))
    if made is not None:
        opened.saved(t("appeals.recorded_now", number=made), RESULTS, FORM)


def _named(row: dict[str, Any]) -> str:
    day = lists.moment(row["decided_at"])
    return f"{row['journey_id']} · {row['lsp_code']} · {row['tuk_code']} · {parts.shown(row['exam_on'])} · {row['result']} · {day}"
