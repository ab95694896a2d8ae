"""The public verification under load: one process on one core, asked by many addresses over kept lines (§14.3; issue 6).

Six of ten ask with the right code, three with a wrong one, one opens the form. Every answer is the application's own, with its limits and
its floor in place; addresses are as many as requests, because one address gets few.
"""

from __future__ import annotations

import asyncio
import os
import signal
import statistics
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import sqlalchemy as sa

from apps.bench.report import Line, against_limit, note
from posko.db.migrate import migrate
from posko.db.secrets import read_or_make_key
from posko.db.server_process import free_port
from posko.domain.errors import DataRefused
from posko.domain.handoff import Hop
from posko.domain.secure_code import digest_of
from posko.services.result_table import hashes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apps.bench.installation import Installation

CERTIFICATES, LINES, SECONDS, WARM = 5_000, 10, 15.0, 2.0
LEAST_A_SECOND, MOST_MS = 300, 50.0
START_SECONDS = 60
BEFORE = 5_000_000
"""Numbers of journeys that other measurements on the same server may use."""
_ROWS = (
    "insert into posko.lsp values ('LSP-P', 'LSP Tata Laksana Rumah Tangga', 'LIC', '2025-01-01', '2030-12-31')",
    (
        "insert into posko.journey (journey_id, tki_id, scheme_code, journey_no, attempt_no, status, opened_at, moved_at)"
        " select seq, 8000000 + seq, 'TLRT', 1, 1, 'PUBLISHED', '2026-03-02', '2026-03-12' from {seq}"
    ),
    (
        "insert into posko.candidate (journey_id, tki_id, scheme_code, full_name, born_on, source_batch_id, source_row_crc, registered_at,"
        " registered_by) select seq, 8000000 + seq, 'TLRT', 'SITI NURHALIZAH', '1983-05-01', 1, 1, '2026-03-02', 'KO1' from {seq}"
    ),
    (
        "insert into posko.decision (decision_id, journey_id, session_id, lsp_code, sk_no, result, asesor_result, decided_at, decided_by)"
        " select seq, seq, 1, 'LSP-P', 'SK-1', 'K', 'K', '2026-03-11', 'LS1' from {seq}"
    ),
)
_CERTIFICATE = (
    "insert into posko.certificate (journey_id, decision_id, tki_id, scheme_code, lsp_code, certificate_no, certified_on, valid_until,"
    " secure_code_digest, secure_code_cipher, status_at) values (:journey, :journey, :tki, 'TLRT', 'LSP-P', :number, '2026-03-11',"
    " '2099-03-11', :digest, 'x', '2026-03-11')"
)
_HANDED = (
    "insert into posko.handoff_line (batch_id, tki_id, hop, journey_id, row_hash, status)"
    " select 1, :tki, :hop, :journey, :hash, 'LOADED'"
)


@dataclass
class Load:
    """What the lines of the load saw: milliseconds of each answer, and answers that were not as expected."""

    milliseconds: list[float] = field(default_factory=list)
    strange: int = 0
    asked: int = 0


def measure_public(made: Installation, seconds: float = SECONDS) -> tuple[list[Line], dict[str, Any]]:
    """Ask for so many seconds; return the lines and what was counted.

    Raises:
        DataRefused: the application did not start.
    """
    migrate(made.target)
    _put(made)
    with _served(made) as port:
        asyncio.run(_ask(port, WARM))
        began = time.monotonic()
        load = asyncio.run(_ask(port, seconds))
        taken = time.monotonic() - began
    rate = len(load.milliseconds) / taken
    ordered = sorted(load.milliseconds)
    lines = [
        Line("pemeriksaan umum, satu inti", rate, "permintaan/detik", LEAST_A_SECOND, "paling sedikit", at_least=1.0),
        against_limit("pemeriksaan umum, p95", [ordered[len(ordered) * 95 // 100]], MOST_MS, unit="ms"),
        note("pemeriksaan umum, tengah", statistics.median(ordered), unit="ms"),
    ]
    return lines, {"public_answers": len(ordered), "public_strange": load.strange}


def code_of(place: int) -> str:
    """Return the secure code of the certificate at a place."""
    return f"{place * 7919 % 2**24:06X}"


def number_of(place: int) -> str:
    """Return the number of the certificate at a place."""
    return f"PRT.1025.2026.{place:07d}"


@contextmanager
def _served(made: Installation) -> Iterator[int]:
    """Run `posko public` on one core, and yield its port."""
    port = free_port()
    settings = made.settings.model_copy(update={"public_proxies": "127.0.0.1"})
    log = made.settings.var / "public.log"
    with log.open("wb") as output:
        process = type(made)(settings).start("public", "--port", str(port), output=output)
    try:
        os.sched_setaffinity(process.pid, {min(os.sched_getaffinity(0))})
        until = time.monotonic() + START_SECONDS
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > until:
                raise DataRefused(f"posko public tidak berjalan: {log.read_text('utf-8', 'replace')[-300:]}")
            time.sleep(0.1)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(START_SECONDS)


def _answers(port: int) -> bool:
    async def knock() -> bool:
        load = Load()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await _one(reader, writer, b"GET /sehat HTTP/1.1\r\nHost: x\r\n\r\n", b"sehat", load)
        writer.close()
        return load.strange == 0

    with suppress(OSError, asyncio.IncompleteReadError):
        return asyncio.run(knock())
    return False


async def _ask(port: int, seconds: float) -> Load:
    load, until = Load(), time.monotonic() + seconds
    await asyncio.gather(*(_line(port, until, load) for _ in range(LINES)))
    return load


async def _line(port: int, until: float, load: Load) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.monotonic() < until:
        load.asked += 1
        request, expected = _request(load.asked)
        began = time.monotonic()
        await _one(reader, writer, request, expected, load)
        load.milliseconds.append((time.monotonic() - began) * 1000)
    writer.close()


async def _one(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes, expected: bytes, load: Load
) -> None:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    body = await reader.readexactly(length)
    load.strange += expected not in body or not head.startswith(b"HTTP/1.1 200")


def _request(place: int) -> tuple[bytes, bytes]:
    """Return a request, and what its answer must hold."""
    kind = place % 10
    if kind == 0:
        return b"GET /verifikasi HTTP/1.1\r\nHost: x\r\n\r\n", b"Secure code"
    wanted = 1 + place % CERTIFICATES
    code = code_of(wanted) if kind < 7 else "000000"
    # A wrong code goes to a number of its own, so that no number is locked while it is measured.
    number = number_of(wanted) if kind < 7 else number_of(CERTIFICATES + place)
    body = urlencode({"nomor": number, "kode": code}).encode()
    source = f"10.{place >> 16 & 255}.{place >> 8 & 255}.{place & 255}"
    head = (
        f"POST /verifikasi HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {source}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body, b">SAH<" if kind < 7 else b"TIDAK DIKENAL"


def _put(made: Installation) -> None:
    """Put certificates where only acts may: what leads up to them is not measured here."""
    key = read_or_make_key(made.settings.secrets / "secure-code-digest")
    places = range(1, CERTIFICATES + 1)
    rows = [
        {
            "journey": BEFORE + place,
            "tki": str(8_000_000 + BEFORE + place),
            "number": number_of(place),
            "digest": digest_of(key, code_of(place)),
        }
        for place in places
    ]
    engine = made.target.engine(made.target.admin, "posko")
    with engine.begin() as db:
        db.exec_driver_sql("set session foreign_key_checks = 0")
        for statement in _ROWS:
            db.exec_driver_sql(statement.format(seq=f"seq_{BEFORE + 1}_to_{BEFORE + CERTIFICATES}"))
        db.execute(sa.text(_CERTIFICATE), rows)
        handed = hashes_of(db, [BEFORE + place for place in places])
        hop = Hop.LSP_TO_BNSP.value
        db.execute(
            sa.text(_HANDED),
            [
                {"tki": row["tki"], "journey": row["journey"], "hop": hop, "hash": handed[int(str(row["journey"]))]}
                for row in rows
            ],
        )
        db.exec_driver_sql("set session foreign_key_checks = 1")
    engine.dispose()
