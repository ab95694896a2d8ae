"""What a person or another system typed or chose, taken as a plain value or refused in words; nothing else gets in (R-098).

Every check has the same order: the value, what a sentence calls it, how much of it there may be. Nothing is repaired but blanks around
a text. No text of ours may hold 16 digits in a row: they could be somebody's NIK, and reasons go into the audit log as they are (R-021).
Whatever is refused is never shown back, unless it is harmless.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from posko.domain.audit import LONGEST_TEXT
from posko.domain.refusals import refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

T = TypeVar("T", str, int)

CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._/-]*[A-Za-z0-9._/-])?")
"""Codes of bodies, stations, persons, as a register takes them: what neither a spreadsheet nor a screen takes for something else."""
_ANY_CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._/&()-]*[A-Za-z0-9._/)-])?")
"""Codes that are looked up: also the names by which PPTKIS and BLKLN are known."""
_NIK = re.compile(r"\d{16}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MOMENT = re.compile(r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d{2}-\d{2}|\d{1,2}[.:]\d{2})(?![.\d])")
"""A day or a time of day, as minutes of a meeting name them."""
FIRST_YEAR, LAST_YEAR = 1945, 2200
LARGEST_ID = 2**63 - 1
CODE_MOST, TKI_MOST = 40, 64
MOST_ROWS = 10_000
"""Rows that one act takes at most."""
SHOWN = 40
"""Letters of a wrong choice that a sentence repeats."""


def text(value: object, what: str, most: int = LONGEST_TEXT, *, lines: bool = False) -> str:
    """Return a text without the blanks around it: of one line, or with `lines` of several.

    Raises:
        Refused: no text, empty, too long, with control or invisible characters, or with digits like a NIK.
    """
    found = _plain(value, what, most, lines=lines)
    if any(looks_like_nik(line) for line in found.split("\n")):
        raise refuse("LOOKS_LIKE_NIK", what=what)
    return found


def typed_id(value: object) -> str:
    """Return the ID with which somebody came, as it was typed; it may be a NIK, so it stands in a statement and never in the log.

    Raises:
        Refused: no text, empty, too long, or with control characters.
    """
    return _plain(value, "ID TKI", TKI_MOST, lines=False)


def reason(value: object) -> str:
    """Return the reason of an act, which stands in the log.

    Raises:
        Refused: as `text`.
    """
    return text(value, "Alasan")


def reason_or_none(value: object) -> str | None:
    """Return a reason that may be left out; None where nothing was written.

    Raises:
        Refused: as `text`.
    """
    return None if value is None or (isinstance(value, str) and not value.strip()) else reason(value)


def code(value: object, what: str, most: int = CODE_MOST) -> str:
    """Return a code or number under which a register or a list may hold something.

    Raises:
        Refused: as `text`, or nothing can be registered under it.
    """
    found = text(value, what, most)
    if not _ANY_CODE.fullmatch(found):
        raise refuse("NO_SUCH_CODE", what=what)
    return found


def sha256(value: object) -> str:
    """Return the digest of a file, 64 hex digits; one in a hundred holds sixteen digits in a row and is no NIK.

    Raises:
        Refused: it is none.
    """
    if not isinstance(value, str) or not _SHA256.fullmatch(value):
        raise refuse("NO_SUCH_CODE", what="Sidik berkas")
    return value


def tki(value: object) -> str:
    """Return an ID TKI; whatever cannot be one is refused before it gets near the log.

    Raises:
        Refused: as `code`.
    """
    return code(value, "ID TKI", TKI_MOST)


def person_number(value: object) -> str:
    """Return an identification number (§8.2).

    Raises:
        Refused: it cannot be one.
    """
    found = person_number_or_none(value)
    if found is None:
        raise refuse("NUMBER_WRONG")
    return found


def person_number_or_none(value: object) -> str | None:
    """Return what can be an identification number or the code of a station, or None."""
    if not isinstance(value, str) or len(value) > CODE_MOST or not CODE.fullmatch(value) or looks_like_nik(value):
        return None
    return value


def number(value: object, what: str, most: int = LARGEST_ID) -> int:
    """Return a whole number from 1 to `most`: of a row, if nothing else is said.

    Raises:
        Refused: it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= most:
        raise refuse("NOT_A_NUMBER", what=what)
    return value


def day(value: object, what: str = "Tanggal uji") -> dt.date:
    """Return a day, given as a date or as ISO text YYYY-MM-DD; a moment is none.

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


def choice(value: object, what: str, choices: Collection[str]) -> str:
    """Return one of a few words.

    Raises:
        Refused: it is none of them.
    """
    if not isinstance(value, str) or value not in choices:
        is_harmless = isinstance(value, str) and value[:SHOWN].isprintable() and not looks_like_nik(value[:SHOWN])
        shown = str(value)[:SHOWN] if is_harmless else "-"
        raise refuse("NOT_IN_LIST", what=what, value=shown, choices=", ".join(choices))
    return value


def listed(values: object, what: str, each: Callable[[object], T]) -> list[T]:
    """Return 1 to MOST_ROWS different things in the order given, each checked by `each`.

    Raises:
        Refused: no list, empty, too long, something stands there twice, or as `each`.
    """
    if not isinstance(values, list | tuple | set | frozenset):
        raise refuse("NOT_A_LIST", what=what)
    _check_length(len(values), what)
    return _unlike(map(each, values), what)


def numbers(values: object, what: str) -> list[int]:
    """Return different numbers of rows in ascending order.

    Raises:
        Refused: as `listed` and `number`.
    """
    return sorted(listed(values, what, lambda value: number(value, what)))


def codes(values: object, what: str) -> list[str]:
    """Return different codes in order.

    Raises:
        Refused: as `listed` and `code`.
    """
    return sorted(listed(values, what, lambda value: code(value, what)))


def by_journey(value: object, what: str) -> dict[int, object]:
    """Return what was said of single participants: their number -> anything; nothing where nothing was said.

    Raises:
        Refused: it is no such table.
    """
    return _table(value, what, lambda key: number(key, "Nomor peserta"))


def reasons_by_tki(value: object, what: str) -> dict[str, str]:
    """Return why single TKI are left out: ID TKI -> reason; nothing where nothing was said.

    Raises:
        Refused: it is no such table, or as `tki` and `reason`.
    """
    return {key: reason(said) for key, said in _table(value, what, tki).items()}


def named(value: object, what: str, names: Collection[str]) -> dict[str, object]:
    """Return what was said under each of these names; names of which nothing was said are missing.

    Raises:
        Refused: it is no such table, or another name stands in it.
    """
    return _table(value, what, lambda key: choice(key, what, names))


def looks_like_nik(value: str) -> bool:
    """Return whether a text holds 16 digits, also with spaces, points or dashes between them; a date beside times is none."""
    return _NIK.search(re.sub(r"[\s.\-]", "", _MOMENT.sub("|", value))) is not None


def _plain(value: object, what: str, most: int, *, lines: bool) -> str:
    if not isinstance(value, str) or not value.strip():
        raise refuse("TEXT_EMPTY", what=what)
    if len(value) > most:
        raise refuse("TEXT_TOO_LONG", what=what, most=most)
    found = value.strip().replace("\r\n", "\n") if lines else value.strip()
    if not (re.sub(r"[\n\t]", "", found) if lines else found).isprintable():
        raise refuse("TEXT_CONTROL", what=what)
    return found


def _table(value: object, what: str, key_of: Callable[[object], T]) -> dict[T, object]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise refuse("NOT_A_LIST", what=what)
    if not value:
        return {}
    _check_length(len(value), what)
    return dict(zip(_unlike(map(key_of, value), what), value.values(), strict=True))


def _check_length(length: int, what: str) -> None:
    if not length:
        raise refuse("LIST_EMPTY", what=what)
    if length > MOST_ROWS:
        raise refuse("LIST_TOO_LONG", what=what, most=MOST_ROWS)


def _unlike(values: Iterable[T], what: str) -> list[T]:
    found: dict[T, None] = {}
    for value in values:
        if value in found:
            raise refuse("LIST_DOUBLE", what=what, value=value)
        found[value] = None
    return list(found)
