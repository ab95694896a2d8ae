"""Sessions: one a person, bound to a station, idle and absolute end, revoked at once (R-045, R-049)."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from posko.domain.errors import Refused
from posko.domain.matrix import Command
from posko.domain.proof import Purpose
from posko.services import login, sessions
from posko.services.office import ACTS, act

pytestmark = pytest.mark.server


@act("test.register", Command.REGISTER)
def registers(tx):
    tx.permit()
    tx.record("tki", "100")


@pytest.fixture(autouse=True, scope="module")
def _own_acts():
    yield
    del ACTS["test.register"]


def sign_in(world, who="KO1", station="ST-1"):
    proof = world.proof("STAFF", who, Purpose.LOGIN, station)
    return world.office.desk(None).do(login.login, id_as_typed=who, station_code=station, proof=proof)["token"]


def later(world, **delta):
    world.now += dt.timedelta(**delta)


def is_open(world, token, station="ST-1"):
    try:
        sessions.principal_of(world.office, token, station)
    except Refused as refused:
        return refused.code != "SESSION_OVER"
    return True


def ends(world):
    return [row[0] for row in world.ask("select end_reason from posko.login_session order by opened_at, ended_at")]


def test_a_token_opens_the_desk_of_its_person(world):
    desk = sessions.principal_of(world.office, sign_in(world, "TU1"), "ST-1")

    assert (desk.by.role, desk.by.person_id, desk.by.tuk_code) == ("TUK", "TU1", "TUK-1")
    assert (desk.place.device, desk.place.tuk) == ("ST-1", "TUK-1")
    ((writer, number),) = world.ask(
        "select hex(writer_id), writer_seq from posko_audit.audit_event where action = 'staff.login'"
    )
    assert desk.auth_event == f"{writer.lower()}/{number}"


def test_what_is_done_with_a_session_names_its_sign_in(world):
    desk = sessions.principal_of(world.office, sign_in(world), "ST-1")
    desk.do(registers)

    assert world.ask("select auth_event, device from posko_audit.audit_event where action = 'test.register'") == [
        (desk.auth_event, "ST-1")
    ]


def test_only_the_digest_of_a_token_is_kept(world):
    token = sign_in(world)

    assert world.ask("select token_sha256 = unhex(sha2(:token, 256)) from posko.login_session", token=token) == [(1,)]
    assert token not in repr(world.ask("select * from posko_audit.audit_event"))
    assert token not in repr(world.ask("select * from posko.idempotency"))
    assert len({sign_in(world, "BN1", "ST-2") for _ in range(20)}) == 20


@pytest.mark.parametrize(("minutes", "expected"), [(14, True), (15, False)])
def test_a_session_ends_after_idle_minutes(world, minutes, expected):
    token = sign_in(world)
    later(world, minutes=minutes)

    assert is_open(world, token) is expected
    assert ends(world) == [None if expected else "IDLE"]


def test_each_use_keeps_a_session_awake_until_its_hours_are_over(world):
    token = sign_in(world)
    for _ in range(47):
        later(world, minutes=10)
        assert is_open(world, token)
    later(world, minutes=10)

    assert not is_open(world, token)
    assert ends(world) == ["EXPIRED"]


@pytest.mark.parametrize("token", ["", "x", None, 7, b"x", "A" * 10_000_000, "\x00", "\ud800", ["x"]])
def test_what_is_no_token_opens_nothing(world, token):
    sign_in(world)

    assert not is_open(world, token)
    assert world.events("failed") == [("session.reject", "session", world.events("failed")[0][2])]


@pytest.mark.parametrize("station", ["ST-2", "ST-99", "", None, "A" * 10_000_000, "\x00"])
def test_a_token_at_another_station_is_ended(world, station):
    token = sign_in(world)

    assert not is_open(world, token, station)
    assert not is_open(world, token)
    assert ends(world) == ["OTHER_STATION"]


def test_a_suspended_person_has_no_session_even_when_nobody_ended_it(world):
    token = sign_in(world)
    world.write("update posko.staff set state = 'SUSPENDED' where person_id = 'KO1'")

    assert not is_open(world, token)
    assert ends(world) == ["SUSPENDED"]


def test_a_newer_sign_in_ends_the_earlier_session(world):
    first = sign_in(world)
    later(world, minutes=1)
    second = sign_in(world, station="ST-2")

    assert not is_open(world, first)
    assert is_open(world, second, "ST-2")
    assert ends(world) == ["REPLACED", None]


def test_of_16_sign_ins_at_once_one_session_stays(world):
    made = [world.proof("STAFF", "KO1", Purpose.LOGIN, "ST-1") for _ in range(16)]

    def attempt(proof):
        return world.office.desk(None).do(login.login, id_as_typed="KO1", station_code="ST-1", proof=proof)["token"]

    with ThreadPoolExecutor(16) as pool:
        tokens = list(pool.map(attempt, made))

    assert all(tokens)
    assert sum(is_open(world, token) for token in tokens) == 1
    assert world.value("select count(*) from posko.login_session where ended_at is null") == 1


def test_signing_out_ends_the_own_session_only(world):
    other = sign_in(world, "BN1")
    token = sign_in(world)

    assert sessions.principal_of(world.office, token, "ST-1").do(sessions.logout) == 1
    assert not is_open(world, token)
    assert is_open(world, other)


def test_a_replaced_desk_does_not_sign_the_newer_one_out(world):
    old = sessions.principal_of(world.office, sign_in(world), "ST-1")
    token = sign_in(world)

    assert old.do(sessions.logout) == 0
    assert is_open(world, token)
