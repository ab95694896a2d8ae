"""A result as BNP2TKI gets it: one row of its table `hasil_uji`, the same over the line and in a package file (§14.3-14.4; R-164).

`versi` counts what POSKO ever sent of one TKI, over all her attempts and schemes, so that (id_tki, versi) names one row for ever. A row
carries what BNP2TKI's own table is to show: who did not pass, and whose certificate is revoked, has no number and no date there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from posko.domain.handoff import row_hash
from posko.domain.short_digest import short_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

PASSED, NOT_YET, REVOKED, SUSPENDED = "KOMPETEN", "BELUM", "DICABUT", "DITANGGUHKAN"
"""What `hasil` says."""
COLUMNS = (
    *("id_tki", "hasil", "kode_lsp", "no_sertifikasi_kompetensi", "tanggal_sertifikasi_kompetensi"),
    *("versi", "id_kiriman", "dikirim_pada"),
)
"""Columns of `hasil_uji`, in the contract's order."""
DATE_FORMS: Mapping[str, Callable[[date], str]] = {
    "MDY": lambda day: f"{day.month}/{day.day}/{day.year}",
    "DMY": lambda day: f"{day.day}/{day.month}/{day.year}",
    "YMD": lambda day: day.isoformat(),
}
"""Declared order of BNP2TKI's date texts -> how a date is written in it; Gambar 5 writes no zeros."""


@dataclass(frozen=True, slots=True)
class SourceResult:
    """One row of `hasil_uji`; `sent_at` is UTC without zone and that of the whole sending, so that a repetition writes the same bytes."""

    tki_id: str
    result: str
    lsp_code: str
    certificate_no: str | None
    certified_on: date | None
    version: int
    dispatch_id: str
    sent_at: datetime

    def texts(self, date_order: str) -> tuple[str | int | datetime | None, ...]:
        """Return the values of `COLUMNS`, the date in BNP2TKI's declared order."""
        day = None if self.certified_on is None else DATE_FORMS[date_order](self.certified_on)
        who = (self.tki_id, self.result, self.lsp_code, self.certificate_no, day)
        return (*who, self.version, self.dispatch_id, self.sent_at)

    @property
    def digest(self) -> bytes:
        """SHA-256 of what the row says, as the outbox keeps it; the sending's own name and time are not part of it."""
        said = [self.tki_id, self.result, self.lsp_code, self.certificate_no, self.certified_on, self.version]
        return row_hash(said)


def result_of(line: Mapping[str, Any], *, version: int, dispatch_id: str, sent_at: datetime) -> SourceResult:
    """Return the row of a return line.

    Args:
        line: `tki_id`, `result` (KOMPETEN or BELUM), `lsp_code`, `certificate_no`, `certified_on`, `certificate_status`.
        version: `versi` of the row.
        dispatch_id: `id_kiriman`.
        sent_at: `dikirim_pada`; whole seconds, which every column of times keeps as they are.
    """
    status, has_number = line["certificate_status"], line["certificate_no"] is not None
    result = {"REVOKED": REVOKED, "SUSPENDED": SUSPENDED}.get(status, line["result"]) if has_number else line["result"]
    shown = has_number and status != "REVOKED"
    return SourceResult(
        tki_id=line["tki_id"],
        result=result,
        lsp_code=line["lsp_code"],
        certificate_no=line["certificate_no"] if shown else None,
        certified_on=line["certified_on"] if shown else None,
        version=version,
        dispatch_id=dispatch_id,
        sent_at=sent_at.replace(microsecond=0),
    )


def dispatch_name(return_batch_id: int, total: bytes) -> str:
    """Return the name of a sending: its number and what is in it, so that the same sending never has another name."""
    return f"POSKO-{return_batch_id:08d}-{short_digest(total.hex())}"
