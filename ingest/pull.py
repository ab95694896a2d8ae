"""Reader of the source: one consistent snapshot, key range after key range, each range as one block of row lines.

The source server formats the lines itself, so that the client spends little time on rows; a block carries what is needed
to prove it whole: rows, number of NULL fields, and the source's checksum of the whole block. A block that the checksum
proves gives the checksums of its rows, so that the source need not format every line twice.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from posko.db.staging_columns import KEY_COLUMN
from posko.domain.errors import TotalsDiffer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pymysql.connections import Connection as PyMySQL

    from ingest.contract import SourceShape

ROW_END = b"\x1e"
"""Byte between two row lines (ASCII record separator)."""

BLOCK_LIMIT = 1 << 26
"""Bytes that the source may put into one block; a longer one arrives cut, is noticed and read row by row."""
CUT_MARGIN = 16
"""A cut of text never splits a character, so that a cut block may be a few bytes shorter than the limit."""


@dataclass(frozen=True)
class Range:
    """A range of keys: `after` < key <= `to` in the source's own order; None is open; `nulls`: the rows without key."""

    chunk_no: int
    after: bytes | None
    to: bytes | None
    nulls: bool = False
    keys: tuple[bytes, ...] = ()

    def where(self) -> tuple[str, list[Any]]:
        """Return the condition that selects the range and its parameters."""
        if self.keys:
            return f"{KEY_COLUMN} in ({', '.join(['%s'] * len(self.keys))})", [_key(key) for key in self.keys]
        if self.nulls:
            return f"{KEY_COLUMN} is null", []
        parts, values = [f"{KEY_COLUMN} is not null"], []
        if self.after is not None:
            parts.append(f"{KEY_COLUMN} > %s")
            values.append(_key(self.after))
        if self.to is not None:
            parts.append(f"{KEY_COLUMN} <= %s")
            values.append(_key(self.to))
        return " and ".join(parts), values

    def label(self) -> str:
        """Name of the range for people."""
        if self.nulls:
            return "baris tanpa id_tki"
        return f"{_shown(self.after)} .. {_shown(self.to)}"


@dataclass(frozen=True)
class Block:
    """One range as it was read.

    `payload` is the row lines, or None when they must be read row by row, and their checksums with them; `long_keys` are
    those of the rows with a text that may be longer than its column here.
    """

    range: Range
    rows: int
    crc_sum: int
    null_fields: int
    payload: bytes | None
    long_keys: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Snapshot:
    """One consistent view of the source; every count and block of a pull comes from it."""

    connection: PyMySQL[Any]
    shape: SourceShape
    block_limit: int

    @classmethod
    def open(cls, connection: PyMySQL[Any], shape: SourceShape) -> Snapshot:
        """Begin the snapshot on this connection: a read-only transaction that ends with the connection."""
        with connection.cursor() as cursor:
            cursor.execute(f"set session group_concat_max_len = {BLOCK_LIMIT}")
            cursor.execute("set session transaction isolation level repeatable read")
            cursor.execute("start transaction with consistent snapshot, read only")
            cursor.execute("select @@max_allowed_packet")
            (packet,) = cursor.fetchone()
        return cls(connection, shape, min(BLOCK_LIMIT, int(packet)))

    def size(self) -> tuple[int, datetime | None]:
        """Return the number of rows and the newest `updated_at`, not later than now: a wrong time must not hide others."""
        rows, newest = self._one("select count(*), least(max(updated_at), utc_timestamp(6)) from tki_tlrt")
        return int(rows), newest if isinstance(newest, datetime) else None

    def ranges(self, rows: int, *, since: datetime | None, done: Iterable[Range] = ()) -> Iterator[Range]:
        """Yield the key ranges of about `rows` rows each that are not in `done`, gaps between done ones first.

        `since` restricts the rows counted, not the ranges; the last range is open.
        """
        finished = sorted((one for one in done if not one.nulls), key=lambda one: one.chunk_no)
        number, after = 1, None
        for one in finished:
            if one.chunk_no > number:
                yield Range(number, after, one.after)
            number, after = one.chunk_no + 1, one.to
            if one.to is None:
                return
        while True:
            to = self._boundary(after, rows, since)
            yield Range(number, after, to)
            if to is None:
                return
            number, after = number + 1, to

    def _boundary(self, after: bytes | None, rows: int, since: datetime | None) -> bytes | None:
        where, values = Range(0, after, None).where()
        if since is not None:
            where, values = f"{where} and (updated_at >= %s or updated_at is null)", [*values, since]
        found = self._one(
            f"select cast({self.shape.expressions[KEY_COLUMN]} as binary) from tki_tlrt where {where}"
            f" order by {KEY_COLUMN} limit 1 offset %s",
            [*values, rows - 1],
        )
        return found[0] if found else None

    def block(self, wanted: Range, *, since: datetime | None) -> Block:
        """Read one range as a block of row lines, with its proof.

        Raises:
            TotalsDiffer: what arrived is not what the source sent.
        """
        where, values = self._where(wanted, since)
        count, null_fields, long_keys, crc, payload = self._one(
            f"select total, nulls, long_keys, crc32(payload), payload from (select count(*) as total,"
            f" {self.shape.null_total} as nulls,"
            f" cast(group_concat(if({self.shape.too_long}, hex({self.shape.expressions[KEY_COLUMN]}), null)) as binary)"
            f" as long_keys, cast(group_concat({self.shape.line} separator x'{ROW_END.hex()}') as binary) as payload"
            f" from tki_tlrt where {where}) as block",
            values,
        )
        if not count:
            return Block(wanted, 0, 0, 0, b"")
        keys = tuple(bytes.fromhex(key.decode()) for key in (long_keys or b"").split(b",") if key)
        if payload is None or len(payload) >= self.block_limit - CUT_MARGIN:
            return Block(wanted, int(count), 0, int(null_fields), None, keys)
        if zlib.crc32(payload) != crc:
            raise TotalsDiffer(f"Rentang {wanted.label()} berubah di jalan dari sumber; rentang ini tidak diambil.")
        crc_sum = sum(map(zlib.crc32, payload.split(ROW_END)))
        return Block(wanted, int(count), crc_sum, int(null_fields), payload, keys)

    def rows(self, wanted: Range, *, since: datetime | None) -> Iterator[tuple[list[bytes | None], int, int]]:
        """Yield the rows of one range one by one: fields as bytes, checksum of the key, checksum of the row."""
        where, values = self._where(wanted, since)
        fields = ", ".join(f"cast({expression} as binary)" for expression in self.shape.expressions.values())
        with self.connection.cursor() as cursor:
            cursor.execute(
                f"select {fields}, {self.shape.key_crc}, crc32({self.shape.line}) from tki_tlrt where {where}",
                values,
            )
            for *row, key_crc, row_crc in cursor:
                # The source gives no checksum of a line that is larger than its packets; such a row is too long for us anyway.
                yield row, int(key_crc), int(row_crc or 0)

    def _where(self, wanted: Range, since: datetime | None) -> tuple[str, list[Any]]:
        where, values = wanted.where()
        if wanted.keys:
            # The source's collation may take keys for equal that we tell apart: its index finds them, the bytes decide.
            exact = f"cast({self.shape.expressions[KEY_COLUMN]} as binary)"
            return f"{where} and {exact} in ({', '.join(['%s'] * len(values))})", [*values, *values]
        if since is None:
            return where, values
        return f"{where} and (updated_at >= %s or updated_at is null)", [*values, since]

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a query of the verifier inside the snapshot."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            return list(cursor.fetchall())

    def _one(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            row: tuple[Any, ...] = cursor.fetchone()
            return row


def _key(key: bytes) -> str | bytes:
    """Give a key back as text, so that the source compares it by its own collation and index."""
    try:
        return key.decode()
    except UnicodeDecodeError:
        return key


def _shown(key: bytes | None) -> str:
    return "…" if key is None else key.decode("utf-8", "backslashreplace")
