"""What the services prevent or note of sessions, scores and decisions, tried on the stage (§13.3-13.10; DV-S01..S07, DV-N01..N06)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from apps.fraud.planting import Planted
from apps.fraud.small_world import EXAM_ON
from posko.domain.proof import Purpose
from posko.services import assessment, attendance, attendance_late, decision, exam_session, results

if TYPE_CHECKING:
    from apps.fraud.stage import Attempt, ExamDay, Stage

_UNITS = "select unit_code from posko.scheme_unit where scheme_code = 'TLRT' order by position"


def _of(rule_id: str, day: ExamDay) -> list[Planted]:
    return [Planted(rule_id, "session", str(day.session_id))]


def _sheet(stage: Stage, result: str = "K") -> dict[str, str]:
    """Return a sheet in which the first unit has this result, and every other one K."""
    units = [str(row["unit_code"]) for row in stage.ask(_UNITS)]
    return {unit: "K" if place else result for place, unit in enumerate(units)}


def not_listed(stage: Stage) -> list[Planted]:
    """DV-S01: somebody from another TUK's list puts her finger on the reader."""
    day, other = stage.exam_day(), stage.exam_day(place=3)
    (guest,) = other.journeys
    day.open()
    proof = stage.proof("TKI", guest, Purpose.ATTEND)
    stage.try_it(day.tuk(), attendance.record_attendance, session_id=day.session_id, tki_id=guest, proof=proof)
    return _of("DV-S01", day)


def before_the_opening(stage: Stage) -> list[Planted]:
    """DV-S02: attendance before the TUK opened the day."""
    day = stage.exam_day()
    (tki_id,) = day.journeys
    proof = stage.proof("TKI", tki_id, Purpose.ATTEND)
    stage.try_it(day.tuk(), attendance.record_attendance, session_id=day.session_id, tki_id=tki_id, proof=proof)
    return _of("DV-S02", day)


def without_asesor(stage: Stage) -> list[Planted]:
    """DV-S04: the TUK ends a test at which no assessor was verified."""
    day = stage.exam_day()
    (tki_id,) = day.journeys
    day.open()
    day.scan(tki_id)
    stage.try_it(day.tuk(), exam_session.end_session, session_id=day.session_id)
    return _of("DV-S04", day)


def score_of_the_absent(stage: Stage) -> list[Planted]:
    """DV-S05: the assessor scores somebody who never came."""
    day = stage.exam_day(2)
    day.open()
    day.scan(next(iter(day.journeys)))
    day.verify()
    day.tuk().do(exam_session.end_session, session_id=day.session_id)
    day.tuk().do(exam_session.open_scoring, session_id=day.session_id)
    scores = dict.fromkeys(day.journeys.values(), _sheet(stage))
    proof = stage.proof("STAFF", "AS1", Purpose.SCORE)
    stage.try_it(stage.desk("AS1"), assessment.score, session_id=day.session_id, scores=scores, proof=proof)
    return _of("DV-S05", day)


def a_day_late(stage: Stage) -> list[Planted]:
    """DV-S07: a finger of a cut line arrives after 25 hours; the act takes it and notes it."""
    day = stage.exam_day()
    (tki_id,) = day.journeys
    day.open()
    proof = stage.proof("TKI", tki_id, Purpose.ATTEND)
    stage.at(EXAM_ON + dt.timedelta(days=1), 9)
    day.tuk().do(attendance_late.record_late, session_id=day.session_id, tki_id=tki_id, proof=proof)
    return _of("DV-S07", day)


def old_finger(stage: Stage) -> list[Planted]:
    """DV-N01: the assessor scores on a finger of half an hour ago."""
    day = stage.exam_day()
    day.release()
    proof = stage.proof("STAFF", "AS1", Purpose.SCORE)
    stage.now += dt.timedelta(minutes=30)
    scores = dict.fromkeys(day.journeys.values(), _sheet(stage))
    stage.try_it(stage.desk("AS1"), assessment.score, session_id=day.session_id, scores=scores, proof=proof)
    return _of("DV-N01", day)


def before_the_release(stage: Stage) -> list[Planted]:
    """DV-N02: the assessor scores while the test still runs."""
    day = stage.exam_day()
    day.open()
    day.scan(next(iter(day.journeys)))
    day.verify()
    scores = dict.fromkeys(day.journeys.values(), _sheet(stage))
    proof = stage.proof("STAFF", "AS1", Purpose.SCORE)
    stage.try_it(stage.desk("AS1"), assessment.score, session_id=day.session_id, scores=scores, proof=proof)
    return _of("DV-N02", day)


def changed_after_the_lsp_saw_it(stage: Stage) -> list[Planted]:
    """DV-N04: K becomes BK after the LSP took the table over; the act takes it and notes it."""
    day = _received(stage)
    ((tki_id, journey_id),) = day.journeys.items()
    stage.desk("AS1").do(
        assessment.correct_score,
        session_id=day.session_id,
        journey_id=journey_id,
        scores=_sheet(stage, "BK"),
        reason="Diminta diubah",
        proof=stage.proof("STAFF", "AS1", Purpose.SCORE),
    )
    return [Planted("DV-N04", "journey", f"{tki_id}/TLRT/1")]


def against_the_asesor(stage: Stage) -> list[Planted]:
    """DV-N05: the LSP decides BK over the assessor's K, with a reason; the act takes it and notes it."""
    day = _received(stage)
    ((tki_id, journey_id),) = day.journeys.items()
    told = {"results": {journey_id: "BK"}, "reasons": {journey_id: "Bukti portofolio kurang"}}
    stage.desk("LS1").do(decision.decide, session_id=day.session_id, sk_no=f"SK/UJI/{day.session_id}", **told)
    return [Planted("DV-N05", "journey", f"{tki_id}/TLRT/1")]


def two_parts(stage: Stage) -> list[Planted]:
    """DV-N06: who kept the door of the TUK takes the results of the same TKI over for the LSP."""
    day = _scored(stage)
    (journey_id,) = day.journeys.values()
    stage.write("insert into posko.part_held values (:id, 'LS1', 'TUK', '2026-03-02')", id=journey_id)
    stage.try_it(stage.desk("LS1"), results.receive_results, session_id=day.session_id)
    batch_id = stage.value("select max(batch_id) from posko.handoff_line where journey_id = :id", id=journey_id)
    return [Planted("DV-N06", "handoff", str(batch_id))]


def _scored(stage: Stage) -> ExamDay:
    """Return a session of one TKI, scored K."""
    day = stage.exam_day()
    day.release()
    day.score()
    return day


def _received(stage: Stage) -> ExamDay:
    """Return a session of one TKI, scored K, whose table the LSP took over."""
    day = _scored(stage)
    stage.desk("LS1").do(results.receive_results, session_id=day.session_id)
    return day


ATTEMPTS: dict[str, Attempt] = {
    "DV-S01": not_listed, "DV-S02": before_the_opening, "DV-S04": without_asesor, "DV-S05": score_of_the_absent, "DV-S07": a_day_late,
    "DV-N01": old_finger, "DV-N02": before_the_release, "DV-N04": changed_after_the_lsp_saw_it, "DV-N05": against_the_asesor,
    "DV-N06": two_parts,
}  # fmt: skip
