"""What a person types or picks in the preparation, checked before anything is looked up or written (§12.5-12.10; R-098)."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

from posko.domain.refusals import refuse
from posko.services import plain
from posko.services.certificate_input import id_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["code_of", "count_of", "day_of", "id_of", "list_of", "reason_or_none", "text_of", "tki_of"]

T = TypeVar("T", str, int)

ID_MOST = 64
CODE_MOST = 40
REASON_MOST = 500
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
SLOTS = 9
"""Sessions that one TUK holds on a day at most."""
MOST_ROWS = 10_000
"""Rows that one act takes at most."""


def text_of(value: object, what: str, most: int) -> str:
    """Return a text of one line without the blanks around it, and without what looks like a NIK."""
    return plain.text(what, value, most=most)


def tki_of(value: object) -> str:
    """Return an ID TKI; whatever cannot be one is refused before it gets near the log."""
    return text_of(value, "ID TKI", ID_MOST)


def code_of(value: object, what: str) -> str:
    """Return the code of an LSP, a TUK, a scheme or an assessor."""
    return text_of(value, what, CODE_MOST)


def reason_or_none(value: object) -> str | None:
    """Return a reason; None where nothing was written."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return text_of(value, "Alasan", REASON_MOST)


def day_of(value: object, what: str = "Tanggal uji") -> date:
    """Return a day, given as a date or as ISO text YYYY-MM-DD."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and ISO_DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise refuse("NOT_A_DATE", what=what)


def count_of(value: object, what: str, most: int) -> int:
    """Return a whole number from 1 to `most`."""
    number = id_of(value, what)
    if number > most:
        raise refuse("NOT_A_NUMBER", what=what)
    return number


def list_of(values: object, what: str, each: Callable[[object], T]) -> list[T]:
    """Return a list of 1 to MOST_ROWS different things, each checked by `each`."""
    if isinstance(values, str | bytes) or not isinstance(values, list | tuple | set | frozenset):
        raise refuse("LIST_EMPTY", what=what)
    return unlike([each(value) for value in _short(values, what)], what)


def unlike(found: Sequence[T], what: str) -> list[T]:
    """Return the list if it is not empty and names nothing twice."""
    if not found:
        raise refuse("LIST_EMPTY", what=what)
    seen: set[T] = set()
    for value in found:
        if value in seen:
            raise refuse("LIST_DOUBLE", what=what, value=value)
        seen.add(value)
    return list(found)


def _short(values: list[object] | tuple[object, ...] | set[object] | frozenset[object], what: str) -> list[object]:
    if len(values) > MOST_ROWS:
        raise refuse("LIST_TOO_LONG", what=what, most=MOST_ROWS)
    return list(values)
