"""Small helpers of the services for reading and writing rows with bound parameters.

A filter that nobody set stands in a query as `(:code is null or row.code = :code)`. Such a condition is settled before the query is sent:
the server, too, knows that it holds, but still reads the column, so that no index covers the query (seven times the time of a count).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

Row = dict[str, Any]
T = TypeVar("T")
MOST_AT_ONCE = 1000
"""Rows a statement: more would only make the statement long."""
_OPTIONAL = re.compile(r"\(\s*:(\w+) is null or ")
_PARENTHESIS = re.compile(r"[()]")


def one(db: sa.Connection, sql: str, **values: object) -> Row | None:
    """Return the only row of a query, or None."""
    found = db.execute(_text(sql, values), values).mappings().one_or_none()
    return None if found is None else dict(found)


def many(db: sa.Connection, sql: str, **values: object) -> list[Row]:
    """Return all rows of a query; a list among the values fills an `in :name`."""
    return [dict(row) for row in db.execute(_text(sql, values), values).mappings()]


def many_among(db: sa.Connection, sql: str, ids: Collection[object], **values: object) -> list[Row]:
    """Return all rows of a query with `in :ids` for as many ids as there are, some at a time."""
    return [row for some in chunks(ids) for row in many(db, sql, ids=some, **values)]


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """Yield values some at a time, as many as one statement takes."""
    everything = list(values)
    for start in range(0, len(everything), MOST_AT_ONCE):
        yield everything[start : start + MOST_AT_ONCE]


def change(db: sa.Connection, sql: str, **values: object) -> int:
    """Run one writing statement and return how many rows it touched; a list among the values fills an `in :name`."""
    return int(db.execute(_text(sql, values), values).rowcount)


def add(db: sa.Connection, table: str, row: Mapping[str, object]) -> int:
    """Insert one row into a table of the schema `posko` and return its AUTO_INCREMENT number (0 where it has none)."""
    made = db.execute(sa.insert(_table(table, row)), dict(row))
    return int(made.lastrowid or 0)


def add_many(db: sa.Connection, table: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows with equal columns, some at a time."""
    for some in chunks(rows):
        db.execute(sa.insert(_table(table, rows[0])), [dict(row) for row in some])


def lsp_of(row: Row | None) -> str | None:
    """Return the LSP to which a row belongs; what is not there is nobody's, so that no stranger learns which it is."""
    return None if row is None else str(row["lsp_code"])


def _text(sql: str, values: Mapping[str, object]) -> sa.TextClause:
    lists: list[sa.BindParameter[Any]] = [
        sa.bindparam(name, expanding=True) for name, value in values.items() if isinstance(value, list)
    ]
    absent = frozenset(name for name, value in values.items() if value is None)
    return sa.text(_settled(sql, absent)).bindparams(*lists)


@lru_cache(maxsize=1024)
def _settled(sql: str, absent: frozenset[str]) -> str:
    """Return a query without the conditions on values that are absent: `true`; of the others only what they ask stays."""
    start = 0
    while (found := _OPTIONAL.search(sql, start)) is not None:
        start, end = found.start(), _closing(sql, found.end())
        asked = "true" if found[1] in absent else f"({sql[found.end() : end]})"
        sql = f"{sql[:start]}{asked}{sql[end + 1 :]}"
    return sql


def _closing(sql: str, start: int) -> int:
    """Return where the parenthesis closes that is open at `start`."""
    depth = 1
    for found in _PARENTHESIS.finditer(sql, start):
        depth += 1 if found[0] == "(" else -1
        if depth == 0:
            return found.start()
    raise ValueError(f"a parenthesis of this query never closes: {sql}")


def _table(name: str, row: Mapping[str, object]) -> sa.TableClause:
    return sa.table(name, *(sa.column(column) for column in row), schema="posko")
