"""The register of deviations, each with the history of its finding, and the rules with their thresholds and how they do (§5.2; R-020)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import case_view, deviation_rules, deviation_view, lists, picked, tabs
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from apps.operator.pages.cases import TONES
from posko.domain import finding
from posko.domain.rules import RULES
from posko.services import screen_deviations
from posko.services.deviations import SEVERITIES

if TYPE_CHECKING:
    from posko.services.office import Desk

CASE = "kasus"
LIST = "penyimpangan"
TABS = ("register", "rules")


def render(desk: Desk) -> None:
    """Show the one deviation that the address names, or the register and the rules."""
    wanted = picked.number(LIST)
    if picked.instead(LIST, wanted, deviation_view.slot, lambda number: deviation_view.show(desk, number)):
        return
    with tabs.one_of("deviations_tabs", {one: t(f"deviations.tab_{one}") for one in TABS}, {"register": LIST}) as tab:
        if tab == "register":
            _register(desk)
        else:
            deviation_rules.show(desk)


def _register(desk: Desk) -> None:
    """Show the register, and offer each row of the page to be explained."""
    answer = listing(desk, _listing(desk))
    rows = (answer or {}).get("rows", [])
    picked.choose(LIST, {str(row["deviation_id"]): _named(row) for row in rows}, t("deviations.explain"))
    cases = {str(row["case_id"]): str(row["case_id"]) for row in rows if row["case_id"]}
    if cases:
        links = " · ".join(
            f"[{t('deviations.to_case', number=number)}](/{CASE}?{CASE}={number})" for number in sorted(cases, key=int)
        )
        st.markdown(links)


def _named(row: dict[str, Any]) -> str:
    return f"{row['deviation_id']} · {row['rule_id']} · {row['about']}"


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
        "how": case_view.how(row),
        "about": finding.about(row["subject_kind"], row["subject_code"]),
        "occurred": lists.moment(row["occurred_at"]),
    }
