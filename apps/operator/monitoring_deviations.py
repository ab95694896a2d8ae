"""What BNSP watches of deviations: noted since yesterday, cases by their clocks, silent TUK (§5.2, §5.6; R-003, R-020)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import charts, lists, parts
from apps.operator.charts import BLUE, RED
from apps.operator.list_address import address_of
from apps.operator.listing import SEARCH, Filter, Listing, listing
from apps.operator.lists import Column, Link, Mark
from apps.operator.messages import t
from apps.operator.pages.cases import CASE, TONES
from posko.domain import finding
from posko.services import screen_deviations, screen_monitoring_deviations
from posko.services.screen_cases import ACTIVE, DUE_SOON, OVERDUE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posko.services.office import Desk

LIST, SILENT = "pantauan-penyimpangan", "pantauan-senyap"
KINDS = {"happened": RED, "prevented": BLUE}


def show(desk: Desk) -> None:
    """Show the counts, the rules with their chart, the deviations behind them, and the silent TUK."""
    found = desk.do(screen_monitoring_deviations.deviations)
    st.caption(t("monitoring.since", day=parts.shown(found["since"])))
    addresses = {
        "cases_open": address_of(CASE, CASE, status=ACTIVE),
        "overdue": address_of(CASE, CASE, age=OVERDUE),
        "due_soon": address_of(CASE, CASE, age=DUE_SOON),
    }
    names = ("happened", "prevented", "silent", *addresses)
    told = [(found[name], t(f"monitoring.{name}_count")) for name in names]
    parts.cards(told, {t(f"monitoring.{name}_count"): to.removeprefix("/") for name, to in addresses.items()})
    rules = found["rules"]
    if rules:
        _rules(rules)
    st.header(t("monitoring.found"))
    _found(desk, found["since"], rules)
    st.header(t("monitoring.silent_tuk"))
    st.caption(t("monitoring.silent_help"))
    _silent(desk)


def _rules(rules: list[dict[str, Any]]) -> None:
    """Draw how often each rule was broken, and say the same as a table; a click on a bar asks for the list behind it."""
    series = {t(f"monitoring.{kind}"): colour for kind, colour in KINDS.items()}
    points = [
        {"name": f"{row['rule_id']} · {row['severity']}", "series": t(f"monitoring.{kind}"), "place": place, "count": row[kind],
         "mark": row["rule_id"]}
        for row in rules
        for place, kind in enumerate(KINDS)
    ]  # fmt: skip
    picked = charts.pick("posko_chart_since", charts.bars(series, count=t("monitoring.count"), rows=len(rules)), points)
    if picked != st.session_state.get("posko_picked_since"):
        st.session_state["posko_picked_since"] = picked
        if picked is not None:
            st.session_state[f"{LIST}_rule_id"] = picked
    columns = [
        Column("rule_id", t("monitoring.rule"), is_fixed=True), Column("weight", t("monitoring.severity"), is_fixed=True),
        *(Column(kind, t(f"monitoring.{kind}"), is_number=True) for kind in KINDS),
    ]  # fmt: skip
    lists.show_list(
        columns, [{**row, "weight": Mark(row["severity"], TONES[row["severity"]])} for row in rules], empty=""
    )


def _found(desk: Desk, since: str, rules: list[dict[str, Any]]) -> None:
    columns = [
        Column("deviation_id", t("monitoring.number"), is_number=True), Column("occurred", t("monitoring.occurred"), is_fixed=True),
        Column("rule_id", t("monitoring.rule"), is_fixed=True), Column("weight", t("monitoring.severity"), is_fixed=True),
        Column("how", t("monitoring.how"), is_fixed=True), Column("tki_id", t("monitoring.tki_id"), is_fixed=True),
        Column("about", t("monitoring.about_what")), Column("case", t("monitoring.case"), is_fixed=True),
    ]  # fmt: skip
    known = {row["rule_id"]: row["rule_id"] for row in rules}

    def read(asked: dict[str, str], limit: int, offset: int) -> Mapping[str, Any]:
        wanted = {"rule_id": asked.get("rule_id"), "search": asked.get(SEARCH)}
        answer = desk.do(screen_deviations.listed, **wanted, since=since, limit=limit, offset=offset)
        return {**answer, "rows": [_deviation(row) for row in answer["rows"]]}

    filters = [
        Filter(SEARCH, t("monitoring.search_deviation")),
        Filter("rule_id", t("monitoring.rule"), "choice", known),
    ]
    listing(desk, Listing(LIST, columns, filters, read, t("monitoring.no_deviations")))


def _deviation(row: dict[str, Any]) -> dict[str, Any]:
    is_attempt = row["is_attempt"]
    return {
        **row,
        "occurred": lists.moment(row["occurred_at"]),
        "weight": Mark(row["severity"], TONES[row["severity"]]),
        "how": t("monitoring.prevented" if is_attempt else "monitoring.happened"),
        "about": finding.about(row["subject_kind"], row["subject_code"]),
        "case": _case(row["case_id"]),
    }


def _silent(desk: Desk) -> None:
    columns = [
        Column("tuk_code", t("monitoring.tuk"), is_fixed=True), Column("tuk_name", t("monitoring.name")),
        Column("findings", t("monitoring.silent_findings"), is_number=True),
        Column("first", t("monitoring.silent_since"), is_fixed=True), Column("last", t("monitoring.silent_last"), is_fixed=True),
        Column("case", t("monitoring.case"), is_fixed=True),
    ]  # fmt: skip

    def read(asked: dict[str, str], limit: int, offset: int) -> Mapping[str, Any]:
        answer = desk.do(screen_monitoring_deviations.silent, search=asked.get(SEARCH), limit=limit, offset=offset)
        rows = [
            {
                **row,
                "first": lists.moment(row["first_seen_at"]),
                "last": lists.moment(row["observed_at"]),
                "case": _case(row["case_id"]),
            }
            for row in answer["rows"]
        ]
        return {**answer, "rows": rows}

    listing(
        desk, Listing(SILENT, columns, [Filter(SEARCH, t("monitoring.search_tuk"))], read, t("monitoring.no_silent"))
    )


def _case(number: int | None) -> Link | None:
    return None if number is None else Link(str(number), f"/{CASE}?{CASE}={number}")
