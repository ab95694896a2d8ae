"""Sign-in with number and finger: equal answers, locks, no password, nothing disclosed (§8.2, Gambar 1-3; R-042..R-049, DV-X02)."""

from __future__ import annotations

import inspect
import json

import pytest
import sqlalchemy as sa

from posko.domain.proof import Purpose
from posko.services import inputs, login
from posko.services.login import typed
from tests.support.signing_in import REJECTED, attempts, finger, forged, later, miss, replayed, sign_in

pytestmark = pytest.mark.server


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
        (lambda world: sign_in(world, proof=forged(world)), "FORGED"),
        (lambda world: sign_in(world, proof=finger(world, "KO1", Purpose.SCORE)), "WRONG_PURPOSE"),
        (lambda world: sign_in(world, proof=finger(world, "SA1")), "WRONG_PERSON"),
        (lambda world: sign_in(world, proof=finger(world, station="ST-2")), "WRONG_PLACE"),
        (lambda world: sign_in(world, station="ST-99"), "UNKNOWN_STATION"),
        (lambda world: sign_in(world, proof=replayed(world)), "SAMPLE_REPLAYED"),
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


def test_a_nik_is_recognised_however_it_is_written():
    assert inputs.looks_like_nik("No. 3603 0541 0583 0001")
    assert not inputs.looks_like_nik("MET.000.001234 2015")
