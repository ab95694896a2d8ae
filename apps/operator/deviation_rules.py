"""The rules on the page: what each says, its thresholds in force, what is open, and how often it turned out to be nothing (§5.2, F44)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import lists, opened, parts
from apps.operator.listing import Filter, Listing, in_memory, listing
from apps.operator.lists import Column, Link, Mark
from apps.operator.messages import t
from posko.services import finding_reading
from posko.services.deviations import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from posko.services.office import Desk

SLOT = "deviation_rules"
TONES: dict[str, parts.Tone] = {"B": "bad", "H": "bad", "W": "warn", "I": "idle"}
WAYS = {"P": "P", "D": "D"}


def show(desk: Desk) -> None:
    """Show all rules as they are in force today, and say which thresholds should be looked at."""
    seen = opened.opened(SLOT, (), lambda: desk.do(finding_reading.rules))
    if seen is None:
        return
    for rule in seen.seen:
        if rule["needs_review"]:
            st.warning(t("deviations.review", rule=rule["rule_id"], dismissed=rule["dismissed"], judged=rule["judged"]))
    listing(desk, _listing([_line(rule) for rule in seen.seen]))
    st.caption(t("deviations.rules_help"))


def _listing(rows: list[dict[str, Any]]) -> Listing:
    columns = [
        Column("rule", t("deviations.rule"), is_fixed=True), Column("paragraph", "§"),
        Column("weight", t("deviations.severity"), is_fixed=True), Column("how", t("deviations.mode"), is_fixed=True),
        Column("description", t("deviations.says")), Column("values", t("deviations.values")),
        Column("owner", t("deviations.owner")),
        Column("open", t("deviations.open"), is_number=True), Column("judged", t("deviations.judged"), is_number=True),
        Column("share", t("deviations.share"), is_number=True),
    ]  # fmt: skip
    filters = [
        Filter("cari", t("deviations.search_rule")),
        Filter(
            "severity", t("deviations.severity"), "choice", {code: t(f"cases.severity_{code}") for code in SEVERITIES}
        ),
        Filter("mode", t("deviations.mode"), "choice", {mode: t(f"cases.mode_{mode}") for mode in WAYS}),
    ]
    return Listing(
        "aturan", columns, filters, in_memory(rows, ("rule_id", "description", "values")), t("deviations.none")
    )


def _line(rule: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **rule,
        "rule": Link(rule["rule_id"], f"/penyimpangan?penyimpangan_rule_id={rule['rule_id']}"),
        "weight": Mark(rule["severity"], TONES[rule["severity"]]),
        "how": t(f"cases.mode_{rule['mode']}"),
        "values": _values(rule["in_force"]),
        "share": lists.share(rule["dismissed"], rule["judged"]),
    }


def _values(in_force: Sequence[Mapping[str, Any]]) -> str | None:
    """Return the thresholds of a rule in one line; of those with a value for each country the common one, and how many others there are."""
    names = dict.fromkeys(each["name"] for each in in_force)
    return "; ".join(_value([each for each in in_force if each["name"] == name]) for name in names) or None


def _value(rows: Sequence[Mapping[str, Any]]) -> str:
    first = next((row for row in rows if row["sub_key"] == "*"), rows[0])
    since = (
        t("deviations.since_day", day=parts.shown(first["valid_from"]))
        if first["valid_from"]
        else t("deviations.built_in")
    )
    others = f", {t('deviations.others', count=len(rows) - 1)}" if len(rows) > 1 else ""
    return f"{first['name']} = {first['value']} ({since}{others})"
