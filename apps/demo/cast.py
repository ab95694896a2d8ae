"""Who acts in the demo: staff of every body, enrolled by two persons each, signing in with their finger (§8.2, R-042, R-048).

Everything goes through the services, as a screen would do it. The fingers are scripted; `biometrics.scripted` refuses to work in
production.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from biometrics.issue import Issuer
from posko.domain.audit import Place
from posko.domain.calendar import local_day
from posko.domain.errors import Refused
from posko.domain.proof import FingerProof, Purpose
from posko.services import enrolment, login, sessions
from posko.services.office import Office
from posko.services.registry_demo_sites import OFFICE_STATION, reader_serial, station_code

if TYPE_CHECKING:
    from biometrics.scripted import ScriptedMatcher
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
    issuer: Issuer
    desks: dict[str, tuple[dt.datetime, Desk]] = field(default_factory=dict)
    stations: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings, engine: sa.Engine, matcher: ScriptedMatcher, start: dt.datetime) -> Cast:
        """Return the cast of an installation, at the played time `start`."""
        made, clock = Office.of(settings, engine), Clock(start)
        office = Office(made.engine, made.audit, made.keys, clock=clock)
        return cls(office, clock, Issuer(matcher, office.keys["finger-proof"]))

    def proof(self, kind: PersonKind, person_id: str, purpose: Purpose, station: str = OFFICE_STATION) -> FingerProof:
        """Take a finger at a station."""
        return self.issuer.prove(
            kind, person_id, purpose, station_code=station, reader_serial=reader_serial(station), at=self.clock.now
        )

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
        """Enrol the staff that the demo needs and that are not enrolled yet; return how many were."""
        known = self._known()
        if FIRST not in known:
            finger = self.proof("STAFF", FIRST, Purpose.ENROL)
            self.system.do(enrolment.bootstrap, person_id=FIRST, full_name="Super Administrator Satu", proof=finger)
        wanted = [one for one in self._wanted() if one[0] not in known]
        for person_id, full_name, scope in wanted:
            self._enrol(person_id, full_name, scope)
        self.stations.update(self._stations())
        return len(wanted) + (FIRST not in known)

    def _enrol(self, person_id: str, full_name: str, scope: dict[str, str]) -> None:
        finger = self.proof("STAFF", person_id, Purpose.ENROL)
        # The second administrator ever is enrolled by the first alone: nobody else is there yet.
        second = None if person_id == SECOND else self.second(SECOND)
        self.desk(FIRST).do(
            enrolment.enrol, person_id=person_id, full_name=full_name, proof=finger, second=second, **scope
        )

    def _known(self) -> set[str]:
        with self.office.engine.connect() as db:
            return set(db.scalars(sa.text("select person_id from posko.staff")))

    def _wanted(self) -> list[tuple[str, str, dict[str, str]]]:
        people = [
            (SECOND, "Super Administrator Dua", {"role": "SUPER"}),
            (THIRD, "Administrator BNSP", {"role": "BNSP"}),
            (KONSORSIUM, "Administrator Konsorsium", {"role": "KONSORSIUM"}),
            (AUDITOR, "Auditor", {"role": "AUDITOR"}),
        ]
        today = local_day(self.clock.now)
        with self.office.engine.connect() as db:
            for (code,) in db.execute(sa.text(IN_FORCE.format("lsp_code", "lsp")), {"day": today}):
                people.append((f"ADM-{code}", f"Administrator {code}", {"role": "LSP", "lsp_code": code}))
            for (code,) in db.execute(sa.text(IN_FORCE.format("tuk_code", "tuk")), {"day": today}):
                people.append((f"ADM-{code}", f"Administrator {code}", {"role": "TUK", "tuk_code": code}))
            for met_no, name in db.execute(sa.text(IN_FORCE.format("met_no, asesor_name", "asesor")), {"day": today}):
                people.append((asesor_id(met_no), name, {"role": "ASESOR", "met_no": met_no}))
        return people

    def _stations(self) -> dict[str, str]:
        with self.office.engine.connect() as db:
            found = db.execute(sa.text("select person_id, tuk_code from posko.staff where tuk_code is not null"))
            return {person_id: station_code(tuk_code) for person_id, tuk_code in found}


def asesor_id(met_no: str) -> str:
    """Return the identification number of the demo's assessor with this MET number."""
    return "AS-" + "".join(sign for sign in met_no if sign.isdigit())[-10:]
