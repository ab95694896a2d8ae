"""The list of what is open: who waits, what is late, what nobody confirmed (§14.5; R-169, R-182)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apps.operator import parts
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from posko.services import open_items

if TYPE_CHECKING:
    from posko.services.office import Desk


def open_list(desk: Desk) -> None:
    """Show the open items of a day, by kind or late alone."""
    columns = [
        Column("kind_name", t("open_list.kind"), is_fixed=True), Column("what", t("open_list.what")),
        Column("count", t("open_list.count"), is_number=True), Column("since", t("open_list.since"), is_fixed=True),
        Column("age_days", t("open_list.age"), is_number=True), Column("due_on", t("open_list.due_on"), is_fixed=True),
        Column("mark", t("open_list.late"), is_fixed=True), Column("who", t("open_list.tki")),
    ]  # fmt: skip
    filters = [
        Filter("jenis", t("open_list.kind"), "choice", {kind: t(f"open_list.{kind}") for kind in open_items.KINDS}),
        Filter("lewat", t("open_list.late"), "choice", {"ya": t("open_list.only_late")}),
        Filter("hari", t("open_list.day"), "date"),
    ]

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        told = desk.do(
            open_items.listed,
            day=asked.get("hari"),
            kind=asked.get("jenis"),
            only_late="lewat" in asked,
            limit=limit,
            offset=offset,
        )
        return {**told, "rows": [_line(row) for row in told["rows"]]}

    listing(desk, Listing("terbuka", columns, filters, read, t("open_list.none")))


def _line(row: dict[str, Any]) -> dict[str, Any]:
    more = row["count"] - len(row["tki"])
    named = ", ".join(row["tki"]) + (f" +{parts.number(more)}" if row["tki"] and more > 0 else "")
    return {
        **row,
        "kind_name": t(f"open_list.{row['kind']}"),
        "mark": Mark(t("open_list.is_late"), "bad") if row["is_overdue"] else None,
        "who": named or None,
    }
