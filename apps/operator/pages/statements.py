"""Statements of who could not sit, and of who was let in by exception: found again and read (§13.4-13.5; R-121, R-122)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import lists, parts, picked, print_buttons
from apps.operator.frame import attempt
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column
from apps.operator.messages import t
from posko.services import screen_statements, statements

if TYPE_CHECKING:
    from posko.services.office import Desk

STATEMENT = "nomor"
FIELDS = (
    *(
        "statement_no",
        "exam_on",
        "tuk_name",
        "tuk_city",
        "full_name",
        "id_as_typed",
        "label",
        "reason",
        "tries",
        "score",
        "threshold",
    ),
    *("quality", "station_code", "recorded_at", "recorded_by_name", "second_person"),
)


def render(desk: Desk) -> None:
    """Show the statements, or the one that the address names."""
    number = picked.text(STATEMENT)
    if number is not None:
        picked.back(STATEMENT)
        _statement(desk, number)
        return
    answer = listing(desk, _listing(desk))
    if answer:
        rows = {row["statement_no"]: f"{row['statement_no']} · {row['id_as_typed']}" for row in answer["rows"]}
        picked.choose(STATEMENT, rows, t("statements.choose"))


def _listing(desk: Desk) -> Listing:
    columns = [
        Column("statement_no", t("statements.statement_no"), is_fixed=True), Column("exam_on", t("statements.exam_on"), is_fixed=True),
        Column("tuk_code", t("statements.tuk_code"), is_fixed=True), Column("session_id", t("statements.session"), is_number=True),
        Column("id_as_typed", t("statements.id_as_typed"), is_fixed=True), Column("kind", t("statements.label")),
        Column("reason", t("statements.reason")), Column("tries", t("statements.tries"), is_number=True),
        Column("recorded", t("statements.recorded_at"), is_fixed=True),
    ]  # fmt: skip
    filters = [
        Filter("search", t("statements.search")),
        Filter(
            "outcome",
            t("statements.label"),
            "choice",
            {kind: t(f"statements.{kind}") for kind in screen_statements.KINDS},
        ),
        Filter("since", t("statements.since"), "date"),
        Filter("until", t("statements.until"), "date"),
    ]

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        asked_for: dict[str, Any] = {one.name: asked.get(one.name) for one in filters}
        found = desk.do(screen_statements.listed, **asked_for, limit=limit, offset=offset)
        rows = [
            {**row, "kind": t(f"statements.{row['outcome']}"), "recorded": lists.moment(row["recorded_at"])}
            for row in found["rows"]
        ]
        return {**found, "rows": rows}

    return Listing("berita_acara", columns, filters, read, t("statements.none"))


def _statement(desk: Desk, number: str) -> None:
    found = attempt(lambda: desk.do(statements.statement, statement_no=number))
    if found is None:
        return
    st.header(t("statements.heading", number=found["statement_no"]), anchor=False)
    print_buttons.offer(desk, "statement", of=str(found["statement_no"]))
    st.write(t(f"statements.says_{found['outcome']}"))
    parts.facts([(t(f"statements.{name}"), _value(name, found[name])) for name in FIELDS if found[name] is not None])


def _value(name: str, value: object) -> object:
    """Return a value as a person reads it; the service gives the time as it was in western Indonesia."""
    return str(value).replace("T", " ")[:16] if name == "recorded_at" else value
