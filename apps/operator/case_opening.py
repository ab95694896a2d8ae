"""Opening a deviation case on deviations that are in none: chosen from the register, with a title and another subject (§5.2; R-020)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import case_view, lists, opened
from apps.operator.frame import attempt
from apps.operator.messages import t
from posko.domain import finding
from posko.domain.rules import RULES
from posko.services import cases, deviations
from posko.services.deviations import SEVERITIES

if TYPE_CHECKING:
    from apps.operator.opened import Opened
    from posko.services.office import Desk

LIST = "case_deviations"
MOST = 200
"""Deviations that are offered at once, the newest."""
KINDS = ("lsp", "tuk", "asesor", "staff", "tki", "session")
"""Kinds of what may be named as a subject beside those of the deviations."""


def show(desk: Desk) -> None:
    """Show the deviations that are in no case, and the form that opens one on those chosen."""
    with st.expander(t("cases.open"), icon=":material/add:"):
        st.caption(t("cases.open_help", most=MOST))
        left, middle, right = st.columns([3, 2, 3], vertical_alignment="bottom")
        rule = left.selectbox(
            t("cases.rule"), ["", *RULES], format_func=lambda one: one or t("cases.any"), key="case_rule"
        )
        severity = middle.selectbox(
            t("cases.severity"), ["", *SEVERITIES], format_func=lambda one: one or t("cases.any"), key="case_severity"
        )
        tki = right.text_input(t("cases.tki"), max_chars=64, key="case_tki").strip()
        asked: dict[str, Any] = {"rule_id": rule or None, "severity": severity or None, "tki_id": tki or None}
        seen = opened.opened(
            LIST, tuple(asked.values()), lambda: list(desk.do(deviations.register, has_case=False, limit=MOST, **asked))
        )
        opened.reload_button(LIST)
        if seen is None:
            return
        if not seen.seen:
            st.info(t("cases.no_deviations"))
            return
        _form(desk, seen, _chosen(seen))


def _chosen(seen: Opened[list[Any]]) -> list[int]:
    """Show the deviations and return the numbers of those that are ticked."""
    opened.plain_tables()
    rows = [
        {
            "deviation_id": row["deviation_id"],
            "rule_id": row["rule_id"],
            "severity": row["severity"],
            "mode": case_view.how(row),
            "about": row["tki_id"] or finding.about(row["subject_kind"], row["subject_code"]),
            "occurred": lists.moment(row["occurred_at"]),
        }
        for row in seen.seen
    ]
    event = st.dataframe(
        rows,
        column_config={
            "deviation_id": st.column_config.NumberColumn(t("cases.number"), width=70),
            **{
                name: st.column_config.TextColumn(t(f"cases.column_{name}"))
                for name in ("rule_id", "severity", "mode", "about", "occurred")
            },
        },
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        key=f"case_rows:{seen.token}",
        height=260,
    )
    return [int(rows[place]["deviation_id"]) for place in event["selection"]["rows"] if place < len(rows)]


def _form(desk: Desk, seen: Opened[list[Any]], chosen: list[int]) -> None:
    with st.form(f"case_open:{seen.token}", border=False):
        title = st.text_input(t("cases.case_title"), max_chars=255)
        left, right = st.columns([2, 3])
        kind = left.selectbox(
            t("cases.more_subject"),
            ["", *KINDS],
            format_func=lambda one: t(f"cases.kind_{one}") if one else t("cases.no_more"),
        )
        code = right.text_input(t("cases.code"), max_chars=120)
        label = t("cases.open_on", count=len(chosen))
        is_sent = st.form_submit_button(label, type="primary", icon=":material/policy:", disabled=not chosen)
    if not is_sent:
        return
    subjects = [(kind, code)] if kind or code.strip() else None
    once = desk.once(seen.key(tuple(chosen), title, kind, code))
    made = attempt(lambda: once.do(cases.open_case, deviation_ids=chosen, title=title, subjects=subjects))
    if made is not None:
        opened.close(LIST)
        st.query_params["kasus"] = str(made)
        opened.saved(t("cases.opened_now", number=made), LIST)
