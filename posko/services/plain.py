"""What a person typed or chose, taken as text, code, day or whole number, or refused in words; nothing else gets in (R-098).

No text of ours may hold 16 digits in a row: they could be somebody's NIK, and reasons go into the audit log as they are (R-021).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from posko.domain.audit import LONGEST_TEXT
from posko.domain.refusals import refuse

CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._/-]*[A-Za-z0-9._/-])?")
"""Codes of bodies, stations, persons: what neither a spreadsheet nor a screen takes for something else."""
NIK = re.compile(r"[0-9]{16}")
FIRST_YEAR, LAST_YEAR = 1945, 2200


def text(what: str, value: object, *, most: int = LONGEST_TEXT) -> str:
    """Return a text of one line without spaces at its ends.

    Raises:
        Refused: no text, empty, too long, with control characters, or with digits like a NIK.
    """
    if not isinstance(value, str) or not value.strip():
        raise refuse("TEXT_EMPTY", what=what)
    found = value.strip() if len(value) <= 10 * most else value
    if len(found) > most:
        raise refuse("TEXT_TOO_LONG", what=what, most=most)
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for letter in found):
        raise refuse("TEXT_CONTROL", what=what)
    if looks_like_nik(found):
        raise refuse("LOOKS_LIKE_NIK", what=what)
    return found


def looks_like_nik(value: str) -> bool:
    """Return whether a text holds 16 digits, also with spaces, points or dashes between them."""
    return NIK.search(re.sub(r"[\s.\-]", "", value)) is not None


def day(what: str, value: object) -> dt.date:
    """Return a date, given as one or as ISO text.

    Raises:
        Refused: it is none, or lies in no sensible year.
    """
    found = value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            found = dt.date.fromisoformat(value)
        except ValueError:
            found = None
    if not isinstance(found, dt.date) or isinstance(found, dt.datetime):
        raise refuse("NOT_A_DATE", what=what)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise refuse("DATE_FAR", what=what, first=FIRST_YEAR, last=LAST_YEAR)
    return found


def person_number(value: object) -> str:
    """Return an identification number (§8.2).

    Raises:
        Refused: it cannot be one.
    """
    found = known_number(value)
    if found is None:
        raise refuse("NUMBER_WRONG")
    return found


def known_number(value: object) -> str | None:
    """Return what can be an identification number, or None."""
    if not isinstance(value, str) or not 0 < len(value) <= 40 or not CODE.fullmatch(value) or looks_like_nik(value):
        return None
    return value
