"""Parts of the queries behind a list: a search within columns, an order by columns; nothing typed becomes SQL (R-008, R-098)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.services import inputs
from posko.services.paging import MOST_ROWS, day_or_none, part
from posko.services.rows import many

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import sqlalchemy as sa

    from posko.services.rows import Row

SEARCH_MOST = 64
"""Characters of a search."""


class Wanted:
    """What a list was asked for, as conditions and their values; what was left out leaves neither.

    Attributes:
        values: name in the query -> value.
        names: which values were asked for; those that were given at the beginning are the list's own.
    """

    def __init__(self, own: str | None = None, /, **values: object) -> None:
        self._conditions = [] if own is None else [own]
        self._own = frozenset(values)
        self.values = values

    @property
    def where(self) -> str:
        """Return what stands behind `where`."""
        return " and ".join(self._conditions) or "true"

    @property
    def names(self) -> list[str]:
        """Return the names of what was asked for, in their order: the log says by what was filtered."""
        return sorted(set(self.values) - self._own)

    def add(self, condition: str, **values: object) -> None:
        """Take a condition with its values."""
        self._conditions.append(condition)
        self.values |= values

    def equal(self, name: str, column: str, asked: object, what: str, choices: Collection[str]) -> None:
        """Want one of a few words in a column.

        Raises:
            Refused: no such word.
        """
        if asked:
            self.add(f"{column} = :{name}", **{name: inputs.choice(asked, what, tuple(choices))})

    def kind(self, asked: object, what: str, conditions: Mapping[str, str]) -> None:
        """Want what the condition of one of a few words says.

        Raises:
            Refused: no such word.
        """
        if asked:
            self.add(conditions[inputs.choice(asked, what, tuple(conditions))])

    def days(self, since: object, until: object, first: str, last: str) -> None:
        """Want what is of some days; `first` and `last` are the conditions with `:since` and `:until`.

        Raises:
            Refused: no such day.
        """
        bounds = (("since", since, "Tanggal awal", first), ("until", until, "Tanggal akhir", last))
        for name, asked, what, condition in bounds:
            day = day_or_none(asked, what)
            if day is not None:
                self.add(condition, **{name: day})

    def search(self, asked: object, condition: str) -> None:
        """Want what was searched for; the condition is one of `contains`.

        Raises:
            Refused: as `searched`.
        """
        if asked:
            self.add(condition, search=searched(asked))


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


def page(
    db: sa.Connection,
    columns: str,
    source: str,
    order: str,
    values: Mapping[str, object],
    *,
    limit: object,
    offset: object,
    counted_in: str | None = None,
) -> tuple[int, list[Row]]:
    """Return how many rows a list has, as `counted`, and those of one page.

    Args:
        db: the connection of the act.
        columns: what stands behind `select`.
        source: `from ...` with its conditions.
        order: what stands behind `order by`; it tells every two rows apart.
        values: name in the query -> value.
        limit: rows of the page.
        offset: rows before it.
        counted_in: another `from ...` with as many rows that is quicker to count; None: `source`.

    Raises:
        Refused: no such part, as `paging.part`.
    """
    rows_of = part(limit, offset)
    total = counted(db, f"select 1 {source if counted_in is None else counted_in}", **values)
    sql = f"select {columns} {source} order by {order} limit :most offset :before"
    return total, many(db, sql, **values, **rows_of)
