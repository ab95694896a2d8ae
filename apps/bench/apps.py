"""`posko bench apps`: the screens with 1,000,000 TKI behind them, 100 operators at work, beside them queues at 20 stations (§8.2, §12-14).

Two processes of `posko app` behind nginx, a load client that speaks Streamlit's own messages over the websocket, real sign-ins, real
comparisons of synthetic fingers; database, processes, proxy and client share the machine. `--in FOLDER` keeps the installation there,
so that a second run need not make its TKI again.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
import sqlalchemy as sa

from apps.bench import transform
from apps.bench.apps_browser import browser, first_paints, searches
from apps.bench.apps_load import Crowd, Load, load
from apps.bench.apps_rows import fill_register, put_queues
from apps.bench.apps_site import served
from apps.bench.apps_sql import MANY_ROWS, watched
from apps.bench.apps_staff import at_stations, at_work, sign_in
from apps.bench.finger_rows import put_templates
from apps.bench.installation import kept, throw_away
from apps.bench.report import CONTRACT_TKI, Line, Report, against_limit, decimal, load_remark, note, size_remark
from apps.cli import context
from apps.cli.screen import number
from biometrics.nbis_matcher import NbisMatcher
from biometrics.vault import Vault
from posko.db.migrate import migrate
from posko.db.server import private_server
from posko.domain.matrix import Role
from posko.services import intake
from posko.services.office import Office

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from apps.bench.apps_site import Site
    from apps.bench.apps_staff import Operator
    from apps.bench.apps_work import Seen
    from apps.bench.installation import Installation

OPERATORS, THINK_SECONDS, MEASURED_SECONDS, PROCESSES = 100, 5.0, 60.0, 2
STATIONS, QUEUE = 20, 20
RERUN_LIMIT_MS, QUEUE_RATE, PAINT_LIMIT, SEARCH_LIMIT = 400.0, 10.0, 2.0, 0.5
LOOKS = 7
"""How often a browser paints the sign-in and searches."""
KNOWN = 200
"""TKI whom one operator looks for."""
BY_ACT = 200
"""One TKI of so many is handed over by the act itself."""
_NOTE = "bench-apps.json"
_OF_ROLE = {
    Role.LSP: "select staff.lsp_code from posko.staff as staff where staff.person_id = :who",
    Role.TUK: "select staff.tuk_code from posko.staff as staff where staff.person_id = :who",
}
_OWN = """
    select journey.tki_id from posko.exam_session as session
    join posko.allocation as allocation on allocation.session_id = session.session_id
    join posko.journey as journey on journey.journey_id = allocation.journey_id and journey.attempt_no = allocation.attempt_no
    where session.{} = :code order by session.session_id desc limit :most"""
_ANY = "select tki_id from posko.journey where journey_id % :step = 0 order by journey_id limit :most"


@dataclass(frozen=True)
class Size:
    """How large a measurement is: operators and their think time, seconds that count, stations and the queue of each."""

    operators: int = OPERATORS
    think: float = THINK_SECONDS
    seconds: float = MEASURED_SECONDS
    processes: int = PROCESSES
    stations: int = STATIONS
    queue: int = QUEUE
    looks: int = LOOKS


def measure(
    installation: Installation, *, tki: int, size: Size | None = None, say: Callable[[str], None] = lambda _: None
) -> Report:
    """Measure the screens of an installation with so many TKI, which is filled first if it is not.

    Args:
        installation: to measure on.
        tki: rows of the source.
        size: how large; None: as the contract says.
        say: told what comes next.

    Raises:
        DataRefused: nginx is missing, a process did not start, or an operator was not let in.
    """
    size = size or Size()
    report = Report("apps", f"{number(tki)} TKI, {size.operators} petugas", remarks=size_remark(tki))
    fill(installation, tki, say)
    with _office(installation) as (office, admin):
        run = f"UKUR{int(time.time())}"
        staff = sign_in(admin, office, installation.settings, at_work(size.operators), run)
        queues = _queues(installation, office, admin, size)
        doors = at_stations(admin, office, installation.settings, queues, f"{run}-D")
        known = {one.person_id: _known(admin, one) for one in staff}
    crowd = Crowd(staff, known, doors, queues)
    with watched(installation.target) as heavy, served(installation, size.processes) as site:
        say("peramban: tampilan pertama halaman masuk, lalu mencari")
        clerk = next(one for one in staff if one.role is Role.KONSORSIUM)
        with browser() as chromium:
            report.lines += _browsed(chromium, site, clerk, known[clerk.person_id], size)
        say(
            f"{size.operators} petugas bekerja, {decimal(size.seconds)} detik dihitung; lalu di sampingnya absensi:"
            f" {size.stations} stasiun, {size.queue} orang di tiap stasiun"
        )
        server = private_server(installation.settings, "posko").pid or 0
        seen = asyncio.run(load(site, server, crowd, think=size.think, seconds=size.seconds))
        report.lines += [*_worked(seen, size, report), *_checked_in(seen, crowd)]
        report.lines.append(_none("petugas yang dipindah ke proses lain", site.moved()))
    report.lines.append(
        note(f"macam pernyataan yang memeriksa {number(MANY_ROWS)} baris atau lebih", len(heavy), unit="")
    )
    report.chart += [one.line() for one in heavy]
    report.extra["heavy"] = [asdict(one) for one in heavy]
    return report


def fill(installation: Installation, tki: int, say: Callable[[str], None]) -> None:
    """Bring an installation to so many TKI that went through the pipeline, all with a journey; once a folder."""
    noted = installation.settings.var / _NOTE
    if noted.exists() and json.loads(noted.read_text("utf-8")) == {"tki": tki}:
        migrate(installation.target)
        return
    transform.prepare(installation, tki, say)
    say("menyaring dan mengusulkan")
    transform.build(installation)
    with _office(installation) as (office, admin):
        # The first journeys by the act itself, so that some have all that belongs to them; the others as sets of rows.
        office.desk(None).do(intake.send_eligible, most=min(intake.MOST_AT_ONCE, max(1, tki // BY_ACT)))
        with office.engine.connect() as db:
            at = office.clock(db)
        with admin.begin() as db:
            fill_register(db, at, say)
    installation.settle()
    noted.write_text(json.dumps({"tki": tki}), "utf-8")


@contextmanager
def _office(installation: Installation) -> Iterator[tuple[Office, sa.Engine]]:
    """Open the office of the installation, and the administrator's engine."""
    target = installation.target
    office = Office.of(installation.settings, target.engine("posko_app", "posko"))
    admin = target.engine(target.admin, "posko")
    try:
        yield office, admin
    finally:
        office.close()
        office.engine.dispose()
        admin.dispose()


def _queues(installation: Installation, office: Office, admin: sa.Engine, size: Size) -> dict[str, list[str]]:
    """Let people with fingers come to the stations today; return TUK -> ID TKI."""
    with office.engine.connect() as db:
        at = office.clock(db)
    with admin.begin() as db:
        queues = put_queues(db, at, stations=size.stations, each=size.queue)
        everybody = [tki_id for one in queues.values() for tki_id in one]
        put_templates(db, Vault.of(installation.settings), NbisMatcher(), everybody, at)
    return queues


def _known(admin: sa.Engine, operator: Operator) -> list[str]:
    """Return TKI whom an operator may look for: an LSP or TUK finds only those allocated to it."""
    with admin.connect() as db:
        if operator.role in _OF_ROLE:
            column = "lsp_code" if operator.role is Role.LSP else "tuk_code"
            code = db.scalar(sa.text(_OF_ROLE[operator.role]), {"who": operator.person_id})
            return list(db.scalars(sa.text(_OWN.format(column)), {"code": code, "most": KNOWN}))
        journeys = int(db.scalar(sa.text("select count(*) from posko.journey")))
        return list(db.scalars(sa.text(_ANY), {"step": max(1, journeys // KNOWN), "most": KNOWN}))


def _browsed(chromium: object, site: Site, clerk: Operator, tki_ids: Sequence[str], size: Size) -> list[Line]:
    paints = first_paints(chromium, site.address, size.looks)
    # The first search of a process reads what the others find in memory.
    found = searches(chromium, site.address, clerk.cookies, tki_ids[: size.looks + 1])[1:]
    return [
        against_limit("halaman masuk terlukis di Chromium", paints, PAINT_LIMIT),
        against_limit("mencari satu TKI di Chromium, dari Enter sampai namanya tampak", found, SEARCH_LIMIT),
    ]


def _worked(seen: Load, size: Size, report: Report) -> list[Line]:
    millis, runs = [1000 * seconds for _, seconds in seen.worked.runs], len(seen.worked.runs)
    before, after = seen.memory_mb
    report.extra |= {
        "pages": _by_page(seen.worked),
        "faults": seen.faults[:50],
        "refusals": sorted({*seen.worked.refusals, *seen.beside.refusals}),
        "rerun_ms": _spread(millis),
    }
    report.chart = _slowest(seen.worked)
    return [
        Line("jalannya satu halaman (rerun), 95 %", _p95(millis), "ms", RERUN_LIMIT_MS, "batas", at_most=1.0, is_limit=True),
        note("jalannya satu halaman, median", statistics.median(millis), unit="ms"),
        note("rerun per detik", runs / size.seconds, unit=""),
        note("CPU proses layar tiap rerun", 1000 * seen.app_cpu / runs, unit="ms"),
        note("CPU basis data tiap rerun", 1000 * seen.database_cpu / runs, unit="ms"),
        _none("galat selama bekerja", len(seen.faults)),
        note("membuka layar sampai Beranda lengkap, 95 %", _p95(seen.opened)),
        note("memori satu proses sebelum ada petugas", max(before), unit="MB"),
        note("memori tiap petugas yang masuk", (sum(after) - sum(before)) / size.operators, unit="MB"),
        note("data satu rerun ke peramban, sebelum dimampatkan", seen.worked.size / 1024 / runs, unit="KB"),
    ]  # fmt: skip


def _checked_in(seen: Load, crowd: Crowd) -> list[Line]:
    """Return the lines of the queues, which come as fast as the screens answer, while all the others work on."""
    faults, beside = len(seen.came.faults), [1000 * seconds for _, seconds in seen.beside.runs]
    rate = (crowd.comers - faults) / seen.took
    return [
        Line(f"kehadiran dicatat per detik, {len(crowd.staff)} petugas tetap bekerja", rate, "", QUEUE_RATE, "batas", at_least=1.0),
        _none("orang yang tidak tercatat hadir, dan galat", faults),
        note("satu jari: dari Enter sampai hasil tampil, 95 %", _p95([seconds for _, seconds in seen.came.runs])),
        note("sentuhan jari tiap orang", len(seen.came.runs) / crowd.comers, unit=""),
        note("rerun petugas lain selama antrean itu, 95 %", _p95(beside), unit="ms"),
    ]  # fmt: skip


def _none(what: str, found: int) -> Line:
    """Return the line of what must not happen at all."""
    return Line(what, found, "", 0.5, "", at_most=0.0, is_limit=True)


def _by_page(seen: Seen) -> dict[str, dict[str, float]]:
    runs = defaultdict(list)
    for path, seconds in seen.runs:
        runs[path].append(1000 * seconds)
    return {path: _spread(found) for path, found in sorted(runs.items())}


def _spread(millis: Sequence[float]) -> dict[str, float]:
    return {"runs": len(millis), "p50": round(statistics.median(millis), 1), "p95": round(_p95(millis), 1)}


def _slowest(seen: Seen) -> list[str]:
    rows = sorted(_by_page(seen).items(), key=lambda item: -item[1]["p95"])
    lines = [
        f"{path:<16}{number(int(one['runs'])):>7} {decimal(one['p50']):>8} {decimal(one['p95']):>8}"
        for path, one in rows
    ]
    return ["Halaman: banyaknya rerun, median dan 95 % dalam ms:", *lines]


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else max(values, default=0.0)


@click.command("apps")
@click.option("--tki", default=CONTRACT_TKI, show_default=True, type=click.IntRange(min=1000), help="Banyaknya TKI.")
@click.option(
    "--operators", default=OPERATORS, show_default=True, type=click.IntRange(min=10), help="Petugas serentak."
)
@click.option(
    "--seconds", default=MEASURED_SECONDS, show_default=True, type=click.FloatRange(min=5), help="Lama mengukur."
)
@click.option(
    "--in",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Simpan instalasi di MAP ini dan pakai lagi.",
)
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, tki: int, operators: int, seconds: float, folder: Path | None, as_json: bool) -> None:
    """Ukur layar petugas: 100 petugas serentak, absensi 20 stasiun, peramban."""
    settings, busy = context.settings(), load_remark()
    size = Size(operators=operators, seconds=seconds)
    with throw_away(settings) if folder is None else kept(settings, folder) as installation:
        report = measure(installation, tki=tki, size=size, say=lambda text: click.echo(f"- {text} ...", err=True))
    report.remarks += busy
    click.echo(json.dumps(report.as_dict(), ensure_ascii=False) if as_json else report.show())
