"""The payment state of candidates, changed one by one or from a file, and what it was before (§12.5, Gambar 4-5; R-096).

Every change stands in `payment_change`, which only grows: from it the last one can be undone before the allocation is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.journey import ENTITY
from posko.services import journeys
from posko.services.rows import Row, add_many, change, chunks, many_among

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from posko.services.office import Tx

BELUM = "BELUM"
"""The state in which a registered TKI begins."""


def states_of(tx: Tx, journey_ids: Sequence[int]) -> dict[int, str]:
    """Return journey_id -> payment state of registered candidates, locked until the act ends."""
    sql = (
        "select journey_id, payment_status from posko.candidate where journey_id in :ids order by journey_id for update"
    )
    rows = many_among(tx.db, sql, sorted(set(journey_ids)))
    return {int(row["journey_id"]): str(row["payment_status"]) for row in rows}


def write(tx: Tx, rows: Sequence[Row], before: Mapping[int, str], after: Mapping[int, str], **told: object) -> None:
    """Write payment states with their change and one event each; `told` adds to every event. A state that stays is only told.

    Args:
        tx: the act, which holds the locks of the journeys and of `states_of`.
        rows: the journeys.
        before: journey_id -> state as it stands.
        after: journey_id -> state that it becomes.
        told: more for the payload of the events.
    """
    put(tx, rows, after)
    add_many(
        tx.db,
        "payment_change",
        [
            {
                "journey_id": number,
                "payment_before": before[number],
                "payment_after": after[number],
                "changed_at": tx.at,
                "changed_by": tx.person_id,
            }
            for number in (int(row["journey_id"]) for row in rows)
            if before[number] != after[number]
        ],
    )
    note(tx, rows, before, after, {int(row["journey_id"]): told for row in rows})


def put(tx: Tx, rows: Sequence[Row], after: Mapping[int, str]) -> None:
    """Write payment states alone: the caller remembers what they were and tells it."""
    ids = [int(row["journey_id"]) for row in rows]
    journeys.hold_part(tx, ids, "KONSORSIUM")
    for state in sorted({after[number] for number in ids}):
        for some in chunks(number for number in ids if after[number] == state):
            change(
                tx.db,
                "update posko.candidate set payment_status = :state where journey_id in :ids",
                state=state,
                ids=some,
            )


def note(
    tx: Tx,
    rows: Sequence[Row],
    before: Mapping[int, str],
    after: Mapping[int, str],
    told: Mapping[int, Mapping[str, object]],
) -> None:
    """Write one event for each journey: the state before and after, and what else is told of it."""
    events = []
    for row in rows:
        number = int(row["journey_id"])
        payload = {"payment_before": before[number], "payment_after": after[number], **told[number]}
        events.append(tx.event(ENTITY, journeys.name_of(row), payload))
    tx.record_many(events)
