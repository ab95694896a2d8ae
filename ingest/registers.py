"""The two small registers that BNP2TKI sends along: BLKLN and PPTKIS (R-080).

They are read whole each time, typed here, and compared; a code that is no longer sent keeps its row with a date.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ingest.contract import TABLES

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
