"""Scores: by the appointed assessor, after the release, under a fresh finger, once (§13.7; R-128..R-130)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from posko.domain.errors import NotPermitted, Refused
from posko.domain.proof import Purpose
from posko.services import asesor_check, assessment
from tests.support.exam import GOOD, POOR, exam_day, released
from tests.support.world import UNITS

pytestmark = pytest.mark.server


def test_each_candidate_is_kompeten_only_with_every_unit(world):
    day = released(world, "100", "101")
    proof = day.finger()

    assert day.score({"100": GOOD, "101": POOR}, proof=proof) == {"scored": 2, "left": 0}

    assert world.ask(
        "select tki_id, version, met_no, result, proof_id, assessed_by from posko.assessment"
        " join posko.journey using (journey_id) order by 1"
    ) == [("100", 1, "MET.1", "K", proof.proof_id, "AS1"), ("101", 1, "MET.1", "BK", proof.proof_id, "AS1")]
    assert world.ask(
        "select unit_code, item.result from posko.score_item as item join posko.assessment using (assessment_id)"
        " where journey_id = :id order by 1",
        id=day.journeys["101"],
    ) == sorted(POOR.items())
    assert [world.status(tki) for tki in ("100", "101")] == ["ASSESSED", "ASSESSED"]
    assert ("assessment.score", "journey", "100/TLRT/1") in world.events()


def test_scores_may_come_in_parts_and_with_notes(world):
    day = released(world, "100", "101")
    number = day.journeys["100"]

    assert day.score({"100": GOOD}, notes={str(number): {UNITS[0]: "Rapi"}}) == {"scored": 1, "left": 1}
    assert day.state() == "SCORING_OPEN"
    assert day.score({str(day.journeys["101"]): POOR}) == {"scored": 1, "left": 0}

    assert day.state() == "SCORED"
    assert world.ask("select unit_code, note from posko.score_item where note is not null") == [(UNITS[0], "Rapi")]


def _before_the_end(world):
    day = exam_day(world, "100")
    day.open()
    day.scan("100")
    day.verify()
    return day


def _before_the_release(world):
    day = _before_the_end(world)
    day.end()
    return day


@pytest.mark.parametrize("made", [_before_the_end, _before_the_release])
def test_before_the_release_nobody_scores(world, made):
    day = made(world)

    with pytest.raises(Refused) as refused:
        day.score({"100": GOOD})

    assert (refused.value.code, refused.value.rule) == ("SCORING_NOT_OPEN", "DV-N02")
    assert day.rules() == ["DV-N02"]


@pytest.mark.parametrize(
    ("proof", "code"),
    [
        (lambda day: "AS1", "PROOF_MISSING"),
        (lambda day: day.finger("AS2"), "PROOF_WRONG_PERSON"),
        (lambda day: day.finger(station="ST-2"), "PROOF_WRONG_PLACE"),
        (lambda day: day.world.proof("STAFF", "AS1", Purpose.LOGIN), "PROOF_WRONG_PURPOSE"),
        (lambda day: day.world.proof("STAFF", "AS1", Purpose.VERIFY_ASESOR), "PROOF_WRONG_PURPOSE"),
    ],
)
def test_without_the_own_fresh_finger_for_this_nobody_scores(world, proof, code):
    day = released(world)

    with pytest.raises(Refused) as refused:
        day.score({"100": GOOD}, proof=proof(day))

    assert (refused.value.code, refused.value.rule, day.rules()) == (code, "DV-N01", ["DV-N01"])
    assert world.status("100") == "TESTED"


def test_a_finger_that_is_too_old_or_does_not_match_scores_nobody(world):
    day = released(world)
    old = day.finger()
    world.at(world.now.date(), 16)
    with pytest.raises(Refused, match="sudah lewat"):
        day.score({"100": GOOD}, proof=old)
    world.matcher.misses["AS1"] = 1

    with pytest.raises(Refused) as refused:
        day.score({"100": GOOD})

    assert (refused.value.code, refused.value.rule) == ("NO_MATCH", "DV-N01")


def test_the_finger_of_one_form_does_not_score_the_next(world):
    day = released(world, "100", "101")
    proof = day.finger()
    day.score({"100": GOOD}, proof=proof)

    with pytest.raises(Refused) as refused:
        day.score({"101": GOOD}, proof=proof)

    assert (refused.value.code, refused.value.rule) == ("PROOF_USED", "DV-N01")


@pytest.mark.parametrize("misses", [0, 3])
def test_who_did_not_sit_is_not_scored(world, misses):
    day = exam_day(world, "100", "101")
    day.open()
    day.scan("100")
    world.matcher.misses["101"] = misses
    for _ in range(misses):
        day.scan("101")
    day.verify()
    day.end()
    day.release()

    with pytest.raises(Refused) as refused:
        day.score({"100": GOOD, "101": GOOD})

    assert (refused.value.code, refused.value.rule) == ("SCORE_NOT_TESTED", "DV-S05")
    assert world.ask("select rule_id, tki_id from posko.deviation where rule_id = 'DV-S05'") == [("DV-S05", "101")]
    assert world.value("select count(*) from posko.assessment") == 0


def test_a_state_without_an_attendance_row_is_not_enough(world):
    day = exam_day(world, "100", "101")
    day.test_with("100")
    world.write("update posko.journey set status = 'TESTED' where tki_id = '101'")

    with pytest.raises(Refused) as refused:
        day.score({"101": GOOD})

    assert refused.value.rule == "DV-S05"


def test_a_candidate_of_another_session_is_not_scored_here(world):
    other = exam_day(world, "200", met="MET.2", slot=2)
    other.open()
    other.scan("200")
    day = released(world)

    with pytest.raises(Refused) as refused:
        day.score({other.journeys["200"]: GOOD})

    assert (refused.value.code, refused.value.rule) == ("SCORE_NOT_TESTED", "DV-S05")


def test_a_score_stands(world):
    day = released(world, "100", "101")
    day.score({"100": GOOD})
    with pytest.raises(Refused) as refused:
        day.score({"100": POOR})
    assert refused.value.code == "SCORED_ALREADY"
    day.score({"101": GOOD})

    with pytest.raises(Refused) as refused:
        day.score({"101": POOR})

    assert refused.value.code == "SESSION_SCORED"
    assert world.value("select count(*) from posko.assessment") == 2


def test_of_sixteen_forms_at_once_one_counts(world):
    day = released(world)
    proofs = [day.finger() for _ in range(16)]

    def scores(proof):
        try:
            return day.score({"100": GOOD}, proof=proof)["scored"]
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(scores, proofs))

    assert sorted(map(str, found)) == ["1"] + ["SESSION_SCORED"] * 15
    assert world.value("select count(*) from posko.handoff_batch") == 1


def test_a_double_submit_gets_the_first_answer(world):
    day = released(world)
    desk, proof = world.desk("AS1").once("form-1"), day.finger()
    asked = {"session_id": day.session_id, "scores": {day.journeys["100"]: GOOD}, "proof": proof}

    first = desk.do(assessment.score, **asked)

    assert desk.do(assessment.score, **asked) == first


def test_an_assessor_with_another_part_for_a_candidate_does_not_score_her(world):
    day = released(world)
    world.write("insert into posko.part_held values (:id, 'AS1', 'TUK', '2026-03-02')", id=day.journeys["100"])

    with pytest.raises(Refused) as refused:
        day.score({"100": GOOD})

    assert (refused.value.code, refused.value.rule) == ("TWO_PARTS", "DV-N06")


def test_after_a_substitution_only_the_substitute_scores(world):
    day = _before_the_end(world)
    world.desk("KO1").do(
        asesor_check.substitute_asesor, session_id=day.session_id, met_no="MET.2", reason="Sakit mendadak"
    )
    day.verify("AS2")
    day.end()
    day.release()

    with pytest.raises(NotPermitted):
        day.score({"100": GOOD})
    assert day.score({"100": GOOD}, who="AS2") == {"scored": 1, "left": 0}
