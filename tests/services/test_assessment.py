"""Scores: by the appointed assessor, after the release, under a fresh finger, once (§13.7; R-128..R-130)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from posko.domain.errors import NotPermitted, Refused
from posko.domain.proof import Purpose
from posko.services import asesor_check, assessment
from tests.support.exam import GOOD, POOR, exam_day
from tests.support.world import UNITS

pytestmark = pytest.mark.server


def _released(world, *tki_ids):
    day = exam_day(world, *(tki_ids or ("100",)))
    day.test_with(*(tki_ids or ("100",)))
    return day


def test_each_candidate_is_kompeten_only_with_every_unit(world):
    day = _released(world, "100", "101")
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
    day = _released(world, "100", "101")
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
    day = _released(world)

    with pytest.raises(Refused) as refused:
        day.score({"100": GOOD}, proof=proof(day))

    assert (refused.value.code, refused.value.rule, day.rules()) == (code, "DV-N01", ["DV-N01"])
    assert world.status("100") == "TESTED"


def test_a_finger_that_is_too_old_or_does_not_match_scores_nobody(world):
    day = _released(world)
    old = day.finger()
    world.at(world.now.date(), 16)
    with pytest.raises(Refused, match="sudah lewat"):
        day.score({"100": GOOD}, proof=old)
    world.matcher.misses["AS1"] = 1

    with pytest.raises(Refused) as refused:
        day.score({"100": GOOD})

    assert (refused.value.code, refused.value.rule) == ("NO_MATCH", "DV-N01")


def test_the_finger_of_one_form_does_not_score_the_next(world):
    day = _released(world, "100", "101")
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
    day = _released(world)

    with pytest.raises(Refused) as refused:
        day.score({other.journeys["200"]: GOOD})

    assert (refused.value.code, refused.value.rule) == ("SCORE_NOT_TESTED", "DV-S05")


def test_a_score_stands(world):
    day = _released(world, "100", "101")
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
    day = _released(world)
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
    day = _released(world)
    desk, proof = world.desk("AS1").once("form-1"), day.finger()
    asked = {"session_id": day.session_id, "scores": {day.journeys["100"]: GOOD}, "proof": proof}

    first = desk.do(assessment.score, **asked)

    assert desk.do(assessment.score, **asked) == first


WRONG = [
    (lambda day: None, "SCORES_SHAPE"),
    (lambda day: [day], "SCORES_SHAPE"),
    (lambda day: {}, "LIST_EMPTY"),
    (lambda day: {"x": GOOD}, "NOT_A_NUMBER"),
    (lambda day: {None: GOOD}, "NOT_A_NUMBER"),
    (lambda day: {-1: GOOD}, "NOT_A_NUMBER"),
    (lambda day: {"9" * 5000: GOOD}, "NOT_A_NUMBER"),
    (lambda day: {1.0: GOOD}, "NOT_A_NUMBER"),
    (lambda day: {1: GOOD, "1": GOOD}, "SCORES_TWICE"),
    (lambda day: {1: None}, "SCORES_SHAPE"),
    (lambda day: {1: "K"}, "SCORES_SHAPE"),
    (lambda day: {1: {1: "K"}}, "SCORES_SHAPE"),
    (lambda day: {1: {}}, "UNITS_DIFFER"),
    (lambda day: {1: {UNITS[0]: "K"}}, "UNITS_DIFFER"),
    (lambda day: {1: {**GOOD, "TLRT.99": "K"}}, "UNITS_DIFFER"),
    (lambda day: {1: {**GOOD, UNITS[0]: "LULUS"}}, "UNITS_DIFFER"),
    (lambda day: {1: {**GOOD, UNITS[0]: None}}, "UNITS_DIFFER"),
    (lambda day: {1: {**GOOD, UNITS[0]: ["K"]}}, "UNITS_DIFFER"),
    (lambda day: {999: GOOD}, "SCORE_NOT_TESTED"),
]


@pytest.mark.parametrize(("scores", "code"), WRONG)
def test_a_form_that_does_not_score_each_unit_once_is_refused_as_a_whole(world, scores, code):
    day = _released(world)

    with pytest.raises(Refused) as refused:
        world.desk("AS1").do(assessment.score, session_id=day.session_id, scores=scores(day), proof=day.finger())

    assert (refused.value.code, world.status("100")) == (code, "TESTED")
    assert world.value("select count(*) from posko.assessment") == 0


@pytest.mark.parametrize(
    ("notes", "code"),
    [
        ("Rapi", "SCORES_SHAPE"),
        ({1: "Rapi"}, "SCORES_SHAPE"),
        ({2: {UNITS[0]: "Rapi"}}, "SCORES_SHAPE"),
        ({1: {"TLRT.99": "Rapi"}}, "SCORES_SHAPE"),
        ({1: {UNITS[0]: "x" * 501}}, "TEXT_TOO_LONG"),
        ({1: {UNITS[0]: "a\x00"}}, "TEXT_CONTROL"),
    ],
)
def test_notes_stand_beside_a_unit_that_is_scored(world, notes, code):
    day = _released(world)

    with pytest.raises(Refused) as refused:
        day.score({"100": GOOD}, notes=notes)

    assert refused.value.code == code


def test_the_units_are_those_of_the_exam_day(world):
    day = _released(world)
    world.write("update posko.scheme_unit set valid_until = '2026-03-08' where unit_code = 'TLRT.03'")
    world.write("insert into posko.scheme_unit values ('TLRT', 'TLRT.04', 'Baru', 4, '2026-03-10', null)")

    assert day.score({"100": dict.fromkeys(UNITS[:2], "K")}) == {"scored": 1, "left": 0}


def test_a_scheme_without_units_scores_nobody(world):
    day = _released(world)
    world.write("update posko.scheme_unit set valid_until = '2026-03-08'")

    with pytest.raises(Refused) as refused:
        day.score({"100": GOOD})

    assert refused.value.code == "NO_UNITS"


def test_an_assessor_with_another_part_for_a_candidate_does_not_score_her(world):
    day = _released(world)
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
