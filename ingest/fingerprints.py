"""Fingerprint records of BNP2TKI: pulled as opaque bytes, encrypted before they touch POSKO's disk (R-026, R-187).

AES-256-GCM under a key file outside the database; person, finger and format are authenticated with each record, so that a
record moved to another person does not open. The plain bytes are in no log and in no other table.
"""

from __future__ import annotations

import json
import secrets
import zlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from posko.db.secrets import read_or_make_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pymysql.connections import Connection as PyMySQL

    from posko.db.lease import Lease
    from posko.settings import Settings

KEY_ID = "template-1"
ROWS_A_STEP = 500
KEY_WIDTH = 255
FORMAT_WIDTH = 20
TABLE = "posko_staging.tki_sidik_jari"


def associated(id_tki: str, finger: int, form: str, key_id: str) -> bytes:
    """Return what is authenticated with a record: whose it is, which finger (1-10, ISO/IEC 19794-2), which format, which key."""
    return "|".join(("tki_sidik_jari", id_tki, str(finger), form, key_id)).encode()


def key_path(secrets_dir: Path) -> Path:
    """Return the file of the key that encrypts templates."""
    return secrets_dir / KEY_ID


def receive_fingerprints(
    source: PyMySQL[Any],
    staging: PyMySQL[Any],
    lease: Lease,
    *,
    batch_id: int,
    settings: Settings,
    verify: bool,
) -> int:
    """Pull new and changed records, and return how many were written.

    `verify` compares the checksum of every record instead of trusting `updated_at`, and dates those no longer sent.
    """
    cipher = AESGCM(read_or_make_key(key_path(settings.secrets)))
    with source.cursor() as cursor:
        cursor.execute("select count(*), least(max(updated_at), utc_timestamp(6)) from tki_sidik_jari")
        rows, newest = cursor.fetchone()
    watermark = _watermark(staging)
    since = watermark - timedelta(minutes=settings.receive_overlap_minutes) if watermark else None
    written = _pull(source, staging, lease, cipher, batch_id, None if verify else since)
    if verify or (watermark is not None and _standing(staging) != rows):
        _date_missing(source, staging, lease, batch_id)
    with staging.cursor() as cursor:
        lease.check_fence(cursor)
        cursor.execute(
            "replace into posko_staging.receive_watermark (source_table, watermark, batch_id) values ('tki_sidik_jari', %s, %s)",
            (newest, batch_id),
        )
    staging.commit()
    return written


def _watermark(staging: PyMySQL[Any]) -> Any:
    with staging.cursor() as cursor:
        cursor.execute("select watermark from posko_staging.receive_watermark where source_table = 'tki_sidik_jari'")
        row = cursor.fetchone()
    staging.commit()
    return row[0] if row else None


def _standing(staging: PyMySQL[Any]) -> int:
    with staging.cursor() as cursor:
        cursor.execute(f"select count(*) from {TABLE} where deleted_at is null")
        (count,) = cursor.fetchone()
    staging.commit()
    return int(count)


def _pull(source: PyMySQL[Any], staging: PyMySQL[Any], lease: Lease, cipher: AESGCM, batch_id: int, since: Any) -> int:
    written, after = 0, ("", 0)
    newer = "" if since is None else " and (updated_at >= %s or updated_at is null)"
    while True:
        with source.cursor() as cursor:
            cursor.execute(
                "select id_tki, jari, format, data, updated_at from tki_sidik_jari"
                f" where (id_tki > %s or (id_tki = %s and jari > %s)){newer} order by id_tki, jari limit {ROWS_A_STEP}",
                (after[0], after[0], after[1], *(() if since is None else (since,))),
            )
            rows = cursor.fetchall()
        if not rows:
            return written
        written += _write(staging, lease, cipher, batch_id, rows)
        after = (rows[-1][0], rows[-1][1])


def _write(staging: PyMySQL[Any], lease: Lease, cipher: AESGCM, batch_id: int, rows: Iterable[tuple[Any, ...]]) -> int:
    everything = [(id_tki, finger, form or "", sent, moment) for id_tki, finger, form, sent, moment in rows]
    rows = [row for row in everything if _fits(row)]
    with staging.cursor() as cursor:
        lease.check_fence(cursor)
        _refuse(cursor, batch_id, [row for row in everything if not _fits(row)])
        cursor.execute("select utc_timestamp(6)")
        (now,) = cursor.fetchone()
        cursor.execute(
            f"select id_tki, jari, format, data_crc, data_bytes from {TABLE} where deleted_at is null and id_tki in %s",
            ([row[0] for row in rows] or [""],),
        )
        known = {(id_tki, finger): (form, crc, size) for id_tki, finger, form, crc, size in cursor.fetchall()}
        sealed = []
        for id_tki, finger, form, sent, updated_at in rows:
            data = sent or b""
            if known.get((id_tki, finger)) == (form, zlib.crc32(data), len(data)):
                continue
            nonce = secrets.token_bytes(12)
            ciphertext = cipher.encrypt(nonce, data, associated(id_tki, finger, form, KEY_ID))
            moment = updated_at if isinstance(updated_at, datetime) else None  # a zero date is no time
            facts = (KEY_ID, nonce, ciphertext, len(data), zlib.crc32(data), moment, batch_id, now)
            sealed.append((id_tki, finger, form, *facts))
        cursor.executemany(
            f"replace into {TABLE} (id_tki, jari, format, key_id, nonce, ciphertext, data_bytes, data_crc, updated_at, batch_id,"
            " received_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            sealed,
        )
    staging.commit()
    return len(sealed)


def _fits(row: tuple[Any, ...]) -> bool:
    return len(row[0]) <= KEY_WIDTH and len(row[2]) <= FORMAT_WIDTH


def _refuse(cursor: Any, batch_id: int, rows: list[tuple[Any, ...]]) -> None:
    """Quarantine records whose key or format no table of ours can hold; the print itself is not copied in clear."""
    for id_tki, finger, form, data, _ in rows:
        crcs = (zlib.crc32(id_tki.encode()), zlib.crc32(data or b""))
        as_sent = json.dumps(
            {"id_tki": id_tki, "jari": finger, "format": form, "data_bytes": len(data or b"")},
            ensure_ascii=False,
        )
        cursor.execute(
            "insert into posko_staging.quarantine (batch_id, source_table, id_tki, reasons, row_as_sent, key_crc, row_crc, copy_no,"
            " first_seen_at) select %s, 'tki_sidik_jari', %s, 'TOO_LONG', %s, %s, %s, %s, utc_timestamp(6) from dual"
            " where not exists (select 1 from posko_staging.quarantine where source_table = 'tki_sidik_jari' and key_crc = %s"
            " and row_crc = %s and copy_no = %s and resolved_at is null)",
            (batch_id, id_tki[:KEY_WIDTH], as_sent, *crcs, finger, *crcs, finger),
        )


def _date_missing(source: PyMySQL[Any], staging: PyMySQL[Any], lease: Lease, batch_id: int) -> None:
    """Date the records that the source no longer has; both sides are walked in steps of the same persons."""
    after = ""
    while True:
        with staging.cursor() as cursor:
            cursor.execute(
                f"select distinct id_tki from {TABLE} where deleted_at is null and id_tki > %s order by id_tki limit 5000",
                (after,),
            )
            persons = [id_tki for (id_tki,) in cursor.fetchall()]
        staging.commit()
        if not persons:
            return
        after = persons[-1]
        with source.cursor() as cursor:
            cursor.execute("select id_tki, jari from tki_sidik_jari where id_tki in %s", (persons,))
            sent = set(cursor.fetchall())
        with staging.cursor() as cursor:
            lease.check_fence(cursor)
            cursor.execute(f"select id_tki, jari from {TABLE} where deleted_at is null and id_tki in %s", (persons,))
            gone = [pair for pair in cursor.fetchall() if pair not in sent]
            cursor.executemany(
                f"update {TABLE} set deleted_at = utc_timestamp(6), batch_id = {batch_id:d} where id_tki = %s and jari = %s",
                gone,
            )
        staging.commit()
