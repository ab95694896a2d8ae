"""What was done in another's place, for review by BNSP and the auditor (§5.2, §9.1; R-069, DV-X03)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apps.operator import lists
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from posko.services import behalf

if TYPE_CHECKING:
    from apps.operator import parts
    from posko.services.office import Desk

TONES: dict[str, parts.Tone] = {"ok": "good", "refused": "bad", "failed": "warn"}
ASKED = {"sejak": "since", "sampai": "until", "oleh": "person_id", "pihak": "party", "hasil": "outcome"}
"""Filter in the address -> argument of the service."""


def render(desk: Desk) -> None:
    """Show the acts with their reasons, the newest first."""
    columns = [
        Column("at", t("behalf.at"), is_fixed=True), Column("actor_id", t("behalf.who"), is_fixed=True),
        Column("on_behalf_of", t("behalf.party"), is_fixed=True), Column("reason", t("behalf.reason")),
        Column("action", t("behalf.action"), is_fixed=True), Column("about", t("behalf.entity")),
        Column("mark", t("behalf.outcome"), is_fixed=True), Column("device", t("behalf.device"), is_fixed=True),
    ]  # fmt: skip
    outcomes = {outcome: t(f"behalf.{outcome}") for outcome in TONES}
    filters = [
        Filter("sejak", t("behalf.since"), "date"), Filter("sampai", t("behalf.until"), "date"),
        Filter("oleh", t("behalf.person")), Filter("pihak", t("behalf.party_code")),
        Filter("hasil", t("behalf.outcome"), "choice", outcomes),
    ]  # fmt: skip

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        wanted: dict[str, Any] = {ASKED[name]: value for name, value in asked.items()}
        told = desk.do(behalf.on_behalf_acts, **wanted, limit=limit, offset=offset)
        return {**told, "rows": [_line(row) for row in told["rows"]]}

    listing(desk, Listing("atasnama", columns, filters, read, t("behalf.none")))


def _line(row: dict[str, Any]) -> dict[str, Any]:
    said = t(f"behalf.{row['outcome']}")
    return {
        **row,
        "at": lists.moment(row["occurred_at"]),
        "about": f"{row['entity']} {row['entity_key']}",
        "mark": Mark(f"{said}: {row['code']}" if row["code"] else said, TONES[row["outcome"]]),
    }
