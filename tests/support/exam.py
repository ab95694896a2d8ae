"""An exam day ready to begin: journeys acknowledged at TUK-1, as the acts of the preparation leave them (§12.5-12.11)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from apps.fraud.small_world import EXAM_ON
from posko.domain.proof import FingerProof, Purpose
from posko.services import asesor_check, assessment, attendance, exam_session
from tests.support.world import UNITS

if TYPE_CHECKING:
    from tests.support.world import World

GOOD = dict.fromkeys(UNITS, "K")
POOR = {**GOOD, UNITS[1]: "BK"}


@dataclass
class ExamDay:
    """One session with its candidates on the world's exam day, and short ways through its acts."""

    world: World
    session_id: int
    journeys: dict[str, int] = field(default_factory=dict)

    def proof(self, tki_id: str, station: str = "ST-1") -> FingerProof:
        """Return a candidate's finger for attendance."""
        return self.world.proof("TKI", tki_id, Purpose.ATTEND, station)

    def open(self) -> None:
        """Open the day."""
        self.world.desk("TU1").do(exam_session.open_day, session_id=self.session_id)

    def scan(self, tki_id: str, **more: Any) -> dict[str, Any]:
        """Check one candidate in."""
        more = {"session_id": self.session_id, "tki_id": tki_id, "proof": more.pop("proof", None) or self.proof(tki_id)}
        return self.world.desk("TU1").do(attendance.record_attendance, **more)

    def verify(self, who: str = "AS1") -> dict[str, Any]:
        """Verify an assessor's finger."""
        proof = self.world.proof("STAFF", who, Purpose.VERIFY_ASESOR)
        return self.world.desk("TU1").do(asesor_check.verify_asesor, session_id=self.session_id, proof=proof)

    def end(self) -> dict[str, int]:
        """End the test."""
        return self.world.desk("TU1").do(exam_session.end_session, session_id=self.session_id)

    def release(self) -> None:
        """Let the assessor score."""
        self.world.desk("TU1").do(exam_session.open_scoring, session_id=self.session_id)

    def test_with(self, *present: str) -> None:
        """Play the day up to the release: these came, the others did not."""
        self.open()
        for tki_id in present:
            self.scan(tki_id)
        self.verify()
        self.end()
        self.release()

    def finger(self, who: str = "AS1", station: str = "ST-1") -> FingerProof:
        """Return an assessor's finger for scoring."""
        return self.world.proof("STAFF", who, Purpose.SCORE, station)

    def score(self, scores: dict[Any, Any], who: str = "AS1", **more: Any) -> dict[str, int]:
        """Score, with candidates given by their ID TKI or the number of their journey."""
        by_number = {self.journeys.get(key, key): found for key, found in scores.items()}
        proof = more.pop("proof", None) or self.finger(who)
        return self.world.desk(who).do(
            assessment.score, session_id=self.session_id, scores=by_number, proof=proof, **more
        )

    def state(self) -> str:
        """Return the session's state."""
        return self.world.value("select status from posko.exam_session where session_id = :id", id=self.session_id)

    def rules(self) -> list[str]:
        """Return the rules in the register, in order."""
        return [rule for (rule,) in self.world.ask("select rule_id from posko.deviation order by deviation_id")]


def exam_day(
    world: World,
    *tki_ids: str,
    tuk: str = "TUK-1",
    lsp: str = "LSP-1",
    met: str = "MET.1",
    on: dt.date = EXAM_ON,
    status: str = "ACKNOWLEDGED",
    slot: int = 1,
) -> ExamDay:
    """Return a planned session with these candidates, and play its morning."""
    with world.admin().begin() as db:
        session_id = _session(db, tuk, lsp, met, on, slot, len(tki_ids))
        day = ExamDay(world, session_id, {tki: _candidate(db, tki, session_id, status) for tki in tki_ids})
    world.at(on, 8)
    return day


def _session(db: sa.Connection, tuk: str, lsp: str, met: str, on: dt.date, slot: int, seats: int) -> int:
    made = db.execute(
        sa.text(
            "insert into posko.exam_session (tuk_code, lsp_code, scheme_code, exam_on, slot, met_no, status, made_at, made_by)"
            " values (:tuk, :lsp, 'TLRT', :day, :slot, :met, 'PLANNED', '2026-03-02', 'KO1')"
        ),
        {"tuk": tuk, "lsp": lsp, "met": met, "day": on, "slot": slot},
    )
    for table, key, code in (("tuk_day", "tuk_code", tuk), ("asesor_day", "met_no", met)):
        db.execute(
            sa.text(
                f"insert into posko.{table} ({key}, exam_on, capacity, booked) values (:code, :day, 20, :seats)"
                " on duplicate key update booked = booked + :seats"
            ),
            {"code": code, "day": on, "seats": seats},
        )
    db.execute(
        sa.text(
            "insert into posko.appointment (session_id, met_no, appointed_at, appointed_by) values (:id, :met, '2026-03-02', 'KO1')"
        ),
        {"id": made.lastrowid, "met": met},
    )
    return int(made.lastrowid)


def _candidate(db: sa.Connection, tki_id: str, session_id: int, status: str) -> int:
    made = db.execute(
        sa.text(
            "insert into posko.journey (tki_id, scheme_code, journey_no, attempt_no, status, opened_at, moved_at)"
            " values (:tki, 'TLRT', 1, 1, :status, '2026-03-02', '2026-03-02')"
        ),
        {"tki": tki_id, "status": status},
    )
    values = {"id": int(made.lastrowid), "tki": tki_id, "name": f"NAMA {tki_id}", "session": session_id}
    db.execute(
        sa.text(
            "insert into posko.candidate (journey_id, tki_id, scheme_code, full_name, birth_place, born_on, address, blkln_code,"
            " pptkis_name, source_batch_id, source_row_crc, registered_at, registered_by) values (:id, :tki, 'TLRT', :name,"
            " 'TANGERANG', '1983-05-01', 'KP. TINGGULUH', 'H05AN001', 'DUTA ANANDA SETIA', 1, 1, '2026-03-02', 'KO1')"
        ),
        values,
    )
    db.execute(
        sa.text(
            "insert into posko.allocation (journey_id, attempt_no, session_id, allocated_at, allocated_by)"
            " values (:id, 1, :session, '2026-03-02', 'KO1')"
        ),
        values,
    )
    return values["id"]


def released(world: World, *tki_ids: str) -> ExamDay:
    """Return the exam day of these TKI, or of one, tested and released for scoring."""
    day = exam_day(world, *(tki_ids or ("100",)))
    day.test_with(*(tki_ids or ("100",)))
    return day
