"""What a person or another system gave to the acts of the evaluation, made sure of before anything is done with it (§5.2, §14.1-14.5).

Each function returns the value or refuses with a sentence; nothing is repaired but blanks around a text.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from posko.domain.refusals import refuse
from posko.services import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

MOST_NUMBER = 2**63 - 1
MOST_CHOSEN = 10_000
_CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._/&()-]*[A-Za-z0-9.)])?")
_NIK = re.compile(r"\d{16}")


def text(value: object, what: str, most: int) -> str:
    """Return a text that a person wrote: not empty, not too long, no control characters but line ends and tabs."""
    if not isinstance(value, str) or not value.strip():
        raise refuse("TEXT_EMPTY", what=what)
    if len(value) > most:
        raise refuse("TEXT_TOO_LONG", what=what, most=most)
    kept = value.strip().replace("\r\n", "\n")
    if any(unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\t" for letter in kept):
        raise refuse("TEXT_CONTROL", what=what)
    return kept


def code(value: object, what: str, most: int = 64) -> str:
    """Return a code or number of a register: letters, digits and a few signs; a NIK is none and must not reach the log."""
    kept = text(value, what, most)
    if not kept.isascii() or not _CODE.fullmatch(kept) or _NIK.search(kept):
        raise refuse("NO_SUCH_CODE", what=what)
    return kept


def number(value: object, what: str) -> int:
    """Return the number of a row."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MOST_NUMBER:
        raise refuse("NOT_A_NUMBER", what=what)
    return value


def numbers(value: object, what: str) -> list[int]:
    """Return numbers of rows in ascending order: at least one, none twice."""
    return sorted(number(item, what) for item in _chosen(value, what))


def codes(value: object, what: str, most: int = 40) -> list[str]:
    """Return codes in order: at least one, none twice."""
    return sorted(code(item, what, most) for item in _chosen(value, what))


def _chosen(value: object, what: str) -> Sequence[object]:
    if not isinstance(value, list | tuple | set | frozenset) or not value:
        raise refuse("LIST_EMPTY", what=what)
    if len(value) > MOST_CHOSEN:
        raise refuse("TOO_MANY_CHOSEN", what=what, most=MOST_CHOSEN)
    items = list(value)
    seen: set[str] = set()
    for item in items:
        name = repr(item) if isinstance(item, str | int) else ""
        if name and name in seen:
            raise refuse("CHOSEN_TWICE", what=what, value=name[:40])
        seen.add(name)
    return items


def day(value: object, what: str) -> date:
    """Return a day, given as one or as ISO text; a moment is none."""
    return plain.day(what, value)


def choice(value: object, what: str, choices: Collection[str]) -> str:
    """Return one of a few words."""
    if not isinstance(value, str) or value not in choices:
        raise refuse("NOT_IN_LIST", what=what, value=str(value)[:40], choices=", ".join(choices))
    return value
