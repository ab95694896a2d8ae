"""`posko bench receive`: the pull against the server's own export and import of the same rows (§12.1-12.2).

The yardstick is `SELECT INTO OUTFILE` at the source and `LOAD DATA INFILE` at POSKO's server into a table with
the same primary key: no typing, no checksum, no quarantine, no history. Yardstick and receive take turns.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import statistics
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

from apps.bench import dlt_peer
from apps.bench.report import Line, Report, against_limit, against_peer, faster_than, note, size_remark
from apps.cli.screen import number
from ingest.simulator import DEFAULT_FAULT_SHARE, mutate
from ingest.simulator_schema import TABLES
from posko.db.server import private_server
from posko.domain.errors import DataRefused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from apps.bench.installation import Finished, Installation
    from ingest.simulator import Mutated
    from posko.db.engine import Server

YARDSTICK_LIMIT = 1.2
MEMORY_LIMIT_MB = 150
DELTA_SECONDS = 2.0
VERIFY_SECONDS = 3.0
DLT_TIMES = 8.0
CHANGED_SHARE = 100
"""One row in so many is corrected: 10,000 of 1,000,000."""
LIED_SHARE = 1000
REPAIRED_AGAIN = 0.05
SCHEMA = "posko_bench"
FILE = "posko-bench.tsv"
PEER = "OUTFILE + LOAD DATA"


def measure(
    installation: Installation,
    *,
    tki: int,
    repeats: int,
    dlt: bool = False,
    fault_share: float = DEFAULT_FAULT_SHARE,
    say: Callable[[str], None] = lambda _: None,
) -> Report:
    """Measure the pull of a whole source, of a hundredth of it, and of nothing.

    Args:
        installation: to measure on; its source is made anew.
        tki: rows of the source.
        repeats: how often each measurement is taken; medians count.
        dlt: measure dlt's copy of the same table too (minutes).
        fault_share: part of the rows that the simulator plants a fault in.
        say: told what comes next.
    """
    report = Report(
        "receive",
        f"{number(tki)} TKI, {fault_share:.0%} baris sengaja salah",
        remarks=size_remark(tki),
    )
    say(f"membuat sumber {number(tki)} TKI")
    installation.simulate(tki, fault_share=fault_share)
    yardsticks, full = _take_turns(installation, repeats, say)
    seconds = [one.document["seconds"] for one in full]
    changed = max(tki // CHANGED_SHARE, 1)
    delta = [_delta(installation, changed, say) for _ in range(repeats)]
    verified = [_nothing_changed(installation, say) for _ in range(repeats)]
    lied = _lies(installation, max(tki // LIED_SHARE, 1), say)
    report.lines = [
        against_peer(
            "terima semua, diketik, dicocokkan di kedua sisi", seconds, yardsticks, PEER, at_most=YARDSTICK_LIMIT
        ),
        against_limit("memori puncak klien", [one.peak_mb for one in full], MEMORY_LIMIT_MB, unit="MB"),
        note("CPU klien", min(one.cpu_seconds for one in full)),
        note("seluruh proses posko receive", min(one.seconds for one in full)),
        against_limit(f"{number(changed)} baris berubah", delta, DELTA_SECONDS),
        against_limit("tidak ada yang berubah, dengan --verify", verified, VERIFY_SECONDS),
        lied,
    ]
    if dlt:
        _add_dlt(report, installation, seconds, say)
    report.extra |= {"tki": tki, "changed": changed, "client_cpu_seconds": [one.cpu_seconds for one in full]}
    return report


def _add_dlt(report: Report, installation: Installation, seconds: list[float], say: Callable[[str], None]) -> None:
    """Hold our pull against dlt's copy of the same table: as dlt does it by itself, and, as a note, with its fastest backend."""
    say("dlt menyalin tabel yang sama")
    usual = dlt_peer.measure(installation)
    say(f"dlt menyalin tabel yang sama, backend {dlt_peer.FASTEST}")
    fastest = dlt_peer.measure(installation, dlt_peer.FASTEST)
    name = f"dlt {usual['version']} sql_database"
    against = faster_than("terima semua, lebih cepat dari dlt", seconds, usual["seconds"], name, at_least=DLT_TIMES)
    ratio = fastest["seconds"] / statistics.median(seconds)
    report.lines[1:1] = [
        against,
        note(
            f"  dlt dengan backend {dlt_peer.FASTEST}: {ratio:.1f} kali waktu kita".replace(".", ","),
            fastest["seconds"],
        ),
    ]
    report.extra |= {"dlt": usual, "dlt_fastest": fastest}
    report.remarks.append(f"dlt berhenti pada tanggal nol; {usual['cured_rows']} baris itu diperbaiki lebih dulu.")


def _take_turns(
    installation: Installation, repeats: int, say: Callable[[str], None]
) -> tuple[list[float], list[Finished]]:
    yardsticks, full = [], []
    for turn in range(1, repeats + 1):
        say(f"putaran {turn} dari {repeats}: tolok ukur, lalu terima")
        installation.reset_target()
        installation.settle()
        yardsticks.append(yardstick(installation))
        installation.settle()
        full.append(installation.posko("receive", "--json"))
    return yardsticks, full


def yardstick(installation: Installation) -> float:
    """Return the seconds of the server's own export and import; the way of the file between does not count."""
    source, target = installation.source, installation.target
    sent, came = _exchange_file(installation, "bnp2tki"), _exchange_file(installation, "posko")
    with closing(target.connect(target.admin)) as connection, connection.cursor() as cursor:
        cursor.execute(f"create database {SCHEMA} character set utf8mb4 collate utf8mb4_bin")
        cursor.execute(f"use {SCHEMA}")
        cursor.execute(TABLES["tki_tlrt"])
    try:
        exported = _timed(source, None, f"select * from tki_tlrt into outfile '{sent.seen}' character set utf8mb4")
        _hand_over(sent.path, came.path)
        loaded = _timed(target, SCHEMA, f"load data infile '{came.seen}' into table tki_tlrt character set utf8mb4")
    finally:
        sent.path.unlink(missing_ok=True)
        came.path.unlink(missing_ok=True)
        with closing(target.connect(target.admin)) as connection, connection.cursor() as cursor:
            cursor.execute(f"drop database {SCHEMA}")
    return exported + loaded


class _ExchangeFile:
    """The file that a server may read and write: as the server names it, and where it is on this machine."""

    def __init__(self, seen: str, path: Path) -> None:
        self.seen, self.path = seen, path


def _exchange_file(installation: Installation, name: str) -> _ExchangeFile:
    server = installation.target if name == "posko" else installation.source
    with closing(server.connect(server.admin, "information_schema")) as connection, connection.cursor() as cursor:
        cursor.execute("select @@global.secure_file_priv")
        (folder,) = cursor.fetchone()
    return _ExchangeFile(f"{str(folder).rstrip('/')}/{FILE}", private_server(installation.settings, name).data / FILE)


def _hand_over(sent: Path, came: Path) -> None:
    owner = came.parent.stat()
    shutil.move(sent, came)
    if os.geteuid() == 0:
        os.chown(came, owner.st_uid, owner.st_gid)


def _timed(server: Server, database: str | None, statement: str) -> float:
    with closing(server.connect(server.admin, database)) as connection, connection.cursor() as cursor:
        # The planted zero dates must pass as they are; what the receiver thinks of them is not the yardstick's matter.
        cursor.execute("set session sql_mode = 'NO_ENGINE_SUBSTITUTION'")
        began = time.monotonic()
        cursor.execute(statement)
        connection.commit()
        return time.monotonic() - began


def change_source(installation: Installation, **changes: int) -> Mutated:
    """Change the source an hour after its newest row, as between two hourly runs."""
    source = installation.source
    with closing(source.connect(source.admin, local_infile=True)) as connection:
        with connection.cursor() as cursor:
            cursor.execute("select max(updated_at) from tki_tlrt")
            (newest,) = cursor.fetchone()
        return mutate(connection, at=newest + dt.timedelta(hours=1), **changes)


def _delta(installation: Installation, changed: int, say: Callable[[str], None]) -> float:
    say(f"{number(changed)} baris dikoreksi di sumber, lalu terima")
    change_source(installation, corrections=changed)
    installation.settle()
    document = installation.posko("receive", "--json").document
    _expect(document, taken_over=changed)
    return float(document["seconds"])


def _nothing_changed(installation: Installation, say: Callable[[str], None]) -> float:
    say("tidak ada yang berubah, terima dengan --verify")
    installation.settle()
    document = installation.posko("receive", "--verify", "--json").document
    _expect(document, taken_over=0)
    return float(document["seconds"])


def _lies(installation: Installation, lied: int, say: Callable[[str], None]) -> Line:
    say(f"{number(lied)} baris diubah diam-diam, terima dengan --verify")
    change_source(installation, lie=lied)
    installation.settle()
    document = installation.posko("receive", "--verify", "--json").document
    _expect(document, taken_over=lied)
    return note(f"{number(lied)} perubahan diam-diam, semua ditemukan --verify", float(document["seconds"]))


def _expect(document: dict[str, Any], *, taken_over: int) -> None:
    """Refuse a speed that was reached by not doing the work.

    A row that an earlier round repaired may be drawn again and come out equal; so a few may be missing.

    Raises:
        DataRefused: the run took over another number of rows than were changed.
    """
    taken = document["updated"] + document["inserted"]
    if not taken_over * (1 - REPAIRED_AGAIN) <= taken <= taken_over:
        raise DataRefused(f"Penerimaan mengambil alih {taken} baris, padahal {taken_over} yang berubah di sumber.")
