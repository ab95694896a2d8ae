"""`posko finger bench stations`: 50 stations scan at once against the real server over TLS; nobody is lost or counted twice (R-120).

Each station has keys, a line and a thread of its own, as in the field, and a synthetic finger on its reader; the server is the process
that `posko station serve` starts. What is timed is a person: from the page's question to the attendance that is recorded. Pages and
stations share the machine with the server, so the times say more about this machine than about a TUK.
"""

from __future__ import annotations

import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from typing import TYPE_CHECKING

import sqlalchemy as sa

from apps.bench.core_rows import TUK, put_door, put_registers, put_waiting
from apps.bench.finger_rows import FINGER, put_templates
from apps.bench.report import Line, Report, load_remark, note
from apps.cli.screen import number
from biometrics.nbis_matcher import NbisMatcher
from biometrics.station import messages, wire
from biometrics.station.keys import StationKeys
from biometrics.station.link import Link, now_utc
from biometrics.station.tls import client_context
from biometrics.synthetic.reader import SyntheticReader
from biometrics.vault import Vault
from posko.db.migrate import migrate
from posko.domain.calendar import local_day
from posko.domain.errors import DataRefused
from posko.domain.matrix import Role
from posko.domain.proof import Purpose
from posko.domain.roles import Principal
from posko.services import attendance, captures, station_keys
from posko.services.office import Office
from posko.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from apps.bench.installation import Installation
    from posko.settings import Settings

STATIONS, EACH = 50, 10
START_SECONDS = 60.0
_STATION = (
    "insert into posko.station (station_code, station_name, tuk_code, reader_serial, valid_from)"
    " values (:code, :code, :tuk, :serial, '2025-01-01')"
)


@dataclass(frozen=True)
class _Station:
    """One station with those who come to it: ID TKI and session."""

    keys: StationKeys
    serial: str
    people: list[tuple[str, int]]


def measure(
    installation: Installation,
    *,
    stations: int = STATIONS,
    each: int = EACH,
    say: Callable[[str], None] = lambda _: None,
) -> Report:
    """Let `each` persons come to every one of `stations` stations at once.

    Args:
        installation: a private server, empty.
        stations: how many.
        each: how many come to one.
        say: what tells how far it is.

    Raises:
        DataRefused: the server did not start.
    """
    say(f"{number(stations)} stasiun, {number(each)} orang di tiap stasiun")
    settings = installation.settings.model_copy(update={"station_port": _free_port()})
    migrate(installation.target)
    office = Office.of(settings, installation.target.engine("posko_app", "posko"))
    with tempfile.TemporaryDirectory(prefix="posko-stations-") as folder, _server(settings):
        crowd = _fill(installation, office, settings, Path(folder), stations, each)
        url = f"https://localhost:{settings.station_port}"
        barrier = Barrier(stations + 1)
        with ThreadPoolExecutor(stations) as pool:
            at_work = [pool.submit(_work, office, settings, url, one, barrier) for one in crowd]
            barrier.wait(START_SECONDS)
            began = time.monotonic()
            waits = [seconds for done in at_work for seconds in done.result()]
            took = time.monotonic() - began
    found = _counted(installation)
    office.engine.dispose()
    return _report(stations, each, waits, took, found)


def _report(stations: int, each: int, waits: list[float], took: float, found: dict[str, int]) -> Report:
    came = stations * each
    p95 = statistics.quantiles(waits, n=20)[-1]
    return Report(
        "stations",
        f"{number(stations)} stasiun sekaligus, {number(came)} orang",
        [
            Line("kehadiran tercatat", found["present"], "orang", came, "datang", at_most=1.0, at_least=1.0),
            Line(
                "orang dengan lebih dari satu kehadiran", found["doubled"], "orang", 0.5, "", at_most=0.0, is_limit=True
            ),
            note("lama seorang menunggu, median", statistics.median(waits)),
            note("lama seorang menunggu, 95 %", p95),
            note("kehadiran per detik", came / took, unit="orang"),
        ],
        load_remark(),
    )


def _counted(installation: Installation) -> dict[str, int]:
    engine = installation.target.engine(installation.target.admin, "posko")
    try:
        with engine.connect() as db:
            present = db.scalar(
                sa.text("select count(distinct journey_id) from posko.attendance where outcome = 'PRESENT'")
            )
            doubled = db.scalar(sa.text("select count(*) - count(distinct journey_id) from posko.attendance"))
    finally:
        engine.dispose()
    return {"present": int(present or 0), "doubled": int(doubled or 0)}


def _work(office: Office, settings: Settings, url: str, station: _Station, barrier: Barrier) -> list[float]:
    """Serve everybody who comes to one station; return how long each waited, in seconds."""
    lying: list[str] = []
    reader = SyntheticReader(station.serial, now_utc, lambda: (lying[-1], FINGER), settings=settings)
    system, door = office.desk(None), office.desk(Principal(Role.TUK, "TU1", None, TUK))
    waits = []
    with Link(url, client_context(settings), station.keys.signer) as link:
        link.ask(wire.SERVER)
        barrier.wait(START_SECONDS)
        for tki_id, session_id in station.people:
            began = time.monotonic()
            lying.append(f"tki:{tki_id}")
            mine = system.do(
                captures.ask,
                station_code=station.keys.station_code,
                kind="TKI",
                person_id=tki_id,
                purpose=Purpose.ATTEND,
            )
            asked = link.ask(wire.REQUESTS)["request"]
            link.tell(wire.ANSWERS, messages.written(asked["request_id"], reader.capture(asked["nonce"])))
            proof = system.do(captures.take, request_id=mine["request_id"])
            if proof is not None:
                door.do(attendance.record_attendance, session_id=session_id, tki_id=tki_id, proof=proof)
            waits.append(time.monotonic() - began)
    return waits


def _fill(
    installation: Installation, office: Office, settings: Settings, folder: Path, stations: int, each: int
) -> list[_Station]:
    """Make stations with keys, and people with fingers who wait for their exam today."""
    now, engine = now_utc(), installation.target.engine(installation.target.admin, "posko")
    tki_ids = [str(9_000_000 + place) for place in range(stations * each)]
    codes = [f"ST-{place}" for place in range(stations)]
    with engine.begin() as db:
        put_registers(db, 1)
        put_door(db)
        waiting = put_waiting(db, tki_ids, exam_on=local_day(now), at=now, each=each)
        db.execute(sa.text(_STATION), [{"code": code, "tuk": TUK, "serial": f"R-{code}"} for code in codes])
        put_templates(db, Vault.of(settings), NbisMatcher(), tki_ids, now)
    engine.dispose()
    crowd = []
    for place, code in enumerate(codes):
        (folder / code).mkdir()
        keys = StationKeys.make(folder / code, code)
        card = keys.card()
        office.desk(None).do(
            station_keys.register_at_terminal,
            operator="bench",
            station_code=code,
            signing_key=card["signing_key"],
            sealing_key=card["sealing_key"],
        )
        mine = waiting[place * each : (place + 1) * each]
        crowd.append(_Station(keys, f"R-{code}", [(tki_id, session_id) for _, tki_id, session_id in mine]))
    return crowd


@contextmanager
def _server(settings: Settings) -> Iterator[None]:
    """Run `posko station serve` as a process of its own."""
    own = {f"POSKO_{name.upper()}": str(value) for name, value in settings if value is not None}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POSKO_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "apps.cli.main", "station", "serve"], cwd=PROJECT_ROOT, env=kept | own
    )
    try:
        end = time.monotonic() + START_SECONDS
        while not _listens(settings.station_port):
            if process.poll() is not None or time.monotonic() > end:
                raise DataRefused("posko station serve tidak mulai. Periksa pesannya di atas.")
            time.sleep(0.1)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(START_SECONDS)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
