"""An auditor's pack made for one person: permission, the file, and its hash in the log before anybody has it (§5.7; R-025)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from exports.audit_pack import write
from exports.certificate_keys import signer_in
from posko.domain.errors import BadInput
from posko.services import audit_pack
from posko.services.audit_pack_rows import open_source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    from posko.db.engine import Server
    from posko.services.audit_notes import Checkpoint
    from posko.services.office import Desk

README = """Paket auditor POSKO BNSP

Setiap folder adalah satu tabel; berkasnya Parquet dan dapat dibuka alat apa pun (DuckDB, Python, R).
manifest.json memuat masa, kolom, jumlah baris, dan SHA-256 setiap berkas; manifest.sig tanda tangannya.

Periksa tanpa server, dengan kunci publik dan checkpoint yang Anda terima sendiri, bukan dari paket ini:
  posko audit verify-pack PAKET --key kunci-bnsp.json --key log.vkey --checkpoint BERKAS.note

Keterangan tabel dan arti setiap temuan: docs/audit-pack.md.
"""


@dataclass(frozen=True)
class Made:
    """A pack that was made: SHA-256 in hex, bytes, events of the log in it, rows of all tables."""

    sha256: str
    bytes: int
    events: int
    rows: int


def make(
    desk: Desk,
    server: Server,
    secrets: Path,
    *,
    first: date,
    last: date,
    path: Path,
    held: Sequence[Checkpoint] = (),
    told: Callable[[int], None] | None = None,
) -> Made:
    """Make a pack of these days at a path where nothing stands yet.

    Args:
        desk: of an auditor, or of who may give a pack to one.
        server: POSKO's own.
        secrets: folder of the key that signs.
        first: first day in western Indonesia.
        last: last day, with.
        path: where it shall stand.
        held: checkpoints that the auditor holds.
        told: hears rows of each part that was written.

    Raises:
        Refused: the desk may not, or the log of these days is not sealed.
        BadInput: something stands at the path, or a checkpoint is none of this log.
    """
    if path.exists():
        raise BadInput(f"Berkas {path} sudah ada. Pilih nama lain.")
    period = desk.do(audit_pack.begin, first=first, last=last)
    fresh = path.with_name(f".{path.name}.part")
    try:
        with (
            open_source(server, period) as source,
            os.fdopen(os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as out,
        ):
            manifest = write(source, out, signer=signer_in(secrets), held=held, readme=README, told=told)
            out.flush()
            os.fsync(out.fileno())
            digest = _digest(fresh)
        events, rows = manifest.log.size - manifest.log.first, sum(manifest.counts["table"].values())
        done = Made(digest, fresh.stat().st_size, events, rows)
        desk.do(audit_pack.made, period=period, sha256=digest, counts=_counts(done))
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return done


def _counts(done: Made) -> dict[str, Any]:
    return {"bytes": done.bytes, "events": done.events, "rows": done.rows}


def _digest(path: Path) -> str:
    made = sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            made.update(part)
    return made.hexdigest()
