"""Hashes of the rows that are handed over in the preparation, computed from the operational rows (§12.1-12.11; F08, R-101, R-105, R-182).

The sender and the receiver of a hop, and `posko ledger check` long after, compute the same hash from the same rows: what was
delivered by BNP2TKI, or what was allocated as it stood when the batch was sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.handoff import Hop, batch_hash, row_hash
from posko.domain.refusals import refuse
from posko.services.rows import Row, many, many_among

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    import sqlalchemy as sa

    from posko.domain.status import Status
    from posko.services.office import Tx


DELIVERED_HOPS = (Hop.BNP2TKI_TO_RELAY, Hop.RELAY_TO_BNSP, Hop.BNSP_TO_KONSORSIUM)
"""Hops that carry BNP2TKI's row, unchanged."""
ALLOCATED_HOPS = (Hop.KONSORSIUM_TO_BNSP, Hop.BNSP_BACK_TO_KONSORSIUM, Hop.BNSP_TO_LSP, Hop.BNSP_TO_TUK)
"""Hops that carry the registered candidate with her place."""

ALLOCATED_FIELDS = (
    *("tki_id", "scheme_code", "journey_no", "attempt_no", "exam_on", "slot", "lsp_code", "tuk_code", "met_no"),
    *("proposed_on", "proposed_lsp_code", "proposed_tuk_code", "reason"),
    *("full_name", "birth_place", "born_on", "sex", "address", "city", "phone", "email", "sector", "destination"),
    *("blkln_code", "pptkis_name", "training_ended_on", "source_batch_id", "source_row_crc"),
)
"""What is handed over of an allocated candidate, in this order; not the payment, which may change at any time."""

_VERSIONS = (
    "select id_tki as tki_id, row_crc from posko_staging.tki_tlrt where id_tki in :ids"
    " union select id_tki, row_crc from posko_staging.tki_tlrt_history where id_tki in :ids"
)
# The assessor who was appointed when the batch left: a later substitution does not alter what was sent.
_ALLOCATED = """
    select journey.journey_id, journey.tki_id, journey.scheme_code, journey.journey_no, allocation.attempt_no,
        session.session_id, session.exam_on, session.slot, session.lsp_code, session.tuk_code, appointment.met_no,
        allocation.proposed_on, allocation.proposed_lsp_code, allocation.proposed_tuk_code, allocation.reason,
        candidate.full_name, candidate.birth_place, candidate.born_on, candidate.sex, candidate.address, candidate.city,
        candidate.phone, candidate.email, candidate.sector, candidate.destination, candidate.blkln_code,
        candidate.pptkis_name, candidate.training_ended_on, candidate.source_batch_id, candidate.source_row_crc
    from posko.journey as journey
    join posko.candidate as candidate on candidate.journey_id = journey.journey_id
    join posko.allocation as allocation on allocation.journey_id = journey.journey_id
    join posko.exam_session as session on session.session_id = allocation.session_id
    left join posko.appointment as appointment on appointment.session_id = session.session_id
        and appointment.appointed_at <= :at and (appointment.ended_at is null or appointment.ended_at > :at)
    where journey.journey_id in :ids"""


_WITHOUT_LINE = """
    select journey.tki_id from posko.journey as journey
    left join posko.handoff_line as line
        on line.journey_id = journey.journey_id and line.hop = :hop and line.attempt_no = journey.attempt_no
    where journey.status = :status and line.tki_id is null order by journey.tki_id limit 20"""


def delivered_hash(tki_id: str, row_crc: int) -> bytes:
    """Return the hash of one row of BNP2TKI; its checksum covers all 25 columns."""
    return row_hash((tki_id, row_crc))


def allocated_hash(row: Row) -> bytes:
    """Return the hash of one allocated candidate, from a row of `allocated_rows`."""
    return row_hash([row[name] for name in ALLOCATED_FIELDS])


def allocated_rows(db: sa.Connection, attempts: Mapping[int, int], at: datetime) -> list[Row]:
    """Return the allocated candidates as they are handed over at a time, by TKI.

    Args:
        db: open connection.
        attempts: journey_id -> number of the attempt.
        at: when the batch leaves: the assessor of that moment is named.
    """
    rows = many_among(db, _ALLOCATED, sorted(attempts), at=at)
    found = [row for row in rows if attempts[row["journey_id"]] == row["attempt_no"]]
    return sorted(found, key=lambda row: str(row["tki_id"]))


def recomputed(db: sa.Connection, batch: Row) -> dict[str, bytes]:
    """Return tki_id -> hash of each row of a batch of the preparation, computed anew; a row that is gone is missing.

    Args:
        db: open connection.
        batch: its row in `handoff_batch`.

    Raises:
        KeyError: the batch belongs to a hop of another stage.
    """
    lines = many(
        db,
        "select tki_id, journey_id, attempt_no, row_hash from posko.handoff_line where batch_id = :id",
        id=batch["batch_id"],
    )
    return RECOMPUTE[Hop(batch["hop"])](db, batch, lines)


def check_whole(tx: Tx, batch: Row, hashes: Mapping[str, bytes], status: Status) -> None:
    """Refuse a batch that is not the one that was sent although lines and rows agree: a line is gone, or both were altered.

    Args:
        tx: the act of the receiver.
        batch: the batch as it was sent.
        hashes: tki_id -> hash of the rows that arrived.
        status: where the journeys of this hop stand, so that one without a line can be named.
    """
    if len(hashes) == batch["row_count"] and batch_hash(hashes.values()) == batch["rows_sha256"]:
        return
    gone = [row["tki_id"] for row in many(tx.db, _WITHOUT_LINE, status=status.value, hop=batch["hop"])]
    tx.context.update(batch_hilang=gone[:20], sent=batch["row_count"], arrived=len(hashes))
    found = f"hilang: {', '.join(gone[:5])}" if gone else f"{len(hashes)} baris, isinya bukan yang dikirim"
    raise refuse("BATCH_DIFFERS", batch_id=batch["batch_id"], found=found)


def _delivered(db: sa.Connection, _batch: Row, lines: Sequence[Row]) -> dict[str, bytes]:
    """BNP2TKI may have corrected a row since: any version that it ever delivered may be the one that was sent."""
    sent = {line["tki_id"]: line["row_hash"] for line in lines}
    found: dict[str, bytes] = {}
    for row in many_among(db, _VERSIONS, sorted(sent)):
        tki_id, made = row["tki_id"], delivered_hash(row["tki_id"], row["row_crc"])
        if made == sent[tki_id] or tki_id not in found:
            found[tki_id] = made
    return found


def _allocated(db: sa.Connection, batch: Row, lines: Sequence[Row]) -> dict[str, bytes]:
    attempts = {int(line["journey_id"]): int(line["attempt_no"]) for line in lines if line["journey_id"] is not None}
    return {row["tki_id"]: allocated_hash(row) for row in allocated_rows(db, attempts, batch["sent_at"])}


RECOMPUTE: dict[Hop, Callable[[sa.Connection, Row, Sequence[Row]], dict[str, bytes]]] = {
    **dict.fromkeys(DELIVERED_HOPS, _delivered),
    **dict.fromkeys(ALLOCATED_HOPS, _allocated),
}
"""Hop -> what computes the hashes of a batch anew."""
