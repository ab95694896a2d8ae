"""Which sessions may get another assessor, who is free, and an appointment about what was seen (§9.4, §13.6-13.7; R-126)."""

from __future__ import annotations

import datetime as dt

import pytest

from apps.fraud.small_world import EXAM_ON
from posko.domain.errors import NotPermitted, Refused
from posko.services import asesor_check, asesor_scoring, screen_asesor
from tests.support.exam import GOOD, exam_day
from tests.support.preparation import refused

pytestmark = pytest.mark.server


def sessions(world, who="KO1", **more):
    return world.desk(who).do(screen_asesor.sessions, **more)


def substitutes(world, day, who="KO1"):
    return world.desk(who).do(screen_asesor.substitutes, session_id=day.session_id)


def test_a_session_is_listed_until_its_last_score(world):
    day = exam_day(world, "100")
    kinds = [sessions(world)["rows"][0]["kind"]]
    day.test_with("100")
    kinds.append(sessions(world)["rows"][0]["kind"])
    day.score({"100": GOOD})

    assert kinds == ["DAY", "SCORING"]
    assert sessions(world)["total"] == 0


def test_those_whose_assessor_is_not_in_force_come_first(world):
    exam_day(world, "100")
    other = exam_day(world, "200", tuk="TUK-3", lsp="LSP-2", met="MET.3")
    world.write("update posko.staff set state = 'SUSPENDED' where person_id = 'AS3'")

    shown = sessions(world)["rows"]

    assert [row["session_id"] for row in shown][:1] == [other.session_id]
    assert [row["is_lapsed"] for row in shown] == [True, False]
    assert [row["session_id"] for row in sessions(world, only_lapsed=True)["rows"]] == [other.session_id]


@pytest.mark.parametrize(
    "statement",
    [
        "update posko.asesor set valid_until = '2026-03-08' where met_no = 'MET.1'",
        "update posko.asesor_scheme set valid_until = '2026-03-08' where met_no = 'MET.1'",
        "insert into posko.suspension (party_kind, party_code, suspended_from, reason) values ('ASESOR', 'MET.1', '2026-03-01', 'x')",
        "update posko.staff set state = 'SUSPENDED' where person_id = 'AS1'",
    ],
)
def test_whatever_ends_an_assessors_right_marks_her_session(world, statement):
    exam_day(world, "100")
    assert not sessions(world)["rows"][0]["is_lapsed"]

    world.write(statement)

    assert sessions(world)["rows"][0]["is_lapsed"]


def test_an_assessor_whose_finger_is_still_to_be_enrolled_has_lost_nothing(world):
    exam_day(world, "100")
    world.write("delete from posko.staff where person_id = 'AS1'")

    (row,) = sessions(world)["rows"]

    assert (row["is_lapsed"], row["is_enrolled"]) == (False, False)
    assert sessions(world, only_lapsed=True)["total"] == 0


def test_the_list_is_filtered_by_kind_place_and_day(world):
    exam_day(world, "100")
    exam_day(world, "200", tuk="TUK-3", lsp="LSP-2", met="MET.3", on=EXAM_ON + dt.timedelta(days=1))

    assert sessions(world, lsp_code="LSP-2")["rows"][0]["tuk_code"] == "TUK-3"
    assert sessions(world, tuk_code="TUK-1")["total"] == 1
    assert sessions(world, until=EXAM_ON)["total"] == 1
    assert sessions(world, since=EXAM_ON + dt.timedelta(days=1))["total"] == 1
    assert sessions(world, kind="SCORING")["total"] == 0
    assert sessions(world, kind="DAY", limit=1)["total"] == 2


def test_who_may_be_appointed_is_of_the_same_lsp_in_force_and_says_whether_she_is_free(world):
    day = exam_day(world, "100")

    (found,) = substitutes(world, day)
    exam_day(world, "200", tuk="TUK-2", met="MET.2")
    (busy,) = substitutes(world, day)

    assert (found["met_no"], found["booked"], found["capacity"], found["is_free"]) == ("MET.2", 0, 20, True)
    assert (busy["booked"], busy["is_free"]) == (1, False)


def test_who_only_scores_may_have_tested_elsewhere_that_day(world):
    day = exam_day(world, "100")
    exam_day(world, "200", tuk="TUK-2", met="MET.2")
    world.at(EXAM_ON, 8)
    day.test_with("100")

    assert [(row["met_no"], row["is_free"]) for row in substitutes(world, day)] == [("MET.2", True)]


def test_a_session_that_is_scored_has_no_substitutes(world):
    day = exam_day(world, "100")
    day.test_with("100")
    day.score({"100": GOOD})

    assert refused(world.desk("KO1"), screen_asesor.substitutes, session_id=day.session_id).code == (
        "SUBSTITUTION_TOO_LATE"
    )


@pytest.mark.parametrize("what", [asesor_check.substitute_asesor, asesor_scoring.substitute_for_scoring])
def test_an_appointment_made_meanwhile_is_not_overwritten(world, what):
    world.write("insert into posko.asesor values ('MET.9', 'Asesor 9', 'LSP-1', '2025-01-01', '2030-12-31')")
    day = exam_day(world, "100")
    if what is asesor_scoring.substitute_for_scoring:
        day.test_with("100")
    given = {"session_id": day.session_id, "reason": "Sakit", "before": "MET.1"}
    world.desk("KO1").do(what, met_no="MET.2", **given)

    refusal = refused(world.desk("KO1"), what, met_no="MET.9", **given)

    assert refusal.code == "CHANGED_MEANWHILE"
    assert world.value("select met_no from posko.exam_session") == "MET.2"


@pytest.mark.parametrize("who", ["LS1", "TU1", "AS1", "BN1", "AU1"])
def test_only_the_konsorsium_and_who_acts_for_it_asks(world, who):
    day = exam_day(world, "100")

    with pytest.raises(NotPermitted):
        sessions(world, who)
    with pytest.raises(NotPermitted):
        substitutes(world, day, who)
    assert sessions(world, "SA1")["total"] == 1


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"kind": "x"}, "NOT_IN_LIST"),
        ({"lsp_code": "<script>"}, "NO_SUCH_CODE"),
        ({"since": "kemarin"}, "NOT_A_DATE"),
        ({"offset": None}, "NOT_A_NUMBER"),
    ],
)
def test_a_wrong_question_is_refused(world, more, code):
    with pytest.raises(Refused) as found:
        sessions(world, **more)
    assert found.value.code == code
