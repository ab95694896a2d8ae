"""What may not be decided, and wrong input: refused, nothing changed (§13.9-13.10; R-135, R-136)."""

from __future__ import annotations

import pytest

from posko.domain.errors import Refused
from posko.services import decision
from tests.support.assessed import SK, assessed, decide, ids, sums

pytestmark = pytest.mark.server


def _not_closed(world, session):
    world.write("update posko.exam_session set status = 'SCORED'")


def _nobody(world, session):
    world.write("update posko.journey set status = 'ABSENT'")


def _no_result(world, session):
    world.write("delete from posko.score_item")
    world.write("delete from posko.assessment")


def _decided(world, session):
    decide(world, session)


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        (_not_closed, "RESULTS_NOT_RECEIVED"),
        (_nobody, "NOTHING_TO_DECIDE"),
        (_no_result, "RESULT_MISSING"),
        (_decided, "ALREADY_DECIDED"),
    ],
)
def test_what_may_not_be_decided_is_refused_and_nothing_changes(world, prepare, code):
    session = assessed(world, ids(2))
    prepare(world, session)
    before = sums(world)

    with pytest.raises(Refused) as refused:
        decide(world, session)

    assert refused.value.code == code
    assert sums(world) == before


WRONG = [
    *[({"session_id": value}, "NOT_A_NUMBER") for value in (None, "", "1", 0, -1, True, 1.0, 2**70, [1], b"1")],
    *[({"sk_no": value}, "TEXT_EMPTY") for value in (None, "", "  ", 7, ["SK"], b"SK")],
    ({"sk_no": "S" * 61}, "TEXT_TOO_LONG"),
    ({"sk_no": "S" * 10_000_000}, "TEXT_TOO_LONG"),
    ({"sk_no": "SK\x00"}, "TEXT_CONTROL"),
    ({"sk_no": "SK\u202e1"}, "TEXT_CONTROL"),
    ({"sk_no": "3603054105830001"}, "LOOKS_LIKE_NIK"),
    *[({"results": value}, "NOT_A_LIST") for value in ("K", [1, 2], 5)],
    *[({"results": {key: "K"}}, "NOT_A_NUMBER") for key in (None, "1", -1, 1.5)],
    *[({"results": {1: value}}, "NOT_IN_LIST") for value in (None, "", "k", "X" * 10_000_000, 1, ["K"])],
    ({"results": {999: "K"}}, "NOT_IN_SESSION"),
    ({"reasons": {999: "alasan"}}, "NOT_IN_SESSION"),
    ({"reasons": "alasan"}, "NOT_A_LIST"),
    ({"results": {1: "BK"}, "reasons": {1: ""}}, "TEXT_EMPTY"),
    ({"results": {1: "BK"}, "reasons": {1: None}}, "TEXT_EMPTY"),
    ({"results": {1: "BK"}, "reasons": {1: "x" * 501}}, "TEXT_TOO_LONG"),
]


def test_wrong_input_of_any_kind_is_refused_and_changes_nothing(world):
    session = assessed(world, ids(2))
    before = sums(world)

    for wrong, code in WRONG:
        with pytest.raises(Refused) as refused:
            world.desk("LS1").do(decision.decide, **{"session_id": session, "sk_no": SK, **wrong})
        assert refused.value.code == code, str(wrong)[:80]
        assert refused.value.reference

    assert sums(world) == before
