"""The standing of a certificate: suspended, reinstated, revoked, with reason and decree, and what the LSP says of it (§3.5; R-186)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apps.operator import lists, opened, picked, standing_view
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from posko.services import screen_certificate_status

if TYPE_CHECKING:
    from posko.services.office import Desk

NUMBER = "nomor"
STATES = ("SUSPENDED", "REVOKED", "EXPIRED")


def render(desk: Desk) -> None:
    """Show the certificates that are not valid or were searched for, or the one that the address names."""
    opened.say_saved()
    if picked.instead(NUMBER, picked.text(NUMBER), standing_view.slot, lambda number: standing_view.show(desk, number)):
        return
    answer = listing(desk, _listing(desk))
    if answer:
        rows = {row["certificate_no"]: f"{row['certificate_no']} · {row['full_name']}" for row in answer["rows"]}
        picked.choose(NUMBER, rows, t("standings.choose"))


def _listing(desk: Desk) -> Listing:
    columns = [
        Column("certificate_no", t("standings.number"), is_fixed=True), Column("tki_id", t("standings.tki"), is_fixed=True),
        Column("full_name", t("standings.full_name")), Column("lsp_code", t("standings.lsp"), is_fixed=True),
        Column("certified_on", t("standings.certified_on"), is_fixed=True), Column("mark", t("standings.status"), is_fixed=True),
        Column("since", t("standings.since"), is_fixed=True), Column("status_reason", t("standings.reason")),
    ]  # fmt: skip
    filters = [
        Filter("search", t("standings.search")),
        Filter("status", t("standings.status"), "choice", {state: t(f"standings.{state}") for state in STATES}),
    ]

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        asked_for: dict[str, Any] = {one.name: asked.get(one.name) for one in filters}
        found = desk.do(screen_certificate_status.listed, **asked_for, limit=limit, offset=offset)
        rows = [
            {
                **row,
                "mark": Mark(t(f"standings.{row['status']}"), standing_view.TONES[row["status"]]),
                "since": lists.moment(row["status_at"]),
            }
            for row in found["rows"]
        ]
        return {**found, "rows": rows}

    return Listing("status_sertifikat", columns, filters, read, t("standings.none"))
