"""The hand-off ledger: which row went from whom to whom, and that it arrived as it was sent (F08, R-101, R-105, R-182).

A sender writes a batch with one line a TKI: the hash of the row as it leaves. The receiver hashes what it got and writes that beside it;
`posko.services.ledger` compares, and recomputes both from the rows themselves.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from posko.domain.handoff import Hop, batch_hash
from posko.domain.refusals import refuse
from posko.services.rows import Row, add, add_many, change, many, one

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from posko.services.office import Tx


@dataclass(frozen=True, slots=True)
class Line:
    """One row that is handed over."""

    tki_id: str
    row_hash: bytes
    journey_id: int | None = None
    attempt_no: int = 1
    version: int = 1


def send(tx: Tx, hop: Hop, *, sender: str, receiver: str, lines: Sequence[Line], version: int = 1) -> int:
    """Write a batch with its lines as SENT, and the event that tells of it; return the batch's number.

    Args:
        tx: the act that hands over.
        hop: which hop.
        sender: body that sends, `BNSP`, `KONSORSIUM`, `LSP:<code>`, `TUK:<code>`, `RELAY` or `BNP2TKI`.
        receiver: body that receives, named the same way.
        lines: one for each TKI.
        version: of a result that is sent again, 2 and more.
    """
    if not lines:
        raise refuse("LIST_EMPTY", what="Kiriman")
    total = batch_hash(line.row_hash for line in lines)
    batch_id = add(
        tx.db,
        "handoff_batch",
        {
            "hop": hop.value,
            "sender": sender,
            "receiver": receiver,
            "row_count": len(lines),
            "rows_sha256": total,
            "sent_at": tx.at,
            "version": version,
        },
    )
    own = {"batch_id": batch_id, "hop": hop.value, "status": "SENT"}
    add_many(tx.db, "handoff_line", [{**own, **asdict(line)} for line in lines])
    told = {"hop": hop.value, "from": sender, "to": receiver, "rows": len(lines), "sha256": total.hex()}
    tx.record("handoff", batch_id, {"step": "sent", **told})
    return batch_id


def take_over(tx: Tx, batch_id: int, hashes: Mapping[str, bytes], *, rejected: Mapping[str, str] | None = None) -> Row:
    """Write down what the receiver got of a batch, and that it loaded it; return the batch.

    Args:
        tx: the act of the receiver.
        batch_id: the batch.
        hashes: tki_id -> hash of the row as the receiver holds it.
        rejected: tki_id -> why the receiver did not load it.

    Raises:
        Refused: no such batch, taken over before, or what arrived is not what was sent (DV-A11); it names the TKI.
    """
    tx.about("handoff", batch_id)
    batch = locked(tx, batch_id)
    if batch["loaded_at"] is not None:
        raise refuse("BATCH_TAKEN_OVER", batch_id=batch_id)
    sent = {
        row["tki_id"]: row["row_hash"]
        for row in many(
            tx.db, "select tki_id, row_hash from posko.handoff_line where batch_id = :id for update", id=batch_id
        )
    }
    _compare(tx, batch_id, sent, hashes)
    refused = dict(rejected or {})
    # What arrived is what was sent, or `_compare` would have refused it: one statement says so for all lines.
    change(
        tx.db,
        "update posko.handoff_line set received_hash = row_hash, status = 'LOADED' where batch_id = :batch",
        batch=batch_id,
    )
    reject_lines(tx, batch_id, refused)
    got = batch_hash(hashes.values())
    change(
        tx.db,
        "update posko.handoff_batch set received_at = :at, loaded_at = :at, received_count = :rows,"
        " received_sha256 = :hash, rejected_count = :refused where batch_id = :id",
        at=tx.at,
        rows=len(hashes),
        hash=got,
        refused=len(refused),
        id=batch_id,
    )
    told = {"hop": batch["hop"], "rows": len(hashes), "rejected": len(refused), "sha256": got.hex()}
    tx.record("handoff", batch_id, {"step": "loaded", **told})
    return {**batch, "loaded_at": tx.at, "received_count": len(hashes)}


def locked(tx: Tx, batch_id: int) -> Row:
    """Return one batch, locked until the act ends.

    Raises:
        Refused: there is none.
    """
    batch = one(tx.db, "select * from posko.handoff_batch where batch_id = :id for update", id=batch_id)
    if batch is None:
        raise refuse("UNKNOWN_BATCH", batch_id=batch_id)
    return batch


def reject_lines(tx: Tx, batch_id: int, rejected: Mapping[str, str]) -> None:
    """Mark lines of a batch as not loaded by its receiver: tki_id -> why."""
    for reason in sorted(set(rejected.values())):
        change(
            tx.db,
            "update posko.handoff_line set status = 'REJECTED', reason = :reason where batch_id = :batch and tki_id in :tki",
            reason=reason,
            batch=batch_id,
            tki=sorted(tki for tki, why in rejected.items() if why == reason),
        )


def _compare(tx: Tx, batch_id: int, sent: Mapping[str, bytes], got: Mapping[str, bytes]) -> None:
    """Refuse a batch that did not arrive as it was sent, naming the first TKI that differ."""
    wrong = {
        "hilang": sorted(sent.keys() - got.keys()),
        "tambahan": sorted(got.keys() - sent.keys()),
        "berubah": sorted(tki for tki in sent.keys() & got.keys() if sent[tki] != got[tki]),
    }
    found = [f"{kind}: {', '.join(ids[:5])}" for kind, ids in wrong.items() if ids]
    if found:
        tx.context.update({f"batch_{kind}": ids[:20] for kind, ids in wrong.items() if ids})
        raise refuse("BATCH_DIFFERS", batch_id=batch_id, found="; ".join(found))
