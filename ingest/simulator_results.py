"""The simulated BNP2TKI takes over results: it fills the certificate fields of the TKI whom BNSP sent back (§14.4-14.5, R-168)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_UPDATE = (
    "update tki_tlrt set kode_lsp = %s, no_sertifikasi_kompetensi = %s, tanggal_sertifikasi_kompetensi = %s,"
    " updated_at = utc_timestamp(6) where id_tki = %s"
)


def record_results(connection: Any, lines: Iterable[Mapping[str, Any]]) -> int:
    """Write results into the source as BNP2TKI would, and return how many TKI it knew.

    Args:
        connection: of the source database.
        lines: `tki_id`, `lsp_code`, `certificate_no` and `certified_on`; the last two are None for those who did not pass.
    """
    known = 0
    with connection.cursor() as cursor:
        for line in lines:
            day = line["certified_on"]
            # Month first and without zeros, as Gambar 5 writes dates.
            text = "" if day is None else f"{day.month}/{day.day}/{day.year}"
            known += cursor.execute(_UPDATE, (line["lsp_code"], line["certificate_no"] or "", text, line["tki_id"]))
    connection.commit()
    return known
