"""The last look before the site is switched: no NIK, address, phone, e-mail or secure code in what goes out (§14.1; R-188, DV-C06).

What is locked is opened again with its own key and looked at as its reader would; everything else is looked at as it is, byte by byte.
NIK, phones and addresses are looked for both by their shape and as those of the persons in it; what has the shape of a secure code is
compared with every code that stands on a certificate, by its keyed digest. A finding names kind and file, never the datum.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

NIK, ADDRESS, PHONE, EMAIL, CODE = "NIK", "ALAMAT", "TELEPON", "SUREL", "SECURE CODE"
FEWEST_DIGITS, FEWEST_LETTERS = 8, 8
MOST_TOLD = 20
"""Findings that are told; more would not help."""
_HARMLESS = re.compile(r"[A-Z]{3}\.\d{4}\.\d{4}\.\d{7}|\d{4}-\d{2}-\d{2}")
"""Numbers of certificates and days: digits that may stand there."""
_RUN = re.compile(r"\d(?:[ .()/+-]{0,2}\d)+")
_PLAIN = re.compile(r"\d{7,}")
_PHONE = re.compile(r"(?:62|0)8\d{7,11}")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w")
_CODE = re.compile(r"(?<![0-9A-Za-z#])[0-9A-Fa-f]{6}(?![0-9A-Za-z])")
_NIK_BYTES = re.compile(rb"\d{16}")
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """What may not go out, and in which file."""

    kind: str
    place: str


@dataclass
class Gate:
    """Collects what may not go out; `issued` returns those texts among some that are secure codes."""

    issued: Callable[[Sequence[str]], set[str]]
    found: set[Finding] = field(default_factory=set)
    shaped: dict[str, set[str]] = field(default_factory=dict)

    def look(self, text: str, place: str, persons: Iterable[Mapping[str, Any]] = ()) -> None:
        """Look at a text for shapes, and for what belongs to these persons: `nik`, `address`, `phone`, `email`."""
        for code in _CODE.findall(text):
            self.shaped.setdefault(code.upper(), set()).add(place)
        digits = _digits(text)
        if any(len(run) >= 16 for run in digits):
            self._note(NIK, place)
        if any(_PHONE.fullmatch(run) for run in digits):
            self._note(PHONE, place)
        if _EMAIL.search(text):
            self._note(EMAIL, place)
        words = f" {letters(text)} "
        for person in persons:
            self._look_for(person, words, digits, text, place)

    def look_at_bytes(self, data: bytes, place: str) -> None:
        """Look at bytes that should be locked: a NIK in clear among them is found."""
        if _NIK_BYTES.search(data):
            self._note(NIK, place)

    def note_address(self, place: str) -> None:
        """Note that a file holds an address, as the database found."""
        self._note(ADDRESS, place)

    def findings(self) -> list[Finding]:
        """Return all findings in order; the codes are compared here, all at once."""
        for code in self.issued(sorted(self.shaped)):
            for place in self.shaped[code]:
                self._note(CODE, place)
        return sorted(self.found)

    def _look_for(self, person: Mapping[str, Any], words: str, digits: list[str], text: str, place: str) -> None:
        for kind, name in ((NIK, "nik"), (PHONE, "phone")):
            wanted = _core(person.get(name))
            if len(wanted) >= FEWEST_DIGITS and any(wanted in run for run in digits):
                self._note(kind, place)
        street = str(person.get("address") or "").split(",")[0]
        for part in (letters(person.get("address") or ""), letters(street)):
            if len(part) >= FEWEST_LETTERS and f" {part} " in words:
                self._note(ADDRESS, place)
        if person.get("email") and str(person["email"]).lower() in text.lower():
            self._note(EMAIL, place)

    def _note(self, kind: str, place: str) -> None:
        self.found.add(Finding(kind, place))


def letters(text: str) -> str:
    """Return a text in capitals with single blanks for whatever is neither letter nor digit."""
    return _NO_LETTER.sub(" ", text).strip().upper()


def _digits(text: str) -> list[str]:
    """Return the runs of digits of a text, with and without what stands between them; numbers of certificates and days are left out."""
    rest = _HARMLESS.sub("|", text)
    return [re.sub(r"\D", "", run) for run in _RUN.findall(rest)] + _PLAIN.findall(rest)


def _core(value: object) -> str:
    """Return the digits of a number without what stands before it in one country or another."""
    return re.sub(r"^(?:62|0)", "", re.sub(r"\D", "", str(value or "")))
