"""`posko bench audit`: what the audit log costs, and how long a million events take to seal and to verify (R-021, R-181).

Writers with and without audit take turns on the same server; with audit each transaction also writes its event. These transactions are
smaller than any act, so they show the worst that the log could cost; the limit is held to the acts themselves (`posko bench core`).
"""

from __future__ import annotations

import functools
import json
import multiprocessing
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

import click

from apps.bench.installation import throw_away
from apps.bench.report import Report, against_limit, against_peer, load_remark, note
from apps.cli import context
from apps.cli.screen import number
from posko.db.audit import MAC_KEY, AuditWriter
from posko.db.audit_file import lines_of
from posko.db.migrate import migrate
from posko.db.secrets import read_or_make_key
from posko.domain.audit import Actor, Event
from posko.services.audit_export import EVENTS, export, verify_tables
from posko.services.audit_notes import public_key, read_note
from posko.services.audit_verify import verify_records
from posko.services.sealing import Keeper, seal

if TYPE_CHECKING:
    from collections.abc import Callable

    from apps.bench.installation import Installation
    from apps.bench.report import Line
    from posko.db.engine import Server
    from posko.settings import Settings

LIMIT_SECONDS = 60.0
A_TRANSACTION = 1_000
ROUND_SECONDS = 4.0
PROCESSES = 4
START_SECONDS = 6.0
"""Until then the processes of a round have started and connected."""
_ROW = (
    "insert into posko.job_run (run_id, stage, started_at, outcome) values ('bench', 'bench', utc_timestamp(6), 'ok')"
)
TRANSACTIONS: dict[str, tuple[str, ...]] = {
    "satu INSERT": (_ROW,),
    "satu tindakan": (
        "select job_run_id from posko.job_run where run_id = 'not there' limit 1",
        _ROW,
        "update posko.job_run set ended_at = utc_timestamp(6) where job_run_id = last_insert_id()",
        "insert into posko.check_run (gate, checked_at, outcome, expectation) values ('b', utc_timestamp(6), 'ok', 'b')",
    ),
}
"""What a transaction does beside its event: the least there is, and what an act does (look-up, row, status, ledger line)."""
_ACTOR = Actor("person", "BENCH-01", "TUK")


def an_event(place: int) -> Event:
    """Return an event with a payload of usual size."""
    payload = {"before": "REGISTERED", "after": "SCHEDULED", "batch": place // 100, "reason": "bench"}
    return Event("candidate.schedule", _ACTOR, "candidate", f"C{place}", payload=payload)


def measure(
    installation: Installation, *, events: int, writers: int, rounds: int, say: Callable[[str], None] = lambda _: None
) -> Report:
    """Measure the cost at so many writers, then seal and verify so many events."""
    migrate(installation.target)
    audit = AuditWriter.of(installation.settings)
    report = Report("audit", f"{number(events)} peristiwa, {writers} penulis", remarks=load_remark())
    say(f"{writers} penulis, dengan dan tanpa log, bergantian")
    report.extra["transactions_per_second"] = {}
    for name in TRANSACTIONS:
        plain, logged = [], []
        for _ in range(rounds):
            plain.append(_rate(installation, writers, name, with_audit=False))
            logged.append(_rate(installation, writers, name, with_audit=True))
        per_writer = 1_000 * writers
        report.lines.append(
            against_peer(
                f"{name} dengan log",
                [per_writer / rate for rate in logged],
                [per_writer / rate for rate in plain],
                "tanpa log",
                unit="ms",
            )
        )
        report.extra["transactions_per_second"][name] = {"plain": plain, "logged": logged}
    say(f"menulis {number(events)} peristiwa")
    report.lines += _seal_and_verify(installation, audit, events, report, say)
    report.extra |= {"events": events, "writers": writers}
    return report


def _rate(installation: Installation, writers: int, transaction: str, *, with_audit: bool) -> float:
    """Return committed transactions a second of so many writers in several processes: one would measure Python's lock."""
    processes = min(PROCESSES, writers)
    shares = [writers // processes + (place < writers % processes) for place in range(processes)]
    start_at = time.time() + START_SECONDS
    job = functools.partial(
        _work, installation.target, installation.settings, transaction, with_audit=with_audit, start_at=start_at
    )
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        return sum(pool.map(job, shares)) / ROUND_SECONDS


def _work(
    server: Server, settings: Settings, transaction: str, writers: int, *, with_audit: bool, start_at: float
) -> int:
    """Return the transactions of one process's writers between the start and the end of the round."""
    engine, audit = server.engine("posko_app", "posko"), AuditWriter.of(settings) if with_audit else None
    counts = [0] * writers

    def work(own: int) -> None:
        with engine.connect() as db:
            db.exec_driver_sql("select 1")
            db.rollback()
            time.sleep(max(0.0, start_at - time.time()))
            while time.time() < start_at + ROUND_SECONDS:
                for statement in TRANSACTIONS[transaction]:
                    db.exec_driver_sql(statement)
                if audit:
                    audit.write(db, an_event(counts[own]))
                db.commit()
                counts[own] += 1

    threads = [threading.Thread(target=work, args=(own,), daemon=True) for own in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    return sum(counts)


def _seal_and_verify(
    installation: Installation, audit: AuditWriter, events: int, report: Report, say: Callable[[str], None]
) -> list[Line]:
    server, settings = installation.target, installation.settings
    engine, keeper = server.engine("posko_app", "posko"), Keeper.of(settings)
    # What the writers left is sealed first, so that exactly so many events are measured.
    seal(server, keeper)
    with _Clock() as filling, engine.connect() as db:
        for first in range(0, events, A_TRANSACTION):
            audit.write_many(db, [an_event(place) for place in range(first, min(first + A_TRANSACTION, events))])
            db.commit()
    engine.dispose()
    say("menyegel")
    with _Clock() as sealing:
        done = seal(server, keeper)
    checkpoints, key = [read_note(done.note or "")], public_key(keeper.private)
    say("memverifikasi")
    with _Clock() as tables:
        holder = verify_tables(server, checkpoints, key, mac_key=read_or_make_key(settings.secrets / MAC_KEY))
    folder = settings.var / "audit-export"
    export(server, keeper, folder)
    with _Clock() as files:
        outsider = verify_records(lines_of(folder / EVENTS), checkpoints, key)
    report.extra["clean"] = holder.is_clean and outsider.is_clean and holder.verified == outsider.verified == done.size
    return [
        note("menulis, seribu per transaksi", filling.seconds),
        against_limit("menyegel", [sealing.seconds], LIMIT_SECONDS),
        against_limit("memverifikasi tabel, dengan kunci MAC", [tables.seconds], LIMIT_SECONDS),
        against_limit("memverifikasi ekspor, tanpa basis data", [files.seconds], LIMIT_SECONDS),
    ]


class _Clock:
    """Seconds of a block."""

    seconds = 0.0

    def __enter__(self) -> _Clock:
        self._began = time.monotonic()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.monotonic() - self._began


@click.command("audit")
@click.option(
    "--events", default=1_000_000, show_default=True, type=click.IntRange(min=100), help="Banyaknya peristiwa."
)
@click.option("--writers", default=32, show_default=True, type=click.IntRange(1, 40), help="Penulis serentak.")
@click.option("--repeats", default=3, show_default=True, type=click.IntRange(min=1), help="Putaran; median.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, events: int, writers: int, repeats: int, as_json: bool) -> None:
    """Ukur biaya log audit, penyegelan, dan verifikasinya."""
    with throw_away(context.settings()) as installation:
        report = measure(
            installation,
            events=events,
            writers=writers,
            rounds=repeats,
            say=lambda text: click.echo(f"- {text} ...", err=True),
        )
        click.echo(json.dumps(report.as_dict()) if as_json else report.show())
