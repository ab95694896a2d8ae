"""Deviation cases: the register with its clocks, opening one on deviations, one case from evidence to closing (§5.1-5.2; R-020, R-066)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apps.operator import case_opening, case_view, lists, opened, parts, picked
from apps.operator.allowed import may
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from posko.domain.case_status import LABELS, CaseStatus
from posko.domain.matrix import Command
from posko.domain.rules import RULES
from posko.services import screen_cases
from posko.services.deviations import SEVERITIES

if TYPE_CHECKING:
    from posko.services.office import Desk

CASE = "kasus"
MOST_RULES = 2
"""Rules that a row names."""
TONES: dict[str, parts.Tone] = {"B": "bad", "H": "bad", "W": "warn", "I": "idle"}


def render(desk: Desk) -> None:
    """Show the register, or the one case that the address names."""
    opened.say_saved()
    if picked.instead(CASE, picked.number(CASE), case_view.slot, lambda number: case_view.show(desk, number)):
        return
    if may(desk, Command.TRIAGE_CASE):
        case_opening.show(desk)
    answer = listing(desk, _listing(desk))
    if answer:
        rows = {str(row["case_id"]): f"{row['case_id']} · {row['severity']} · {row['title']}" for row in answer["rows"]}
        picked.choose(CASE, rows, t("cases.choose"))


def _listing(desk: Desk) -> Listing:
    columns = [
        Column("case_id", t("cases.number"), is_number=True), Column("weight", t("cases.severity"), is_fixed=True),
        Column("mark", t("cases.state"), is_fixed=True), Column("title", t("cases.case_title")),
        Column("broken", t("cases.rules"), is_fixed=True), Column("deviations", t("cases.deviations"), is_number=True),
        Column("holds", t("cases.holds"), is_fixed=True),
        Column("days", t("cases.days"), is_number=True), Column("due", t("cases.due"), is_fixed=True),
    ]  # fmt: skip
    states = {screen_cases.ACTIVE: t("cases.ACTIVE"), **{state.value: LABELS[state] for state in CaseStatus}}
    filters = [
        Filter("search", t("cases.search")),
        Filter("status", t("cases.state"), "choice", states),
        Filter("severity", t("cases.severity"), "choice", {code: t(f"cases.severity_{code}") for code in SEVERITIES}),
        Filter("rule_id", t("cases.rule"), "choice", {rule: f"{rule} (§{RULES[rule].paragraph})" for rule in RULES}),
        Filter("age", t("cases.age"), "choice", {age: t(f"cases.{age}") for age in screen_cases.AGES}),
    ]

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        asked_for: dict[str, Any] = {one.name: asked.get(one.name) for one in filters}
        found = desk.do(screen_cases.listed, **asked_for, limit=limit, offset=offset)
        return {**found, "rows": [_line(row) for row in found["rows"]]}

    return Listing("kasus", columns, filters, read, t("cases.none"))


def _line(row: dict[str, Any]) -> dict[str, Any]:
    is_closed = row["status"] == CaseStatus.CLOSED.value
    due = lists.moment(row["due_at"])
    return {
        **row,
        "weight": Mark(row["severity"], TONES[row["severity"]]),
        "mark": Mark(row["label"], "good" if is_closed else "warn"),
        "broken": _broken(row["rules"]),
        "holds": Mark(t("cases.held_short"), "bad") if row["holds_result"] else None,
        "due": Mark(due, "bad") if row["is_overdue"] else due,
    }


def _broken(rules: str | None) -> str | None:
    """Return the first rules, and how many more there are."""
    names = (rules or "").split(", ")
    return rules if len(names) <= MOST_RULES else f"{', '.join(names[:MOST_RULES])} +{len(names) - MOST_RULES}"
