"""`posko bench transform`: dbt against the same SQL run by hand, and a small delivery against a full build (§12.2-12.8).

By hand means: every statement that dbt sent to the server in a full build, recorded by the server itself, sent
again in the same order over one connection. What dbt asks about the catalogue is dbt's own and left out.
"""

from __future__ import annotations

import re
import statistics
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pymysql

from apps.bench.receive import change_source
from apps.bench.report import Report, against_peer, note, size_remark
from apps.cli.screen import number
from apps.pipeline.dbt import ACCOUNT, run_dbt
from posko.domain.errors import DataRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from apps.bench.installation import Installation
    from posko.db.engine import Server

HAND_LIMIT = 1.3
DELTA_LIMIT = 0.1
SENT_BY_DBT = re.compile(r"/\* \{|insert into posko_model\.\w+__new \(")
"""How a statement of dbt begins: with its comment, or as rows of a seed. What a procedure or the driver sends does not."""
CATALOGUE = "information_schema"
PARTS = {"corrections": 0.48, "arrivals": 0.48, "deletions": 0.04}
"""What a delivery is made of."""


@dataclass(frozen=True)
class Build:
    """One dbt process: seconds from its start to its end, and those in which it worked on its nodes."""

    wall: float
    working: float
    nodes: dict[str, float]

    @property
    def start_up(self) -> float:
        """Seconds for Python, dbt's imports and the manifest."""
        return self.wall - self.working


def measure(
    installation: Installation, *, tki: int, delta: int, repeats: int, say: Callable[[str], None] = lambda _: None
) -> Report:
    """Measure a full build, the same by hand, and a build after a delivery of `delta` rows.

    Args:
        installation: to measure on; source and staging are made anew.
        tki: rows of the source.
        delta: rows that change between two builds: corrections, arrivals, deletions.
        repeats: how often each is measured; medians count.
        say: told what comes next.
    """
    report = Report("transform", f"{number(tki)} TKI", remarks=size_remark(tki))
    prepare(installation, tki, say)
    say("dbt, pertama kali")
    first = build(installation)
    say("dbt penuh dengan satu utas, dicatat server")
    with recorded(installation.target) as statements:
        single = build(installation, full=True, threads=1)
    full, by_hand = _take_turns(installation, statements, repeats, say)
    small = [_delta(installation, delta, say) for _ in range(repeats)]
    walls, hand = [one.wall for one in full], [sum(one) for one in by_hand]
    peer, threads = "SQL yang sama dengan tangan", installation.settings.dbt_threads
    report.lines = [
        against_peer(f"dbt penuh, {threads} utas", walls, hand, peer, at_most=HAND_LIMIT),
        against_peer("dbt penuh, 1 utas", [single.wall], hand, peer, at_most=HAND_LIMIT),
        against_peer(
            f"dbt setelah {number(delta)} baris berubah", [one.wall for one in small], walls, "dbt penuh",
            at_most=DELTA_LIMIT,
        ),
        note("persiapan tetap dbt (Python, impor, manifes)", statistics.median(one.start_up for one in [*full, *small])),
        note("dbt pada basis data kosong", first.wall),
        note("terima kiriman itu", statistics.median(one.received for one in small)),
    ]  # fmt: skip
    report.extra = {
        "tki": tki,
        "delta": delta,
        "statements": len(statements),
        "slowest_full": _slowest([one.nodes for one in full]),
        "slowest_delta": _slowest([one.nodes for one in small]),
        "full_seconds_by_kind": _by_kind([one.nodes for one in full]),
        "delta_seconds_by_kind": _by_kind([one.nodes for one in small]),
    }
    return report


def prepare(installation: Installation, tki: int, say: Callable[[str], None]) -> None:
    """Make source, register and staging anew."""
    say(f"membuat sumber {number(tki)} TKI")
    installation.simulate(tki)
    installation.reset_target()
    installation.posko("registry", "demo")
    say("menerima")
    installation.posko("receive", "--json")
    installation.settle()


def build(installation: Installation, *, full: bool = False, threads: int | None = None) -> Build:
    """Run one dbt build as the pipeline does."""
    settings = installation.settings
    if threads is not None:
        settings = settings.model_copy(update={"dbt_threads": threads})
    installation.settle()
    began = time.monotonic()
    outcome = run_dbt(settings, installation.target, "build", *(["--full-refresh"] if full else []))
    return Build(time.monotonic() - began, outcome.seconds, outcome.nodes)


@contextmanager
def recorded(server: Server) -> Iterator[list[str]]:
    """Let the server write down what dbt sends while the block runs; the list is filled at its end."""
    statements: list[str] = []
    with closing(server.connect(server.admin, "mysql", autocommit=True)) as connection, connection.cursor() as cursor:
        cursor.execute("select @@global.log_output")
        (usual,) = cursor.fetchone()
        cursor.execute("truncate table mysql.general_log")
        cursor.execute("set global log_output = 'TABLE'")
        cursor.execute("set global general_log = 1")
        try:
            yield statements
        finally:
            cursor.execute("set global general_log = 0")
            cursor.execute("set global log_output = %s", (usual,))
        cursor.execute("select argument from mysql.general_log where user_host like %s", (f"{ACCOUNT}%",))
        sent = (_text(argument) for (argument,) in cursor.fetchall())
        statements += [one for one in sent if SENT_BY_DBT.match(one) and CATALOGUE not in one.lower()]
        cursor.execute("truncate table mysql.general_log")


def _text(argument: Any) -> str:
    text = argument.decode() if isinstance(argument, bytes) else str(argument)
    return text.lstrip()


def run_by_hand(server: Server, statements: list[str]) -> list[float]:
    """Send the statements in order over one connection; return the seconds of each.

    Raises:
        DataRefused: the server refused one, so that the record was not what dbt ran.
    """
    seconds = []
    with (
        closing(server.connect(ACCOUNT, "posko_model", autocommit=True)) as connection,
        connection.cursor() as cursor,
    ):
        for place, statement in enumerate(statements):
            began = time.monotonic()
            try:
                cursor.execute(statement)
            except pymysql.err.MySQLError as error:
                raise DataRefused(f"Pernyataan dbt ke-{place} ditolak saat diulang dengan tangan: {error}") from error
            cursor.fetchall()
            seconds.append(time.monotonic() - began)
    return seconds


def _take_turns(
    installation: Installation, statements: list[str], repeats: int, say: Callable[[str], None]
) -> tuple[list[Build], list[list[float]]]:
    full, by_hand = [], []
    for turn in range(1, repeats + 1):
        say(f"putaran {turn} dari {repeats}: {number(len(statements))} pernyataan dengan tangan, lalu dbt penuh")
        installation.settle()
        by_hand.append(run_by_hand(installation.target, statements))
        full.append(build(installation, full=True))
    return full, by_hand


@dataclass(frozen=True)
class Delta(Build):
    """A build after a small delivery, and the seconds that its receive took before."""

    received: float


def _delta(installation: Installation, delta: int, say: Callable[[str], None]) -> Delta:
    say(f"{number(delta)} baris berubah di sumber, terima, lalu dbt")
    change_source(installation, **{kind: max(round(delta * part), 1) for kind, part in PARTS.items()})
    received = installation.posko("receive", "--json").document["seconds"]
    made = build(installation)
    return Delta(made.wall, made.working, made.nodes, received)


def _slowest(builds: list[dict[str, float]], *, count: int = 8) -> dict[str, float]:
    """Return the nodes that took longest, with their median seconds."""
    median = {name: statistics.median(one.get(name, 0.0) for one in builds) for name in builds[0]}
    order = sorted(median, key=lambda name: -median[name])
    return {name.split(".", 2)[2]: round(median[name], 2) for name in order[:count]}


def _by_kind(builds: list[dict[str, float]]) -> dict[str, float]:
    """Return the median seconds of all models, tests and seeds; with several threads they add up to more than the clock."""
    totals: list[dict[str, float]] = []
    for nodes in builds:
        total: dict[str, float] = {}
        for name, seconds in nodes.items():
            kind = name.split(".", 1)[0]
            total[kind] = total.get(kind, 0.0) + seconds
        totals.append(total)
    return {kind: round(statistics.median(one.get(kind, 0.0) for one in totals), 2) for kind in totals[0]}
