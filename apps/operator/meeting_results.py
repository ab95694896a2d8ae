"""What an evaluation meeting looks at: scorecards of LSP, TUK and assessors, deviations, and each single result (§14.2; R-162, R-163)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import lists, parts
from apps.operator.frame import attempt
from apps.operator.listing import Filter, Listing, in_memory, listing
from apps.operator.lists import Column, Link, Mark
from apps.operator.messages import t
from apps.operator.opened import saved
from apps.operator.pages.cases import CASE, TONES
from posko.domain.case_status import LABELS, CaseStatus
from posko.services import evaluation, screen_evaluation
from posko.services.meeting_items import HOLD, PUBLISH

if TYPE_CHECKING:
    from posko.services.office import Desk

LIST = "rapat-hasil"
FEW = 10
"""Below so many results a share says little, and is marked."""


def evidence(desk: Desk, seen: dict[str, Any]) -> None:
    """Show what is on the table: open cases, held results, results and pass rates with their sample sizes, deviations."""
    results = seen["results"]
    parts.cards(
        [
            (results["tested"], t("evaluation.tested")),
            (results["passed"], t("evaluation.passed")),
            (len(seen["held"]), t("evaluation.HOLD")),
            (len(seen["open_cases"]), t("evaluation.open_cases")),
        ]
    )
    _cases(desk, seen["open_cases"])
    _held(desk, seen["held"])
    for name in ("per_lsp", "per_tuk", "per_asesor"):
        st.markdown(f"**{t(f'evaluation.{name}')}**")
        _rates(seen[name])
    st.markdown(f"**{t('evaluation.deviations')}**")
    columns = [
        Column("rule_id", t("evaluation.rule"), is_fixed=True), Column("severity", t("evaluation.severity"), is_fixed=True),
        Column("found", t("evaluation.count"), is_number=True),
    ]  # fmt: skip
    lists.show_list(columns, seen["deviations"], empty=t("evaluation.no_deviations"))


def _cases(desk: Desk, rows: list[dict[str, Any]]) -> None:
    """Show the open cases on these results, the first due first, each with the way to it."""
    st.markdown(f"**{t('evaluation.cases')}**")
    columns = [
        Column("case", t("evaluation.case"), is_fixed=True), Column("weight", t("evaluation.severity"), is_fixed=True),
        Column("label", t("evaluation.case_state"), is_fixed=True), Column("due", t("evaluation.due"), is_fixed=True),
    ]  # fmt: skip
    lines = [
        {
            "case": Link(str(row["case_id"]), f"/{CASE}?{CASE}={row['case_id']}"),
            "weight": Mark(row["severity"], TONES[row["severity"]]),
            "label": LABELS[CaseStatus(row["status"])],
            "due": lists.moment(row["due_at"]),
        }
        for row in sorted(rows, key=lambda row: (row["due_at"], row["case_id"]))
    ]
    listing(desk, Listing("rapat-kasus", columns, [], in_memory(lines), t("evaluation.no_cases")))


def _held(desk: Desk, rows: list[dict[str, Any]]) -> None:
    st.markdown(f"**{t('evaluation.held_results')}**")
    columns = [Column("tki_id", t("evaluation.tki_id"), is_fixed=True), Column("reason", t("evaluation.reason"))]
    listing(desk, Listing("rapat-ditahan", columns, [], in_memory(rows), t("evaluation.no_held")))


def _rates(rows: list[dict[str, Any]]) -> None:
    columns = [
        Column("code", t("evaluation.code"), is_fixed=True), Column("tested", t("evaluation.tested_short"), is_number=True),
        Column("passed", t("evaluation.passed_short"), is_number=True), Column("share", t("evaluation.share"), is_number=True),
        Column("note", t("evaluation.note"), is_fixed=True),
    ]  # fmt: skip
    lines = [
        {
            **row,
            "share": lists.share(row["passed"], row["tested"]),
            "note": Mark(t("evaluation.few"), "idle") if row["tested"] < FEW else None,
        }
        for row in rows
    ]
    lists.show_list(columns, lines, empty=t("evaluation.no_results"))


def items(desk: Desk, number: int, *, may_do: bool) -> None:
    """Show the results on the table, and hold or let go the one that is named."""

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        found = desk.do(
            screen_evaluation.items,
            meeting_id=number,
            finding=asked.get("putusan"),
            search=asked.get("cari"),
            limit=limit,
            offset=offset,
        )
        return {**found, "rows": [_line(row) for row in found["rows"]]}

    columns = [
        Column("tki_id", t("evaluation.tki_id"), is_fixed=True), Column("full_name", t("evaluation.name")),
        Column("mark", t("evaluation.result"), is_fixed=True), Column("lsp_code", t("evaluation.lsp_code"), is_fixed=True),
        Column("tuk_code", t("evaluation.tuk_code"), is_fixed=True), Column("exam_on", t("evaluation.exam_on"), is_fixed=True),
        Column("found", t("evaluation.finding"), is_fixed=True), Column("reason", t("evaluation.reason")),
    ]  # fmt: skip
    filters = [
        Filter("cari", t("evaluation.search")),
        Filter("putusan", t("evaluation.finding"), "choice", {one: t(f"evaluation.{one}") for one in (HOLD, PUBLISH)}),
    ]
    shown = listing(desk, Listing(LIST, columns, filters, read, t("evaluation.no_items")))
    if may_do and shown and shown["rows"]:
        _hold(desk, number, {row["journey_id"]: row for row in shown["rows"]})


def _line(row: dict[str, Any]) -> dict[str, Any]:
    is_held = row["finding"] == HOLD
    return {
        **row,
        "mark": Mark(row["result"] or parts.NOTHING, "good" if row["result"] == "K" else "bad"),
        "found": Mark(t(f"evaluation.{row['finding']}"), "warn" if is_held else "idle"),
    }


def _hold(desk: Desk, number: int, by_id: dict[int, dict[str, Any]]) -> None:
    """Hold one result or let it go; the form belongs to the finding that was shown when it opened."""
    chosen = st.selectbox(
        t("evaluation.one"), list(by_id), format_func=lambda one: f"{by_id[one]['tki_id']} · {by_id[one]['full_name']}"
    )
    row = by_id[chosen]
    is_held = row["finding"] == HOLD
    form = f"posko_hold:{number}:{chosen}:{row['finding']}"
    with st.form(form, border=False):
        why = st.text_input(t("evaluation.reason"), max_chars=500)
        is_sent = st.form_submit_button(t("evaluation.let_go" if is_held else "evaluation.hold"), type="primary")
    if not is_sent:
        return
    what = evaluation.release_hold if is_held else evaluation.hold
    key = st.session_state.setdefault(f"{form}:key", secrets.token_hex(16))
    told = attempt(lambda: desk.once(key).do(what, meeting_id=number, journey_id=chosen, reason=why))
    if told is not None:
        del st.session_state[f"{form}:key"]
        saved(t(f"evaluation.said_{told}", tki_id=row["tki_id"]))
