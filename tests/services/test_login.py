"""Sign-in with number and finger: equal answers, locks, no password, nothing disclosed (§8.2, Gambar 1-3; R-042..R-049, DV-X02)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import inspect
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from posko.domain.proof import Purpose, seal_of
from posko.services import inputs, login
from posko.services.login import typed

pytestmark = pytest.mark.server
REJECTED = {"ok": False, "token": None, "role": None, "reason": None}


def finger(world, who="KO1", purpose=Purpose.LOGIN, station="ST-1"):
    return world.proof("STAFF", who, purpose, station)


def sign_in(world, who="KO1", station="ST-1", **more):
    proof = more["proof"] if "proof" in more else finger(world, who, station=station)
    return world.office.desk(None).do(login.login, id_as_typed=who, station_code=station, proof=proof)


def miss(world, who="KO1", station="ST-1"):
    world.matcher.misses[who] += 1
    return sign_in(world, who, station)


def attempts(world):
    return [row[0] for row in world.ask("select outcome from posko.login_attempt order by attempt_id")]


def later(world, **delta):
    world.now += dt.timedelta(**delta)


def _forged(world):
    return dataclasses.replace(finger(world), score=400)


def _replayed(world):
    first = finger(world)
    sign_in(world, proof=first)
    again = dataclasses.replace(first, proof_id="0" * 32)
    return dataclasses.replace(again, seal=seal_of(again, world.office.keys["finger-proof"]))


def _used(world):
    proof = finger(world)
    sign_in(world, proof=proof)
    return proof


def test_number_and_finger_open_the_application(world):
    answer = sign_in(world)

    assert (answer["ok"], answer["role"], answer["reason"]) == (True, "KONSORSIUM", None)
    assert len(answer["token"]) >= 43
    assert attempts(world) == ["OK"]
    assert world.ask("select action, actor_id, entity_key, outcome from posko_audit.audit_event") == [
        ("staff.login", "KO1", "KO1", "ok")
    ]


@pytest.mark.parametrize("who", ["SA1", "KO1", "LS1", "TU1", "AS1", "BN1", "AU1"])
def test_every_role_of_the_staff_signs_in(world, who):
    assert sign_in(world, who)["ok"] is True


def test_there_is_no_password_anywhere(world):
    assert list(inspect.signature(login.login).parameters) == ["tx", "id_as_typed", "station_code", "proof"]
    assert (
        world.ask(
            "select table_name, column_name from information_schema.columns where table_schema like 'posko%'"
            " and (column_name like '%passw%' or column_name like '%sandi%' or column_name like '%pin%code%')"
        )
        == []
    )


@pytest.mark.parametrize(
    ("attempt", "outcome"),
    [
        (lambda world: sign_in(world, "XX9"), "UNKNOWN_ID"),
        (lambda world: sign_in(world, "XX9", proof=None), "MISSING"),
        (miss, "NO_MATCH"),
        (lambda world: miss(world, "XX9"), "UNKNOWN_ID"),
        (lambda world: sign_in(world, proof=None), "MISSING"),
        (lambda world: sign_in(world, proof="KO1"), "MISSING"),
        (lambda world: sign_in(world, proof={"is_match": True, "score": 400}), "MISSING"),
        (lambda world: sign_in(world, proof=True), "MISSING"),
        (lambda world: sign_in(world, proof=_forged(world)), "FORGED"),
        (lambda world: sign_in(world, proof=finger(world, "KO1", Purpose.SCORE)), "WRONG_PURPOSE"),
        (lambda world: sign_in(world, proof=finger(world, "SA1")), "WRONG_PERSON"),
        (lambda world: sign_in(world, proof=finger(world, station="ST-2")), "WRONG_PLACE"),
        (lambda world: sign_in(world, station="ST-99"), "UNKNOWN_STATION"),
        (lambda world: sign_in(world, proof=_replayed(world)), "SAMPLE_REPLAYED"),
        (lambda world: sign_in(world, proof=_used(world)), "USED"),
    ],
)
def test_whatever_is_wrong_the_answer_is_the_same_and_the_reason_is_in_the_log(world, attempt, outcome):
    assert json.dumps(attempt(world)) == json.dumps(REJECTED)

    assert attempts(world)[-1] == outcome
    ((payload,),) = world.ask("select payload from posko_audit.audit_event where outcome = 'failed'")
    assert json.loads(payload)["reason"] == outcome
    assert world.value("select count(*) from posko.login_session where ended_at is null") == attempts(world).count("OK")


def test_a_suspended_person_gets_the_same_answer(world):
    world.write("update posko.staff set state = 'SUSPENDED' where person_id = 'KO1'")

    assert json.dumps(sign_in(world)) == json.dumps(REJECTED)
    assert attempts(world) == ["SUSPENDED"]


def test_a_proof_from_before_the_finger_was_replaced_does_not_count(world):
    proof = finger(world)
    later(world, minutes=1)
    world.write("update posko.staff set enrolled_at = :at where person_id = 'KO1'", at=world.now)

    assert sign_in(world, proof=proof) == REJECTED
    assert attempts(world) == ["OLD_FINGER"]


def test_unknown_number_wrong_finger_suspension_and_lock_ask_the_same_of_the_database(world):
    world.write("update posko.staff set state = 'SUSPENDED' where person_id = 'BN1'")
    asked = []
    sa.event.listen(
        world.office.engine, "before_cursor_execute", lambda _c, _cur, sql, *_: asked.append(" ".join(sql.split())[:60])
    )
    seen = []
    world.write("insert into posko.login_lock values ('PERSON', 'AU1', 5, :at, '2027-01-01')", at=world.now)
    tries = [("XX9", "ST-1", 0), ("KO1", "ST-2", 1), ("BN1", "ST-3", 0), ("AU1", "ST-0", 0)]
    for attempt in [
        lambda who=who, station=station, misses=misses: (miss if misses else sign_in)(world, who, station)
        for who, station, misses in tries
    ]:
        asked.clear()
        assert attempt() == REJECTED
        seen.append([sql for sql in asked if "utc_timestamp" not in sql])  # the log's clock is asked once a minute

    assert seen[0] == seen[1] == seen[2] == seen[3]


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("KO1", "KO1"),
        ("3603054105830001", "?nik"),
        ("3603 0541 0583 0001", "?nik"),
        ("ID3603054105830001", "?nik"),
        ("36.03.05.410583-0001", "?nik"),
        (None, "?"),
        (7, "?"),
    ],
)
def test_what_could_be_a_nik_is_stored_nowhere(world, value, kept):
    proof = world.proof("STAFF", str(value), Purpose.LOGIN, "ST-1")
    answer = world.office.desk(None).do(login.login, id_as_typed=value, station_code="ST-1", proof=proof)

    assert answer == (REJECTED if kept != "KO1" else answer)
    assert world.ask("select id_as_typed from posko.login_attempt") == [(kept,)]
    for table in ("login_attempt", "login_lock", "finger_proof", "deviation"):
        rows = repr(world.ask(f"select * from posko.{table}"))
        assert not kept.startswith("?") or str(value) not in rows or value in (None, 7)


@pytest.mark.parametrize(
    "value", ["", " ", "A" * 10_000_000, "A\x00B", "'; drop table staff --", "\ud800", "é", "KO1\n", b"KO1", ["KO1"]]
)
def test_odd_numbers_are_rejected_like_all_others(world, value):
    answer = world.office.desk(None).do(login.login, id_as_typed=value, station_code=value, proof=None)

    assert answer == REJECTED
    assert len(typed(value)) <= 40
    assert attempts(world) == ["MISSING"]


def test_a_sign_in_is_not_done_under_a_key_that_would_keep_the_token(world):
    with pytest.raises(ValueError, match="idempotency"):
        world.office.desk(None).once("form-1").do(login.login, id_as_typed="KO1", station_code="ST-1", proof=None)


# locks -----------------------------------------------------------------------------------------------------------


def locks(world):
    return world.ask(
        "select subject_kind, subject, failures, locked_until is not null from posko.login_lock order by 1, 2"
    )


def test_after_five_failures_the_number_is_locked_also_for_the_right_finger(world):
    for station in ("ST-0", "ST-1", "ST-2", "ST-3", "ST-0"):
        miss(world, station=station)

    assert sign_in(world, station="ST-1") == REJECTED
    assert attempts(world) == ["NO_MATCH"] * 5 + ["LOCKED"]
    assert ("PERSON", "KO1", 5, 1) in locks(world)
    assert sign_in(world, "BN1", "ST-1")["ok"] is True


def test_after_five_failures_the_station_is_locked_for_everybody(world):
    for who in ("XX1", "XX2", "XX3", "XX4", "XX5"):
        sign_in(world, who)

    assert sign_in(world, "KO1") == REJECTED
    assert sign_in(world, "KO1", "ST-2")["ok"] is True


@pytest.mark.parametrize(("minutes", "is_open"), [(14, False), (15, True), (16, True)])
def test_a_lock_opens_after_its_minutes(world, minutes, is_open):
    for _ in range(5):
        miss(world)
    later(world, minutes=minutes)

    assert sign_in(world)["ok"] is is_open


def test_failures_that_lie_apart_do_not_lock(world):
    for _ in range(8):
        miss(world)
        later(world, minutes=4)

    assert "LOCKED" not in attempts(world)


def test_a_success_forgets_the_failures_of_the_number_but_not_of_the_station(world):
    for _ in range(4):
        miss(world)
    assert sign_in(world)["ok"] is True

    assert locks(world) == [("PERSON", "KO1", 0, 0), ("STATION", "ST-1", 4, 0)]


def test_a_locked_attempt_counts_nothing_and_does_not_lengthen_the_lock(world):
    for _ in range(5):
        miss(world)
    until = world.ask("select locked_until from posko.login_lock order by 1")
    later(world, minutes=5)
    miss(world)

    assert world.ask("select locked_until from posko.login_lock order by 1") == until


def test_after_a_lock_the_count_begins_anew(world):
    for _ in range(5):
        miss(world)
    later(world, minutes=16)
    for _ in range(4):
        miss(world)

    assert sign_in(world)["ok"] is True


def test_of_32_wrong_fingers_at_once_exactly_five_are_judged(world):
    world.matcher.misses["KO1"] = 32
    made = [(finger(world, station=f"ST-{number % 4}"), f"ST-{number % 4}") for number in range(32)]

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda one: sign_in(world, "KO1", one[1], proof=one[0]), made))

    assert answers == [REJECTED] * 32
    assert sorted(attempts(world)) == ["LOCKED"] * 27 + ["NO_MATCH"] * 5
    assert world.value("select failures from posko.login_lock where subject = 'KO1'") == 5


def test_stations_that_somebody_invents_lock_each_other_and_nobody_else(world):
    for number in range(8):
        sign_in(world, "KO1", f"PALSU-{number}")

    assert attempts(world) == ["UNKNOWN_STATION"] * 5 + ["LOCKED"] * 3
    assert locks(world) == [("PERSON", "KO1", 0, 0), ("STATION", "?", 5, 1)]
    assert sign_in(world, "KO1")["ok"] is True


def test_a_station_that_is_no_longer_in_force_opens_nothing(world):
    world.write("update posko.station set valid_until = '2026-03-01' where station_code = 'ST-1'")

    assert sign_in(world) == REJECTED
    assert attempts(world) == ["UNKNOWN_STATION"]


def test_of_32_unknown_numbers_at_once_a_station_judges_exactly_five(world):
    made = [(f"XX{number}", finger(world, f"XX{number}")) for number in range(32)]

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda one: sign_in(world, one[0], proof=one[1]), made))

    assert answers == [REJECTED] * 32
    assert sorted(attempts(world)) == ["LOCKED"] * 27 + ["UNKNOWN_ID"] * 5


def test_the_limits_are_the_parameters_of_the_day(world):
    world.write(
        "insert into posko.parameter values ('login_failures', '2026-01-01', '2', 'uji', 'SA1', 'BN1', '2026-01-01')"
    )
    for _ in range(2):
        miss(world)

    assert sign_in(world) == REJECTED
    assert attempts(world)[-1] == "LOCKED"


def deviations(world):
    found = world.ask("select rule_id, subject_kind, subject_code, evidence from posko.deviation order by deviation_id")
    return [(rule, kind, code, json.loads(evidence)["cause"]) for rule, kind, code, evidence in found]


def test_a_closing_lock_is_a_deviation_with_its_cause(world):
    for _ in range(6):
        miss(world, station="ST-1")

    assert deviations(world) == [("DV-X02", "staff", "KO1", "repeated"), ("DV-X02", "station", "ST-1", "repeated")]


def test_tries_of_an_unknown_number_and_of_many_numbers_are_told_apart(world):
    for station in ("ST-0", "ST-1", "ST-2", "ST-3", "ST-0"):
        sign_in(world, "XX1", station)
    for who in ("XX2", "XX3", "XX4", "XX5"):
        sign_in(world, who, "ST-1")

    assert deviations(world) == [("DV-X02", "staff", "XX1", "unknown_id"), ("DV-X02", "station", "ST-1", "many_ids")]


@pytest.mark.parametrize(
    ("made", "rule"),
    [(_forged, "DV-N01"), (_replayed, "DV-I10"), (lambda world: finger(world, station="ST-9"), "DV-I12")],
)
def test_an_attack_with_a_proof_is_a_deviation_at_once(world, made, rule):
    sign_in(world, proof=made(world))

    assert world.ask("select rule_id from posko.deviation") == [(rule,)]


def test_a_nik_is_recognised_however_it_is_written():
    assert inputs.looks_like_nik("No. 3603 0541 0583 0001")
    assert not inputs.looks_like_nik("MET.000.001234 2015")
