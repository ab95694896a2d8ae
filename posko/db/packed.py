"""Many rows in one: a table read in the order of its number, thousands in a row of the answer (F35).

What a row costs the driver in pure Python is most of what a million short rows cost. The fields of a packed row are texts, NULL is the
empty one. A table is read along its primary key, so each page of it once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROWS = 2_000
"""Numbers that one packed row covers."""
LONGEST = 64 * 1024 * 1024
"""Bytes that a packed row may have for this connection; the server's own limit is 1 MB, or 1 KB on MySQL."""
_END = "\x1f"
"""What ends a field, the unit separator: JSON escapes it, and no name of ours has it. Rows that have it are read one by one."""


def packed(
    db: sa.Connection, columns: Sequence[str], table: str, number: str, where: str = "true"
) -> Iterator[tuple[int, list[tuple[str, ...]]]]:
    """Yield the rows of a table in the order of `number`, some at a time: the last number looked at, and their fields as texts.

    Args:
        db: connection, in a snapshot while others write.
        columns: expressions of what is wanted.
        table: name of the table.
        number: its primary key, a whole number.
        where: which rows.
    """
    db.exec_driver_sql(f"set session group_concat_max_len = {LONGEST}")
    line = ", ".join(f"coalesce({column}, ''), '{_END}'" for column in columns)
    some = f"from {table} where {number} between :first and :last and ({where})"
    whole = sa.text(f"select count(*), group_concat({line} order by {number} separator '') {some}")
    single = sa.text(f"select {', '.join(columns)} {some} order by {number}")
    following = sa.text(f"select min({number}) from {table} where {number} > :last")
    last = -1
    while (first := db.scalar(following, {"last": last})) is not None:
        last = int(first) + ROWS - 1
        span = {"first": int(first), "last": last}
        count, text = db.execute(whole, span).one()
        rows = _unpacked(text or "", int(count), len(columns))
        if rows is None:
            rows = [tuple("" if field is None else str(field) for field in row) for row in db.execute(single, span)]
        yield last, rows


def _unpacked(text: str, count: int, width: int) -> list[tuple[str, ...]] | None:
    """Return the rows of a packed one; None where it may have been cut, or a field holds what ends fields."""
    fields = text.split(_END)
    # A character takes four bytes at most, so what is shorter than a quarter of the limit is whole.
    if len(fields) != count * width + 1 or len(text) * 4 >= LONGEST:
        return None
    return list(zip(*(fields[place:-1:width] for place in range(width)), strict=True))
