"""The sessions that a screen offers to an assessor and to a TUK: her own, its own (§9.4, §13.7; R-127)."""

from __future__ import annotations

import datetime as dt

import pytest

from apps.fraud.small_world import EXAM_ON
from posko.domain.errors import NotPermitted, Refused
from posko.services import screen_scoring
from tests.support.exam import GOOD, exam_day

pytestmark = pytest.mark.server


def _to_score(world, who="AS1"):
    return world.desk(who).do(screen_scoring.to_score)


def _of_tuk(world, who="TU1", **more):
    return world.desk(who).do(screen_scoring.of_tuk, **{"tuk_code": "TUK-1", **more})


def test_an_assessor_is_offered_her_released_sessions_and_no_others(world):
    day = exam_day(world, "100", "101")
    other = exam_day(world, "200", met="MET.2", slot=2)
    exam_day(world, "300", slot=3)
    assert _to_score(world) == []
    day.test_with("100", "101")
    day.score({"100": GOOD})

    (offered,) = _to_score(world)

    assert (offered["session_id"], offered["present"], offered["scored"]) == (day.session_id, 2, 1)
    assert (offered["exam_on"], offered["label"]) == (EXAM_ON.isoformat(), "PENILAIAN_DIBUKA")
    assert other.session_id not in [row["session_id"] for row in _to_score(world, "AS2")]


@pytest.mark.parametrize("who", ["TU1", "LS1", "BN1", "SA1", "KO1", "AU1"])
def test_nobody_else_is_offered_a_session_to_score(world, who):
    with pytest.raises(NotPermitted):
        _to_score(world, who)


def test_an_assessor_who_was_suspended_is_offered_nothing(world):
    day = exam_day(world, "100")
    day.test_with("100")
    world.write("update posko.staff set state = 'SUSPENDED' where person_id = 'AS1'")

    assert _to_score(world) == []


def test_a_tuk_sees_its_last_sessions_with_numbers_of_people_and_no_names(world):
    day = exam_day(world, "100", "101", "102")
    world.matcher.misses["102"] = 3
    day.open()
    for tki in ("100", "101", "102", "102", "102"):
        day.scan(tki)

    shown = _of_tuk(world)

    (row,) = shown["rows"]
    assert shown["total"] == 1
    assert {name: row[name] for name in ("listed", "present", "turned_away", "without_exit", "scored")} == {
        "listed": 3, "present": 2, "turned_away": 1, "without_exit": 2, "scored": 0,
    }  # fmt: skip
    assert "NAMA" not in str(shown)


def test_a_session_that_nobody_released_is_still_there_the_next_days_and_gone_after_two_weeks(world):
    day = exam_day(world, "100")

    seen = []
    for later in (1, 14, 15):
        world.at(EXAM_ON + dt.timedelta(days=later))
        seen.append([row["session_id"] for row in _of_tuk(world)["rows"]])

    assert seen == [[day.session_id], [day.session_id], []]


def test_what_is_to_come_is_not_shown_and_twenty_stand_on_a_page(world):
    for slot in range(1, 23):
        exam_day(world, slot=slot)
    exam_day(world, slot=1, on=EXAM_ON + dt.timedelta(days=1))
    world.at(EXAM_ON)

    first, second, beyond = (_of_tuk(world, offset=offset) for offset in (0, 20, 40))

    assert [len(shown["rows"]) for shown in (first, second, beyond)] == [20, 2, 0]
    assert first["total"] == 22
    assert not {row["session_id"] for row in first["rows"]} & {row["session_id"] for row in second["rows"]}


def test_a_tuk_sees_no_other_tuk(world):
    with pytest.raises(NotPermitted) as refused:
        _of_tuk(world, "TU2")

    assert refused.value.rule == "DV-X04"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"tuk_code": "TUK-9"}, "NO_SUCH_TUK"),
        ({"tuk_code": "<script>"}, "NO_SUCH_CODE"),
        ({"tuk_code": "x" * 21}, "TEXT_TOO_LONG"),
        ({"limit": 0}, "NOT_A_NUMBER"),
        ({"offset": "1; drop table"}, "NOT_A_NUMBER"),
        ({"limit": 10**9}, "NOT_A_NUMBER"),
        ({"status": "LOST"}, "NOT_IN_LIST"),
    ],
)
def test_a_wrong_code_or_page_is_refused_in_words(world, more, code):
    with pytest.raises(Refused) as refused:
        world.desk("SA1").do(screen_scoring.of_tuk, **{"tuk_code": "TUK-1", **more})

    assert refused.value.code == code
