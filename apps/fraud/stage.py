"""The small world on the server of the year, in which what the services prevent is really tried (§5.1; rules with `judged_by` = `act`).

Its numbers are none of the year's. What an attempt must leave behind is a row in `posko.deviation`, written by the act itself.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from apps.fraud.small_world import BLKLN, EXAM_ON, PAIRS, PPTKIS, SmallWorld
from apps.fraud.year_log import write_log
from posko.domain.errors import Refused
from posko.domain.proof import FingerProof, Purpose
from posko.services import asesor_check, assessment, attendance, exam_session

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from apps.fraud.planting import Planted
    from posko.services.office import Desk

    Attempt = Callable[["Stage"], list[Planted]]
    """Tries what a rule prevents, and says under which subject the register must have it."""

_UNITS = "select unit_code from posko.scheme_unit where scheme_code = 'TLRT' order by position"


@dataclass
class Stage(SmallWorld):
    """A small world in which exam days are put up without their history, and acts are tried that must be refused."""

    last_tki: int = 7_000_000

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

    def ask(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        """Return the rows of a query of the administrator."""
        with self.admin().connect() as db:
            return [dict(row) for row in db.execute(sa.text(sql), values).mappings()]

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
        lsp = dict(PAIRS)[place]
        free = "select coalesce(max(slot), 0) + 1 from posko.exam_session where exam_on = :day"
        values = {"tuk": f"TUK-{place}", "lsp": f"LSP-{lsp}", "met": met or f"MET.{place}", "day": on}
        values["slot"] = slot or int(self.value(free, day=on))
        with self.admin().begin() as db:
            made = db.execute(sa.text(_SESSION), values)
            session_id = int(made.lastrowid)
            db.execute(sa.text(_APPOINTMENT), {"id": session_id, "met": values["met"]})
            journeys = {}
            for _ in range(people):
                self.last_tki += 1
                journeys[str(self.last_tki)] = _put_candidate(db, str(self.last_tki), session_id, status)
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
