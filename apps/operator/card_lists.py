"""The list behind a figure of a scorecard: who was tested, which deviations, cases, held results, silent days (§14.2; R-162)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import streamlit as st

from apps.operator import lists, parts
from apps.operator.listing import Listing, listing
from apps.operator.lists import Column, Link, Mark
from apps.operator.menu import BY_PATH
from apps.operator.messages import t
from apps.operator.pages.cases import TONES
from posko.domain import finding
from posko.domain.case_status import LABELS, CaseStatus
from posko.domain.scorecard import CASES, COUNTED, FIGURES, NOTED
from posko.services import scorecard_lists

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from posko.services.office import Desk

    Line = dict[str, Any]

JOURNEY, CASE = "perjalanan", "kasus"


def behind(desk: Desk, number: int, kind: str, cards: Mapping[str, Mapping[str, Any]], key: str) -> None:
    """Show what a card says rule by rule, and the list behind the figure that is chosen.

    Args:
        desk: who looks.
        number: the meeting.
        kind: kind of body.
        cards: code -> card.
        key: of the choice of a card, which a click in the chart sets.
    """
    st.header(t("scorecards.behind"))
    if st.session_state.get(key) not in cards:
        st.session_state[key] = next(iter(cards))
    left, middle, right = st.columns(3)
    code = left.selectbox(t("scorecards.one"), list(cards), key=key, format_func=lambda one: _named(cards[one]))
    card = cards[code]
    figures = [name for name in FIGURES if card[name] is not None]
    figure = middle.selectbox(
        t("scorecards.figure"),
        figures,
        key=f"{key}_figure",
        format_func=lambda one: f"{t(f'scorecards.{one}')}: {parts.number(card[one])}",
    )
    rule = None
    if figure in NOTED:
        rules = ["", *dict.fromkeys(line["rule_id"] for line in card["rules"])]
        rule = right.selectbox(
            t("scorecards.rule"), rules, key=f"{key}_rule", format_func=lambda one: one or t("scorecards.every_rule")
        )
        _rules(card)
    _list(desk, {"meeting_id": number, "kind": kind, "code": code, "figure": figure, "rule_id": rule or None})


def _named(card: Mapping[str, Any]) -> str:
    return card["code"] if card["name"] == card["code"] else f"{card['code']} · {card['name']}"


def _rules(card: Mapping[str, Any]) -> None:
    st.subheader(t("scorecards.rules"))
    columns = [
        Column("rule_id", t("scorecards.rule"), is_fixed=True), Column("weight", t("scorecards.severity"), is_fixed=True),
        *(Column(name, t(f"scorecards.{name}"), is_number=True) for name in NOTED),
    ]  # fmt: skip
    lines = [{**line, "weight": _weight(line["severity"])} for line in card["rules"]]
    lists.show_list(columns, lines, empty=t("scorecards.no_rules"))


def _list(desk: Desk, asked: dict[str, Any]) -> None:
    columns, line = _views(desk)[asked["figure"]]

    def read(_filters: dict[str, str], limit: int, offset: int) -> Mapping[str, Any]:
        found = desk.do(scorecard_lists.rows, **asked, limit=limit, offset=offset)
        return {**found, "rows": [line(row) for row in found["rows"]]}

    listing(desk, Listing(f"kartu_{asked['kind']}_rinci", columns, [], read, t("scorecards.nothing_behind")))


def _views(desk: Desk) -> dict[str, tuple[list[Column], Callable[[Line], Line]]]:
    """Return figure -> columns of its list, and how a row of it is shown."""
    has = {path: desk.by is not None and BY_PATH[path].is_open_to(desk.by.role) for path in (JOURNEY, CASE)}

    def person(row: Line) -> Line:
        shown = row["tki_id"] and _link(row["tki_id"], JOURNEY, "tki", may_follow=has[JOURNEY])
        mark = Mark(row["result"], "good" if row["result"] == "K" else "bad") if row.get("result") else None
        return {**row, "tki": shown, "mark": mark}

    def deviation(row: Line) -> Line:
        how = "was_prevented" if row["is_attempt"] else "was_found"
        told = {"occurred": lists.moment(row["occurred_at"]), "weight": _weight(row["severity"])}
        about = finding.about(row["subject_kind"], row["subject_code"])
        return {**person(row), **told, "how": t(f"scorecards.{how}"), "about": about, "case": case_link(row)}

    def case(row: Line) -> Line:
        told = {"weight": _weight(row["severity"]), "opened": lists.moment(row["opened_at"]), "case": case_link(row)}
        judged = row["judgement"] and LABELS[CaseStatus(row["judgement"])]
        return {**row, **told, "label": LABELS[CaseStatus(row["status"])], "judged": judged}

    def case_link(row: Line) -> Link | str | None:
        return row["case_id"] and _link(str(row["case_id"]), CASE, CASE, may_follow=has[CASE])

    return {
        **dict.fromkeys(COUNTED, (_columns("tki", "full_name", "mark", "exam_on", "tuk_code", "met_no", "journey_no"), person)),
        "sessions": (_columns("session_id", "exam_on", "tuk_code", "met_no", "tested", "passed"), dict),
        "silent_days": (_columns("exam_on", "sessions", "tuk_codes"), dict),
        "held": (_columns("tki", "full_name", "exam_on", "tuk_code", "met_no", "meeting_id", "reason"), person),
        **dict.fromkeys(NOTED, (_columns("deviation_id", "occurred", "rule_id", "weight", "how", "tki", "about", "case"), deviation)),
        **dict.fromkeys(CASES, (_columns("case", "title", "weight", "label", "judged", "opened", "deviations"), case)),
    }  # fmt: skip


HEADINGS = {
    "tki": "tki_id", "mark": "result", "tuk_code": "tuk", "met_no": "asesor", "journey_no": "attempt", "sessions": "sessions_of_day",
    "tuk_codes": "tuk", "deviation_id": "number", "rule_id": "rule", "weight": "severity", "about": "about_what", "title": "case_title",
    "label": "case_state", "judged": "judgement", "deviations": "of_case",
}  # fmt: skip
"""Column of a list -> name of its heading, where it is another."""
COUNTS = frozenset(
    {"journey_no", "session_id", "tested", "passed", "sessions", "meeting_id", "deviation_id", "deviations"}
)
WORDS = frozenset({"full_name", "reason", "title", "about", "tuk_codes"})


def _columns(*names: str) -> list[Column]:
    return [
        Column(name, t(f"scorecards.{HEADINGS.get(name, name)}"), is_number=name in COUNTS, is_fixed=name not in COUNTS | WORDS)
        for name in names
    ]  # fmt: skip


def _weight(severity: str) -> Mark:
    return Mark(severity, TONES[severity])


def _link(shown: str, path: str, name: str, *, may_follow: bool) -> Link | str:
    return Link(shown, f"/{path}?{urlencode({name: shown})}") if may_follow else shown
