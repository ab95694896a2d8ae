"""The simulated year in a throw-away installation: the real simulator and receive, then a year of acts as rows, then dbt (§5.1-5.3).

The year ends yesterday. The source has no planted fault, and the Pedoman's own record of Gambar 5, which breaks three rules, is taken out,
so that whatever a rule finds here is a false alarm.
"""

from __future__ import annotations

import datetime as dt
import time
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa

from apps.fraud.planting import Ground
from apps.fraud.plants_stat import write_companies_and_ties
from apps.fraud.tilt import TiltedPlan, choose
from apps.fraud.tilt_after import tilt_course, tilt_times
from apps.fraud.year_log import write_log
from apps.fraud.year_plan import People, Plan
from apps.fraud.year_registers import fill_registers
from apps.fraud.year_rows import load_course, write_part
from apps.fraud.year_times import timed
from apps.pipeline.dbt import run_dbt
from ingest.receive import receive
from ingest.simulator import simulate
from ingest.simulator_people import PEDOMAN_ID
from ingest.simulator_registers import dice
from posko.db.accounts import SCHEMAS
from posko.db.migrate import migrate
from posko.services.sealing import Keeper, seal

if TYPE_CHECKING:
    from collections.abc import Callable

    from apps.fraud.tilt import Tilt
    from apps.fraud.year_registers import Registers
    from posko.db.engine import Server
    from posko.settings import Settings

_TKI = """
    select id_tki, kode_blkln, nama_pptkis, to_days(tanggal_keluar_blkln_date) from posko_staging.tki_tlrt
    order by cast(id_tki as unsigned)"""
_NAMESAKES = r"""
    with person as (
        select id_tki, regexp_replace(nama, ' (BT|BINTI|BIN) ', ' ') as name, tempat_lahir as place, tanggal_lahir_date as born_on
        from posko_staging.tki_tlrt)
    select one.id_tki from person as one
    join (select name, place, born_on from person group by name, place, born_on having count(*) > 1) as shared
        using (name, place, born_on)"""
MYSQL_DAYS = dt.date(2000, 1, 1).toordinal() - 730_485
"""What is added to `to_days` of the server to get Python's ordinal."""


@dataclass
class Year:
    """One year: servers, what was drawn from which seed, seconds of each step."""

    source: Server
    target: Server
    settings: Settings
    seed: int = 1
    today: dt.date = field(default_factory=lambda: dt.datetime.now(dt.UTC).date())
    has_whole_log: bool = True
    """Every move of a journey is an event, and sealed; else one event tells where it stands, which takes minutes less."""
    settle: Callable[[], None] = lambda: None
    """Waits until the servers have written what the making of the year left, so that no measurement pays for it."""
    cheats: int = 0
    """So many of each statistical rule cheat in this year (`tilt`); 0 is the honest year."""
    seconds: dict[str, float] = field(default_factory=dict)
    journeys: int = 0
    made: Registers | None = None
    tilt: Tilt | None = None

    def make(self, tki: int, say: Callable[[str], None] = lambda _: None) -> None:
        """Make the year of so many TKI on empty servers, but for the sessions of the last day."""
        self._timed("skema", lambda: migrate(self.target))
        say("membuat sumber")
        self._timed("sumber", lambda: self._simulate(tki))
        say("menerima")
        self._timed("terima", self._receive)
        say("menarik undian setahun")
        self._timed("undian", lambda: self._draw(tki))
        self._timed("baris", lambda: self._write(0, say))

    def again(self, tki: int, *, cheats: int, say: Callable[[str], None] = lambda _: None) -> None:
        """Make the year anew on the same servers, in which so many of each statistical rule cheat, with its last day and a short log."""
        self.cheats, self.has_whole_log = cheats, False
        with self.admin() as db:
            for schema in (*SCHEMAS, "posko_fraud"):
                db.exec_driver_sql(f"drop database if exists {schema}")
        self.close()
        self.make(tki, say)
        self.add_the_last_day(say)

    def add_the_last_day(self, say: Callable[[str], None] = lambda _: None) -> int:
        """Add the sessions whose results came in yesterday, about 1,200 TKI in a full year; return how many TKI sat."""
        self._timed("hari terakhir", lambda: self._write(1, say))
        with self.admin() as db:
            return int(db.scalar(sa.text("select count(*) from posko_fraud.sitting where part = 1")))

    def build(self, *, full: bool = False) -> float:
        """Let dbt build everything; return seconds."""
        arguments = ["--full-refresh"] if full else []
        return self._timed("dbt", lambda: run_dbt(self.settings, self.target, "build", *arguments))

    def admin(self) -> sa.Connection:
        """Open a connection of the administrator; the caller closes it."""
        return self._engine.connect()

    def namesakes(self) -> set[str]:
        """Return the ID TKI of those who by chance share name, birth date and birth place with another, letter by letter.

        The simulator draws people independently, so a year of 300,000 has such a pair now and then, as the real one has. Nothing in a
        record tells two such women from one with two IDs: DV-I04 is right to ask.
        """
        with self.admin() as db:
            return {str(tki_id) for (tki_id,) in db.execute(sa.text(_NAMESAKES))}

    def close(self) -> None:
        """Let go of the connections."""
        self._engine.dispose()

    @cached_property
    def _engine(self) -> sa.Engine:
        return self.target.engine(self.target.admin, "posko")

    def ground(self, db: sa.Connection) -> Ground:
        """Return the ground for the planters, drawn from the seed."""
        return Ground(db, dice(self.seed, "rencana"), self.made, self.tilt)

    def _timed(self, name: str, work: Callable[[], object]) -> float:
        began = time.monotonic()
        work()
        self.seconds[name] = time.monotonic() - began
        return self.seconds[name]

    def _simulate(self, tki: int) -> None:
        with closing(self.source.connect(self.source.admin, local_infile=True)) as raw:
            simulate(raw, tki=tki + 1, seed=self.seed, today=self.today, fault_share=0.0, prints=0, replace=True)
            with raw.cursor() as cursor:
                cursor.execute("delete from tki_tlrt where id_tki = %s", (str(PEDOMAN_ID),))
            raw.commit()

    def _receive(self) -> None:
        receive(self.source, self.target, self.settings)

    def _draw(self, tki: int) -> None:
        with self.admin() as db, db.begin():
            rows = db.execute(sa.text(_TKI)).all()
            weights: dict[str, int] = {}
            for row in rows:
                weights[str(row[1])] = weights.get(str(row[1]), 0) + 1
            made = fill_registers(db, tki=tki, seed=self.seed, today=self.today, weights=weights)
            holidays = {day for (day,) in db.execute(sa.text("select closed_on from posko.closed_day"))}
        blkln = {code: place for place, code in enumerate(made.blkln)}
        pptkis = {name: place for place, name in enumerate(made.pptkis)}
        people = People(
            ended=np.array([row[3] for row in rows], dtype=np.int64) + MYSQL_DAYS,
            blkln=np.array([blkln[row[1]] for row in rows]),
            pptkis=np.array([pptkis[row[2]] for row in rows]),
        )
        working = self._working(int(people.ended.min()), {day.toordinal() for day in holidays})
        self.made, self.tilt = made, None
        self._play(people, working, made, [str(row[0]) for row in rows])

    def _play(self, people: People, working: list[int], made: Registers, ids: list[str]) -> None:
        """Draw the course of the year and load it."""
        today = self.today.toordinal()
        plan = Plan(self.seed, people, made.bodies, working, today)
        if self.cheats:
            self.tilt = choose(self.seed, self.cheats, people, made.bodies, today)
            plan = TiltedPlan(self.seed, people, made.bodies, working, today, tilt=self.tilt)
        course = plan.run()
        if self.tilt is not None:
            tilt_course(self.tilt, course, made.bodies)
            with self.admin() as db, db.begin():
                write_companies_and_ties(db, self.tilt, made, ids)
        times = timed(course, seed=self.seed, today=today, working=working)
        if self.tilt is not None:
            tilt_times(self.tilt, course, times, made.bodies)
        # What was decided yesterday was tested a working day before; in a small year not on every day.
        yesterday = max(day for day in working if day < today)
        fresh = max(day for day in course.day if day < yesterday)
        with closing(self.target.connect(self.target.admin, "posko", local_infile=True)) as raw:
            self.journeys = load_course(raw, course, times, made, ids, fresh)

    def _working(self, first: int, holidays: set[int]) -> list[int]:
        days = range(first, self.today.toordinal() + 120)
        # Ordinal days: Saturday is 6 and Sunday 0 modulo 7.
        return [day for day in days if day % 7 not in {6, 0} and day not in holidays]

    def _write(self, part: int, say: Callable[[str], None]) -> None:
        with closing(self.target.connect(self.target.admin, "posko", local_infile=True)) as raw:
            write_part(raw, part, say)
            say("tahun: log audit")
            write_log(raw, is_whole=self.has_whole_log)
        if self.has_whole_log:
            say("menyegel log")
            seal(self.target, Keeper.of(self.settings))
