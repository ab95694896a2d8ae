"""Which part of a long list is asked for: so many rows, after so many (R-008)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.refusals import refuse
from posko.services import inputs

if TYPE_CHECKING:
    from collections.abc import Collection

PAGE_ROWS = 20
"""Rows of one page."""
MOST_ROWS = 100_000
"""Rows that one reading takes at most: an export of all that was filtered."""


def part(limit: object, offset: object) -> dict[str, int]:
    """Return `most` and `before` for `limit :most offset :before`.

    Raises:
        Refused: no whole numbers, or more rows than `MOST_ROWS`.
    """
    most = inputs.number(limit, "Banyak baris", MOST_ROWS)
    if isinstance(offset, bool) or not isinstance(offset, int) or not 0 <= offset <= inputs.LARGEST_ID:
        raise refuse("NOT_A_NUMBER", what="Halaman")
    return {"most": most, "before": offset}


def day_or_none(value: object, what: str) -> object:
    """Return a day that may be left out; None where nothing was chosen.

    Raises:
        Refused: as `inputs.day`.
    """
    return None if value is None or value == "" else inputs.day(value, what)


def code_or_none(value: object, what: str, most: int = inputs.CODE_MOST) -> str | None:
    """Return a code that may be left out; None where nothing was typed.

    Raises:
        Refused: as `inputs.code`.
    """
    return None if value is None or (isinstance(value, str) and not value.strip()) else inputs.code(value, what, most)


def choice_or_none(value: object, what: str, choices: Collection[str]) -> str | None:
    """Return one of a few words that may be left out; None where nothing was chosen.

    Raises:
        Refused: as `inputs.choice`.
    """
    return None if value is None or value == "" else inputs.choice(value, what, choices)
