"""The first screen: who is signed in, and what waits for the role and its own scope only (§9, R-060..R-070)."""

from __future__ import annotations

import pytest

from apps.fraud.small_world import EXAM_ON, STAFF
from posko.domain.errors import Refused
from posko.domain.roles import Role
from posko.domain.status import Status
from posko.services import screen_home
from tests.support.preparation import WRONG, place, registered, released

pytestmark = pytest.mark.server


def test_it_names_whoever_is_signed_in(world):
    assert world.desk("TU1").do(screen_home.who) == {
        "person_id": "TU1", "full_name": "Petugas TU1", "role": "TUK", "lsp_code": None, "tuk_code": "TUK-1", "met_no": None,
    }  # fmt: skip


def test_every_role_has_its_own_list(world):
    for who, (role, *_) in STAFF.items():
        found = world.desk(who).do(screen_home.home)
        assert list(found["waiting"]) == [state.value for state in screen_home.WAITING[Role(role)]]
        assert (found["cases"] is None) == (Role(role) not in screen_home.CASES)


def test_the_konsorsium_sees_who_waits_to_be_registered_and_scheduled(world):
    place(world, registered(world, "A1", "A2", "A3")[0])

    waiting = world.desk("KO1").do(screen_home.home)["waiting"]

    assert (waiting[Status.REGISTERED], waiting[Status.ALLOCATED]) == (2, 1)


def test_a_state_in_which_more_wait_than_are_counted_has_one_more(world, monkeypatch):
    monkeypatch.setattr(screen_home, "MOST_COUNTED", 1)
    registered(world, "A1", "A2", "A3")

    assert world.desk("KO1").do(screen_home.home)["waiting"][Status.REGISTERED] == 2


def test_lsp_tuk_and_asesor_see_their_own_alone(world):
    released(world, "A1", "A2")
    world.at(EXAM_ON)

    own = {who: world.desk(who).do(screen_home.home) for who in ("LS1", "LS2", "TU1", "TU2", "AS1", "AS3")}

    assert {who: found["waiting"].get(Status.DISTRIBUTED) for who, found in own.items() if who[:2] != "AS"} == {
        "LS1": 2, "LS2": 0, "TU1": 2, "TU2": 0,
    }  # fmt: skip
    assert {who: found["sessions"] for who, found in own.items()} == {
        "LS1": 1, "LS2": 0, "TU1": 1, "TU2": 0, "AS1": 1, "AS3": 0,
    }  # fmt: skip


def test_a_look_at_another_roles_page_is_recorded_as_refused(world):
    world.desk("LS1").do(screen_home.turned_away, page="absensi")

    assert world.events("refused") == [("screen.turned_away", "page", "absensi")]


@pytest.mark.parametrize("page", WRONG)
def test_a_page_that_is_none_is_refused(world, page):
    with pytest.raises(Refused):
        world.desk("LS1").do(screen_home.turned_away, page=page)


def test_the_demo_names_one_of_each_role_at_a_station_of_hers(world):
    with world.office.engine.connect() as db:
        found = {row["role"]: (row["person_id"], row["station_code"]) for row in screen_home.one_of_each(db)}

    assert found["TUK"] == ("TU1", "ST-1")
    assert found["KONSORSIUM"] == ("KO1", "ST-0")
    assert set(found) == {role for role, *_ in STAFF.values()}
