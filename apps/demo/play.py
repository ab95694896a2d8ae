"""The whole flow acted out through the services: register, schedule, distribute, test, score, decide, publish, return (§12.3-14.5).

Nothing here writes a table: each step is an act of the person whom the Pedoman names. Tests play 5,000 TKI with it, the demo some days.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from apps.demo.cast import AUDITOR, KONSORSIUM, THIRD, Cast, asesor_id
from apps.demo.fates import Fates
from apps.demo.frauds import Honest
from apps.demo.hands import Manner
from apps.hand_over import distribute
from apps.returning import give_back, hear
from posko.domain.calendar import local_day
from posko.domain.errors import Refused
from posko.domain.proof import Purpose
from posko.services import (
    allocation,
    asesor_check,
    assessment,
    attendance,
    decision,
    distribution,
    evaluation,
    exam_session,
    proposals,
    publication,
    registration,
    results,
)
from posko.services.registry_demo_sites import station_code

if TYPE_CHECKING:
    from collections.abc import Callable

    from apps.returning import ReturnSite

__all__ = ["AUDITOR", "Play"]

AT_ONCE = 500
"""TKI whom one act registers or accepts."""


@dataclass
class Play:
    """One play: the cast, the fates, how far to tell, where results go (None: they wait), and who cheats."""

    cast: Cast
    fates: Fates = field(default_factory=Fates)
    say: Callable[[str], None] = lambda _text: None
    counts: Counter[str] = field(default_factory=Counter)
    site: ReturnSite | None = None
    frauds: Honest = field(default_factory=Honest)

    # preparation -----------------------------------------------------------------------------------------------

    def prepare(self, *, days: int | None = None, people: int | None = None) -> None:
        """Hand the eligible to the Konsorsium, register, allocate and distribute them.

        Args:
            days: only those who are proposed for so many days that come next; None: everybody.
            people: at most so many, TUK by TUK, the busiest first; None: all of these days.
        """
        self.cast.need(AUDITOR)
        distribute(self.cast.office)
        chosen = self._proposed(days)[:people]
        office = self.cast.desk(KONSORSIUM)
        for start in range(0, len(chosen), AT_ONCE):
            office.do(registration.register_many, tki_ids=chosen[start : start + AT_ONCE])
        self.allocate()

    def allocate(self) -> None:
        """Accept the proposals of all who are registered, send the allocation, check it, split it, acknowledge it."""
        office = self.cast.desk(KONSORSIUM)
        accepted = 0
        while done := office.do(proposals.accept, most=AT_ONCE)["accepted"]:
            accepted += done
        if accepted:
            self.send_out("belum ada tempat pada usulan")
        self.counts["allocated"] += accepted

    def send_out(self, why_not: str) -> None:
        """Send all that is allocated to BNSP, check its balance, release its parts, let every LSP and TUK acknowledge hers.

        Args:
            why_not: the reason that is given for everybody who is registered and not allocated.
        """
        office = self.cast.desk(KONSORSIUM)
        rest = {row["tki_id"]: why_not for row in office.do(allocation.unallocated)}
        batch_id = int(office.do(allocation.send_allocation, justified=rest)["batch_id"])
        checked = self.cast.desk(THIRD).do(distribution.check_balance, batch_id=batch_id)
        released = self.cast.desk(THIRD).do(distribution.release, balance_check_id=checked["balance_check_id"])
        for part in released["batches"]:
            self.cast.desk(f"ADM-{part['receiver_code']}").do(distribution.acknowledge, batch_id=part["batch_id"])

    def _proposed(self, days: int | None) -> list[str]:
        """Return the TKI who may be registered and whose proposed day is still to come, earliest first."""
        rows = self.ask(
            "select journey.tki_id, proposal.proposed_on from posko.journey as journey"
            " join posko_model.fct_tuk_proposal as proposal on proposal.tki_id = journey.tki_id"
            " where journey.status = 'SENT_TO_KONSORSIUM' and proposal.proposed_on > :today"
            " order by proposal.proposed_on, count(*) over (partition by proposal.proposed_on, proposal.tuk_code) desc,"
            " proposal.tuk_code, journey.tki_id",
            today=self.today(),
        )
        wanted = sorted({row["proposed_on"] for row in rows})[:days]
        return [row["tki_id"] for row in rows if row["proposed_on"] in wanted]

    # execution -------------------------------------------------------------------------------------------------

    def exam_days(self) -> list[dt.date]:
        """Return the days on which sessions are planned and not yet held."""
        rows = self.ask("select distinct exam_on from posko.exam_session where status = 'PLANNED' order by exam_on")
        return [row["exam_on"] for row in rows]

    def exam_day(self, day: dt.date) -> None:
        """Play one day at every TUK that has a session."""
        sessions = self.ask(
            "select session_id, tuk_code, lsp_code, met_no from posko.exam_session"
            " where exam_on = :day and status = 'PLANNED' order by session_id",
            day=day,
        )
        for session in sessions:
            self.cast.clock.go_to(day, 8)
            self._hold(session)
            self.cast.clock.go_to(day, 15)
            self._score(session)
            self.cast.clock.go_to(day, 16)
            self._decide(session, day)
            self.counts["sessions"] += 1
        self.say(f"{day:%d-%m-%Y}: {len(sessions)} sesi")

    def _hold(self, session: dict[str, Any]) -> None:
        number, tuk = int(session["session_id"]), session["tuk_code"]
        door, station = self.cast.desk(f"ADM-{tuk}"), station_code(tuk)
        door.do(exam_session.open_day, session_id=number)
        finger = self.cast.proof("STAFF", asesor_id(session["met_no"]), Purpose.VERIFY_ASESOR, station)
        door.do(asesor_check.verify_asesor, session_id=number, proof=finger)
        for candidate in self._candidates(number):
            self._arrive(number, tuk, candidate)
        self.frauds.try_foreign_door(self, tuk)
        present = self.ask(
            "select count(*) as n from posko.attendance where session_id = :id and outcome = 'PRESENT'", id=number
        )[0]["n"]
        self.cast.clock.now += dt.timedelta(minutes=self.frauds.minutes(number, int(present)))
        door = self.cast.desk(f"ADM-{tuk}")
        ended = door.do(exam_session.end_session, session_id=number)
        if ended["tested"]:
            door.do(exam_session.open_scoring, session_id=number)

    def _arrive(self, session_id: int, tuk: str, candidate: dict[str, Any]) -> None:
        tki_id, attempt = candidate["tki_id"], int(candidate["attempt_no"])
        self.cast.clock.now += dt.timedelta(seconds=self.fates.pause(tki_id))
        if self.fates.is_absent(tki_id, attempt):
            return
        manner = Manner.HERSELF
        if self.frauds.sends_somebody(tki_id, by_fate=self.fates.is_impostor(tki_id, attempt)):
            manner = Manner.SOMEBODY_ELSE
        elif self.fates.has_trouble(tki_id):
            manner = Manner.WRONG_FINGER_FIRST
        door = self.cast.desk(f"ADM-{tuk}")
        outcome = self.cast.hands.come(door, session_id, tki_id, station_code(tuk), manner)
        self.counts[f"door:{outcome}"] += 1
        if outcome == "NOT_REGISTERED":
            why = "Belum ada sidik jari rujukan yang dapat dibandingkan"
            door.do(attendance.turn_away_unregistered, session_id=session_id, id_as_typed=tki_id, reason=why)

    def _score(self, session: dict[str, Any]) -> None:
        number = int(session["session_id"])
        tested = self.ask(
            "select journey.journey_id, journey.tki_id, journey.journey_no from posko.allocation as allocation"
            " join posko.journey as journey on journey.journey_id = allocation.journey_id"
            " and journey.attempt_no = allocation.attempt_no"
            " where allocation.session_id = :id and journey.status = 'TESTED' order by journey.journey_id",
            id=number,
        )
        if not tested:
            return
        units = [row["unit_code"] for row in self.ask("select unit_code from posko.scheme_unit order by position")]
        scores = {int(row["journey_id"]): self._sheet(row, units) for row in tested}
        who = asesor_id(session["met_no"])
        self.cast.stations[who] = station_code(session["tuk_code"])
        finger = self.cast.proof("STAFF", who, Purpose.SCORE, self.cast.stations[who])
        self.cast.desk(who).do(assessment.score, session_id=number, scores=scores, proof=finger)

    def _sheet(self, row: dict[str, Any], units: list[str]) -> dict[str, str]:
        weak = units[-1] if self.fates.is_failing(row["tki_id"], int(row["journey_no"])) else None
        return {unit: "BK" if unit == weak else "K" for unit in units}

    def _decide(self, session: dict[str, Any], day: dt.date) -> None:
        number = int(session["session_id"])
        (now,) = self.ask("select status from posko.exam_session where session_id = :id", id=number)
        if now["status"] != "SCORED":
            return
        lsp = self.cast.desk(f"ADM-{session['lsp_code']}")
        lsp.do(results.receive_results, session_id=number)
        own, sk_no = self.frauds.overruled(self, number), f"SK/{session['lsp_code']}/{day:%Y%m%d}/{number}"
        made = lsp.do(decision.decide, session_id=number, sk_no=sk_no, **own)
        self.counts["certified"] += len(made["certified"])
        self.counts["not_passed"] += int(made["not_passed"])

    def _candidates(self, session_id: int) -> list[dict[str, Any]]:
        return self.ask(
            "select journey.tki_id, journey.attempt_no from posko.allocation as allocation"
            " join posko.journey as journey on journey.journey_id = allocation.journey_id"
            " and journey.attempt_no = allocation.attempt_no"
            " where allocation.session_id = :id and journey.status = 'ACKNOWLEDGED' order by journey.tki_id",
            id=session_id,
        )

    # evaluation ------------------------------------------------------------------------------------------------

    def evaluate(self, day: dt.date, *, hold: bool = True) -> int:
        """Hold the evaluation meeting and publish what it lets pass; return how many. Arguments as `hold_meeting`."""
        meeting = self.hold_meeting(day, hold=hold)
        if meeting is None:
            return 0
        published = int(self.cast.system.do(publication.publish, meeting_id=meeting)["published"])
        self.counts["published"] += published
        return published

    def hold_meeting(self, day: dt.date, *, hold: bool = True) -> int | None:
        """Hold the evaluation meeting over all results that have arrived, and close its minutes; return its number, None: no result waits.

        Args:
            day: the day of the meeting.
            hold: hold back those whose fate it is; False releases them.
        """
        self.cast.clock.go_to(day, 17)
        waiting = self.ask(
            "select journey_id, tki_id, status from posko.journey where status in ('RESULT_SENT', 'ON_HOLD') order by journey_id"
        )
        if not waiting:
            return None
        bnsp = self.cast.desk(THIRD)
        meeting = bnsp.do(evaluation.open_meeting, held_on=day, place="Kantor BNSP")
        lsps = self.ask("select person_id from posko.staff where role = 'LSP' order by person_id")
        bnsp.do(
            evaluation.note_participants, meeting_id=meeting, person_ids=[THIRD, *(row["person_id"] for row in lsps)]
        )
        for row in waiting:
            if hold and row["status"] == "RESULT_SENT" and self.fates.is_held(row["tki_id"]):
                self.counts["held"] += 1
                bnsp.do(
                    evaluation.hold, meeting_id=meeting, journey_id=row["journey_id"], reason="Berkas diperiksa ulang"
                )
            elif row["status"] == "ON_HOLD":
                # Whose deviation case is still open stays held.
                with suppress(Refused):
                    bnsp.do(
                        evaluation.release_hold,
                        meeting_id=meeting,
                        journey_id=row["journey_id"],
                        reason="Berkas sudah diperiksa",
                    )
        bnsp.do(
            evaluation.close_minutes, meeting_id=meeting, minutes="Hasil dibahas dan disetujui kecuali yang ditahan."
        )
        return int(meeting)

    def give_back(self) -> int:
        """Send what was published back to BNP2TKI's table; return how many rows were written there."""
        done = give_back(self.cast.office, self.site)
        self.counts["returned"] += done["returned"]
        return done["delivered"]

    def close(self) -> int:
        """Read what BNP2TKI confirmed, and its table as it was last received; return how many results it shows as they were sent."""
        closed = hear(self.cast.office, self.site)["closed"]
        self.counts["closed"] += closed
        return closed

    def unfinished(self) -> bool:
        """Return whether somebody waits for an exam day, a result or BNP2TKI."""
        return bool(self.by_status().keys() - {"CLOSED", "REGISTERED", "SENT_TO_KONSORSIUM"})

    def by_status(self) -> dict[str, int]:
        """Return how many journeys stand where."""
        rows = self.ask("select status, count(*) as n from posko.journey group by status order by status")
        return {row["status"]: int(row["n"]) for row in rows}

    def ask(self, sql: str, **values: object) -> list[dict[str, Any]]:
        """Return the rows of a query: what a screen would list."""
        with self.cast.office.engine.connect() as db:
            return [dict(row) for row in db.execute(sa.text(sql), values).mappings()]

    def today(self) -> dt.date:
        """Return the played day."""
        return local_day(self.cast.clock.now)
