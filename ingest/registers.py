"""The two small registers that BNP2TKI sends along: BLKLN and PPTKIS (R-080).

They are read whole each time, typed here, and compared; a code that is no longer sent keeps its row with a date.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pymysql.connections import Connection as PyMySQL

    from posko.db.lease import Lease
    from posko.settings import Settings

ORDERS = {"MDY": (2, 0, 1), "DMY": (2, 1, 0), "YMD": (0, 1, 2)}
"""Declared order of the date texts -> where year, month and day stand."""


def receive_registers(
    source: PyMySQL[Any], staging: PyMySQL[Any], lease: Lease, *, batch_id: int, settings: Settings
) -> None:
    """Take both registers over, each in one transaction."""
    columns = ("kode_blkln", "nama", "kota", "kapasitas", "berlaku_sampai", "updated_at")
    rows = [
        (*row, _number(row[3]), parse_date(row[4], settings.source_date_format)) for row in _read(source, "blkln", columns)
    ]
    _write(staging, lease, "blkln", (*columns, "kapasitas_int", "berlaku_sampai_date"), rows, batch_id)
    columns = ("nama_pptkis", "no_siup", "berlaku_sampai", "updated_at")
    rows = [(*row, parse_date(row[2], settings.source_date_format)) for row in _read(source, "pptkis", columns)]
    _write(staging, lease, "pptkis", (*columns, "berlaku_sampai_date"), rows, batch_id)


def parse_date(value: object, order: str) -> date | None:
    """Return the date behind a text of the declared order, or None when it is no such date."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    parts = re.fullmatch(r"(\d{1,4})[/-](\d{1,2})[/-](\d{1,4})", str(value or ""), re.ASCII)
    if parts is None:
        return None
    year, month, day = (int(parts.group(index + 1)) for index in ORDERS[order])
    try:
        return date(year, month, day) if year >= 1900 else None
    except ValueError:
        return None


def _number(value: object) -> int | None:
    text = str(value if value is not None else "").strip()
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else None


def _read(source: PyMySQL[Any], table: str, columns: tuple[str, ...]) -> list[tuple[Any, ...]]:
    with source.cursor() as cursor:
        cursor.execute(f"select {', '.join(columns)} from {table} where {columns[0]} is not null")  # noqa: S608 - names of ours
        rows = [(*row, moment if isinstance(moment, datetime) else None) for *row, moment in cursor.fetchall()]
    source.commit()
    return rows


def _write(
    staging: PyMySQL[Any], lease: Lease, table: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]], batch_id: int
) -> None:
    marks = ", ".join(["%s"] * len(columns))
    same = " and ".join(f"{column} <=> values({column})" for column in columns)
    renewed = ", ".join(f"{column} = values({column})" for column in columns[1:])
    with staging.cursor() as cursor:
        lease.check_fence(cursor)
        cursor.executemany(
            f"insert into posko_staging.{table} ({', '.join(columns)}, batch_id, received_at)"  # noqa: S608 - names of ours
            f" values ({marks}, {batch_id:d}, utc_timestamp(6)) on duplicate key update"
            f" batch_id = if({same} and deleted_at is null, batch_id, values(batch_id)), {renewed}, deleted_at = null",
            rows,
        )
        keys = [row[0] for row in rows] or [""]
        cursor.execute(
            f"update posko_staging.{table} set deleted_at = utc_timestamp(6), batch_id = %s"  # noqa: S608 - names of ours
            f" where deleted_at is null and {columns[0]} not in %s",
            (batch_id, keys),
        )
    staging.commit()
