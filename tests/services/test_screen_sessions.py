"""Who is signed in where, and sessions that are ended from elsewhere (R-045, R-048, R-049)."""

from __future__ import annotations

import datetime as dt

import pytest

from posko.domain.errors import NotPermitted, Refused
from posko.services import screen_sessions, sessions
from tests.support.operator import cookies_of, station_of
from tests.support.preparation import refused

pytestmark = pytest.mark.server


def sign_in(world, who, station=None):
    """Sign one in and return her desk as her browser then has it."""
    at = station or station_of(who)
    token = cookies_of(world, who, at)["posko_web"]
    return sessions.principal_of(world.office, token, at), token


def listed(world, who="BN1", **asked):
    return world.desk(who).do(screen_sessions.signed_in, asked=asked)


def test_those_who_read_the_log_see_who_is_signed_in_where(world):
    for who in ("KO1", "TU1", "AS1"):
        sign_in(world, who)
        world.now += dt.timedelta(minutes=1)

    for reader in ("SA1", "BN1", "AU1"):
        told = listed(world, reader)
        assert [(row["person_id"], row["station_code"], row["state"]) for row in told["rows"]] == [
            ("AS1", "ST-0", "OPEN"),
            ("TU1", "ST-1", "OPEN"),
            ("KO1", "ST-0", "OPEN"),
        ]
        assert told["total"] == 3
    for other in ("KO1", "LS1", "TU1", "AS1"):
        with pytest.raises(NotPermitted):
            listed(world, other)


def test_what_is_idle_or_too_old_is_told_apart_and_found_by_it(world):
    sign_in(world, "KO1")
    world.now += dt.timedelta(minutes=20)
    sign_in(world, "TU1")
    assert {row["person_id"]: row["state"] for row in listed(world)["rows"]} == {"KO1": "IDLE", "TU1": "OPEN"}
    assert [row["person_id"] for row in listed(world, state="IDLE")["rows"]] == ["KO1"]

    world.now += dt.timedelta(hours=9)

    assert {row["state"] for row in listed(world)["rows"]} == {"EXPIRED"}
    assert listed(world, state="OPEN")["total"] == 0


def test_the_list_is_searched_by_number_name_station_and_role(world):
    for who in ("KO1", "TU1", "TU2"):
        sign_in(world, who)

    def found(**asked):
        return sorted(row["person_id"] for row in listed(world, **asked)["rows"])

    assert found(search="TU1") == ["TU1"]
    assert found(search="ST-2") == ["TU2"]
    assert found(search="Petugas") == ["KO1", "TU1", "TU2"]
    assert found(search="%") == []
    assert found(role="TUK") == ["TU1", "TU2"]


def test_ones_own_sessions_are_shown_with_how_each_ended(world):
    sign_in(world, "KO1")
    world.now += dt.timedelta(minutes=1)
    desk, _ = sign_in(world, "KO1", "ST-1")
    sign_in(world, "TU1")

    rows = desk.do(screen_sessions.own)

    assert [(row["station_code"], row["end_reason"], row["is_own"]) for row in rows] == [
        ("ST-1", None, True),
        ("ST-0", "REPLACED", False),
    ]


def test_ending_ones_own_ends_them_wherever_they_are(world):
    _, token = sign_in(world, "KO1")
    elsewhere = world.desk("KO1")  # not that sign-in

    assert elsewhere.do(screen_sessions.end_own) == 1

    with pytest.raises(Refused):
        sessions.principal_of(world.office, token, "ST-0")
    assert elsewhere.do(screen_sessions.end_own) == 0


def test_another_is_signed_out_in_haste_with_a_reason_that_stands_in_the_log(world):
    _, token = sign_in(world, "KO1")
    (row,) = listed(world)["rows"]

    told = {"person_id": "KO1", "auth_event": row["auth_event"], "reason": "Meninggalkan komputer"}
    world.desk("BN1").do(screen_sessions.end_other, **told)

    with pytest.raises(Refused):
        sessions.principal_of(world.office, token, "ST-0")
    assert world.value("select end_reason from posko.login_session") == "ENDED_BY_OTHER"
    ((payload,),) = world.ask("select payload from posko_audit.audit_event where action = 'session.end_other'")
    assert "Meninggalkan komputer" in payload
    sign_in(world, "KO1")  # her finger still opens a session


def test_a_newer_sign_in_than_the_list_showed_is_not_ended_unseen(world):
    sign_in(world, "KO1")
    (row,) = listed(world)["rows"]
    world.now += dt.timedelta(minutes=1)
    _, token = sign_in(world, "KO1", "ST-1")

    told = {"person_id": "KO1", "auth_event": row["auth_event"], "reason": "Meninggalkan komputer"}
    refusal = refused(world.desk("BN1"), screen_sessions.end_other, **told)

    assert refusal.code == "SIGNED_OUT_MEANWHILE"
    assert sessions.principal_of(world.office, token, "ST-1").by.person_id == "KO1"


def test_nobody_but_who_may_suspend_ends_anothers_session(world):
    _, token = sign_in(world, "KO1")
    (row,) = listed(world)["rows"]
    for who in ("KO1", "LS1", "TU1", "AS1", "AU1"):
        with pytest.raises(NotPermitted):
            world.desk(who).do(
                screen_sessions.end_other, person_id="KO1", auth_event=row["auth_event"], reason="Alasan"
            )
    assert sessions.principal_of(world.office, token, "ST-0").by.person_id == "KO1"


def test_wrong_values_are_refused_in_words(world):
    desk = world.desk("BN1")
    sign_in(world, "KO1")
    for value in ("", "0" * 16, "a\x00b", "x" * 600, None, 7):
        refused(desk, screen_sessions.end_other, person_id="KO1", auth_event="x/1", reason=value)
        refused(desk, screen_sessions.end_other, person_id="KO1", auth_event=value, reason="Alasan")
        refused(desk, screen_sessions.end_other, person_id=value, auth_event="x/1", reason="Alasan")
    for asked in ({"state": "x"}, {"search": "x" * 65}, {"role": "x" * 50}, "x"):
        refused(desk, screen_sessions.signed_in, asked=asked)
    assert world.value("select count(*) from posko.login_session where ended_at is null") == 1
