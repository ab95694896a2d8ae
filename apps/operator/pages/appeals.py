"""Appeals and complaints: the register with its clocks, recording one, its progress, the decision of two (R-189)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apps.operator import appeal_recording, appeal_view, lists, opened, parts, picked
from apps.operator.allowed import may
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from posko.domain.matrix import Command
from posko.services import screen_appeals

if TYPE_CHECKING:
    from posko.services.office import Desk

APPEAL = "banding"


def render(desk: Desk) -> None:
    """Show the register, or the one appeal that the address names."""
    opened.say_saved()
    if picked.instead(APPEAL, picked.number(APPEAL), appeal_view.slot, lambda number: appeal_view.show(desk, number)):
        return
    if may(desk, Command.RECORD_APPEAL):
        appeal_recording.show(desk)
    answer = listing(desk, _listing(desk))
    if answer:
        rows = {
            str(row["appeal_id"]): f"{row['appeal_id']} · {row['what']} · {row['tki_id'] or row['lsp_code'] or '-'}"
            for row in answer["rows"]
        }
        picked.choose(APPEAL, rows, t("appeals.choose"))


def _listing(desk: Desk) -> Listing:
    columns = [
        Column("appeal_id", t("appeals.number"), is_number=True), Column("what", t("appeals.kind"), is_fixed=True),
        Column("tki_id", t("appeals.tki"), is_fixed=True), Column("lsp_code", t("appeals.lsp"), is_fixed=True),
        Column("tuk_code", t("appeals.tuk"), is_fixed=True), Column("recorded", t("appeals.recorded"), is_fixed=True),
        Column("due", t("appeals.due"), is_fixed=True), Column("mark", t("appeals.state"), is_fixed=True),
    ]  # fmt: skip
    filters = [
        Filter("search", t("appeals.search")),
        Filter("kind", t("appeals.kind"), "choice", {kind: t(f"appeals.{kind}") for kind in screen_appeals.KINDS}),
        Filter(
            "state", t("appeals.state"), "choice", {state: t(f"appeals.{state}") for state in screen_appeals.STATES}
        ),
    ]

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        asked_for: dict[str, Any] = {one.name: asked.get(one.name) for one in filters}
        found = desk.do(screen_appeals.listed, **asked_for, limit=limit, offset=offset)
        return {**found, "rows": [_line(row) for row in found["rows"]]}

    return Listing("banding", columns, filters, read, t("appeals.none"))


def _line(row: dict[str, Any]) -> dict[str, Any]:
    due = row["due_on"]
    return {
        **row,
        "what": t(f"appeals.{row['kind']}"),
        "recorded": lists.moment(row["recorded_at"]),
        "due": due if not row["is_overdue"] else Mark(parts.shown(due), "bad"),
        "mark": Mark(t(f"appeals.{row['outcome'] or 'OPEN'}"), "good" if row["outcome"] else "warn"),
    }
