"""One story for the whole folder: each test is one paragraph of the Pedoman and leaves its result to the next, file by file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from apps.demo.cast import KONSORSIUM, THIRD, Cast, asesor_id
from apps.demo.hands import ScriptedHands
from apps.demo.play import Play
from apps.pipeline.run import Pipeline, Summary
from apps.returning import table_site
from biometrics.scripted import ScriptedMatcher
from ingest.simulator import simulate
from ingest.simulator_results import Acknowledged, acknowledge
from posko.db.engine import Server
from posko.domain.audit import Place
from posko.domain.errors import Refused
from posko.domain.proof import FingerProof, Purpose
from posko.domain.roles import Principal, Role
from posko.services.office import Desk
from posko.services.registry_demo_sites import station_code
from posko.settings import Settings
from tests.conftest import SourceServer, empty_posko, empty_source
from tests.pipeline.conftest import fill_register

TKI = 900
ROLES_OF_STORY = ("passes", "fails", "absent", "impostor", "held")


@dataclass
class Story:
    """Two servers, the people, and the TKI whom the story follows: one session's candidates, each with a fate."""

    settings: Settings
    posko: Server
    source: SourceServer
    cast: Cast
    play: Play
    matcher: ScriptedMatcher
    summary: Summary | None = None
    tki: dict[str, str] = field(default_factory=dict)
    place: dict[str, Any] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    certificates: dict[str, str] = field(default_factory=dict)
    tested_at: dt.datetime | None = None

    def simulate(self) -> None:
        """Let BNP2TKI prepare its table, and BNSP its registers."""
        with closing(self.source.connect()) as connection:
            simulate(connection, tki=TKI, seed=11, fault_share=0.1)
        self.play.site = table_site(self.settings, self.source.server)
        fill_register(self.source, self.posko)

    def run_pipeline(self) -> Summary:
        """Run the pipeline as the scheduler does."""
        self.summary = Pipeline(self.source.server, self.posko, self.settings).run()
        return self.summary

    def answer(self) -> Acknowledged:
        """Let BNP2TKI take over what stands in its table of results."""
        with closing(self.source.connect()) as connection:
            return acknowledge(connection)

    def choose(self) -> None:
        """Choose the TKI of the story: the candidates of the earliest place for which five are proposed."""
        rows = self.play.ask(
            "select tki_id, tuk_code, lsp_code, proposed_on from posko_model.fct_tuk_proposal order by proposed_on, tuk_code, tki_id"
        )
        groups: dict[tuple[Any, ...], list[str]] = {}
        for row in rows:
            groups.setdefault((row["proposed_on"], row["tuk_code"], row["lsp_code"]), []).append(row["tki_id"])
        (day, tuk, lsp), ids = next((key, ids) for key, ids in groups.items() if len(ids) >= len(ROLES_OF_STORY))
        self.tki = dict(zip(ROLES_OF_STORY, ids, strict=False))
        self.place = {"day": day, "tuk": tuk, "lsp": lsp}

    # who acts --------------------------------------------------------------------------------------------------

    def konsorsium(self) -> Desk:
        return self.cast.desk(KONSORSIUM)

    def bnsp(self) -> Desk:
        return self.cast.desk(THIRD)

    def tuk(self) -> Desk:
        return self.cast.desk(f"ADM-{self.place['tuk']}")

    def lsp(self) -> Desk:
        return self.cast.desk(f"ADM-{self.place['lsp']}")

    def asesor(self) -> Desk:
        who = asesor_id(self.place["met"])
        self.cast.stations[who] = station_code(self.place["tuk"])
        return self.cast.desk(who)

    def public(self) -> Desk:
        return self.cast.office.desk(Principal(Role.PUBLIC), place=Place(ip="203.0.113.7"))

    def other_tuk(self) -> Desk:
        return self._other("tuk")

    def other_lsp(self) -> Desk:
        return self._other("lsp")

    def _other(self, kind: str) -> Desk:
        rows = self.play.ask(
            f"select person_id from posko.staff where {kind}_code <> :own order by person_id", own=self.place[kind]
        )
        return self.cast.desk(rows[0]["person_id"])

    # what stands -----------------------------------------------------------------------------------------------

    def finger(self, who: str, purpose: Purpose = Purpose.ATTEND) -> FingerProof:
        """Take the finger of a TKI of the story at the TUK."""
        return self.cast.proof("TKI", self.tki[who], purpose, station_code(self.place["tuk"]))

    def asesor_finger(self, purpose: Purpose) -> FingerProof:
        return self.cast.proof("STAFF", asesor_id(self.place["met"]), purpose, station_code(self.place["tuk"]))

    def status(self, who: str) -> str:
        return self.value(
            "select status from posko.journey where tki_id = :id order by journey_id desc limit 1", id=self.tki[who]
        )

    def statuses(self) -> set[str]:
        return {self.status(who) for who in self.tki}

    def journey_id(self, who: str) -> int:
        return int(self.value("select max(journey_id) from posko.journey where tki_id = :id", id=self.tki[who]))

    def value(self, sql: str, **values: Any) -> Any:
        (row,) = self.play.ask(sql, **values)
        return next(iter(row.values()))

    def at(self, hour: int, minute: int = 0) -> None:
        """Play an hour of the exam day."""
        self.cast.clock.go_to(self.place["day"], hour, minute)

    def refuses(self, code: str, desk: Desk, what: Callable[..., Any], **values: Any) -> Refused:
        """Do an act that must be refused with this code, be recorded, and move nobody."""
        before = self._footprint()
        with pytest.raises(Refused) as refused:
            desk.do(what, **values)
        assert refused.value.code == code, str(refused.value)
        assert self._footprint() == before
        told = self.value(
            "select count(*) as n from posko_audit.audit_event where outcome = 'refused'"
            " and concat(lower(hex(writer_id)), '/', writer_seq) = :name",
            name=refused.value.reference,
        )
        assert told == 1
        if refused.value.rule:
            noted = self.value(
                "select rule_id from posko.deviation where audit_event = :name", name=refused.value.reference
            )
            assert noted == refused.value.rule
        return refused.value

    def _footprint(self) -> list[dict[str, Any]]:
        return self.play.ask(
            "select (select group_concat(status order by journey_id) from posko.journey) as journeys,"
            " (select count(*) from posko.attendance) as attended, (select count(*) from posko.assessment) as scored,"
            " (select count(*) from posko.certificate) as certified, (select count(*) from posko.publication) as published,"
            " (select count(*) from posko.handoff_line) as handed, (select count(*) from posko.print_event) as printed"
        )


@pytest.fixture(scope="package")
def story(settings: Settings, posko: Server, _source: SourceServer) -> Story:
    """Empty servers, nobody enrolled, nothing received."""
    empty_source(_source)
    empty_posko(posko)
    matcher = ScriptedMatcher()
    start = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
    engine = posko.engine("posko_app", "posko")
    cast = Cast.of(settings, engine, partial(ScriptedHands, matcher=matcher), start)
    with engine.connect() as db:
        db.execute(sa.text("set session group_concat_max_len = 1000000"))
    yield Story(settings, posko, _source, cast, Play(cast), matcher)
    engine.dispose()
