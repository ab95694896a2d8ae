"""Tables of the simulated BNP2TKI source, exactly to the contract with BNP2TKI (§10.2, §12.1, Gambar 5).

Every value is text as it came, dates included. Some source columns are wider than staging on purpose: a text
that does not fit must be able to arrive, so that the receiver can prove that it refuses it, not cuts it.
"""

from __future__ import annotations

TKI_COLUMNS: dict[str, int] = {
    "id_tki": 255,
    "nama": 1000,
    "tempat_lahir": 255,
    "tanggal_lahir": 255,
    "jenis_kelamin": 255,
    "status_perkawinan": 255,
    "no_ktp": 255,
    "alamat": 4000,
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
"""Text columns of `tki_tlrt` in the contract's order -> characters; `updated_at` follows them."""

MARKER = "simulasi"
"""Table that says "the simulator made this database"; no part of the contract, so the receiver ignores it."""

_OPTIONS = "engine=InnoDB default character set utf8mb4 collate utf8mb4_bin"


def _tki_ddl() -> str:
    columns = ", ".join(
        f"{name} varchar({width}) {'not null' if name == 'id_tki' else 'null'}" for name, width in TKI_COLUMNS.items()
    )
    return f"create table tki_tlrt ({columns}, updated_at datetime(6) null, primary key (id_tki)) {_OPTIONS}"


TABLES: dict[str, str] = {
    "tki_tlrt": _tki_ddl(),
    "tki_sidik_jari": f"""
        create table tki_sidik_jari (
            id_tki varchar(255) not null, jari tinyint not null, format varchar(20) not null,
            data longblob not null,
            updated_at datetime(6) null, primary key (id_tki, jari)) {_OPTIONS}""",
    "blkln": f"""
        create table blkln (
            kode_blkln varchar(64) not null primary key, nama varchar(255) null, kota varchar(255) null,
            kapasitas varchar(255) null, berlaku_sampai varchar(255) null,
            updated_at datetime(6) null) {_OPTIONS}""",
    "pptkis": f"""
        create table pptkis (
            nama_pptkis varchar(255) not null primary key, no_siup varchar(255) null,
            berlaku_sampai varchar(255) null, updated_at datetime(6) null) {_OPTIONS}""",
    "hasil_uji": f"""
        create table hasil_uji (
            id_tki varchar(255) not null, hasil varchar(20) not null, kode_lsp varchar(255) null,
            no_sertifikasi_kompetensi varchar(255) null, tanggal_sertifikasi_kompetensi varchar(255) null,
            versi int not null, id_kiriman varchar(64) not null, dikirim_pada datetime(6) not null,
            primary key (id_tki, versi)) {_OPTIONS}""",
    "hasil_uji_konfirmasi": f"""
        create table hasil_uji_konfirmasi (
            id_kiriman varchar(64) not null, id_tki varchar(255) not null, versi int not null,
            diterima_pada datetime(6) null, status varchar(20) null, alasan varchar(500) null,
            primary key (id_kiriman, id_tki, versi)) {_OPTIONS}""",
    MARKER: f"""
        create table {MARKER} (
            seed bigint not null, tki int not null, today date not null, fault_share double not null,
            next_number int not null, row_total bigint not null, mutation_total int not null) {_OPTIONS}""",
}
"""Source table -> its DDL, in the order of creation."""
