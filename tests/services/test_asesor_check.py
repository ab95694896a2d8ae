"""The assessor at the TUK: only the appointed one, verified by finger; substituted by the Konsorsium only (§9.4, §13.6; R-125, R-126)."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from apps.fraud.small_world import EXAM_ON
from posko.domain.errors import IllegalMove, NotPermitted, Refused
from posko.domain.proof import Purpose
from posko.services import asesor_check
from tests.support.exam import exam_day

pytestmark = pytest.mark.server


def _opened(world, *tki_ids, **more):
    day = exam_day(world, *(tki_ids or ("100",)), **more)
    day.open()
    return day


def _substitute(world, day, met="MET.2", reason="Sakit", who="KO1", **more):
    desk = world.desk(who, **more)
    return desk.do(asesor_check.substitute_asesor, session_id=day.session_id, met_no=met, reason=reason)


def test_the_appointed_assessor_lets_the_session_run(world):
    day = _opened(world)

    seen = day.verify()

    assert seen == {"outcome": "VERIFIED", "session_id": day.session_id, "met_no": "MET.1"}
    assert day.state() == "RUNNING"
    assert (
        world.value("select person_id from posko.exam_session join posko.finger_proof on proof_id = asesor_proof_id")
        == "AS1"
    )


def test_a_finger_that_does_not_match_is_kept_and_nothing_runs(world):
    day = _opened(world)
    world.matcher.misses["AS1"] = 1

    assert day.verify()["outcome"] == "TRY_AGAIN"

    assert day.state() == "OPEN"
    assert world.ask("select person_id, purpose, is_match from posko.finger_proof") == [("AS1", "VERIFY_ASESOR", 0)]
    assert day.verify()["outcome"] == "VERIFIED"


@pytest.mark.parametrize("who", ["AS2", "AS3", "TU1", "KO1"])
def test_another_person_is_refused_under_the_rule(world, who):
    day = _opened(world)

    with pytest.raises(Refused) as refused:
        day.verify(who)

    assert (refused.value.code, refused.value.rule, day.state()) == ("ASESOR_NOT_APPOINTED", "DV-S04", "OPEN")
    assert day.rules() == ["DV-S04"]


@pytest.mark.parametrize(
    ("statement", "code", "rule"),
    [
        ("update posko.asesor set valid_until = '2026-03-08' where met_no = 'MET.1'", "ASESOR_LAPSED", "DV-A05"),
        ("update posko.asesor_scheme set valid_until = '2026-03-08' where met_no = 'MET.1'", "ASESOR_LAPSED", "DV-A05"),
        ("update posko.asesor set lsp_code = 'LSP-2' where met_no = 'MET.1'", "ASESOR_LAPSED", "DV-A05"),
        (
            "insert into posko.suspension values (1, 'ASESOR', 'MET.1', '2026-03-01', null, 'x')",
            "ASESOR_LAPSED",
            "DV-A05",
        ),
        ("update posko.staff set state = 'SUSPENDED' where person_id = 'AS1'", "ASESOR_NOT_APPOINTED", "DV-S04"),
    ],
)
def test_an_assessor_who_is_not_in_force_that_day_may_not_test(world, statement, code, rule):
    day = _opened(world)
    world.write(statement)

    with pytest.raises(Refused) as refused:
        day.verify()

    assert (refused.value.code, refused.value.rule, day.state()) == (code, rule, "OPEN")


@pytest.mark.parametrize(
    ("proof", "code"),
    [
        (lambda world: "AS1", "PROOF_MISSING"),
        (lambda world: None, "PROOF_MISSING"),
        (lambda world: world.proof("STAFF", "AS1", Purpose.SCORE), "PROOF_WRONG_PURPOSE"),
        (lambda world: world.proof("STAFF", "AS1", Purpose.VERIFY_ASESOR, "ST-0"), "PROOF_WRONG_PLACE"),
        (lambda world: world.proof("TKI", "AS1", Purpose.VERIFY_ASESOR), "PROOF_WRONG_PERSON"),
    ],
)
def test_only_the_own_finger_taken_at_the_tuk_for_this_counts(world, proof, code):
    day = _opened(world)

    with pytest.raises(Refused) as refused:
        world.desk("TU1").do(asesor_check.verify_asesor, session_id=day.session_id, proof=proof(world))

    assert (refused.value.code, day.state()) == (code, "OPEN")


def test_nobody_is_verified_before_the_day_is_open_or_twice_or_on_another_day(world):
    day = exam_day(world, "100")
    with pytest.raises(IllegalMove):
        day.verify()
    day.open()
    world.at(EXAM_ON + dt.timedelta(1), 8)
    with pytest.raises(Refused, match="bukan hari ini"):
        day.verify()
    world.at(EXAM_ON, 9)
    day.verify()

    with pytest.raises(IllegalMove):
        day.verify()


@pytest.mark.parametrize("who", ["TU2", "KO1", "AS1", "LS1", "BN1", "SA1"])
def test_only_the_own_tuk_verifies(world, who):
    day = _opened(world)

    with pytest.raises(NotPermitted):
        world.desk(who).do(
            asesor_check.verify_asesor,
            session_id=day.session_id,
            proof=world.proof("STAFF", "AS1", Purpose.VERIFY_ASESOR),
        )


def test_a_substitute_takes_the_place_with_seats_and_history(world):
    day = exam_day(world, "100", "101")

    _substitute(world, day)

    assert world.value("select met_no from posko.exam_session") == "MET.2"
    assert world.ask("select met_no, booked from posko.asesor_day order by 1") == [("MET.1", 0), ("MET.2", 2)]
    assert world.ask("select met_no, ended_at is not null, reason from posko.appointment order by appointment_id") == [
        ("MET.1", 1, None),
        ("MET.2", 0, "Sakit"),
    ]
    assert day.rules() == ["DV-A10"]
    day.open()
    with pytest.raises(Refused, match="bukan asesor yang ditugaskan"):
        day.verify("AS1")
    assert day.verify("AS2")["outcome"] == "VERIFIED"


def test_a_running_session_waits_for_the_substitutes_finger(world):
    day = _opened(world)
    day.scan("100")
    day.verify()

    _substitute(world, day)

    assert day.state() == "OPEN"
    assert world.value("select asesor_proof_id from posko.exam_session") is None
    with pytest.raises(Refused, match="sidik jari asesor belum diperiksa"):
        day.end()
    day.verify("AS2")
    assert day.end() == {"tested": 1, "absent": 0}


def test_a_change_before_the_package_left_is_no_late_change(world):
    day = exam_day(world, "100", status="ALLOCATED")

    _substitute(world, day)

    assert day.rules() == []


@pytest.mark.parametrize("who", ["TU1", "LS1", "AS1", "BN1", "AU1", "SA1"])
def test_only_the_konsorsium_appoints(world, who):
    day = exam_day(world, "100")

    with pytest.raises(NotPermitted):
        _substitute(world, day, who=who)

    assert world.value("select met_no from posko.exam_session") == "MET.1"


def test_the_super_administrator_appoints_on_behalf(world):
    day = exam_day(world, "100")

    assert _substitute(world, day, who="SA1", on_behalf="Konsorsium libur")["met_no"] == "MET.2"


def _elsewhere(world):
    exam_day(world, "200", tuk="TUK-2", met="MET.2")


def _same_day_another_city(world):
    exam_day(world, "200", tuk="TUK-2", met="MET.2", slot=2)


def _full(world):
    world.write("insert into posko.asesor_day values ('MET.2', '2026-03-09', 20, 20)")


def _tied(world):
    world.write(
        "insert into posko.ownership_tie (party_kind, party_code, body_kind, body_code, valid_from, evidence)"
        " values ('BLKLN', 'H05AN001', 'LSP', 'LSP-1', '2026-01-01', 'akta')"
    )


def _lapsed(world):
    world.write("update posko.asesor set valid_until = '2026-03-08' where met_no = 'MET.2'")


def _not_enrolled(world):
    world.write("update posko.staff set state = 'SUSPENDED' where person_id = 'AS2'")


@pytest.mark.parametrize(
    ("prepare", "met", "code", "rule"),
    [
        (None, "MET.1", "SUBSTITUTE_SAME", None),
        (None, "MET.3", "ASESOR_LAPSED", "DV-A05"),
        (None, "MET.9", "ASESOR_LAPSED", "DV-A05"),
        (_lapsed, "MET.2", "ASESOR_LAPSED", "DV-A05"),
        (_not_enrolled, "MET.2", "ASESOR_LAPSED", "DV-A05"),
        (_elsewhere, "MET.2", "SUBSTITUTE_ELSEWHERE", "DV-A06"),
        (_same_day_another_city, "MET.2", "SUBSTITUTE_ELSEWHERE", "DV-A06"),
        (_full, "MET.2", "SUBSTITUTE_FULL", "DV-A07"),
        (_tied, "MET.2", "SUBSTITUTE_TIED", "DV-A08"),
        (None, "", "TEXT_EMPTY", None),
        (None, None, "TEXT_EMPTY", None),
        (None, "M" * 41, "TEXT_TOO_LONG", None),
        (None, "MET\n2", "TEXT_CONTROL", None),
    ],
)
def test_who_may_not_be_the_substitute_is_refused_and_nothing_moves(world, prepare, met, code, rule):
    day = exam_day(world, "100")
    if prepare:
        prepare(world)
    before = world.ask("select met_no, booked from posko.asesor_day order by 1")

    with pytest.raises(Refused) as refused:
        _substitute(world, day, met)

    assert (refused.value.code, refused.value.rule) == (code, rule)
    assert world.value("select met_no from posko.exam_session where session_id = :id", id=day.session_id) == "MET.1"
    assert world.ask("select met_no, booked from posko.asesor_day order by 1") == before


def test_after_the_end_nobody_is_substituted(world):
    day = _opened(world)
    day.scan("100")
    day.verify()
    day.end()

    with pytest.raises(Refused) as refused:
        _substitute(world, day)

    assert refused.value.code == "SUBSTITUTION_TOO_LATE"


def test_one_assessor_taken_by_two_sessions_at_once_goes_to_one(world):
    world.write("insert into posko.asesor values ('MET.4', 'Asesor 4', 'LSP-1', '2025-01-01', '2030-12-31')")
    days = [exam_day(world, "100", met="MET.1"), exam_day(world, "200", met="MET.4")]

    def takes(day):
        try:
            _substitute(world, day)
        except Refused as refused:
            return refused.code
        return "ok"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(takes, days)) == ["SUBSTITUTE_ELSEWHERE", "ok"]
    assert world.value("select sum(booked) from posko.asesor_day") == 2
