"""Certificates as PDF: number and secure code as in Gambar 12, a signed QR code, the seal behind the file (§13.12; R-138, R-140).

One file holds up to `MOST_PAGES` certificates, a page each: typst sets many pages at once in half the time, and its memory grows with
them. The same sheets and key give the same bytes; the date in the file is that of the newest certificate in it.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import segno

from exports import certificate_claim
from exports.certificate_claim import Claim
from exports.certificate_seal import sealed
from exports.printing import set_pages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from exports.certificate_keys import Signer

MOST_PAGES = 200
SCHEMES: Mapping[str, str] = {"TLRT": "Tata Laksana Rumah Tangga (TLRT)"}
"""Scheme -> its name as printed; one that has none is printed by its code."""
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
ROOMY_LETTERS, ROOMY_CODE, ROOMY_UNITS = 48, 24, 8
"""Letters of each text, letters of a unit's code, and units, up to which a page has room; measuring takes as long as setting."""
_LONG_WORD = re.compile(r"\S{16}(?=\S{8})")
_LONG_CODE = re.compile(r"\S{12}(?=\S)")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One printed copy; `units` are code and title, `copy_no` counts from 1, `born_on` may be unknown."""

    certificate_no: str
    secure_code: str
    tki_id: str
    full_name: str
    birth_place: str | None
    born_on: dt.date | None
    scheme_code: str
    lsp_code: str
    lsp_name: str
    licence_no: str
    sk_no: str
    certified_on: dt.date
    valid_until: dt.date
    copy_no: int
    blank_no: str
    units: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Sheet:
        """Return the sheet of a row of `posko.services.print_certificates.sheets`, where days are ISO texts."""
        days = {
            name: None if row[name] is None else dt.date.fromisoformat(row[name])
            for name in ("born_on", "certified_on", "valid_until")
        }
        units = tuple((str(code), str(title)) for code, title in row["units"])
        names = cls.__dataclass_fields__
        return cls(**{**{name: row[name] for name in names}, **days, "units": units})

    def claim(self, status_list: str) -> Claim:
        """Return what its QR code says; `status_list` is where revocations are told."""
        return Claim(
            self.certificate_no,
            self.tki_id,
            self.full_name,
            self.scheme_code,
            self.lsp_code,
            self.certified_on,
            self.valid_until,
            status_list,
        )


def make_pdf(sheets: Sequence[Sheet], signer: Signer, status_list: str) -> bytes:
    """Return the sealed PDF of these sheets, in their order.

    Raises:
        ValueError: none, or more than `MOST_PAGES`.
    """
    if not 0 < len(sheets) <= MOST_PAGES:
        raise ValueError(f"a file holds 1 to {MOST_PAGES} certificates, not {len(sheets)}")
    made_on = max(sheet.certified_on for sheet in sheets).isoformat()
    pages = [_page(sheet, signer, status_list) for sheet in sheets]
    return sealed(set_pages("certificate", {"made_on": made_on, "pages": pages}), signer)


def long_day(day: dt.date) -> str:
    """Return a day as a document names it: 6 Juni 2012."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _page(sheet: Sheet, signer: Signer, status_list: str) -> dict[str, Any]:
    """Return what the template needs of one sheet: every value as it is printed."""
    born = ", ".join(part for part in (sheet.birth_place, sheet.born_on and long_day(sheet.born_on)) if part)
    return {
        "certificate_no": sheet.certificate_no,
        "secure_code": sheet.secure_code,
        "tki_id": sheet.tki_id,
        "full_name": _breakable(sheet.full_name),
        "born": f"Lahir: {_breakable(born)}" if born else "",
        "scheme": SCHEMES.get(sheet.scheme_code, sheet.scheme_code),
        "lsp_code": sheet.lsp_code,
        "lsp_name": _breakable(sheet.lsp_name),
        "licence_no": sheet.licence_no,
        "sk_no": _breakable(sheet.sk_no),
        "certified_on": long_day(sheet.certified_on),
        "valid_until": long_day(sheet.valid_until),
        "copy_no": sheet.copy_no,
        "blank_no": sheet.blank_no,
        "units": [(_breakable(code, _LONG_CODE), _breakable(title)) for code, title in sheet.units],
        "is_tight": _is_tight(sheet),
        "key_id": signer.id.hex(),
        "qr": _drawn(certificate_claim.write(sheet.claim(status_list), signer)),
    }


def _is_tight(sheet: Sheet) -> bool:
    texts = [sheet.full_name, sheet.lsp_name, sheet.birth_place or "", *(title for _, title in sheet.units)]
    is_long = any(len(code) > ROOMY_CODE for code, _ in sheet.units) or any(len(one) > ROOMY_LETTERS for one in texts)
    return is_long or len(sheet.units) > ROOMY_UNITS


def _breakable(text: str, long: re.Pattern[str] = _LONG_WORD) -> str:
    """Return a text of which no word is wider than a line: long ones may be broken where a reader sees nothing (U+200B)."""
    return long.sub(lambda found: f"{found[0]}\u200b", text)


def _drawn(text: str) -> str:
    """Return a QR code as SVG; 15 % of it may be lost on paper (level M).

    Its mask is fixed: base45 of a signature looks like noise under any, and choosing one costs more than all the rest of a page.
    """
    out = BytesIO()
    segno.make(text, error="m", mask=3, micro=False, boost_error=False).save(
        out, kind="svg", border=4, xmldecl=False, svgns=True, nl=False
    )
    return out.getvalue().decode("ascii")
