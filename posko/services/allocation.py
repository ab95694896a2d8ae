"""The Konsorsium sends the allocation back to BNSP (§12.5-12.6; R-089, R-100, R-102, X6).

What goes back balances: whoever waits at the Konsorsium is either allocated, or left with a written reason. A CHECK of the table says so
too. Who was withdrawn (`allocation_withdrawal`) is sent again as the next version of her line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.handoff import Hop
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.domain.status import LABELS, Status
from posko.services import handoffs, inputs, journeys
from posko.services.handed_rows import allocated_hash, allocated_rows
from posko.services.office import act
from posko.services.rows import Row, add, add_many, many, many_among

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from posko.services.office import Tx

NAMED = 5
"""TKI that a sentence names at most."""
UNALLOCATED = """
    select journey.journey_id, journey.tki_id, journey.scheme_code, journey.journey_no, journey.attempt_no, journey.status,
        candidate.registered_at, candidate.payment_status
    from posko.journey as journey
    join posko.candidate as candidate on candidate.journey_id = journey.journey_id
    where journey.status in ('REGISTERED', 'SCHEDULED')
    order by journey.journey_id"""


@act("allocation.unallocated", Command.SEND_ALLOCATION)
def unallocated(tx: Tx) -> list[dict[str, Any]]:
    """Return who is registered but has no place yet, oldest first: this list is empty, or justified, before sending (R-089)."""
    tx.about("allocation", "unallocated")
    tx.permit(how=Act.READ)
    rows = many(tx.db, UNALLOCATED)
    tx.record("allocation", "unallocated", {"rows": len(rows)})
    return [
        {**row, "label": LABELS[Status(row["status"])], "registered_at": row["registered_at"].isoformat()}
        for row in rows
    ]


@act("allocation.send_allocation", Command.SEND_ALLOCATION)
def send_allocation(
    tx: Tx, *, journey_ids: list[int] | None = None, justified: dict[str, str] | None = None
) -> dict[str, Any]:
    """Send the allocated TKI back to BNSP and return `batch_id` and `rows`.

    Args:
        tx: the act.
        journey_ids: only these; None: all who are allocated.
        justified: ID TKI -> why she was left, for each registered TKI without a place; needed when all are sent.

    Raises:
        Refused: somebody registered is left without a reason (DV-A01), one of the list is not allocated, or nobody is.
    """
    tx.about("handoff", Hop.KONSORSIUM_TO_BNSP.value)
    ids = None if journey_ids is None else inputs.numbers(journey_ids, "Daftar peserta")
    reasons = inputs.reasons_by_tki(justified, "Daftar alasan")
    tx.permit()
    rows = _allocated(tx, ids)
    left = many(tx.db, UNALLOCATED)
    rest = _justify(tx, left, reasons, is_whole=ids is None)
    journeys.hold_part(tx, [int(row["journey_id"]) for row in rows], "KONSORSIUM")
    batch_id = _send(tx, rows)
    _note_rest(tx, batch_id, rest, reasons)
    whole = {"is_whole": int(ids is None), "waiting_count": len(rows) + len(left)}
    add(
        tx.db,
        "allocation_return",
        {"batch_id": batch_id, **whole, "allocated_count": len(rows), "rest_count": len(rest)},
    )
    journeys.advance_many(
        tx, rows, Status.RETURNED_TO_BNSP, {row["journey_id"]: {"batch_id": batch_id} for row in rows}
    )
    return {"batch_id": batch_id, "rows": len(rows)}


def named(tki_ids: Sequence[str]) -> str:
    """Return the first few ID TKI as one text."""
    return ", ".join(tki_ids[:NAMED]) + (" ..." if len(tki_ids) > NAMED else "")


def _allocated(tx: Tx, ids: list[int] | None) -> list[Row]:
    """Return the journeys to send, locked: those asked for, all of which must be allocated, or all who are."""
    if ids is None:
        all_ids = [
            row["journey_id"] for row in many(tx.db, "select journey_id from posko.journey where status = 'ALLOCATED'")
        ]
        return [row for row in journeys.read_many(tx, all_ids) if row["status"] == Status.ALLOCATED.value]
    rows = journeys.read_many(tx, ids)
    missing = sorted(set(ids) - {int(row["journey_id"]) for row in rows})
    if missing:
        raise refuse("UNKNOWN_JOURNEY", journey_id=missing[0])
    for row in rows:
        if row["status"] != Status.ALLOCATED.value:
            tx.context.update(journey_id=row["journey_id"], tki_id=row["tki_id"])
            raise refuse("NOT_ALLOCATED", tki_id=row["tki_id"], label=LABELS[Status(row["status"])])
    return rows


def _justify(tx: Tx, left: Sequence[Row], reasons: Mapping[str, str], *, is_whole: bool) -> list[Row]:
    """Return those who are left with a reason; refuse when all are sent and somebody is left without one."""
    waiting = {row["tki_id"] for row in left}
    for tki_id in reasons:
        if tki_id not in waiting:
            raise refuse("NOTHING_LEFT_TO_JUSTIFY", tki_id=tki_id)
    unsaid = [row["tki_id"] for row in left if row["tki_id"] not in reasons]
    if is_whole and unsaid:
        tx.context.update(unallocated=len(unsaid), unallocated_first=unsaid[:20])
        raise refuse("UNALLOCATED_LEFT", count=len(unsaid), first=named(unsaid))
    return [row for row in left if row["tki_id"] in reasons]


def _send(tx: Tx, rows: Sequence[Row]) -> int:
    attempts = {int(row["journey_id"]): int(row["attempt_no"]) for row in rows}
    withdrawn = _times_withdrawn(tx, sorted(attempts))
    lines = [
        handoffs.Line(row["tki_id"], allocated_hash(row), number, attempt, 1 + withdrawn.get((number, attempt), 0))
        for row in allocated_rows(tx.db, attempts, tx.at)
        for number, attempt in [(int(row["journey_id"]), int(row["attempt_no"]))]
    ]
    if len(lines) != len(rows):
        gone = sorted({row["tki_id"] for row in rows} - {line.tki_id for line in lines})
        raise refuse("NOT_ALLOCATED", tki_id=gone[0] if gone else "-", label="tanpa tempat uji")
    return handoffs.send(tx, Hop.KONSORSIUM_TO_BNSP, sender="KONSORSIUM", receiver="BNSP", lines=lines)


def _times_withdrawn(tx: Tx, journey_ids: Sequence[int]) -> dict[tuple[int, int], int]:
    """Return (journey, attempt) -> how often its allocation was withdrawn; who never was is missing."""
    rows = many_among(
        tx.db,
        "select journey_id, attempt_no, count(*) as times from posko.handoff_line"
        " where journey_id in :ids and hop = :hop group by journey_id, attempt_no",
        journey_ids,
        hop=Hop.BNSP_BACK_TO_KONSORSIUM.value,
    )
    return {(int(row["journey_id"]), int(row["attempt_no"])): int(row["times"]) for row in rows}


def _note_rest(tx: Tx, batch_id: int, rest: Sequence[Row], reasons: Mapping[str, str]) -> None:
    own = {"batch_id": batch_id, "noted_at": tx.at, "noted_by": tx.person_id}
    add_many(
        tx.db,
        "allocation_rest",
        [
            {**own, **{name: row[name] for name in ("journey_id", "attempt_no")}, "reason": reasons[row["tki_id"]]}
            for row in rest
        ],
    )
    if rest:
        told = [
            tx.event("journey", journeys.name_of(row), {"left_out_of": batch_id, "reason": reasons[row["tki_id"]]})
            for row in rest
        ]
        tx.record_many(told)
