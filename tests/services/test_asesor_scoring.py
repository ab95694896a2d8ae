"""The assessor left after the test: another scores, appointed by the Konsorsium, under her own finger (§13.7; R-126, DV-A10)."""

from __future__ import annotations

import datetime as dt

import pytest

from apps.fraud.small_world import EXAM_ON
from posko.domain.errors import NotPermitted, Refused
from posko.domain.proof import Purpose
from posko.services import asesor_check, asesor_scoring, assessment, results
from tests.support.exam import GOOD, exam_day
from tests.support.preparation import WRONG, changes_nothing

pytestmark = pytest.mark.server


def _released(world, *tki_ids):
    day = exam_day(world, *(tki_ids or ("100",)))
    day.test_with(*(tki_ids or ("100",)))
    world.at(EXAM_ON + dt.timedelta(days=1), 9)
    return day


def _substitute(world, day, met="MET.2", reason="Mengundurkan diri", who="KO1", **more):
    desk = world.desk(who, **more)
    return desk.do(asesor_scoring.substitute_for_scoring, session_id=day.session_id, met_no=met, reason=reason)


def test_a_substitute_scores_what_the_assessor_who_left_did_not(world):
    day = _released(world, "100", "101")
    day.score({"100": GOOD})
    world.write("update posko.staff set state = 'SUSPENDED' where person_id = 'AS1'")

    assert _substitute(world, day) == {"session_id": day.session_id, "met_no": "MET.2", "left": 1}
    assert day.score({"101": GOOD}, "AS2") == {"scored": 1, "left": 0}

    assert world.ask(
        "select tki_id, met_no, assessed_by from posko.assessment join posko.journey using (journey_id)"
    ) == [
        ("100", "MET.1", "AS1"),
        ("101", "MET.2", "AS2"),
    ]
    assert len(world.desk("LS1").do(results.receive_results, session_id=day.session_id)["rows"]) == 2


def test_who_tested_stays_in_the_row_and_in_the_history(world):
    day = _released(world)
    verified = world.value("select asesor_proof_id from posko.exam_session")

    _substitute(world, day)

    assert world.ask("select met_no, tested_met_no, appointed, asesor_proof_id, status from posko.exam_session") == [
        ("MET.2", "MET.1", "MET.1", verified, "SCORING_OPEN")
    ]
    assert world.ask("select met_no, ended_at is not null, reason from posko.appointment order by appointment_id") == [
        ("MET.1", 1, None),
        ("MET.2", 0, "Mengundurkan diri"),
    ]
    assert world.ask("select met_no, booked from posko.asesor_day") == [("MET.1", 1)]


def test_it_is_a_late_change_with_its_event(world):
    day = _released(world)

    _substitute(world, day)

    assert world.events()[-1] == ("asesor.substitute_for_scoring", "session", str(day.session_id))
    assert world.ask(
        "select rule_id, mode, is_attempt, subject_kind, subject_code, session_id from posko.deviation"
    ) == [("DV-A10", "D", 0, "session", str(day.session_id), day.session_id)]


def test_the_one_before_may_not_score_any_more(world):
    day = _released(world)
    _substitute(world, day)

    with pytest.raises(NotPermitted):
        day.score({"100": GOOD})

    assert world.status("100") == "TESTED"


@pytest.mark.parametrize(
    ("finger", "code"),
    [
        (lambda world: None, "PROOF_MISSING"),
        (lambda world: world.proof("STAFF", "AS1", Purpose.SCORE), "PROOF_WRONG_PERSON"),
        (lambda world: world.proof("STAFF", "AS2", Purpose.VERIFY_ASESOR), "PROOF_WRONG_PURPOSE"),
        (lambda world: world.proof("STAFF", "AS2", Purpose.SCORE, "ST-2"), "PROOF_WRONG_PLACE"),
    ],
)
def test_the_substitute_scores_only_under_her_own_fresh_finger_at_the_tuk(world, finger, code):
    day = _released(world)
    _substitute(world, day)
    told = {"session_id": day.session_id, "scores": {day.journeys["100"]: GOOD}, "proof": finger(world)}

    with pytest.raises(Refused) as refused:
        world.desk("AS2").do(assessment.score, **told)

    assert (refused.value.code, world.status("100")) == (code, "TESTED")


def test_a_session_that_waits_for_its_release_may_get_a_substitute_too(world):
    day = exam_day(world, "100")
    day.open()
    day.scan("100")
    day.verify()
    day.end()

    _substitute(world, day)
    day.release()

    assert day.score({"100": GOOD}, "AS2") == {"scored": 1, "left": 0}


def test_that_she_tested_elsewhere_at_that_hour_does_not_matter(world):
    day = _released(world)
    exam_day(world, "200", tuk="TUK-2", met="MET.2")
    world.at(EXAM_ON + dt.timedelta(days=1), 9)

    assert _substitute(world, day)["met_no"] == "MET.2"
    assert world.ask("select met_no, appointed from posko.exam_session order by session_id") == [
        ("MET.2", "MET.1"),
        ("MET.2", "MET.2"),
    ]


def test_who_tested_is_still_in_one_place_only(world):
    day = _released(world)
    _substitute(world, day)

    with pytest.raises(Exception, match="exam_session_asesor_in_one_place"):
        exam_day(world, "200", tuk="TUK-2", met="MET.1")


def test_a_substitute_may_be_substituted_and_who_tested_stays(world):
    day = _released(world)
    _substitute(world, day)
    _substitute(world, day, "MET.1", "Sembuh")

    assert world.ask("select met_no, tested_met_no from posko.exam_session") == [("MET.1", "MET.1")]
    assert day.score({"100": GOOD}) == {"scored": 1, "left": 0}
    assert day.rules() == ["DV-A10", "DV-A10"]


def _lapsed_today(world):
    world.write("update posko.asesor set valid_until = :day where met_no = 'MET.2'", day=EXAM_ON)


def _suspended_today(world):
    world.write("insert into posko.suspension values (1, 'ASESOR', 'MET.2', '2026-03-10', null, 'x')")


def _not_enrolled(world):
    world.write("update posko.staff set state = 'SUSPENDED' where person_id = 'AS2'")


@pytest.mark.parametrize(
    ("prepare", "met", "code", "rule"),
    [
        (None, "MET.1", "SUBSTITUTE_SAME", None),
        (None, "MET.3", "ASESOR_LAPSED", "DV-A05"),
        (None, "MET.9", "ASESOR_LAPSED", "DV-A05"),
        (_lapsed_today, "MET.2", "ASESOR_LAPSED", "DV-A05"),
        (_suspended_today, "MET.2", "ASESOR_LAPSED", "DV-A05"),
        (_not_enrolled, "MET.2", "ASESOR_LAPSED", "DV-A05"),
    ],
)
def test_who_may_not_score_is_refused_and_nothing_moves(world, prepare, met, code, rule):
    day = _released(world)
    if prepare:
        prepare(world)

    with pytest.raises(Refused) as refused:
        _substitute(world, day, met)

    assert (refused.value.code, refused.value.rule) == (code, rule)
    assert world.ask("select met_no, tested_met_no from posko.exam_session") == [("MET.1", None)]


def test_before_the_end_and_after_the_last_score_it_is_not_due(world):
    day = exam_day(world, "100")
    for step in (day.open, lambda: day.scan("100"), day.verify):
        with pytest.raises(Refused) as refused:
            _substitute(world, day)
        assert refused.value.code == "SCORING_SUBSTITUTE_NOT_DUE"
        step()
    day.end()
    day.release()
    day.score({"100": GOOD})

    with pytest.raises(Refused) as refused:
        _substitute(world, day)

    assert refused.value.code == "SCORING_SUBSTITUTE_NOT_DUE"
    assert day.rules() == []


def test_the_substitution_for_the_test_itself_stays_closed_after_the_end(world):
    day = _released(world)

    with pytest.raises(Refused) as refused:
        world.desk("KO1").do(asesor_check.substitute_asesor, session_id=day.session_id, met_no="MET.2", reason="x")

    assert refused.value.code == "SUBSTITUTION_TOO_LATE"


@pytest.mark.parametrize("who", ["TU1", "LS1", "AS1", "AS2", "BN1", "AU1", "SA1"])
def test_only_the_konsorsium_appoints(world, who):
    day = _released(world)

    with pytest.raises(NotPermitted):
        _substitute(world, day, who=who)

    assert world.value("select met_no from posko.exam_session") == "MET.1"


def test_the_super_administrator_appoints_on_behalf(world):
    assert _substitute(world, _released(world), who="SA1", on_behalf="Konsorsium libur")["met_no"] == "MET.2"


def test_wrong_input_is_refused_in_words_and_changes_nothing(world):
    day = _released(world)
    what, desk = asesor_scoring.substitute_for_scoring, world.desk("KO1")

    changes_nothing(
        world,
        [
            *(lambda v=v: desk.do(what, session_id=v, met_no="MET.2", reason="x") for v in WRONG),
            *(lambda v=v: desk.do(what, session_id=day.session_id, met_no=v, reason="x") for v in WRONG),
            *(lambda v=v: desk.do(what, session_id=day.session_id, met_no="MET.2", reason=v) for v in WRONG),
        ],
    )
