"""Batches of the hand-off ledger: their counts and hashes are those of their lines, and those that the log tells (F08, R-182, DV-A11)."""

from __future__ import annotations

from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING

import sqlalchemy as sa

from posko.services.ledger_rules import ALTERED, COUNTS_DIFFER, DROPPED, Problem, label_of
from posko.services.rows import many

if TYPE_CHECKING:
    from collections.abc import Iterator

STREAMED = 5000
"""Hashes that are fetched at once."""
_COUNTED = {
    "row_count": "tertulis",
    "found": "ada",
    "received_count": "diterima",
    "loaded": "dimuat",
    "rejected": "ditolak",
}


def problems_of_batches(db: sa.Connection) -> Iterator[Problem]:
    """Yield batches whose counts or hashes are not those of their lines, or not those that the log tells."""
    for row in many(db, _COUNTS):
        counted = ", ".join(f"{word} {row[name] or 0}" for name, word in _COUNTED.items())
        yield _problem(row["hop"], COUNTS_DIFFER, row["batch_id"], f"jumlah barisnya tidak cocok ({counted})")
    yield from _problems_of_hashes(db)
    for row in many(db, _NOT_AS_LOGGED):
        what = "jumlah atau sidiknya lain dari yang dicatat log audit"
        yield _problem(row["hop"], ALTERED, row["batch_id"], what)
    for row in many(db, _BATCH_GONE):
        what = "tercatat dalam log audit, tetapi tidak ada lagi dalam buku"
        yield _problem(row["hop"], DROPPED, row["batch_id"], what)


def _problem(hop: str, kind: str, batch_id: object, what: str) -> Problem:
    return Problem(hop, kind, None, f"Kiriman {batch_id} pada {label_of(hop)}: {what}.")


def _problems_of_hashes(db: sa.Connection) -> Iterator[Problem]:
    """Compare each batch's hash with that over the hashes of its lines, which the server sorts."""
    asked = "select batch_id, hop, rows_sha256, received_sha256 from posko.handoff_batch"
    told = {row["batch_id"]: row for row in many(db, asked)}
    stream = db.execute(
        sa.text("select batch_id, row_hash from posko.handoff_line order by batch_id, row_hash"),
        execution_options={"stream_results": True, "yield_per": STREAMED},
    )
    wrong = []  # told afterwards: while the stream is open the connection can do nothing else
    for batch_id, lines in groupby(stream, lambda line: int(line.batch_id)):
        total = sha256()
        for line in lines:
            total.update(line.row_hash)
        batch = told.get(batch_id)
        if batch and (batch["rows_sha256"] != total.digest() or batch["received_sha256"] not in {None, total.digest()}):
            wrong.append(_problem(batch["hop"], ALTERED, batch_id, "sidiknya bukan sidik baris-barisnya"))
    yield from wrong


_COUNTS = """
select batch.batch_id, batch.hop, batch.row_count, batch.received_count, coalesce(line.found, 0) as found,
    coalesce(line.loaded, 0) as loaded, coalesce(line.rejected, 0) as rejected
from posko.handoff_batch as batch
left join (
    select batch_id, min(hop) as first_hop, max(hop) as last_hop, count(*) as found, sum(received_hash is not null) as received,
        sum(status = 'LOADED') as loaded, sum(status = 'REJECTED') as rejected
    from posko.handoff_line
    group by batch_id
) as line on line.batch_id = batch.batch_id
where batch.row_count <> coalesce(line.found, 0)
    or coalesce(batch.received_count, 0) <> coalesce(line.received, 0)
    or coalesce(batch.received_count, 0) <> coalesce(line.loaded + line.rejected, 0)
    or coalesce(batch.rejected_count, 0) <> coalesce(line.rejected, 0)
    or (batch.loaded_at is null) <> (batch.received_count is null)
    or line.first_hop <> batch.hop or line.last_hop <> batch.hop
order by batch.batch_id
"""
_NOT_AS_LOGGED = """
select batch.batch_id, batch.hop
from posko.handoff_batch as batch
where not exists (
        select 1 from posko_audit.audit_event as event
        where event.entity = 'handoff' and event.entity_key = concat(batch.batch_id) and event.outcome = 'ok'
            and json_value(event.payload, '$.step') = 'sent' and json_value(event.payload, '$.rows') = batch.row_count
            and json_value(event.payload, '$.sha256') = lower(hex(batch.rows_sha256))
    )
    or (batch.loaded_at is not null and not exists (
        select 1 from posko_audit.audit_event as event
        where event.entity = 'handoff' and event.entity_key = concat(batch.batch_id) and event.outcome = 'ok'
            and json_value(event.payload, '$.step') = 'loaded' and json_value(event.payload, '$.rows') = batch.received_count
            and json_value(event.payload, '$.sha256') = lower(hex(batch.received_sha256))
    ))
order by batch.batch_id
"""
_BATCH_GONE = """
select event.entity_key as batch_id, json_value(event.payload, '$.hop') as hop
from posko_audit.audit_event as event
left join posko.handoff_batch as batch on batch.batch_id = cast(event.entity_key as unsigned)
where event.entity = 'handoff' and event.outcome = 'ok' and json_value(event.payload, '$.step') = 'sent' and batch.batch_id is null
order by event.event_id
"""
