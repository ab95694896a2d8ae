"""The two small registers that BNP2TKI sends along: BLKLN and PPTKIS (R-080).

They are read whole each time, typed here, and compared; a code that is no longer sent keeps its row with a date.
"""

from __future__ import annotations

import json
import re
import zlib
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ingest.contract import TABLES
from posko.domain.errors import SourceShrank

if TYPE_CHECKING:
    from pymysql.connections import Connection as PyMySQL

    from posko.db.lease import Lease
    from posko.settings import Settings

DATES = {
    "MDY": re.compile(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})", re.ASCII),
    "DMY": re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})", re.ASCII),
    "YMD": re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII),
}
"""Declared order of the date texts -> what the whole text must look like."""

WIDTHS = {"kode_blkln": 64}
"""Characters that staging holds of a text; 255 where nothing is said."""
SMALLEST_SHARE = 0.5
"""Part of a register that must still be there for the rest to count as withdrawn."""


def receive_registers(
    source: PyMySQL[Any], staging: PyMySQL[Any], lease: Lease, *, batch_id: int, settings: Settings
) -> None:
    """Take both registers over, each in one transaction."""
    order = settings.source_date_format
    rows = [(*row, _number(row[3]), parse_date(row[4], order)) for row in _read(source, "blkln")]
    _write(staging, lease, "blkln", ("kapasitas_int", "berlaku_sampai_date"), rows, batch_id)
    rows = [(*row, parse_date(row[2], order)) for row in _read(source, "pptkis")]
    _write(staging, lease, "pptkis", ("berlaku_sampai_date",), rows, batch_id)


def parse_date(value: object, order: str) -> date | None:
    """Return the date behind a text of the declared order, or None when it is no such date."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    parts = DATES[order].fullmatch(str(value or ""))
    if parts is None:
        return None
    year, month, day = (int(parts[name]) for name in ("year", "month", "day"))
    try:
        return date(year, month, day) if year >= 1900 else None
    except ValueError:
        return None


def _number(value: object) -> int | None:
    text = str(value if value is not None else "").strip()
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else None


def _read(source: PyMySQL[Any], table: str) -> list[tuple[Any, ...]]:
    """Return the rows of a register, without any that have no key; a zero date is no time."""
    columns = TABLES[table]
    with source.cursor() as cursor:
        cursor.execute(f"select {', '.join(columns)} from {table} where {columns[0]} is not null")
        rows = [(*row, moment if isinstance(moment, datetime) else None) for *row, moment in cursor.fetchall()]
    source.commit()
    return rows


def _write(
    staging: PyMySQL[Any],
    lease: Lease,
    table: str,
    typed: tuple[str, ...],
    rows: list[tuple[Any, ...]],
    batch_id: int,
) -> None:
    columns = (*TABLES[table], *typed)
    marks = ", ".join(["%s"] * len(columns))
    same = " and ".join(f"{column} <=> values({column})" for column in columns)
    renewed = ", ".join(f"{column} = values({column})" for column in columns[1:])
    with staging.cursor() as cursor:
        lease.check_fence(cursor)
        rows = _set_aside(cursor, table, rows, batch_id)
        _refuse_shrunk(cursor, table, len(rows))
        cursor.executemany(
            f"insert into posko_staging.{table} ({', '.join(columns)}, batch_id, received_at)"
            f" values ({marks}, {batch_id:d}, utc_timestamp(6)) on duplicate key update"
            f" batch_id = if({same} and deleted_at is null, batch_id, values(batch_id)), {renewed}, deleted_at = null",
            rows,
        )
        keys = [row[0] for row in rows] or [""]
        cursor.execute(
            f"update posko_staging.{table} set deleted_at = utc_timestamp(6), batch_id = %s"
            f" where deleted_at is null and {columns[0]} not in %s",
            (batch_id, keys),
        )
    staging.commit()


def _refuse_shrunk(cursor: Any, table: str, rows: int) -> None:
    """Stop before most of a register is taken for withdrawn: every TKI of a lost BLKLN would be held back (DV-E05)."""
    cursor.execute(f"select count(*) from posko_staging.{table} where deleted_at is null")
    (known,) = cursor.fetchone()
    if rows < known * SMALLEST_SHARE:
        raise SourceShrank(
            f"Tabel sumber {table} menyusut dari {known} menjadi {rows} baris. Tidak ada yang diubah; tanyakan BNP2TKI, "
            "lalu jalankan lagi."
        )


def _set_aside(cursor: Any, table: str, rows: list[tuple[Any, ...]], batch_id: int) -> list[tuple[Any, ...]]:
    """Quarantine the rows with a text that staging cannot hold, close the refusals of the others, and return those."""
    refused = [
        (row[0], json.dumps(dict(zip(TABLES[table], row, strict=False)), default=str))
        for row in rows
        if not _fits(table, row)
    ]
    crcs = {zlib.crc32(as_sent.encode()): (key, as_sent) for key, as_sent in refused}
    known = "source_table = %s and resolved_at is null"
    cursor.execute(
        "update posko_staging.quarantine set resolved_at = utc_timestamp(6), resolved_batch_id = %s"
        f" where {known} and row_crc not in %s",
        (batch_id, table, list(crcs) or [-1]),
    )
    cursor.execute(f"select row_crc from posko_staging.quarantine where {known}", (table,))
    for (row_crc,) in cursor.fetchall():
        del crcs[row_crc]
    cursor.executemany(
        "insert into posko_staging.quarantine (batch_id, source_table, id_tki, reasons, row_as_sent, key_crc, row_crc, first_seen_at)"
        " select %s, %s, %s, 'TOO_LONG', %s, %s, %s, utc_timestamp(6)",
        [(batch_id, table, key[:255], as_sent, zlib.crc32(key.encode()), crc) for crc, (key, as_sent) in crcs.items()],
    )
    return [row for row in rows if _fits(table, row)]


def _fits(table: str, row: tuple[Any, ...]) -> bool:
    texts = zip(TABLES[table], row, strict=False)
    return all(len(value) <= WIDTHS.get(name, 255) for name, value in texts if isinstance(value, str))
