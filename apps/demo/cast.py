"""Who acts in the demo: staff of every body, enrolled by two persons each, signing in with their finger (§8.2, R-042, R-048).

Everything goes through the services, as a screen would do it. Whose finger lies on a reader, and what compares it, is `hands`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from posko.domain.audit import Place
from posko.domain.calendar import local_day
from posko.domain.errors import Refused
from posko.domain.proof import FingerProof, Purpose
from posko.services import enrolment, login, sessions
from posko.services.office import Office
from posko.services.registry_demo_sites import OFFICE_STATION, station_code

if TYPE_CHECKING:
    from collections.abc import Callable

    from apps.demo.hands import Hands
    from posko.domain.proof import PersonKind
    from posko.services.office import Desk
    from posko.settings import Settings

FIRST, SECOND, THIRD = "BNSP-001", "BNSP-002", "BNSP-003"
"""Super Administrator of the bootstrap, a second one, and BNSP's administrator."""
KONSORSIUM = "KONS-001"
AUDITOR = "AUDIT-001"
IN_FORCE = "select {} from posko.{} where valid_from <= :day and valid_until >= :day order by 1"
STALE = dt.timedelta(minutes=10)
"""After so long without an act a desk signs in again; the sessions themselves allow a little more."""


@dataclass
class Clock:
    """The played time, UTC without zone."""

    now: dt.datetime

    def __call__(self, _db: sa.Connection) -> dt.datetime:
        """Return the played time, as the office asks for it."""
        return self.now

    def go_to(self, day: dt.date, hour: int, minute: int = 0) -> None:
        """Play a time of western Indonesia."""
        self.now = dt.datetime.combine(day, dt.time(hour, minute)) - dt.timedelta(hours=7)


@dataclass
class Cast:
    """The people of the demo at their desks."""

    office: Office
    clock: Clock
    hands: Hands
    desks: dict[str, tuple[dt.datetime, Desk]] = field(default_factory=dict)
    stations: dict[str, str] = field(default_factory=dict)
    enrolled: set[str] = field(default_factory=set)

    @classmethod
    def of(
        cls, settings: Settings, engine: sa.Engine, hands: Callable[[Office, Clock], Hands], start: dt.datetime
    ) -> Cast:
        """Return the cast of an installation, at the played time `start`; `hands` makes what puts fingers on readers."""
        made, clock = Office.of(settings, engine), Clock(start)
        office = Office(made.engine, made.audit, made.keys, clock=clock)
        return cls(office, clock, hands(office, clock))

    def proof(self, kind: PersonKind, person_id: str, purpose: Purpose, station: str = OFFICE_STATION) -> FingerProof:
        """Take a finger at a station."""
        if kind == "STAFF":
            self.need(person_id)
        return self.hands.prove(kind, person_id, purpose, station)

    def second(self, person_id: str) -> FingerProof:
        """Take the finger of a second person."""
        return self.proof("STAFF", person_id, Purpose.SECOND_PERSON)

    @property
    def system(self) -> Desk:
        """The desk of the steps that nobody does by hand."""
        return self.office.desk(None, place=Place(device="demo"))

    def desk(self, person_id: str) -> Desk:
        """Return the desk of one person, who signs in with number and finger when she was away for a while.

        Raises:
            Refused: she was not let in.
        """
        self.need(person_id)
        last, desk = self.desks.get(person_id, (None, None))
        if desk is None or last is None or not dt.timedelta(0) <= self.clock.now - last < STALE:
            desk = self._sign_in(person_id)
        self.desks[person_id] = (self.clock.now, desk)
        return desk

    def _sign_in(self, person_id: str) -> Desk:
        station = self.stations.get(person_id, OFFICE_STATION)
        finger = self.proof("STAFF", person_id, Purpose.LOGIN, station)
        answer = self.system.do(login.login, id_as_typed=person_id, station_code=station, proof=finger)
        if not answer["ok"]:
            raise Refused(str(answer["reason"]))
        return sessions.principal_of(self.office, str(answer["token"]), station)

    def enrol_everybody(self) -> int:
        """Enrol the staff of every body that is in force and not enrolled yet; return how many were."""
        before = len(self._known())
        self._begin()
        for person_id in self._wanted():
            self.need(person_id)
        return len(self.enrolled) - before

    def need(self, person_id: str) -> None:
        """Enrol one of the staff who is not enrolled yet: whoever has nothing to do in the play need not come for it."""
        self._begin()
        if person_id in self.enrolled:
            return
        full_name, scope = self._wanted()[person_id]
        self.enrolled.add(person_id)
        self._enrol(person_id, full_name, scope)
        if "tuk_code" in scope:
            self.stations[person_id] = station_code(scope["tuk_code"])

    def _begin(self) -> None:
        """Find out who is enrolled; where nobody is, let the first Super Administrator in."""
        if self.enrolled:
            return
        self.enrolled = self._known()
        self.stations.update(self._stations())
        if FIRST not in self.enrolled:
            self.enrolled.add(FIRST)
            finger = self.hands.enrol(self.system, FIRST)
            self.system.do(enrolment.bootstrap, person_id=FIRST, full_name="Super Administrator Satu", proof=finger)
        self.need(SECOND)

    def _enrol(self, person_id: str, full_name: str, scope: dict[str, str]) -> None:
        finger = self.hands.enrol(self.desk(FIRST), person_id)
        # The second administrator ever is enrolled by the first alone: nobody else is there yet.
        second = None if person_id == SECOND else self.second(SECOND)
        self.desk(FIRST).do(
            enrolment.enrol, person_id=person_id, full_name=full_name, proof=finger, second=second, **scope
        )

    def _known(self) -> set[str]:
        with self.office.engine.connect() as db:
            return set(db.scalars(sa.text("select person_id from posko.staff")))

    def _wanted(self) -> dict[str, tuple[str, dict[str, str]]]:
        """Return number -> name and scope of all whom the demo knows, but the first."""
        people = {
            SECOND: ("Super Administrator Dua", {"role": "SUPER"}),
            THIRD: ("Administrator BNSP", {"role": "BNSP"}),
            KONSORSIUM: ("Administrator Konsorsium", {"role": "KONSORSIUM"}),
            AUDITOR: ("Auditor", {"role": "AUDITOR"}),
        }
        today = local_day(self.clock.now)
        with self.office.engine.connect() as db:
            for (code,) in db.execute(sa.text(IN_FORCE.format("lsp_code", "lsp")), {"day": today}):
                people[f"ADM-{code}"] = (f"Administrator {code}", {"role": "LSP", "lsp_code": code})
            for (code,) in db.execute(sa.text(IN_FORCE.format("tuk_code", "tuk")), {"day": today}):
                people[f"ADM-{code}"] = (f"Administrator {code}", {"role": "TUK", "tuk_code": code})
            for met_no, name in db.execute(sa.text(IN_FORCE.format("met_no, asesor_name", "asesor")), {"day": today}):
                people[asesor_id(met_no)] = (name, {"role": "ASESOR", "met_no": met_no})
        return people

    def _stations(self) -> dict[str, str]:
        with self.office.engine.connect() as db:
            found = db.execute(sa.text("select person_id, tuk_code from posko.staff where tuk_code is not null"))
            return {person_id: station_code(tuk_code) for person_id, tuk_code in found}


def asesor_id(met_no: str) -> str:
    """Return the identification number of the demo's assessor with this MET number."""
    return "AS-" + "".join(sign for sign in met_no if sign.isdigit())[-10:]
