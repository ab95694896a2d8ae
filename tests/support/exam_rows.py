"""Rows of exam days put past every service, for rules that judge what lies in the tables."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from apps.fraud.small_world import EXAM_ON
from tests.support.world import UNITS

if TYPE_CHECKING:
    from tests.support.world import World

NOON = dt.datetime.combine(EXAM_ON, dt.time(5))
"""12:00 in western Indonesia, UTC."""
MINUTE = dt.timedelta(minutes=1)


class Rows:
    """Puts sessions, journeys, scores and decisions into the tables."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.number = 0

    def add(self, table: str, **values: Any) -> int:
        with self.world.admin().begin() as db:
            names = ", ".join(values)
            marks = ", ".join(f":{name}" for name in values)
            return int(db.execute(sa.text(f"insert into posko.{table} ({names}) values ({marks})"), values).lastrowid)

    def session(self, *, minutes: int = 300, **values: Any) -> int:
        """A session at TUK-1 that ended at noon and was released then."""
        self.number += 1
        told = {
            "tuk_code": "TUK-1", "lsp_code": "LSP-1", "scheme_code": "TLRT", "exam_on": EXAM_ON, "slot": self.number, "met_no": "MET.1",
            "status": "CLOSED", "opened_at": NOON - (minutes + 30) * MINUTE, "running_at": NOON - minutes * MINUTE, "ended_at": NOON,
            "scoring_opened_at": NOON, "scored_at": NOON + 60 * MINUTE, "closed_at": NOON + 90 * MINUTE, "made_at": "2026-03-02",
            "made_by": "KO1",
        }  # fmt: skip
        return self.add("exam_session", **{**told, **values})

    def journey(
        self, session: int, *, outcome: str | None = "PRESENT", tki: str | None = None, journey_no: int = 1
    ) -> int:
        """A TKI on the list of a session, who came."""
        self.number += 1
        tki = tki or str(5_000_000 + self.number)
        made = self.add(
            "journey", tki_id=tki, scheme_code="TLRT", journey_no=journey_no, status="CLOSED", opened_at="2026-03-02",
            moved_at="2026-03-02",
        )  # fmt: skip
        self.add(
            "allocation",
            journey_id=made,
            attempt_no=1,
            session_id=session,
            allocated_at="2026-03-02",
            allocated_by="KO1",
        )
        if outcome is not None:
            self.add(
                "attendance", session_id=session, journey_id=made, id_as_typed=tki, outcome=outcome, tries=1, station_code="ST-1",
                proof_id=self.proof("TKI", tki, "ATTEND", NOON - 200 * MINUTE), recorded_at=NOON - 200 * MINUTE, recorded_by="TU1",
            )  # fmt: skip
        return made

    def proof(self, kind: str, person: str, purpose: str, at: dt.datetime) -> str:
        self.number += 1
        number = f"{self.number:032x}"
        self.add(
            "finger_proof", proof_id=number, person_kind=kind, person_id=person, purpose=purpose, station_code="ST-1", is_match=1,
            score=90, threshold=40, quality=60, template_version=1, reader_serial="READER-1", sample_sha256=bytes.fromhex(number) * 2,
            captured_at=at, used_for="uji", used_at=at,
        )  # fmt: skip
        return number

    def score(self, session: int, journey: int, units: str, at: dt.datetime) -> None:
        """A score on a fresh finger of AS1; `units` has a letter a unit: K or B."""
        made = self.add(
            "assessment", session_id=session, journey_id=journey, version=1, met_no="MET.1", result="BK" if "B" in units else "K",
            proof_id=self.proof("STAFF", "AS1", "SCORE", at - MINUTE), assessed_at=at, assessed_by="AS1",
        )  # fmt: skip
        for unit, letter in zip(UNITS, units, strict=True):
            self.add("score_item", assessment_id=made, unit_code=unit, result="K" if letter == "K" else "BK")

    def decision(self, session: int, journey: int, result: str, lsp: str = "LSP-1") -> None:
        self.add(
            "decision", journey_id=journey, session_id=session, lsp_code=lsp, sk_no="SK", result=result, asesor_result=result,
            decided_at=NOON + 120 * MINUTE, decided_by="LS1",
        )  # fmt: skip
