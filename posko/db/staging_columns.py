"""Columns of `tki_tlrt` as BNP2TKI delivers them, and the tables that hold them (R-027, R-094).

The names, their order and the text type are the contract with BNP2TKI; staging repeats them unchanged. Widths are ours:
a longer text is quarantined, never cut.
"""

from __future__ import annotations

KEY_COLUMN = "id_tki"

TEXT_COLUMNS: dict[str, int] = {
    "id_tki": 64,
    "nama": 255,
    "tempat_lahir": 255,
    "tanggal_lahir": 255,
    "jenis_kelamin": 255,
    "status_perkawinan": 255,
    "no_ktp": 255,
    "alamat": 2000,
    "kota_asal": 255,
    "agama": 255,
    "no_telepon": 255,
    "email": 255,
    "pendidikan": 255,
    "sektor": 255,
    "negara_tujuan": 255,
    "kode_lsp": 255,
    "no_sertifikasi_kompetensi": 255,
    "tanggal_sertifikasi_kompetensi": 255,
    "kode_blkln": 255,
    "no_sertifikasi_blkln": 255,
    "nama_pptkis": 255,
    "tanggal_sertifikasi_blkln": 255,
    "tanggal_masuk_blkln": 255,
    "tanggal_keluar_blkln": 255,
}
"""Contract column -> characters that staging can hold, in the contract's order."""

DATE_COLUMNS = tuple(name for name in TEXT_COLUMNS if name.startswith("tanggal_"))
"""Text columns with a typed `<name>_date` beside them."""

FIELD_END = b"\x1f"
"""Byte between two fields of a row line (ASCII unit separator)."""
NULL_MARK = b"\x1bN"
"""The two bytes that stand for NULL in a row line: ESC N, which LOAD DATA reads as NULL."""


def literal(text: bytes) -> str:
    """Return SQL for a few ASCII bytes. Not a hex literal: MariaDB prints those wrongly into a stored generated column."""
    return f"char({', '.join(str(byte) for byte in text)} using utf8mb4)"


def row_line_sql(expressions: list[str]) -> str:
    """Return the SQL for one row as one line: the given text expressions, NULL marked, unit separators between.

    The same text is the payload of the transfer and the input of the checksum on both servers.
    """
    fields = ", ".join(f"ifnull({expression}, {literal(NULL_MARK)})" for expression in expressions)
    return f"concat_ws({literal(FIELD_END)}, {fields})"


def _text_ddl() -> str:
    return ",\n".join(
        f"{name} varchar({width}) {'not null' if name == KEY_COLUMN else 'null'}"
        for name, width in TEXT_COLUMNS.items()
    )


def _date_ddl() -> str:
    return ",\n".join(f"{name}_date date null" for name in DATE_COLUMNS)


def row_crc_sql() -> str:
    """Return the SQL of the row checksum over all 25 contract columns, as stored."""
    return f"crc32({row_line_sql([*TEXT_COLUMNS, 'cast(updated_at as char charset utf8mb4)'])})"


def tki_tlrt_ddl(table: str) -> str:
    """Return the DDL of a table of current rows (`tki_tlrt` and its landing twin, which trade names after a first load)."""
    return f"""
    create table {table} (
        {_text_ddl()},
        updated_at datetime(6) null,
        {_date_ddl()},
        batch_id bigint not null,
        chunk_no int not null,
        first_batch_id bigint not null,
        row_crc int unsigned generated always as ({row_crc_sql()}) stored,
        primary key ({KEY_COLUMN})
    )
    """


def history_ddl(table: str) -> str:
    """Return the DDL of the earlier versions: one row per TKI and batch that replaced, refused or deleted her row."""
    return f"""
    create table {table} (
        {_text_ddl()},
        updated_at datetime(6) null,
        {_date_ddl()},
        batch_id bigint not null,
        chunk_no int not null,
        first_batch_id bigint not null,
        row_crc int unsigned not null,
        change_kind varchar(12) not null,
        replaced_by_batch_id bigint not null,
        replaced_at datetime(6) not null,
        primary key ({KEY_COLUMN}, replaced_by_batch_id),
        key history_by_batch (replaced_by_batch_id),
        constraint history_kind check (change_kind in ('CORRECTED', 'DELETED', 'QUARANTINED'))
    )
    """
