"""The finds of the 1:N search as their page lists them, and a verdict on what both persons saw (§3.3; DV-I05, DV-I06)."""

from __future__ import annotations

import datetime as dt

import pytest

from posko.domain.errors import NotPermitted, Refused
from posko.services import adjudication, screen_duplicates
from tests.services.test_duplicates import judge, match, record

pytestmark = pytest.mark.server


@pytest.fixture
def finds(world):
    """Find 1 of two TKI, 2 of a TKI and one of the staff, 3 of two of the staff."""
    for number in ("1", "2", "5"):
        world.add_tki(number)
    record(world, match())
    record(world, match("STAFF", "LS1"), person_id="5")
    record(world, match("STAFF", "LS2"), kind="STAFF", person_id="TU1")


def numbers(world, who="BN1", **asked):
    answer = world.desk(who).do(screen_duplicates.listed, **asked)
    assert answer["total"] == len(answer["rows"])
    return [row["candidate_id"] for row in answer["rows"]]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [3, 2, 1]), ({"kind": "TWO_TKI"}, [1]), ({"kind": "WITH_STAFF"}, [2]), ({"kind": "TWO_STAFF"}, [3]),
        ({"search": "ls1"}, [2]), ({"search": "404"}, []), ({"state": "WAITING"}, [3, 2, 1]), ({"state": "SAME"}, []),
    ],
)  # fmt: skip
def test_each_filter_narrows_the_list(world, finds, asked, found):
    assert numbers(world, **asked) == found


def test_what_waits_for_a_verdict_stands_first(world, finds):
    judge(world, "DIFFERENT", candidate_id=3)
    judge(world, "UNSURE", candidate_id=1)

    assert numbers(world) == [2, 1, 3]
    assert numbers(world, state="WAITING") == [2, 1]
    assert numbers(world, state="UNSURE") == [1]
    assert numbers(world, state="DIFFERENT") == [3]


@pytest.mark.parametrize("who", ["KO1", "LS1", "TU1", "AS1"])
def test_only_who_judges_and_the_auditor_see_finds(world, finds, who):
    for act, asked in (
        (screen_duplicates.listed, {}),
        (adjudication.list_found, {}),
        (adjudication.view, {"candidate_id": 1}),
    ):
        with pytest.raises(NotPermitted):
            world.desk(who).do(act, **asked)
    assert numbers(world, "AU1") == [3, 2, 1]


@pytest.mark.parametrize(
    "asked", [{"state": "YES"}, {"kind": "<script>"}, {"search": "x" * 65}, {"limit": 0}, {"offset": None}]
)
def test_wrong_filters_are_refused(world, finds, asked):
    with pytest.raises(Refused):
        numbers(world, **asked)


def judge_seen(world, verdict, seen):
    told = {
        "candidate_id": 1,
        "verdict": verdict,
        "reason": "susunan titik",
        "second": world.second("SA1"),
        "seen": seen,
    }
    return world.desk("BN1").do(adjudication.judge, **told)


def test_a_verdict_that_came_meanwhile_is_read_before_another_is_given(world, finds):
    judge(world, "UNSURE", "BN2", "SA2")
    with pytest.raises(Refused) as refused:
        judge_seen(world, "SAME", "")
    assert refused.value.code == "CHANGED_MEANWHILE"
    assert world.value("select verdict from posko.duplicate_candidate where candidate_id = 1") == "UNSURE"

    judged_at = world.desk("BN1").do(adjudication.view, candidate_id=1)["judged_at"]
    world.now += dt.timedelta(seconds=1)
    assert judge_seen(world, "SAME", judged_at.isoformat())["verdict"] == "SAME"


def test_a_first_verdict_is_given_on_a_find_that_nobody_judged(world, finds):
    assert judge_seen(world, "DIFFERENT", "")["verdict"] == "DIFFERENT"


def test_drawing_the_fingers_is_told_apart_from_opening_the_find(world, finds):
    world.desk("AU1").do(adjudication.view, candidate_id=1)
    world.desk("AU1").do(adjudication.view, candidate_id=1, is_drawn=True)

    steps = world.ask(
        "select json_value(payload, '$.step') from posko_audit.audit_event where action = 'duplicates.view' order by event_id"
    )
    assert steps == [("viewed",), ("drawn",)]
