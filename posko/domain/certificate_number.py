"""The number of a certificate: `PRT.1025.2012.4538766` (§13.11, Gambar 12; R-136, R-137, X2).

Three letters, four digits, the year of the certificate, seven digits of a running number that never skips and never comes twice.
What the first two parts mean is told nowhere; they are set for each scheme here, and the system alone makes numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST_SERIAL, LAST_SERIAL = 1, 9_999_999
LENGTH = 21
_SHAPE = re.compile(r"([A-Z]{3})\.([0-9]{4})\.([0-9]{4})\.([0-9]{7})")


@dataclass(frozen=True, slots=True, order=True)
class Series:
    """What stands before the running number; each series of a year counts on its own."""

    prefix: str
    code: str
    year: int


@dataclass(frozen=True, slots=True, order=True)
class CertificateNumber:
    """One number, taken apart."""

    series: Series
    serial: int

    def __str__(self) -> str:
        """Return it as it is printed."""
        series = self.series
        return f"{series.prefix}.{series.code}.{series.year:04d}.{self.serial:07d}"


SCHEMES: Mapping[str, tuple[str, str]] = {"TLRT": ("PRT", "1025")}
"""Scheme -> prefix and code of its numbers (Gambar 12; their meaning is not told in the Pedoman)."""


def series_of(scheme_code: str, year: int) -> Series | None:
    """Return the series of a scheme's numbers in one year; None for a scheme that has none."""
    parts = SCHEMES.get(scheme_code)
    return None if parts is None else Series(*parts, year)


def parse(text: str) -> CertificateNumber | None:
    """Return the number that a text is, None when it is none; what is returned prints as the same text."""
    found = _SHAPE.fullmatch(text) if len(text) == LENGTH and text.isascii() else None
    if found is None:
        return None
    prefix, code, year, serial = found.groups()
    if int(serial) < FIRST_SERIAL:
        return None
    return CertificateNumber(Series(prefix, code, int(year)), int(serial))


def order_of_id(tki_id: str) -> tuple[bool, int, str]:
    """Return the key by which ID TKI are ordered before they get numbers: as numbers where they are numbers (Gambar 12)."""
    is_number = tki_id.isascii() and tki_id.isdigit()
    return (not is_number, int(tki_id) if is_number else 0, tki_id)
