"""The results on the table of an evaluation meeting: which wait for one, which come in held, who must be there (§14.2; R-163, R-067)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.refusals import refuse
from posko.domain.status import Status
from posko.services import holds, journeys, meeting_evidence
from posko.services.rows import Row, change, many

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from posko.services.office import Tx

READY = (Status.RESULT_SENT.value, Status.ON_HOLD.value)
"""States in which a result waits for a meeting."""
PUBLISH, HOLD = "PUBLISH", "HOLD"


def waiting(tx: Tx, wanted: list[int] | None) -> list[Row]:
    """Return the journeys for a new meeting, locked: those that wait, or exactly those wanted."""
    ids = wanted
    if ids is None:
        found = many(
            tx.db,
            "select journey_id from posko.journey where status in :ready order by journey_id",
            ready=list(READY),
        )
        ids = [int(row["journey_id"]) for row in found]
    rows = journeys.read_many(tx, ids)
    taken = _on_a_table(tx.db, ids)
    free = [row for row in rows if row["status"] in READY and row["journey_id"] not in taken]
    if wanted is not None and len(free) < len(wanted):
        missing = min(set(wanted) - {int(row["journey_id"]) for row in free})
        tx.about("journey", missing)
        raise refuse("NOT_WAITING_FOR_MEETING", journey_id=missing)
    if not free:
        raise refuse("NO_RESULTS_WAITING")
    return free


def _on_a_table(db: sa.Connection, ids: list[int]) -> set[int]:
    if not ids:
        return set()
    found = many(db, "select pending_journey from posko.meeting_item where pending_journey in :ids", ids=ids)
    return {int(row["pending_journey"]) for row in found}


def reasons(tx: Tx, waiting: Sequence[Row]) -> dict[int, str]:
    """Return which results come in as held, and why: by a case, or by the meeting before."""
    ids = [int(row["journey_id"]) for row in waiting if row["status"] == Status.ON_HOLD.value]
    before = (
        many(
            tx.db,
            "select journey_id, reason from posko.meeting_item where journey_id in :ids and finding = 'HOLD' order by meeting_id",
            ids=ids,
        )
        if ids
        else []
    )
    reasons = {int(row["journey_id"]): str(row["reason"]) for row in before}
    return reasons | by_case(tx, [int(row["journey_id"]) for row in waiting])


def by_case(tx: Tx, ids: Sequence[int]) -> dict[int, str]:
    """Return which of these results a deviation case holds, and the reason as the minutes give it."""
    return {key: f"Ditahan: {why}." for key, why in holds.held_by_case(tx.db, ids).items()}


def check_present(tx: Tx, meeting_id: int) -> None:
    """Refuse minutes without BNSP, or without an LSP whose results are on the table (R-067)."""
    there = {row["organisation"] for row in meeting_evidence.participants(tx.db, meeting_id)}
    if not there:
        raise refuse("NOBODY_PRESENT")
    wanted = {f"LSP:{code}" for code in meeting_evidence.lsp_codes(tx.db, meeting_id)}
    missing = [name for name, is_there in (("BNSP", "BNSP" in there), ("LSP", bool(there & wanted))) if not is_there]
    if missing:
        raise refuse("ORGANISATION_MISSING", missing=" dan ".join(missing))


def hold_cases(tx: Tx, meeting_id: int, items: Sequence[Row]) -> set[int]:
    """Hold what a case holds that came up during the meeting, and return all that is held."""
    held = {int(row["journey_id"]) for row in items if row["finding"] == HOLD}
    for journey_id, why in by_case(tx, [int(row["journey_id"]) for row in items]).items():
        if journey_id not in held:
            change(
                tx.db,
                "update posko.meeting_item set finding = 'HOLD', reason = :why, noted_at = :at, noted_by = 'posko'"
                " where meeting_id = :meeting and journey_id = :journey",
                why=why, at=tx.at, meeting=meeting_id, journey=journey_id,
            )  # fmt: skip
            held.add(journey_id)
    return held
