"""Parts of the queries behind a list: a search within columns, an order by columns; nothing typed becomes SQL (R-008, R-098)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.services import inputs
from posko.services.paging import MOST_ROWS
from posko.services.rows import many

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlalchemy as sa

SEARCH_MOST = 64
"""Characters of a search."""


def searched(value: object) -> str | None:
    """Return what was typed into a search as a pattern for `contains`, or None where nothing was.

    Raises:
        Refused: no text of one line, too long, or with digits like a NIK.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    found = inputs.text(value, "Pencarian", SEARCH_MOST).upper()
    for sign in "!%_":
        found = found.replace(sign, f"!{sign}")
    return f"%{found}%"


def contains(*columns: str) -> str:
    """Return the condition that one of these columns contains `:search`, in any letters; it holds where `:search` is null."""
    anywhere = " or ".join(f"upper({column}) like :search escape '!'" for column in columns)
    return f"(:search is null or {anywhere})"


def ordered(value: object, columns: Mapping[str, str], otherwise: str) -> str:
    """Return what stands behind `order by`: the column of the name that was asked for, downwards after a minus.

    Args:
        value: a name of `columns`, `-name`, or nothing.
        columns: name -> expression of the query.
        otherwise: the list's own order; it also tells rows apart that are equal in the column.

    Raises:
        Refused: no such name.
    """
    if value is None or value == "":
        return otherwise
    names = [sign + name for name in columns for sign in ("", "-")]
    name = inputs.choice(value, "Urutan", names)
    return f"{columns[name.removeprefix('-')]} {'desc' if name.startswith('-') else 'asc'}, {otherwise}"


def counted(db: sa.Connection, rows: str, **asked: object) -> int:
    """Return how many rows a query finds, at most one more than `MOST_ROWS`: a longer list is neither paged through nor a file."""
    sql = f"select count(*) as total from ({rows} limit {MOST_ROWS + 1}) as found"
    (found,) = many(db, sql, **asked)
    return int(found["total"])
