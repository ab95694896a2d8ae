"""Packages in `posko bench exports`: made, encrypted, opened and verified down to the hash of every row (§12.9; issue 6).

All that a hand-off of so many candidates asks for but the database: table, row hashes, Parquet, manifest, signature and encryption at
the sender; the same backwards at the receiver, whose tables a process of their own reads. The persons are made up, their texts as varied as
in life. Memory includes the rows as the database gave them.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import resource
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apps.bench.child import peak_mb
from apps.bench.report import against_limit, note
from exports.package import read, write
from exports.package_keys import Senders, make_keys
from exports.package_manifest import Manifest
from exports.package_schemas import ALLOCATED, SCHEMAS, rows_hash, table_of

if TYPE_CHECKING:
    from apps.bench.report import Line

ROWS = 100_000
LIMIT_SECONDS = 5.0
_DAY = dt.date(2026, 3, 9)
_WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


@dataclass(frozen=True)
class Measured:
    """One package: seconds of the wall and of CPU in both processes, MB at the peak of each, bytes, rows that were verified."""

    wall: float
    cpu: float
    peak_mb: float
    child_mb: float
    size: int
    rows: int


def measure_packages(rows: int = ROWS) -> tuple[list[Line], dict[str, Any]]:
    """Make and open one package of so many rows in a process of its own; return the report's lines and what it adds to the JSON."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        found = pool.submit(work, rows).result()
    lines = [
        against_limit("paket dibuat, dienkripsi, dibuka, diverifikasi", [found.wall], LIMIT_SECONDS * rows / ROWS),
        note("CPU paket", found.cpu),
        note("memori puncak paket", found.peak_mb, unit="MB"),
        note("memori puncak proses pembaca tabel", found.child_mb, unit="MB"),
    ]
    return lines, {"package_rows": rows, "package_bytes": found.size, "package_rows_verified": found.rows}


def candidates(count: int) -> list[dict[str, Any]]:
    """Return allocated candidates as `handed_rows` gives them, each another."""
    return [_candidate(place) for place in range(count)]


def work(count: int) -> Measured:
    """Make one package and open it; the rows are there before, as they are when a database gave them."""
    rows = candidates(count)
    with tempfile.TemporaryDirectory(prefix="posko-bench-") as folder:
        bnsp, lsp = (make_keys(Path(folder) / body, body) for body in ("BNSP", "LSP:LSP-1"))
    wall, cpu = time.monotonic(), _cpu()
    table = table_of(ALLOCATED, rows)
    facts: dict[str, str | int] = {"batch_id": 1, "rows": count, "rows_sha256": rows_hash(ALLOCATED, table)}
    manifest = Manifest(ALLOCATED, 1, "BNSP", "LSP:LSP-1", 1, "", "2026-03-02T01:00:00Z", facts)
    made = write({ALLOCATED: table}, manifest, recipient=lsp.card.age, signer=bnsp.signer)
    opened = read(made.data, keys=lsp, senders=Senders.of([bnsp.card]), schemas=SCHEMAS, last={})
    arrived = opened.tables[ALLOCATED]
    is_whole = rows_hash(ALLOCATED, arrived) == opened.manifest.facts["rows_sha256"]
    wall, cpu = time.monotonic() - wall, _cpu() - cpu
    child_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Measured(wall, cpu, peak_mb(), child_mb, len(made.data), arrived.num_rows if is_whole else 0)


def _candidate(place: int) -> dict[str, Any]:
    places = {
        "exam_on": _DAY,
        "slot": 1,
        "lsp_code": "LSP-1",
        "tuk_code": f"TUK-{place % 40:02d}",
        "met_no": f"MET.{place % 300:06d}",
    }
    proposed = {
        "proposed_on": _DAY,
        "proposed_lsp_code": "LSP-1",
        "proposed_tuk_code": f"TUK-{place % 40:02d}",
        "reason": None,
    }
    person = {
        "full_name": f"SITI NURHALIZAH BINTI ABDULLAH {place * 7919 % 99991}",
        "birth_place": f"KABUPATEN {place % 514}",
        "born_on": dt.date(1975, 1, 1) + dt.timedelta(days=place * 37 % 10_000),
        "sex": "PEREMPUAN",
        "address": f"KAMPUNG SUKAMAJU RT {place % 20:02d} RW {place % 9:02d} DESA {place * 31 % 83_000}",
        "city": f"KABUPATEN {place * 7 % 514}",
        "phone": f"08{place * 48_271 % 10**10:010d}",
        "email": None,
        "sector": "TATA LAKSANA RUMAH TANGGA",
        "destination": ("HONG KONG", "TAIWAN", "SINGAPURA", "MALAYSIA")[place % 4],
    }
    training = {
        "blkln_code": f"H{place % 200:02d}AN{place % 40:03d}",
        "pptkis_name": f"PT DUTA {place % 500}",
        "training_ended_on": _DAY,
    }
    source = {"source_batch_id": 1 + place // 5_000, "source_row_crc": place * 2_654_435_761 % 2**32}
    number = {"tki_id": str(9_000_000 + place), "scheme_code": "TLRT", "journey_no": 1, "attempt_no": 1}
    return {**number, **places, **proposed, **person, **training, **source}


def _cpu() -> float:
    used = [resource.getrusage(who) for who in _WHO]
    return sum(one.ru_utime + one.ru_stime for one in used)
