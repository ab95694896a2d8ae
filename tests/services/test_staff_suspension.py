"""Staff suspended at once, and made active again with a new finger by two persons (§8.2; R-048, F03)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from posko.domain.errors import Refused
from posko.domain.proof import Purpose
from posko.services import enrolment, login, sessions
from tests.support.signing_in import new_finger, sign_in

pytestmark = pytest.mark.server


def suspend(world, by="SA1", **more):
    return world.desk(by).do(enrolment.suspend, **({"person_id": "KO1", "reason": "Kartu hilang"} | more))


def replace_finger(world, by="SA1", **more):
    given = {"person_id": "KO1", **more}
    given.setdefault("proof", new_finger(world, "KO1"))
    given.setdefault("second", world.second("BN1"))
    return world.desk(by).do(enrolment.replace_finger, **given)


def test_a_suspension_ends_the_session_at_once(world):
    token = sign_in(world, "KO1", "ST-0")["token"]

    assert suspend(world, by="BN1") == {"person_id": "KO1", "sessions_ended": 1}
    with pytest.raises(Refused, match="Masuk lagi"):
        sessions.principal_of(world.office, token, "ST-0")
    assert sign_in(world, "KO1", "ST-0")["ok"] is False


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"person_id": "SA1"}, "OWN_FINGER"),
        ({"person_id": "XX1"}, "UNKNOWN_STAFF"),
        ({"person_id": None}, "NUMBER_WRONG"),
        ({"reason": ""}, "TEXT_EMPTY"),
        ({"reason": "NIK 3603 0541 0583 0001"}, "LOOKS_LIKE_NIK"),
        ({"reason": "3603054105830001"}, "LOOKS_LIKE_NIK"),
        ({"by": "KO1"}, "NotPermitted"),
        ({"by": "TU1"}, "NotPermitted"),
    ],
)
def test_wrong_suspensions_are_refused(world, more, code):
    with pytest.raises(Refused) as found:
        suspend(world, **more)

    assert found.value.code == code
    assert world.value("select count(*) from posko.staff where state <> 'ACTIVE'") == 0


def test_a_suspension_while_she_signs_in_leaves_no_open_session(world):
    for who in ("KO1", "LS1", "TU1", "AS1", "AU1", "BN1"):
        proof = world.proof("STAFF", who, Purpose.LOGIN, "ST-0")
        with ThreadPoolExecutor(2) as pool:
            opened = pool.submit(
                world.office.desk(None).do, login.login, id_as_typed=who, station_code="ST-0", proof=proof
            )
            pool.submit(suspend, world, person_id=who).result()
            opened.result()

    assert world.value("select count(*) from posko.login_session where ended_at is null") == 0


def test_nobody_is_suspended_twice(world):
    suspend(world)

    with pytest.raises(Refused) as found:
        suspend(world)
    assert found.value.code == "ALREADY_SUSPENDED"


def test_a_new_finger_makes_active_again_and_ends_what_the_old_one_opened(world):
    sign_in(world, "KO1", "ST-0")
    suspend(world)

    assert replace_finger(world) == {"person_id": "KO1", "role": "KONSORSIUM", "template_version": 2}
    assert world.ask("select state, template_version, suspended_at from posko.staff where person_id = 'KO1'") == [
        ("ACTIVE", 2, None)
    ]
    assert sign_in(world, "KO1", "ST-0")["ok"] is True


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"person_id": "SA1"}, "OWN_FINGER"),
        ({"person_id": "XX1"}, "UNKNOWN_STAFF"),
        ({"second": None}, "SECOND_PERSON_MISSING"),
        ({"proof": "KO1"}, "PROOF_MISSING"),
        ({"by": "AU1"}, "NotPermitted"),
    ],
)
def test_wrong_replacements_are_refused(world, more, code):
    with pytest.raises(Refused) as found:
        replace_finger(world, **more)

    assert found.value.code == code
    assert world.value("select max(template_version) from posko.staff") == 1


def test_nobody_is_the_second_person_of_the_own_finger(world):
    with pytest.raises(Refused) as found:
        replace_finger(world, person_id="BN1", proof=new_finger(world, "BN1"))

    assert found.value.code == "SECOND_IS_SUBJECT"
