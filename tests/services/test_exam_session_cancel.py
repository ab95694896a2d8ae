"""A session is called off by the Konsorsium before anybody was present, and its candidates are booked anew (§9.2, R-183)."""

from __future__ import annotations

import pytest

from posko.domain.errors import IllegalMove, NotPermitted, Refused
from posko.services import exam_session
from tests.support.exam import exam_day

pytestmark = pytest.mark.server


def test_a_cancelled_session_frees_its_seats_and_its_candidates(world):
    day = exam_day(world, "100", "101")

    told = world.desk("KO1").do(exam_session.cancel, session_id=day.session_id, reason="TUK kebanjiran")

    assert told == {"candidates": 2}
    assert (day.state(), world.status("100")) == ("CANCELLED", "ABSENT")
    assert world.ask("select booked from posko.tuk_day union all select booked from posko.asesor_day") == [(0,), (0,)]
    assert world.value("select count(*) from posko.attendance") == 0
    assert (
        world.value(
            "select count(*) from posko_audit.audit_event where entity = 'journey' and payload like '%kebanjiran%'"
        )
        == 2
    )


def test_nobody_calls_off_a_session_where_somebody_was_present(world):
    day = exam_day(world, "100")
    day.open()
    day.scan("100")

    with pytest.raises(Refused) as refused:
        world.desk("KO1").do(exam_session.cancel, session_id=day.session_id, reason="x")

    assert (refused.value.code, day.state()) == ("SESSION_HAS_PRESENT", "OPEN")


@pytest.mark.parametrize("status", ["ALLOCATED", "DISTRIBUTED"])
def test_a_session_whose_list_is_under_way_is_not_called_off(world, status):
    day = exam_day(world, "100", status=status)

    with pytest.raises(Refused) as refused:
        world.desk("KO1").do(exam_session.cancel, session_id=day.session_id, reason="x")

    assert refused.value.code == "LIST_NOT_ACKNOWLEDGED"


def test_a_running_session_is_not_called_off_and_the_tuk_calls_off_none(world):
    day = exam_day(world, "100")
    with pytest.raises(NotPermitted):
        world.desk("TU1").do(exam_session.cancel, session_id=day.session_id, reason="x")
    day.open()
    day.verify()

    with pytest.raises(IllegalMove):
        world.desk("KO1").do(exam_session.cancel, session_id=day.session_id, reason="x")


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("", "TEXT_EMPTY"),
        (None, "TEXT_EMPTY"),
        (7, "TEXT_EMPTY"),
        ("x" * 501, "TEXT_TOO_LONG"),
        ("x" * 10_000_000, "TEXT_TOO_LONG"),
        ("a\x07b", "TEXT_CONTROL"),
        ("NIK 3603054105830001", "LOOKS_LIKE_NIK"),
    ],
)
def test_a_reason_is_a_plain_line_without_a_nik(world, reason, code):
    day = exam_day(world, "100")

    with pytest.raises(Refused) as refused:
        world.desk("KO1").do(exam_session.cancel, session_id=day.session_id, reason=reason)

    assert (refused.value.code, day.state()) == (code, "PLANNED")
