"""The register of deviations: what was tried against a rule or found later, never deleted, and whether it is in a case (§5.2; R-020)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import lists
from apps.operator.frame import attempt
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from apps.operator.pages.cases import TONES
from posko.domain.rules import RULES
from posko.services import deviations, screen_deviations
from posko.services.deviations import SEVERITIES

if TYPE_CHECKING:
    from posko.services.office import Desk

CASE = "kasus"


def render(desk: Desk) -> None:
    """Show the register, and how often each rule turned out to be a false alarm."""
    answer = listing(desk, _listing(desk))
    cases = {str(row["case_id"]): str(row["case_id"]) for row in (answer or {}).get("rows", []) if row["case_id"]}
    if cases:
        links = " · ".join(
            f"[{t('deviations.to_case', number=number)}](/{CASE}?{CASE}={number})" for number in sorted(cases, key=int)
        )
        st.markdown(links)
    with st.expander(t("deviations.dismissed"), icon=":material/rule:"):
        if st.button(t("deviations.count"), key="deviations_count"):
            _dismissed(desk)


def _listing(desk: Desk) -> Listing:
    columns = [
        Column("deviation_id", t("deviations.number"), is_number=True), Column("rule_id", t("deviations.rule"), is_fixed=True),
        Column("weight", t("deviations.severity"), is_fixed=True), Column("how", t("deviations.mode"), is_fixed=True),
        Column("tki_id", t("deviations.tki"), is_fixed=True), Column("about", t("deviations.about_what")),
        Column("occurred", t("deviations.occurred"), is_fixed=True), Column("case_id", t("deviations.case"), is_number=True),
        Column("audit_event", t("deviations.event"), is_fixed=True),
    ]  # fmt: skip
    filters = [
        Filter("search", t("deviations.search")),
        Filter(
            "rule_id", t("deviations.rule"), "choice", {rule: f"{rule} (§{RULES[rule].paragraph})" for rule in RULES}
        ),
        Filter(
            "severity", t("deviations.severity"), "choice", {code: t(f"cases.severity_{code}") for code in SEVERITIES}
        ),
        Filter(
            "mode", t("deviations.mode"), "choice", {mode: t(f"cases.mode_{mode}") for mode in screen_deviations.MODES}
        ),
        Filter(
            "case", t("deviations.case"), "choice", {one: t(f"deviations.{one}") for one in screen_deviations.CASES}
        ),
        Filter("since", t("deviations.since"), "date"),
        Filter("until", t("deviations.until"), "date"),
    ]

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        asked_for: dict[str, Any] = {one.name: asked.get(one.name) for one in filters}
        found = desk.do(screen_deviations.listed, **asked_for, limit=limit, offset=offset)
        return {**found, "rows": [_line(row) for row in found["rows"]]}

    return Listing("penyimpangan", columns, filters, read, t("deviations.none"))


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "weight": Mark(row["severity"], TONES[row["severity"]]),
        "how": t(f"cases.mode_{row['mode']}"),
        "about": f"{row['subject_kind']} {row['subject_code']}",
        "occurred": lists.moment(row["occurred_at"]),
    }


def _dismissed(desk: Desk) -> None:
    """Show for each rule how many of its deviations were judged, and how many of those were none."""
    found = attempt(lambda: desk.do(deviations.dismissed_share))
    columns = [
        Column("rule_id", t("deviations.rule"), is_fixed=True), Column("judged", t("deviations.judged"), is_number=True),
        Column("dismissed", t("deviations.dismissed_count"), is_number=True), Column("share", t("deviations.share"), is_number=True),
    ]  # fmt: skip
    rows = [{**row, "share": lists.share(row["dismissed"], row["judged"])} for row in found or []]
    lists.show_list(columns, rows, empty=t("deviations.none_judged"))
