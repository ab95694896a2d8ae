"""How little of a person is shown: of a name to the public (§14.1; R-188), of a NIK to who may see the record (R-021).

mask_name("NURUL KOMARIAH BT DAUD")  ->  "N*** K*** B*** D***"   the first letter of each word, and never how long the word is
mask_nik("3603054105830001")         ->  "************0001"
"""

from __future__ import annotations

import re

HIDDEN = "***"
MOST_WORDS = 6
"""Words that are shown at most, so that a long name stays inside a line and does not tell itself by its length."""

_SIXTEEN_DIGITS = re.compile(r"(?<![0-9a-fA-F])\d{16}(?![0-9a-fA-F])")


def mask_name(name: str) -> str:
    """Return a name as the public list shows it; a word without a letter to show is hidden wholly."""
    words = name.split()[:MOST_WORDS]
    return " ".join(_mask_word(word) for word in words) or HIDDEN


def mask_nik(nik: str | None) -> str | None:
    """Return a NIK of which only the last four digits are to be read; a short one not at all."""
    if not nik:
        return nik
    shown = nik[-4:] if len(nik) > len("12345678") else ""
    return "*" * (len(nik) - len(shown)) + shown


def mask_niks_in(text: str) -> str:
    """Return a text in which sixteen digits in a row, which may be somebody's NIK, are hidden."""
    return _SIXTEEN_DIGITS.sub("*" * 16, text)


def _mask_word(word: str) -> str:
    letters = [letter for letter in word if letter.isalpha()]
    return letters[0].upper()[:1] + HIDDEN if len(letters) > 1 else HIDDEN
