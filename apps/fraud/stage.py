"""A small world on the server of the year, in which what the services prevent is really tried (§5.1; rules with `judged_by` = `act`).

Two LSP, three TUK, three assessors, staff of every role, a played clock and a matcher that answers as told; its numbers are none of the
year's. What an attempt must leave behind is a row in `posko.deviation`, written by the act itself.
"""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from apps.fraud.year_log import write_log
from biometrics.issue import Issuer
from biometrics.scripted import ScriptedMatcher
from posko.domain.audit import Place
from posko.domain.errors import Refused
from posko.domain.proof import FingerProof, Purpose
from posko.domain.roles import Principal, Role
from posko.services import asesor_check, assessment, attendance, exam_session
from posko.services.office import Office

if TYPE_CHECKING:
    from collections.abc import Callable

    from apps.fraud.planting import Planted
    from posko.db.engine import Server
    from posko.services.office import Desk
    from posko.settings import Settings

    Attempt = Callable[["Stage"], list[Planted]]
    """Tries what a rule prevents, and says under which subject the register must have it."""

START = dt.datetime.fromisoformat("2026-03-02T01:00")
"""Monday, 08:00 in western Indonesia; UTC without zone."""
EXAM_ON = dt.date(2026, 3, 9)
STAFF = {
    "SA1": ("SUPER", None, None, None),
    "SA2": ("SUPER", None, None, None),
    "KO1": ("KONSORSIUM", None, None, None),
    "LS1": ("LSP", "LSP-1", None, None),
    "LS2": ("LSP", "LSP-2", None, None),
    "TU1": ("TUK", None, "TUK-1", None),
    "TU2": ("TUK", None, "TUK-2", None),
    "AS1": ("ASESOR", None, None, "MET.1"),
    "AS2": ("ASESOR", None, None, "MET.2"),
    "AS3": ("ASESOR", None, None, "MET.3"),
    "BN1": ("BNSP", None, None, None),
    "BN2": ("BNSP", None, None, None),
    "AU1": ("AUDITOR", None, None, None),
}
"""Number -> role, LSP, TUK, MET; AS1 and AS2 belong to LSP-1, AS3 to LSP-2."""
BLKLN, PPTKIS = "H05AN001", "DUTA ANANDA SETIA"
_OF_LSP = ((1, 1), (2, 1), (3, 2))
"""Number of a TUK and of an assessor -> number of its LSP."""
_SINCE, _UNTIL = "'2025-01-01'", "'2030-12-31'"
_UNITS = "select unit_code from posko.scheme_unit where scheme_code = 'TLRT' order by position"


@dataclass
class Stage:
    """One installation with a played clock."""

    server: Server
    settings: Settings
    office: Office = field(init=False)
    matcher: ScriptedMatcher = field(default_factory=ScriptedMatcher)
    now: dt.datetime = START

    def __post_init__(self) -> None:
        made = Office.of(self.settings, self.server.engine("posko_app", "posko"))
        self.office = Office(made.engine, made.audit, made.keys, clock=lambda _db: self.now)
        self._admin = self.server.engine(self.server.admin, "posko")
        self._tki = 7_000_000

    def fill(self) -> None:
        """Make registers, staff and stations; what is there already stays."""
        with self._admin.begin() as db:
            for statement in _registers():
                db.exec_driver_sql(statement)

    def close(self) -> None:
        """Let go of the connections."""
        self.office.engine.dispose()
        self._admin.dispose()

    # who -------------------------------------------------------------------------------------------------------

    def principal(self, who: str, **more: Any) -> Principal:
        """Return one of the staff; `on_behalf="..."` for a Super Administrator in another's place."""
        role, lsp, tuk, _ = STAFF[who]
        return Principal(Role(role), who, lsp, tuk, **more)

    def desk(self, who: str | None, **more: Any) -> Desk:
        """Return the desk of one of the staff; None is the system itself."""
        by = None if who is None else self.principal(who, **more)
        return self.office.desk(by, place=Place(device="simulasi", ip="127.0.0.1"), auth_event=None)

    def proof(self, kind: str, person_id: str, purpose: Purpose, station: str = "ST-1") -> FingerProof:
        """Return a sealed proof at the played time; `matcher.misses[person_id]` says how often it does not match before."""
        issuer = Issuer(self.matcher, self.office.keys["finger-proof"])
        reader = f"READER-{station.removeprefix('ST-')}"
        return issuer.prove(kind, person_id, purpose, station_code=station, reader_serial=reader, at=self.now)  # type: ignore[arg-type]

    def second(self, who: str) -> FingerProof:
        """Return the proof of a second person."""
        return self.proof("STAFF", who, Purpose.SECOND_PERSON, "ST-0")

    def at(self, day: dt.date, hour: int = 9, minute: int = 0) -> None:
        """Play a time of western Indonesia."""
        self.now = dt.datetime.combine(day, dt.time(hour, minute)) - dt.timedelta(hours=7)

    def try_it(self, desk: Desk, what: Callable[..., Any], **values: Any) -> Refused:
        """Do an act that must be refused and return the refusal.

        Raises:
            AssertionError: nobody refused it.
        """
        try:
            desk.do(what, **values)
        except Refused as refusal:
            return refusal
        raise AssertionError(f"{what.__name__} was not refused")

    # what is there ---------------------------------------------------------------------------------------------

    def ask(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        """Return the rows of a query of the administrator."""
        with self._admin.connect() as db:
            return [dict(row) for row in db.execute(sa.text(sql), values).mappings()]

    def value(self, sql: str, **values: Any) -> Any:
        """Return the one value of a query."""
        (row,) = self.ask(sql, **values)
        return next(iter(row.values()))

    def write(self, sql: str, **values: Any) -> None:
        """Write past every service."""
        with self._admin.begin() as db:
            db.execute(sa.text(sql), values)

    # an exam day -----------------------------------------------------------------------------------------------

    def exam_day(
        self,
        people: int = 1,
        *,
        place: int = 1,
        met: str | None = None,
        on: dt.date = EXAM_ON,
        status: str = "ACKNOWLEDGED",
        slot: int | None = None,
    ) -> ExamDay:
        """Return a planned session of new TKI, and play its morning.

        Args:
            people: how many TKI.
            place: number of the TUK, its LSP and assessor with it.
            met: another assessor.
            on: day of the test.
            status: state of the journeys.
            slot: of the assessor's day; None takes a free one.
        """
        lsp = dict(_OF_LSP)[place]
        free = "select coalesce(max(slot), 0) + 1 from posko.exam_session where exam_on = :day"
        values = {"tuk": f"TUK-{place}", "lsp": f"LSP-{lsp}", "met": met or f"MET.{place}", "day": on}
        values["slot"] = slot or int(self.value(free, day=on))
        with self._admin.begin() as db:
            made = db.execute(sa.text(_SESSION), values)
            session_id = int(made.lastrowid)
            db.execute(sa.text(_APPOINTMENT), {"id": session_id, "met": values["met"]})
            journeys = {}
            for _ in range(people):
                self._tki += 1
                journeys[str(self._tki)] = _put_candidate(db, str(self._tki), session_id, status)
        self._tell(session_id, min(journeys.values()))
        self.at(on, 8)
        return ExamDay(self, session_id, place, journeys)

    def _tell(self, session_id: int, journey_id: int) -> None:
        """Let the log know of the rows that were put in past it, from these numbers on."""
        with closing(self.server.connect(self.server.admin, "posko")) as raw:
            write_log(raw, journeys_from=journey_id, sessions_from=session_id)


@dataclass
class ExamDay:
    """One session with its candidates (ID TKI -> journey), and short ways through its acts."""

    stage: Stage
    session_id: int
    place: int
    journeys: dict[str, int]

    def tuk(self) -> Desk:
        """Return the desk of its TUK."""
        return self.stage.desk(f"TU{self.place}")

    def open(self) -> None:
        """Open the day."""
        self.tuk().do(exam_session.open_day, session_id=self.session_id)

    def scan(self, tki_id: str, proof: FingerProof | None = None) -> dict[str, Any]:
        """Check one candidate in."""
        shown = proof or self.stage.proof("TKI", tki_id, Purpose.ATTEND, f"ST-{self.place}")
        made: dict[str, Any] = self.tuk().do(
            attendance.record_attendance, session_id=self.session_id, tki_id=tki_id, proof=shown
        )
        return made

    def verify(self, who: str | None = None) -> None:
        """Verify the assessor's finger."""
        proof = self.stage.proof("STAFF", who or f"AS{self.place}", Purpose.VERIFY_ASESOR, f"ST-{self.place}")
        self.tuk().do(asesor_check.verify_asesor, session_id=self.session_id, proof=proof)

    def release(self) -> None:
        """Play the day up to the release for scoring; everybody comes."""
        self.open()
        for tki_id in self.journeys:
            self.scan(tki_id)
        self.verify()
        self.tuk().do(exam_session.end_session, session_id=self.session_id)
        self.tuk().do(exam_session.open_scoring, session_id=self.session_id)

    def score(self, proof: FingerProof | None = None, who: str | None = None) -> None:
        """Let the assessor score everybody K."""
        asesor = who or f"AS{self.place}"
        sheet = {str(row["unit_code"]): "K" for row in self.stage.ask(_UNITS)}
        finger = proof or self.stage.proof("STAFF", asesor, Purpose.SCORE, f"ST-{self.place}")
        scores = dict.fromkeys(self.journeys.values(), sheet)
        self.stage.desk(asesor).do(assessment.score, session_id=self.session_id, scores=scores, proof=finger)


_SESSION = """
    insert into posko.exam_session (tuk_code, lsp_code, scheme_code, exam_on, slot, met_no, status, made_at, made_by)
    values (:tuk, :lsp, 'TLRT', :day, :slot, :met, 'PLANNED', '2026-03-02', 'KO1')"""
_APPOINTMENT = """
    insert into posko.appointment (session_id, met_no, appointed_at, appointed_by) values (:id, :met, '2026-03-02', 'KO1')"""
_JOURNEY = """
    insert into posko.journey (tki_id, scheme_code, journey_no, attempt_no, status, opened_at, moved_at)
    values (:tki, 'TLRT', 1, 1, :status, '2026-03-02', '2026-03-02')"""
_CANDIDATE = """
    insert into posko.candidate (journey_id, tki_id, scheme_code, full_name, birth_place, born_on, address, blkln_code, pptkis_name,
        source_batch_id, source_row_crc, payment_status, registered_at, registered_by)
    values (:id, :tki, 'TLRT', concat('NAMA ', :tki), 'TANGERANG', '1983-05-01', 'KP. TINGGULUH', :blkln, :pptkis, 1, 1, 'LUNAS',
        '2026-03-02', 'KO1')"""
_ALLOCATION = """
    insert into posko.allocation (journey_id, attempt_no, session_id, allocated_at, allocated_by)
    values (:id, 1, :session, '2026-03-02', 'KO1')"""


def _put_candidate(db: sa.Connection, tki_id: str, session_id: int, status: str) -> int:
    made = db.execute(sa.text(_JOURNEY), {"tki": tki_id, "status": status})
    number = int(made.lastrowid)
    db.execute(sa.text(_CANDIDATE), {"id": number, "tki": tki_id, "blkln": BLKLN, "pptkis": PPTKIS})
    db.execute(sa.text(_ALLOCATION), {"id": number, "session": session_id})
    return number


def _registers() -> list[str]:
    pairs = _OF_LSP
    rows = [
        *(f"posko.lsp values ('LSP-{n}', 'LSP {n}', 'BNSP-LSP-00{n}-ID', {_SINCE}, {_UNTIL})" for n in (1, 2)),
        *(f"posko.tuk values ('TUK-{n}', 'TUK {n}', 'Kota {n}', 20, {_SINCE}, {_UNTIL})" for n, _ in pairs),
        *(f"posko.tuk_lsp values ('TUK-{n}', 'LSP-{lsp}', 'TLRT', {_SINCE}, {_UNTIL})" for n, lsp in pairs),
        *(f"posko.asesor values ('MET.{n}', 'Asesor {n}', 'LSP-{lsp}', {_SINCE}, {_UNTIL})" for n, lsp in pairs),
        *(f"posko.asesor_scheme values ('MET.{n}', 'TLRT', {_SINCE}, {_UNTIL})" for n, _ in pairs),
        f"posko.blkln values ('{BLKLN}', 'BLKLN Satu', 'Tangerang', 100, {_UNTIL}, null)",
        f"posko.pptkis values ('{PPTKIS}', 'SIUP-1', {_UNTIL})",
        f"posko.station values ('ST-0', 'Kantor', null, 'READER-0', {_SINCE}, null)",
        *(f"posko.station values ('ST-{n}', 'TUK {n}', 'TUK-{n}', 'READER-{n}', {_SINCE}, null)" for n, _ in pairs),
    ]
    for who, (role, lsp, tuk, met) in STAFF.items():
        scope = ", ".join("null" if value is None else f"'{value}'" for value in (lsp, tuk, met))
        rows.append(
            "posko.staff (person_id, full_name, role, lsp_code, tuk_code, met_no, state, enrolled_at)"
            f" values ('{who}', 'Petugas {who}', '{role}', {scope}, 'ACTIVE', '2026-01-01')"
        )
    return [f"insert ignore into {row}" for row in rows]
