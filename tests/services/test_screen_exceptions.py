"""Exceptions at the door and statements as their pages read them: open sessions, tries, what was made, each in its scope (R-050, R-121)."""

from __future__ import annotations

import pytest

from apps.fraud.small_world import EXAM_ON
from posko.domain.errors import NotPermitted, Refused
from posko.domain.proof import Purpose
from posko.services import attendance, finger_attempts, screen_exceptions, screen_statements, statements
from posko.services.finger_attempts import Attempt
from tests.support.exam import exam_day

pytestmark = pytest.mark.server


@pytest.fixture
def day(world):
    made = exam_day(world, "100", "101", "102")
    made.open()
    return made


def let_in(world, day, tki_id="100", who="TU1", second="LS1"):
    told = {"session_id": day.session_id, "tki_id": tki_id, "reason": "Jari terluka", "second": world.second(second)}
    return world.desk(who).do(attendance.record_exception, **told)


def tried(world, tki_id, outcome, **more):
    """Let a finger be compared, as the reader's process writes it down."""
    attempt = Attempt(
        person_kind="TKI", person_id=tki_id, purpose=Purpose.ATTEND, outcome=outcome, station_code="ST-1", reader_kind="uji",
        reader_serial="READER-1", assurance="STATION", captured_at=world.now, **more,
    )  # fmt: skip
    world.desk(None).do(finger_attempts.compare, attempt=attempt)


# sessions and tries --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "count"), [("TU1", 1), ("LS1", 1), ("BN1", 1), ("SA1", 1), ("AU1", 1), ("TU2", 0), ("LS2", 0)]
)
def test_todays_open_sessions_are_those_of_the_own_scope(world, day, who, count):
    rows = world.desk(who).do(screen_exceptions.sessions)

    assert [row["session_id"] for row in rows] == [day.session_id] * count


def test_a_session_that_is_not_open_yet_or_over_is_not_offered(world):
    day = exam_day(world, "100")
    assert world.desk("TU1").do(screen_exceptions.sessions) == []
    day.open()
    assert len(world.desk("TU1").do(screen_exceptions.sessions)) == 1
    day.end()

    assert world.desk("TU1").do(screen_exceptions.sessions) == []


def test_the_tries_of_today_are_told_without_a_name(world, day):
    tried(world, "100", "POOR_QUALITY", quality=9)
    tried(world, "100", "NO_MATCH", quality=60, score=12, threshold=40, asked_finger=2)
    tried(world, "101", "NO_MATCH", quality=60)

    told = world.desk("LS1").do(screen_exceptions.tries, session_id=day.session_id, tki_id="100")

    assert [(row["outcome"], row["quality"], row["asked_finger"]) for row in told["attempts"]] == [
        ("NO_MATCH", 60, 2),
        ("POOR_QUALITY", 9, 0),
    ]
    assert told["registered"] == 0
    assert "NAMA" not in str(told)


@pytest.mark.parametrize(
    ("who", "asked", "code"),
    [
        ("TU1", {"tki_id": "999"}, "NOT_ON_LIST"), ("TU1", {"tki_id": ""}, "TEXT_EMPTY"), ("TU1", {"session_id": 99}, "UNKNOWN_SESSION"),
        ("TU2", {}, "NotPermitted"), ("LS2", {}, "NotPermitted"), ("KO1", {}, "NotPermitted"), ("AU1", {}, "NotPermitted"),
    ],
)  # fmt: skip
def test_tries_are_told_to_who_may_let_her_in_only(world, day, who, asked, code):
    with pytest.raises(Refused) as refused:
        world.desk(who).do(screen_exceptions.tries, **{"session_id": day.session_id, "tki_id": "100", **asked})

    assert refused.value.code == code


# what was made -------------------------------------------------------------------------------------------------------


def test_an_exception_has_a_statement_that_names_both_persons(world, day):
    made = let_in(world, day)

    told = world.desk("TU1").do(statements.statement, statement_no=made["statement_no"])

    wanted = {
        "outcome": "PRESENT", "reason": "Jari terluka", "recorded_by": "TU1", "second_person": "LS1", "full_name": "NAMA 100",
    }  # fmt: skip
    assert {name: told[name] for name in wanted} == wanted


def test_the_register_holds_exceptions_and_no_ordinary_presence(world, day):
    let_in(world, day)
    day.scan("101")

    answer = world.desk("AU1").do(screen_exceptions.made)

    assert answer["total"] == 1
    (row,) = answer["rows"]
    wanted = {
        "tki_id": "100",
        "recorded_by": "TU1",
        "second_person": "LS1",
        "reason": "Jari terluka",
        "tuk_code": "TUK-1",
    }
    assert {name: row[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("who", "asked", "count"),
    [
        ("TU1", {}, 1), ("TU2", {}, 0), ("LS1", {}, 1), ("LS2", {}, 0), ("BN1", {"search": "ls1"}, 1), ("BN1", {"search": "tuk-2"}, 0),
        ("BN1", {"since": "2026-03-09", "until": "2026-03-09"}, 1), ("BN1", {"since": "2026-03-10"}, 0),
        ("BN1", {"until": "2026-03-08"}, 0),
    ],
)  # fmt: skip
def test_exceptions_are_filtered_and_scoped(world, day, who, asked, count):
    let_in(world, day)

    answer = world.desk(who).do(screen_exceptions.made, **asked)

    assert (answer["total"], len(answer["rows"])) == (count, count)


@pytest.mark.parametrize(
    "asked", [{"since": "kemarin"}, {"until": "9999-01-01"}, {"search": "x" * 65}, {"limit": "20"}]
)
def test_wrong_filters_are_refused(world, day, asked):
    for act, who in ((screen_exceptions.made, "BN1"), (screen_statements.listed, "TU1")):
        with pytest.raises(Refused):
            world.desk(who).do(act, **asked)


# statements ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def stated(world, day):
    """One turned away without registration (a NIK as her ID), one whose finger did not match, one excepted."""
    desk = world.desk("TU1")
    desk.do(
        attendance.turn_away_unregistered,
        session_id=day.session_id,
        id_as_typed="3603054105830001",
        reason="Tidak terdaftar",
    )
    world.matcher.misses["101"] = 9
    for _ in range(3):
        day.scan("101")
    let_in(world, day, "102")


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ({}, ["102", "101", "************0001"]), ({"outcome": "PRESENT"}, ["102"]), ({"outcome": "TURNED_AWAY_NO_MATCH"}, ["101"]),
        ({"search": "101"}, ["101"]), ({"search": "ba/tuk-1"}, ["102", "101", "************0001"]), ({"since": "2026-03-10"}, []),
    ],
)  # fmt: skip
def test_statements_are_found_again_and_a_nik_is_masked(world, stated, asked, ids):
    answer = world.desk("TU1").do(screen_statements.listed, **asked)

    assert [row["id_as_typed"] for row in answer["rows"]] == ids
    assert answer["total"] == len(ids)
    assert {row["exam_on"] for row in answer["rows"]} <= {EXAM_ON.isoformat()}


def test_the_statements_of_another_tuk_are_not_listed(world, stated):
    assert world.desk("TU2").do(screen_statements.listed)["total"] == 0
    assert world.desk("SA1").do(screen_statements.listed)["total"] == 3


@pytest.mark.parametrize("who", ["KO1", "LS1", "AS1", "BN1", "AU1"])
def test_others_read_no_statements(world, stated, who):
    with pytest.raises(NotPermitted):
        world.desk(who).do(screen_statements.listed)
