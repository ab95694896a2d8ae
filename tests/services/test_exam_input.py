"""Every act of the exam day refuses what is no session, unknown, or out of reach, and changes nothing (R-004, R-068)."""

from __future__ import annotations

import pytest

from posko.domain.errors import NotPermitted, Refused
from posko.services import (
    asesor_check,
    assessment,
    attendance,
    attendance_late,
    exam_session,
    results,
)
from tests.support.exam import GOOD, exam_day

pytestmark = pytest.mark.server

WRONG_NUMBERS = ["7", "", None, True, 0, -1, 1.5, 2**63, 10**5000, [1], {}, "x" * 10_000_000]
ACTS = [
    (exam_session.open_day, "TU1", {}),
    (exam_session.end_session, "TU1", {}),
    (exam_session.open_scoring, "TU1", {}),
    (exam_session.cancel, "KO1", {"reason": "x"}),
    (attendance.record_attendance, "TU1", {"tki_id": "100", "proof": None}),
    (attendance_late.record_late, "TU1", {"tki_id": "100", "proof": None}),
    (attendance.turn_away_unregistered, "TU1", {"id_as_typed": "100", "reason": "x"}),
    (attendance.record_exception, "TU1", {"tki_id": "100", "reason": "x", "second": None}),
    (asesor_check.verify_asesor, "TU1", {"proof": None}),
    (asesor_check.substitute_asesor, "KO1", {"met_no": "MET.2", "reason": "x"}),
    (assessment.score, "AS1", {"scores": {1: GOOD}, "proof": None}),
    (assessment.correct_score, "AS1", {"journey_id": 1, "scores": GOOD, "reason": "x", "proof": None}),
    (assessment.sheet, "AS1", {}),
    (results.receive_results, "LS1", {}),
    (results.result_table, "LS1", {}),
]
PLANNED = {exam_session.open_day, exam_session.cancel, asesor_check.substitute_asesor}
"""What may be done with a planned session."""
TABLES = ("attendance", "assessment", "finger_proof", "part_held", "handoff_batch")


def _rows(world):
    counts = [world.value(f"select count(*) from posko.{table}") for table in TABLES]
    return counts, world.ask("select status from posko.exam_session"), world.ask("select status from posko.journey")


@pytest.mark.parametrize(("what", "who", "more"), ACTS)
def test_what_is_no_number_of_a_session_is_refused(world, what, who, more):
    exam_day(world, "100")
    before = _rows(world)

    for number in WRONG_NUMBERS:
        with pytest.raises(Refused) as refused:
            world.desk(who).do(what, session_id=number, **more)
        assert refused.value.code == "NOT_A_NUMBER"

    assert _rows(world) == before
    assert len(world.events("refused")) == len(WRONG_NUMBERS)


@pytest.mark.parametrize(("what", "who", "more"), ACTS)
def test_an_unknown_session_is_told_only_to_who_may_do_the_act(world, what, who, more):
    with pytest.raises(Refused) as refused:
        world.desk(who).do(what, session_id=99, **more)
    assert refused.value.code == ("NotPermitted" if who == "AS1" else "UNKNOWN_SESSION")

    with pytest.raises(NotPermitted):
        world.desk("AU1").do(what, session_id=99, **more)


@pytest.mark.parametrize(("what", "who", "more"), [one for one in ACTS if one[0] not in PLANNED])
def test_before_the_day_is_open_no_act_changes_anything(world, what, who, more):
    day = exam_day(world, "100")
    before = _rows(world)

    with pytest.raises(Refused):
        world.desk(who).do(what, session_id=day.session_id, **more)

    assert _rows(world) == before
    assert len(world.events("refused")) == 1
