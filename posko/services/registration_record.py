"""The record of Gambar 5: 24 labels, 25 columns, read from what BNP2TKI sent (§12.5, Gambar 4-5; R-093, R-094)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from posko.domain.masking import mask_nik
from posko.services.rows import Row, many_among, one

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import sqlalchemy as sa

FIELDS = (
    ("ID", "id_tki", "tki_id"),
    ("Nama", "nama", "full_name"),
    ("Tempat Lahir", "tempat_lahir", "birth_place"),
    ("Tanggal Lahir", "tanggal_lahir", "born_on"),
    ("Jenis Kelamin", "jenis_kelamin", "sex"),
    ("Status Perkawinan", "status_perkawinan", "marital_status"),
    ("Nomor KTP", "no_ktp", "nik"),
    ("Alamat", "alamat", "address"),
    ("Kota Asal", "kota_asal", "home_city"),
    ("Agama", "agama", "religion"),
    ("Nomor Telepon", "no_telepon", "phone"),
    ("Alamat Email", "email", "email"),
    ("Pendidikan", "pendidikan", "education"),
    ("Sektor Formal/Informal", "sektor", "sector"),
    ("Negara Tujuan", "negara_tujuan", "destination"),
    ("Kode LSP", "kode_lsp", "lsp_code"),
    ("No. Sertifikasi Kompetensi", "no_sertifikasi_kompetensi", "certificate_no"),
    ("Tanggal Sertifikasi Kompetensi", "tanggal_sertifikasi_kompetensi", "certified_on"),
    ("Kode BLKLN", "kode_blkln", "blkln_code"),
    ("No. Sertifikasi BLKLN", "no_sertifikasi_blkln", "blkln_certificate_no"),
    ("Nama PPTKIS/PJTKI", "nama_pptkis", "pptkis_name"),
    ("Tanggal Sertifikasi BLKLN", "tanggal_sertifikasi_blkln", "blkln_certified_on"),
    ("Tanggal Masuk BLKLN", "tanggal_masuk_blkln", "training_started_on"),
    ("Tanggal Keluar BLKLN", "tanggal_keluar_blkln", "training_ended_on"),
)
"""Label of Gambar 5, column of BNP2TKI, name of ours; the 25th column is POSKO's own payment state."""

_CANDIDATE = """
    select id_tki as tki_id, nama as full_name, tempat_lahir as birth_place, tanggal_lahir_date as born_on,
        jenis_kelamin as sex, alamat as address, kota_asal as city, no_telepon as phone, email, sektor as sector,
        negara_tujuan as destination, kode_blkln as blkln_code, nama_pptkis as pptkis_name,
        tanggal_keluar_blkln_date as training_ended_on, batch_id as source_batch_id, row_crc as source_row_crc
    from posko_staging.tki_tlrt where id_tki in :ids"""


def read_record(db: sa.Connection, tki_id: str) -> dict[str, str | None] | None:
    """Return the record of one TKI under our names, dates as ISO text where they could be read; None: BNP2TKI never sent her."""
    row = one(db, "select * from posko_staging.tki_tlrt where id_tki = :id", id=tki_id)
    if row is None:
        return None
    found = {name: _shown(row, column) for _, column, name in FIELDS}
    return found | {"nik": mask_nik(found["nik"])}


def facts_of(db: sa.Connection, tki_ids: Sequence[str]) -> Mapping[str, Row]:
    """Return tki_id -> the typed facts that the register of candidates keeps; no NIK."""
    return {row["tki_id"]: row for row in many_among(db, _CANDIDATE, tki_ids)}


def _shown(row: Row, column: str) -> str | None:
    typed = row.get(f"{column}_date")
    if isinstance(typed, date):
        return typed.isoformat()
    value = row[column]
    return None if value is None else str(value)
