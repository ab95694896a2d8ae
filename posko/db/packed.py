"""Many rows in one: a table read in the order of its number, thousands in a row of the answer (F35).

What a row costs the driver in pure Python is most of what a million short rows cost. The fields of a packed row are texts, NULL is the
empty one. A table is read along its primary key, so each page of it once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROWS = 5_000
"""Numbers that one packed row covers."""
LONGEST = 64 * 1024 * 1024
"""Bytes that a packed row may have for this connection; the server's own limit is 1 MB, or 1 KB on MySQL."""
_FIELD, _ROW = "\x1f", "\x1e"
"""Unit and record separator: JSON escapes them, and no name of ours has them. A row that has one all the same is read by itself."""


def packed(
    db: sa.Connection, columns: Sequence[str], table: str, number: str, where: str = "true"
) -> Iterator[tuple[int, list[list[str]]]]:
    """Yield the rows of a table in the order of `number`, some at a time: the last number looked at, and their fields as texts.

    Args:
        db: connection, in a snapshot while others write.
        columns: expressions of what is wanted.
        table: name of the table.
        number: its primary key, a whole number.
        where: which rows.
    """
    db.exec_driver_sql(f"set session group_concat_max_len = {LONGEST}")
    line = f", '{_FIELD}', ".join(f"coalesce({column}, '')" for column in columns)
    some = f"from {table} where {number} between :first and :last and ({where})"
    whole = sa.text(f"select count(*), group_concat({line}, '{_ROW}' order by {number} separator '') {some}")
    single = sa.text(f"select {', '.join(columns)} {some} order by {number}")
    following = sa.text(f"select min({number}) from {table} where {number} > :last")
    last = -1
    while (first := db.scalar(following, {"last": last})) is not None:
        last = int(first) + ROWS - 1
        span = {"first": int(first), "last": last}
        count, text = db.execute(whole, span).one()
        rows = _unpacked(text or "", int(count), len(columns))
        if rows is None:
            rows = [["" if field is None else str(field) for field in row] for row in db.execute(single, span)]
        yield last, rows


def _unpacked(text: str, count: int, width: int) -> list[list[str]] | None:
    """Return the rows of a packed one; None where it was cut, or a field holds what divides fields."""
    lines = text.split(_ROW)
    if len(lines) != count + 1 or lines[-1]:
        return None
    rows = [line.split(_FIELD) for line in lines[:-1]]
    return rows if all(len(row) == width for row in rows) else None
