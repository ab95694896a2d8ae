"""The Konsorsium withdraws an allocation that BNSP found unbalanced, to correct it and send it again (§12.5-12.8; R-089, R-100..R-102, X6).

What was sent stays in the ledger: a line that takes it back stands beside it, and what is sent again is its next version. The TKI are
allocated as before: whoever lacked a place or a reason gets one, an assessor is substituted, and all go with the next batch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.handoff import Hop
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.status import Status
from posko.services import handoffs, inputs, journeys
from posko.services.balance import refuse_withdrawn
from posko.services.handed_rows import allocated_hash, allocated_rows, check_whole, recomputed
from posko.services.office import act
from posko.services.rows import Row, add, many, one

if TYPE_CHECKING:
    from typing import Any

    from posko.services.office import Tx


@act("allocation.withdraw", Command.SEND_ALLOCATION)
def withdraw(tx: Tx, *, batch_id: int, reason: str, balance_check_id: int | None = None) -> dict[str, Any]:
    """Take back a whole batch that BNSP found unbalanced; its journeys are ALLOCATED again.

    Args:
        tx: the act.
        batch_id: the batch that was sent.
        reason: what is to be corrected.
        balance_check_id: the check whose findings were on the screen; None: whichever is the newest.

    Returns:
        `batch_id` of the hand-off that takes it back, and `rows`.

    Raises:
        Refused: not a batch of the Konsorsium, withdrawn before, balanced, not yet found unbalanced by BNSP, checked again
            meanwhile, or no longer what was sent (DV-A11).
    """
    number = inputs.number(batch_id, "Nomor kiriman")
    tx.about("handoff", number)
    tx.permit()
    why = inputs.reason(reason)
    batch, check_id = _failed(tx, number)
    if balance_check_id is not None and balance_check_id != check_id:
        raise refuse("CHANGED_MEANWHILE")
    check_whole(tx, batch, recomputed(tx.db, batch), Status.RETURNED_TO_BNSP)
    lines = many(tx.db, "select * from posko.handoff_line where batch_id = :id order by tki_id", id=number)
    rows = journeys.read_many(tx, [int(line["journey_id"]) for line in lines if line["journey_id"] is not None])
    journeys.hold_part(tx, [int(row["journey_id"]) for row in rows], "KONSORSIUM")
    back_id = _send_back(tx, lines)
    told = {"batch_id": number, "back_batch_id": back_id, "balance_check_id": check_id, "reason": why}
    add(tx.db, "allocation_withdrawal", {**told, "withdrawn_at": tx.at, "withdrawn_by": tx.person_id})
    withdrawn = {int(row["journey_id"]): {"withdrawn": number, "batch_id": back_id} for row in rows}
    journeys.advance_many(tx, rows, Status.ALLOCATED, withdrawn)
    tx.record(
        "handoff",
        number,
        {"step": "withdrawn", "back": back_id, "balance_check": check_id, "reason": why, "rows": len(rows)},
    )
    return {"batch_id": back_id, "rows": len(rows)}


def _failed(tx: Tx, batch_id: int) -> tuple[Row, int]:
    """Return the batch, locked so that nobody checks it meanwhile, and the number of the newest check, which found it unbalanced."""
    batch = handoffs.locked(tx, batch_id)
    if batch["hop"] != Hop.KONSORSIUM_TO_BNSP.value:
        raise refuse("NOT_AN_ALLOCATION", batch_id=batch_id)
    refuse_withdrawn(tx, batch_id)
    check = one(
        tx.db,
        "select balance_check_id, is_complete from posko.balance_check where batch_id = :id"
        " order by balance_check_id desc limit 1",
        id=batch_id,
    )
    if check is None:
        raise refuse("WITHDRAW_UNCHECKED", batch_id=batch_id)
    if check["is_complete"]:
        raise refuse("WITHDRAW_BALANCED", batch_id=batch_id)
    return batch, int(check["balance_check_id"])


def _send_back(tx: Tx, lines: list[Row]) -> int:
    """Hand every line of a batch back to the Konsorsium, which takes it over at once, and return the number of that batch."""
    versions = {str(line["tki_id"]): int(line["version"]) for line in lines}
    attempts = {int(line["journey_id"]): int(line["attempt_no"]) for line in lines if line["journey_id"] is not None}
    back = [
        handoffs.Line(row["tki_id"], allocated_hash(row), row["journey_id"], row["attempt_no"], versions[row["tki_id"]])
        for row in allocated_rows(tx.db, attempts, tx.at)
    ]
    hop = Hop.BNSP_BACK_TO_KONSORSIUM
    back_id = handoffs.send(tx, hop, sender="BNSP", receiver="KONSORSIUM", lines=back)
    handoffs.take_over(tx, back_id, recomputed(tx.db, {"batch_id": back_id, "hop": hop.value, "sent_at": tx.at}))
    return back_id
