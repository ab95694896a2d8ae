"""Batches and hashes of the hand-off ledger: counted, hashed and recomputed anew (F08, R-182, DV-A11, DV-C05; requirements 8.3 no. 1).

Lines are read in the order of their batch, a page at a time, and each page is compared with the operational rows that it was made
from, so that a million TKI take no more memory than a page.
"""

from __future__ import annotations

from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING

import sqlalchemy as sa

from posko.domain.handoff import HOP_LABELS, Hop
from posko.services.handed_rows import RECOMPUTE as PREPARED
from posko.services.ledger_rules import ALTERED, COUNTS_DIFFER, DROPPED, MORE, MOST_NAMED, Problem
from posko.services.result_table import hashes_of as result_hashes
from posko.services.results import line_hashes as score_hashes
from posko.services.return_lines import line_hash
from posko.services.rows import Row, many

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Recompute = Callable[[sa.Connection, Row, Sequence[Row]], dict[str, bytes]]

PAGE = 5000
"""Lines a page."""
_COUNTED = {
    "row_count": "tertulis",
    "found": "ada",
    "received_count": "diterima",
    "loaded": "dimuat",
    "rejected": "ditolak",
}


def _scored(db: sa.Connection, _batch: Row, lines: Sequence[Row]) -> dict[str, bytes]:
    """Return the hash of the version that each line carried; a correction is a version of its own."""
    now = score_hashes(db, _journeys(lines))
    return _found(lines, lambda line: now.get((int(line["journey_id"]), int(line["version"]))))


def _decided(db: sa.Connection, _batch: Row, lines: Sequence[Row]) -> dict[str, bytes]:
    now = result_hashes(db, _journeys(lines))
    return _found(lines, lambda line: now.get(int(line["journey_id"])))


def _returned(db: sa.Connection, _batch: Row, lines: Sequence[Row]) -> dict[str, bytes]:
    rows = many(db, "select * from posko.return_line where journey_id in :ids", ids=_journeys(lines))
    now = {(int(row["journey_id"]), int(row["version"])): line_hash(row) for row in rows}
    return _found(lines, lambda line: now.get((int(line["journey_id"]), int(line["version"]))))


def _journeys(lines: Sequence[Row]) -> list[int]:
    return sorted({int(line["journey_id"]) for line in lines if line["journey_id"] is not None})


def _found(lines: Sequence[Row], look_up: Callable[[Row], bytes | None]) -> dict[str, bytes]:
    made = {str(line["tki_id"]): look_up(line) for line in lines if line["journey_id"] is not None}
    return {tki_id: value for tki_id, value in made.items() if value is not None}


RECOMPUTE: Mapping[Hop, Recompute] = {
    **PREPARED,
    Hop.TUK_TO_LSP: _scored,
    Hop.LSP_TO_BNSP: _decided,
    Hop.BNSP_TO_RELAY: _returned,
    Hop.RELAY_TO_BNP2TKI: _returned,
}
"""Hop -> what computes tki_id -> hash anew from the operational rows, for some lines of a batch."""


def problems_of_batches(db: sa.Connection) -> Iterator[Problem]:
    """Yield batches whose counts or hashes are not those of their lines, or not those that the log tells."""
    for row in many(db, _COUNTS):
        hop = Hop(row["hop"])
        counted = ", ".join(f"{word} {row[name] or 0}" for name, word in _COUNTED.items())
        yield _of_batch(hop, COUNTS_DIFFER, row["batch_id"], f"jumlah barisnya tidak cocok ({counted})")
    yield from _hashes_of_batches(db)
    for row in many(db, _NOT_AS_LOGGED):
        yield _of_batch(
            Hop(row["hop"]), ALTERED, row["batch_id"], "jumlah atau sidiknya lain dari yang dicatat log audit"
        )
    for row in many(db, _BATCH_GONE):
        hop = Hop(row["hop"])
        yield _of_batch(hop, DROPPED, row["batch_id"], "tercatat dalam log audit, tetapi tidak ada lagi dalam buku")


def _of_batch(hop: Hop, kind: str, batch_id: object, what: str) -> Problem:
    return Problem(hop.value, kind, None, f"Kiriman {batch_id} pada {HOP_LABELS[hop]}: {what}.")


def _hashes_of_batches(db: sa.Connection) -> Iterator[Problem]:
    """Compare each batch's hash with that over the hashes of its lines, which the server sorts."""
    told = {
        row["batch_id"]: row
        for row in many(db, "select batch_id, hop, rows_sha256, received_sha256 from posko.handoff_batch")
    }
    stream = db.execute(
        sa.text("select batch_id, row_hash from posko.handoff_line order by batch_id, row_hash"),
        execution_options={"stream_results": True, "yield_per": PAGE},
    )
    wrong = []
    for batch_id, lines in groupby(stream, lambda line: int(line.batch_id)):
        total = sha256()
        for line in lines:
            total.update(line.row_hash)
        batch = told.get(batch_id)
        if batch and (batch["rows_sha256"] != total.digest() or batch["received_sha256"] not in {None, total.digest()}):
            wrong.append(_of_batch(Hop(batch["hop"]), ALTERED, batch_id, "sidiknya bukan sidik baris-barisnya"))
    yield from wrong


def problems_of_rows(db: sa.Connection) -> Iterator[Problem]:
    """Yield lines whose hash is not that of the operational row it was made from, or whose row is gone."""
    named: dict[str, int] = {}
    for batch, lines in _pages(db):
        hop = Hop(batch["hop"])
        now = RECOMPUTE[hop](db, batch, lines)
        for line in lines:
            if now.get(line["tki_id"]) == line["row_hash"]:
                continue
            named[hop.value] = named.get(hop.value, 0) + 1
            if named[hop.value] <= MOST_NAMED:
                yield _of_row(hop, line, is_there=line["tki_id"] in now)
    for name, count in named.items():
        if count > MOST_NAMED:
            yield Problem(
                name, MORE, None, f"{HOP_LABELS[Hop(name)]}: {count} TKI seperti ini ({ALTERED}); {MOST_NAMED} disebut."
            )


def _of_row(hop: Hop, line: Row, *, is_there: bool) -> Problem:
    tki_id, where = str(line["owner"]), f"pada {HOP_LABELS[hop]}, kiriman {line['batch_id']}"
    if is_there:
        return Problem(hop.value, ALTERED, tki_id, f"Data TKI {tki_id} kini lain dari yang diserahkan {where}.")
    return Problem(hop.value, DROPPED, tki_id, f"Data TKI {tki_id} yang diserahkan {where} tidak ada lagi.")


def _pages(db: sa.Connection) -> Iterator[tuple[Row, list[Row]]]:
    """Yield the lines of each batch, some at a time."""
    batch_id, tki_id = 0, ""
    while rows := many(db, _LINES, batch=batch_id, tki=tki_id, most=PAGE):
        ids = sorted({int(row["batch_id"]) for row in rows})
        batches = {
            row["batch_id"]: row
            for row in many(db, "select * from posko.handoff_batch where batch_id in :ids", ids=ids)
        }
        for number, lines in groupby(rows, lambda row: int(row["batch_id"])):
            if number in batches:
                yield batches[number], list(lines)
        batch_id, tki_id = int(rows[-1]["batch_id"]), str(rows[-1]["tki_id"])


_LINES = """
select line.batch_id, line.tki_id, line.journey_id, line.attempt_no, line.version, line.row_hash,
    coalesce(journey.tki_id, line.tki_id) as owner
from posko.handoff_line as line
left join posko.journey as journey on journey.journey_id = line.journey_id
where line.batch_id >= :batch and (line.batch_id > :batch or line.tki_id > :tki)
order by line.batch_id, line.tki_id limit :most
"""
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
