"""Who is turned away with a statement, and whose finger is excepted by two persons (§13.4-13.5; R-050, R-122, X7, DV-I09)."""

from __future__ import annotations

import json

import pytest

from posko.domain.errors import NotPermitted, Refused
from posko.domain.proof import Purpose
from posko.services import attendance, exam_session, statements
from tests.support.exam import exam_day

pytestmark = pytest.mark.server


def _opened(world):
    day = exam_day(world, "100")
    day.open()
    return day


def _turn_away(world, day, typed, reason="Tidak terdaftar", who="TU1"):
    made = world.desk(who).do(
        attendance.turn_away_unregistered, session_id=day.session_id, id_as_typed=typed, reason=reason
    )
    return made["statement_no"]


def test_an_unknown_person_gets_a_statement_and_no_tki_row(world):
    day = _opened(world)

    first, second = _turn_away(world, day, "3603054105830001"), _turn_away(world, day, "3603054105830001")

    assert first != second
    assert (
        world.ask("select journey_id, id_as_typed, outcome, reason from posko.attendance")
        == [(None, "3603054105830001", "TURNED_AWAY_NOT_REGISTERED", "Tidak terdaftar")] * 2
    )
    assert world.value("select count(*) from posko.journey") == 1
    assert world.value("select count(*) from posko_audit.audit_event where payload like '%3603054105830001%'") == 0


def test_a_candidate_of_the_list_without_a_template_is_turned_away_as_not_registered(world):
    day = _opened(world)

    _turn_away(world, day, "100", "Tidak ada data sidik jari")

    assert world.status("100") == "TURNED_AWAY_NOT_REGISTERED"
    assert world.ask("select journey_id, outcome from posko.attendance") == [
        (day.journeys["100"], "TURNED_AWAY_NOT_REGISTERED")
    ]
    assert day.end() == {"tested": 0, "absent": 0}


@pytest.mark.parametrize(("misses", "code"), [(0, "ATTENDANCE_RECORDED"), (3, "TURNED_AWAY_TODAY")])
def test_who_has_an_outcome_is_not_turned_away_again(world, misses, code):
    day = _opened(world)
    world.matcher.misses["100"] = misses
    for _ in range(max(1, misses)):
        day.scan("100")

    with pytest.raises(Refused) as refused:
        _turn_away(world, day, "100")

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed", "reason", "code"),
    [
        ("", "x", "TEXT_EMPTY"),
        ("1" * 65, "x", "TEXT_TOO_LONG"),
        ("100", "", "TEXT_EMPTY"),
        ("100", "NIK 3603054105830001", "LOOKS_LIKE_NIK"),
    ],
)
def test_a_statement_needs_an_id_and_a_reason(world, typed, reason, code):
    day = _opened(world)

    with pytest.raises(Refused) as refused:
        _turn_away(world, day, typed, reason)

    assert refused.value.code == code
    assert world.value("select count(*) from posko.attendance") == 0


def test_nobody_is_turned_away_at_a_closed_door_or_by_another_tuk(world):
    day = exam_day(world, "100")
    with pytest.raises(Refused) as refused:
        _turn_away(world, day, "200")
    assert refused.value.code == "SESSION_NOT_OPEN"
    day.open()

    with pytest.raises(NotPermitted):
        _turn_away(world, day, "200", who="TU2")


def test_the_statement_says_who_where_when_why_and_by_whom(world):
    day = _opened(world)
    world.matcher.misses["100"] = 3
    number = [day.scan("100") for _ in range(3)][-1]["statement_no"]

    told = world.desk("TU1").do(statements.statement, statement_no=number)

    wanted = {
        "label": "TOLAK_TIDAK_COCOK",
        "full_name": "NAMA 100",
        "tuk_name": "TUK 1",
        "tries": 3,
        "recorded_by_name": "Petugas TU1",
        "recorded_at": "2026-03-09T08:00:00",
        "reason": "Sidik jari tidak cocok",
    }
    assert {name: told[name] for name in wanted} == wanted
    assert json.loads(json.dumps(told)) == told


@pytest.mark.parametrize(
    ("who", "number", "code"),
    [
        ("TU2", None, "NotPermitted"),
        ("BN1", None, "NotPermitted"),
        ("TU1", "BA/X", "UNKNOWN_STATEMENT"),
        ("TU1", "", "TEXT_EMPTY"),
        ("TU1", "3603054105830001", "LOOKS_LIKE_NIK"),
    ],
)
def test_a_statement_is_shown_only_at_its_own_tuk(world, who, number, code):
    day = _opened(world)
    made = _turn_away(world, day, "200")

    with pytest.raises(Refused) as refused:
        world.desk(who).do(statements.statement, statement_no=made if number is None else number)

    assert refused.value.code == code


def _except(world, day, who, second, reason="Jari terluka", tki_id="100"):
    return world.desk(who).do(
        attendance.record_exception, session_id=day.session_id, tki_id=tki_id, reason=reason, second=second
    )


@pytest.mark.parametrize(("who", "second"), [("TU1", "BN1"), ("TU1", "LS1"), ("LS1", "TU1"), ("BN1", "SA1")])
def test_two_persons_of_two_roles_let_an_injured_finger_pass_and_it_is_a_deviation(world, who, second):
    day = _opened(world)
    proof = world.second(second)

    made = _except(world, day, who, proof)

    assert (made["outcome"], made["candidate"]["tki_id"]) == ("PRESENT", "100")
    assert world.ask("select outcome, proof_id, score, reason from posko.attendance") == [
        ("PRESENT", proof.proof_id, None, "Jari terluka")
    ]
    assert day.rules() == ["DV-I09"]
    held = {person for (person,) in world.ask("select person_id from posko.part_held")}
    assert held == {who, second} & {"TU1", "LS1"}


@pytest.mark.parametrize(
    ("who", "second", "code"),
    [
        ("TU1", lambda world: None, "SECOND_PERSON_MISSING"),
        ("TU1", lambda world: "LS1", "PROOF_MISSING"),
        ("TU1", lambda world: world.second("TU1"), "SECOND_PERSON_SAME"),
        ("TU1", lambda world: world.second("TU2"), "SECOND_PERSON_SAME_ROLE"),
        ("BN1", lambda world: world.second("BN2"), "SECOND_PERSON_SAME_ROLE"),
        ("TU1", lambda world: world.second("LS2"), "SECOND_PERSON_ELSEWHERE"),
        ("LS1", lambda world: world.second("TU2"), "SECOND_PERSON_ELSEWHERE"),
        ("TU1", lambda world: world.second("AS1"), "NotPermitted"),
        ("TU1", lambda world: world.second("KO1"), "NotPermitted"),
        ("TU2", lambda world: world.second("BN1"), "NotPermitted"),
        ("LS2", lambda world: world.second("BN1"), "NotPermitted"),
        ("KO1", lambda world: world.second("BN1"), "NotPermitted"),
        ("TU1", lambda world: world.proof("STAFF", "BN1", Purpose.LOGIN, "ST-0"), "PROOF_WRONG_PURPOSE"),
    ],
)
def test_one_person_or_one_role_lets_nobody_pass(world, who, second, code):
    day = _opened(world)

    with pytest.raises(Refused) as refused:
        _except(world, day, who, second(world))

    assert (refused.value.code, world.status("100")) == (code, "ACKNOWLEDGED")
    assert world.value("select count(*) from posko.attendance") == 0


@pytest.mark.parametrize(
    ("tki_id", "reason", "code"),
    [("100", "", "TEXT_EMPTY"), ("999", "x", "NOT_ON_LIST"), (None, "x", "TEXT_EMPTY")],
)
def test_an_exception_needs_a_candidate_of_the_list_and_a_reason(world, tki_id, reason, code):
    day = _opened(world)

    with pytest.raises(Refused) as refused:
        _except(world, day, "TU1", world.second("BN1"), reason, tki_id)

    assert refused.value.code == code


def test_a_planned_day_knows_no_attendance_of_any_kind(world):
    day = exam_day(world, "100")

    with pytest.raises(Refused) as refused:
        _except(world, day, "TU1", world.second("BN1"))

    assert refused.value.code == "SESSION_NOT_OPEN"
    assert world.desk("TU1").do(exam_session.today, tuk_code="TUK-1")[0]["present"] == 0
