"""Forms of scores that are wrong: refused as a whole, in words, and nothing is written (§13.7; R-128..R-130)."""

from __future__ import annotations

import pytest

from posko.domain.errors import Refused
from posko.services import assessment
from tests.support.exam import GOOD, released
from tests.support.world import UNITS

pytestmark = pytest.mark.server
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
    day = released(world)

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
    day = released(world)

    with pytest.raises(Refused) as refused:
        day.score({"100": GOOD}, notes=notes)

    assert refused.value.code == code


def test_the_units_are_those_of_the_exam_day(world):
    day = released(world)
    world.write("update posko.scheme_unit set valid_until = '2026-03-08' where unit_code = 'TLRT.03'")
    world.write("insert into posko.scheme_unit values ('TLRT', 'TLRT.04', 'Baru', 4, '2026-03-10', null)")

    assert day.score({"100": dict.fromkeys(UNITS[:2], "K")}) == {"scored": 1, "left": 0}


def test_a_scheme_without_units_scores_nobody(world):
    day = released(world)
    world.write("update posko.scheme_unit set valid_until = '2026-03-08'")

    with pytest.raises(Refused) as refused:
        day.score({"100": GOOD})

    assert refused.value.code == "NO_UNITS"
