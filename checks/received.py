"""Gate after receive: what must hold of staging before anything is filtered (§12.1-12.2, R-082..R-086).

Every row of the source is accounted for, every text that is a date is typed, nothing was altered on the way
(R-182), and what must not be readable is not (R-187).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.gate import DEFAULT_LIMITS, GateResult, Limits, Rule
from checks.sql import holds_nik, typed_columns
from posko.db.staging_columns import DATE_COLUMNS, TEXT_COLUMNS, row_crc_sql

if TYPE_CHECKING:
    from pathlib import Path

    from posko.db.engine import Server

GATE = "received"
TABLE = "posko_staging.tki_tlrt"

NEWEST = "(select max(batch_id) from posko_staging.receive_batch)"
LEDGER_BATCHES = 100
"""Batches back to which the ledger of chunks is gone over again."""
SAMPLE = 16
"""One row in so many has its checksum computed anew; each batch takes another part."""
TAG_BYTES = 16
"""AES-256-GCM adds so many bytes to what it encrypts."""

COLUMNS: dict[str, dict[str, str]] = {
    "tki_tlrt": {
        **dict.fromkeys(TEXT_COLUMNS, "varchar"),
        **{f"{name}_date": "date" for name in DATE_COLUMNS},
        "updated_at": "datetime",
    },
    "tki_sidik_jari": {
        "id_tki": "varchar",
        "jari": "tinyint",
        "format": "varchar",
        "nonce": "binary",
        "ciphertext": "longblob",
    },
    "blkln": dict.fromkeys(("kode_blkln", "nama", "kota", "kapasitas", "berlaku_sampai"), "varchar"),
    "pptkis": dict.fromkeys(("nama_pptkis", "no_siup", "berlaku_sampai"), "varchar"),
}
"""Table of staging -> columns of the contract with the type that staging gives them."""


def run_gate(server: Server, limits: Limits = DEFAULT_LIMITS, *, docs_dir: Path) -> GateResult:
    """Check staging and publish the gate's pages below `docs_dir`/checks/received.

    Raises:
        ConnectionFailed: the server does not answer.
    """
    from checks.engine import run_rules  # noqa: PLC0415 - not before it is needed

    return run_rules(server, gate=GATE, table=TABLE, rules=rules(limits), docs_dir=docs_dir)


def rules(limits: Limits = DEFAULT_LIMITS) -> list[Rule]:
    """Return the rules of this gate."""
    return [
        _contract_columns(),
        *_batch_rules(limits),
        *_total_rules(),
        *_checksum_rules(),
        *_quarantine_rules(limits),
        *_row_rules(),
        *_secrecy_rules(),
    ]


def _contract_columns() -> Rule:
    return Rule(
        "contract_columns",
        "Semua kolom kontrak dengan BNP2TKI ada di tabel penerimaan, dengan jenis yang disepakati.",
        typed_columns("posko_staging", COLUMNS),
    )


def _batch_rules(limits: Limits) -> list[Rule]:
    return [
        Rule(
            "batch_done",
            "Penarikan terakhir selesai sampai akhir, dengan jumlah kendalinya.",
            f"""
            select 'belum ada penarikan' as problem
            from dual
            where not exists(select 1 from posko_staging.receive_batch)
            union all
            select concat('batch ', batch_id, ' berstatus ', state, case when state = 'DONE' then ' tanpa jumlah' else '' end)
            from posko_staging.receive_batch
            where batch_id = {NEWEST}
              and (state <> 'DONE' or received is null or typed is null or quarantined is null)
            """,
        ),
        Rule(
            "batch_fresh",
            f"Penarikan terakhir tidak lebih tua dari {limits.batch_age_hours} jam.",
            f"""
            select concat('batch ', batch_id, ' selesai ', finished_at, ' UTC') as problem
            from posko_staging.receive_batch
            where batch_id = {NEWEST} and finished_at < utc_timestamp() - interval {limits.batch_age_hours:d} hour
            """,
        ),
    ]


def _total_rules() -> list[Rule]:
    return [
        Rule(
            "rows_accounted",
            "Baris diterima = diketik + dikarantina, dan sebanyak itu pula yang ada di tabel.",
            f"""
            select concat(
                'batch ', delivery.batch_id, ' mencatat ', delivery.received, ' diterima, ',
                delivery.typed, ' diketik, ', delivery.quarantined, ' dikarantina; di tabel ada ',
                typed_now.n, ' diketik dan ', open_now.n, ' dikarantina'
            ) as problem
            from posko_staging.receive_batch as delivery
            cross join (select count(*) as n from {{batch}} as tki) as typed_now
            cross join (
                select count(*) as n from posko_staging.quarantine
                where source_table = 'tki_tlrt' and resolved_at is null
            ) as open_now
            where delivery.batch_id = {NEWEST}
              and (
                delivery.received <> delivery.typed + delivery.quarantined
                or delivery.typed <> typed_now.n
                or delivery.quarantined <> open_now.n
              )
            """,
        ),
        Rule(
            "batch_accounted",
            "Setiap baris yang ditarik dalam batch terakhir diambil atau dikarantina, tidak ada yang tercecer.",
            f"""
            select concat(
                'batch ', batch_id, ' menarik ', source_rows, ' baris: ', coalesce(accepted, 0), ' diambil, ',
                coalesce(refused, 0), ' dikarantina'
            ) as problem
            from posko_staging.receive_batch
            where batch_id = {NEWEST} and state = 'DONE' and not coalesce(source_rows = accepted + refused, 0)
            """,
        ),
    ]


def _checksum_rules() -> list[Rule]:
    return [
        Rule(
            "first_load_unaltered",
            "Sesudah muatan pertama, jumlah checksum di tabel sama dengan yang dihitung server BNP2TKI.",
            f"""
            select concat('batch ', batch_id, ': ada baris yang berubah, hilang, atau bertambah') as problem
            from posko_staging.receive_batch
            where batch_id = {NEWEST} and mode = 'initial' and state = 'DONE'
              and source_crc_sum <> (select coalesce(sum(row_crc), 0) from posko_staging.tki_tlrt) + (
                select coalesce(sum(row_crc), 0) from posko_staging.quarantine
                where batch_id = {NEWEST} and source_table = 'tki_tlrt'
              )
            """,
        ),
        Rule(
            "chunks_agree",
            "Pada setiap bagian kiriman, jumlah baris dan checksum di kedua sisi sama.",
            f"""
            select concat(
                'batch ', chunk.batch_id, ' bagian ', chunk.chunk_no, ': ', chunk.source_rows, ' dikirim, ',
                coalesce(chunk.landed_rows, 0) + chunk.refused_rows, ' tersimpan'
            ) as problem
            from posko_staging.receive_chunk as chunk
            inner join posko_staging.receive_batch as delivery
                on delivery.batch_id = chunk.batch_id and delivery.state = 'DONE'
            where chunk.batch_id > {NEWEST} - {LEDGER_BATCHES}
              and not coalesce(
                chunk.source_rows = chunk.landed_rows + chunk.refused_rows
                and chunk.source_crc_sum = chunk.landed_crc_sum + chunk.refused_crc_sum, 0
              )
            union all
            select concat(
                'batch ', delivery.batch_id, ' mencatat ', delivery.source_rows, ' baris, bagiannya berjumlah ',
                coalesce(part.n, 0)
            )
            from posko_staging.receive_batch as delivery
            left join (
                select batch_id, sum(source_rows) as n, sum(source_crc_sum) as crc_sum
                from posko_staging.receive_chunk where batch_id = {NEWEST} group by batch_id
            ) as part on part.batch_id = delivery.batch_id
            where delivery.batch_id = {NEWEST} and delivery.state = 'DONE'
              and (
                delivery.source_rows <> coalesce(part.n, 0)
                or delivery.source_crc_sum <> coalesce(part.crc_sum, 0)
              )
            """,
        ),
    ]


def _quarantine_rules(limits: Limits) -> list[Rule]:
    return [
        Rule(
            "quarantine_share",
            f"Paling banyak {limits.quarantine_share:.0%} dari baris yang diterima berada di karantina"
            f" (dinilai mulai {limits.quarantine_from_rows} baris).",
            f"""
            select concat('batch ', batch_id, ': ', quarantined, ' dari ', received, ' baris dikarantina') as problem
            from posko_staging.receive_batch
            where batch_id = {NEWEST} and received >= {limits.quarantine_from_rows:d}
              and quarantined > received * {limits.quarantine_share:f}
            """,
        ),
        Rule(
            "quarantine_reasons",
            "Setiap baris di karantina menyebut alasannya dan menyimpan baris seperti dikirim.",
            """
            select concat('karantina nomor ', quarantine_id, ' tanpa alasan atau tanpa baris asli') as problem
            from posko_staging.quarantine
            where resolved_at is null and (reasons = '' or row_as_sent = '')
            """,
        ),
    ]


def _row_rules() -> list[Rule]:
    untyped, has_untyped = _date_columns("{0} <> '' and {0}_date is null")
    ancient, has_ancient = _date_columns("{0}_date < '1900-01-01'")
    return [
        Rule(
            "key_filled",
            "Setiap TKI punya ID TKI, tanpa spasi di awal atau akhir.",
            """
            select concat('ID TKI [', id_tki, '] kosong atau berspasi') as problem
            from {batch}
            where id_tki = '' or id_tki like ' %' or id_tki like '% '
            """,
        ),
        Rule(
            "dates_typed",
            "Di mana ada teks tanggal, di sampingnya ada tanggal yang sah.",
            f"select concat('TKI ', id_tki, ': ', {untyped}) as problem from {{batch}} where {has_untyped}",
        ),
        Rule(
            "dates_since_1900",
            "Tidak ada tanggal sebelum tahun 1900.",
            f"select concat('TKI ', id_tki, ': ', {ancient}) as problem from {{batch}} where {has_ancient}",
        ),
        Rule(
            "row_checksum",
            "Checksum baris yang tersimpan sama dengan yang dihitung ulang"
            f" (satu dari {SAMPLE} baris, bergilir tiap batch).",
            f"""
            select concat('TKI ', id_tki, ' tidak sesuai checksumnya') as problem
            from {{batch}}
            where row_crc % {SAMPLE} = {NEWEST} % {SAMPLE} and row_crc <> {row_crc_sql()}
            """,
        ),
    ]


def _date_columns(condition: str) -> tuple[str, str]:
    """Return SQL that names the date columns of a row that meet a condition, and SQL whether any does."""
    cases = ", ".join(f"case when {condition.format(name)} then '{name}' end" for name in DATE_COLUMNS)
    return f"concat_ws(', ', {cases})", " or ".join(f"({condition.format(name)})" for name in DATE_COLUMNS)


def _secrecy_rules() -> list[Rule]:
    return [
        Rule(
            "prints_encrypted",
            "Setiap rekaman sidik jari tersimpan tersandi (AES-256-GCM), tidak satu pun terbaca.",
            f"""
            select concat('sidik jari TKI ', id_tki, ' jari ', jari, ' tidak tersandi semestinya') as problem
            from posko_staging.tki_sidik_jari
            where length(nonce) <> 12 or nonce = repeat(char(0), 12) or key_id = ''
              or length(ciphertext) <> data_bytes + {TAG_BYTES}
              or (
                data_bytes > 0 and data_crc % {SAMPLE} = {NEWEST} % {SAMPLE}
                and crc32(left(ciphertext, data_bytes)) = data_crc
              )
            """,
        ),
        Rule(
            "no_nik_in_records",
            "Tidak ada NIK di catatan proses (batch, bagian, tahap, pemeriksaan).",
            holds_nik(
                {
                    "posko_staging.receive_batch": "problem",
                    "posko_staging.receive_chunk": "range_label",
                    "posko.job_run": "detail",
                    "posko.check_run": "observed",
                }
            ),
        ),
    ]
