"""Take a judged batch over into the current rows: history, upsert, tombstones, quarantine resolution (R-083, R-184).

One transaction; the counts are written with it. Every earlier version stays in `tki_tlrt_history` with the batch that
replaced it. A first load into empty tables trades the names of the landing and the current table instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.landing import LANDING
from posko.db.staging_columns import DATE_COLUMNS, KEY_COLUMN, TEXT_COLUMNS

if TYPE_CHECKING:
    from ingest.batch import Batch, BatchLog

CURRENT = "posko_staging.tki_tlrt"
HISTORY = "posko_staging.tki_tlrt_history"
CHANGE = "posko_staging.tki_tlrt_change"
QUARANTINE = "posko_staging.quarantine"
SOURCE_KEY = "posko_staging.tki_tlrt_source_key"

CONTENT = tuple(column for column in TEXT_COLUMNS if column != KEY_COLUMN)
STORED = (
    *TEXT_COLUMNS,
    "updated_at",
    *(f"{column}_date" for column in DATE_COLUMNS),
    "batch_id",
    "chunk_no",
    "first_batch_id",
)

BUCKETS = 1024
"""Parts that the keys are dealt into for verification: by checksum of the key, so that no collation has a say."""

SAME_CONTENT = " and ".join(f"c.{column} <=> l.{column}" for column in CONTENT)
"""Condition that two versions say the same, whatever their `updated_at`."""


@dataclass(frozen=True)
class Merged:
    """What a batch changed in the current rows."""

    inserted: int
    updated: int
    deleted: int


def swap_first_load(cursor: Any) -> None:
    """Make the landing table of a first load the current one: both names change in one statement, or none does."""
    cursor.execute(
        "rename table posko_staging.tki_tlrt to posko_staging.tki_tlrt_empty,"
        " posko_staging.tki_tlrt_landing to posko_staging.tki_tlrt,"
        " posko_staging.tki_tlrt_empty to posko_staging.tki_tlrt_landing"
    )


def merge(log: BatchLog, batch: Batch, *, verified: list[int]) -> Merged:
    """Merge the landing table into the current rows and commit.

    Args:
        log: the batch record, on the connection that merges.
        batch: the judged batch.
        verified: key buckets of which `tki_tlrt_source_key` holds every row of the source; what staging has beyond them
            gets a tombstone. Empty when the batch was pulled by time: then nothing is inferred about deletions.
    """
    with log.connection.cursor() as cursor:
        values = {"batch": batch.batch_id, "buckets": verified}
        log.check_fence(cursor)
        updated = _keep_history(cursor, values)
        inserted = _note_arrivals(cursor, values)
        _upsert(cursor, values)
        deleted = _retire_refused(cursor, values)
        if verified:
            deleted += _retire_missing(cursor, values)
        _settle_quarantine(cursor, values)
        if verified:
            _withdraw_quarantine(cursor, values)
    log.advance(batch, "DONE", inserted=inserted, updated=updated, deleted=deleted)
    return Merged(inserted, updated, deleted)


def _keep_history(cursor: Any, values: dict[str, Any]) -> int:
    """Copy the versions that this batch corrects into history, and note the change."""
    changed = (
        f"from {CURRENT} c join {LANDING} l using ({KEY_COLUMN}) where l.row_crc <> c.row_crc and not ({SAME_CONTENT})"
    )
    _to_history(cursor, values, "CORRECTED", changed)
    cursor.execute(
        f"insert into {CHANGE} (batch_id, id_tki, change_kind) select %(batch)s, l.{KEY_COLUMN}, 'UPDATED' {changed}",
        values,
    )
    return int(cursor.rowcount)


def _note_arrivals(cursor: Any, values: dict[str, Any]) -> int:
    cursor.execute(
        f"insert into {CHANGE} (batch_id, id_tki, change_kind) select %(batch)s, l.{KEY_COLUMN}, 'INSERTED'"
        f" from {LANDING} l left join {CURRENT} c using ({KEY_COLUMN}) where c.{KEY_COLUMN} is null",
        values,
    )
    return int(cursor.rowcount)


def _upsert(cursor: Any, values: dict[str, Any]) -> None:
    """Write new and corrected rows; a row of which only `updated_at` moved keeps its batch."""
    taken = ", ".join(f"l.{column}" for column in STORED if column not in {"batch_id", "chunk_no", "first_batch_id"})
    columns = ", ".join(STORED)
    renewed = ", ".join(
        f"{column} = values({column})" for column in STORED if column not in {KEY_COLUMN, "first_batch_id"}
    )
    cursor.execute(
        f"insert into {CURRENT} ({columns})"
        f" select {taken}, if(c.{KEY_COLUMN} is not null and {SAME_CONTENT}, c.batch_id, l.batch_id),"
        f" if(c.{KEY_COLUMN} is not null and {SAME_CONTENT}, c.chunk_no, l.chunk_no),"
        f" coalesce(c.first_batch_id, (select min(h.first_batch_id) from {HISTORY} h where h.{KEY_COLUMN} = l.{KEY_COLUMN}),"
        f" l.batch_id) from {LANDING} l left join {CURRENT} c using ({KEY_COLUMN})"
        f" where c.{KEY_COLUMN} is null or c.row_crc <> l.row_crc on duplicate key update {renewed}",
        values,
    )


def _retire_refused(cursor: Any, values: dict[str, Any]) -> int:
    """Retire typed rows whose newest version was refused: they stand in quarantine now."""
    refused = (
        f"from {CURRENT} c where c.{KEY_COLUMN} in (select q.id_tki from {QUARANTINE} q"
        f" where q.batch_id = %(batch)s and q.source_table = 'tki_tlrt' and q.key_crc = crc32(c.{KEY_COLUMN}))"
        f" and not exists (select 1 from {LANDING} l where l.{KEY_COLUMN} = c.{KEY_COLUMN})"
    )
    return _retire(cursor, values, "QUARANTINED", refused)


def _retire_missing(cursor: Any, values: dict[str, Any]) -> int:
    """Give typed rows whose key the source no longer has a tombstone; only verified buckets are judged."""
    missing = (
        f"from {CURRENT} c where crc32(c.{KEY_COLUMN}) & {BUCKETS - 1} in %(buckets)s"
        f" and not exists (select 1 from {SOURCE_KEY} s where s.key_crc = crc32(c.{KEY_COLUMN})"
        f" and s.id_tki = cast(c.{KEY_COLUMN} as binary))"
    )
    return _retire(cursor, values, "DELETED", missing)


def _retire(cursor: Any, values: dict[str, Any], kind: str, rows: str) -> int:
    _to_history(cursor, values, kind, rows)
    cursor.execute(
        f"insert into {CHANGE} (batch_id, id_tki, change_kind) select %(batch)s, h.{KEY_COLUMN}, '{kind}' from {HISTORY} h"
        f" where h.replaced_by_batch_id = %(batch)s and h.change_kind = '{kind}'",
        values,
    )
    cursor.execute(
        f"delete c from {CURRENT} c join {HISTORY} h using ({KEY_COLUMN})"
        f" where h.replaced_by_batch_id = %(batch)s and h.change_kind = '{kind}'",
        values,
    )
    return int(cursor.rowcount)


def _to_history(cursor: Any, values: dict[str, Any], kind: str, rows: str) -> None:
    copied = ", ".join(f"c.{column}" for column in STORED)
    cursor.execute(
        f"insert into {HISTORY} ({', '.join(STORED)}, row_crc, change_kind, replaced_by_batch_id, replaced_at)"
        f" select {copied}, c.row_crc, '{kind}', %(batch)s, utc_timestamp(6) {rows}",
        values,
    )


def _settle_quarantine(cursor: Any, values: dict[str, Any]) -> None:
    """Let the open refusals of every key that this batch pulled be exactly those of this batch.

    A row that was sent again unchanged keeps its first record, with the time when it was first seen; of a key with
    several refused rows each is looked for by itself.
    """
    same_key = "known.source_table = 'tki_tlrt' and known.key_crc = fresh.key_crc and known.id_tki <=> fresh.id_tki"
    same_row = (
        "same.batch_id = %(batch)s and same.source_table = 'tki_tlrt' and same.key_crc = known.key_crc"
        + "".join(f" and same.{column} <=> known.{column}" for column in ("id_tki", "row_crc", "copy_no", "reasons"))
    )
    settled = "set known.resolved_at = utc_timestamp(6), known.resolved_batch_id = %(batch)s"
    cursor.execute(
        f"update {QUARANTINE} known join {LANDING} l on l.{KEY_COLUMN} = known.id_tki and crc32(l.{KEY_COLUMN}) = known.key_crc"
        f" {settled} where known.source_table = 'tki_tlrt' and known.resolved_at is null",
        values,
    )
    cursor.execute(
        f"update {QUARANTINE} known join {QUARANTINE} fresh on {same_key} left join {QUARANTINE} same on {same_row} {settled}"
        " where fresh.batch_id = %(batch)s and known.batch_id < %(batch)s and known.resolved_at is null"
        " and same.quarantine_id is null",
        values,
    )
    cursor.execute(
        f"delete same from {QUARANTINE} known join {QUARANTINE} same on {same_row}"
        " where known.batch_id < %(batch)s and known.resolved_at is null and known.source_table = 'tki_tlrt'",
        values,
    )


def _withdraw_quarantine(cursor: Any, values: dict[str, Any]) -> None:
    """Close refusals whose row the source no longer has; only verified buckets are judged."""
    cursor.execute(
        f"update {QUARANTINE} q set q.resolved_at = utc_timestamp(6), q.resolved_batch_id = %(batch)s"
        f" where q.source_table = 'tki_tlrt' and q.resolved_at is null and q.key_crc & {BUCKETS - 1} in %(buckets)s"
        f" and not exists (select 1 from {SOURCE_KEY} s where s.key_crc = q.key_crc and s.row_crc = q.row_crc)",
        values,
    )
