"""Keys of stations: one in force each, registered by BNSP or at the server's terminal, revoked at once (§8.2; R-041, R-012)."""

from __future__ import annotations

import secrets

import pytest

from posko.domain.errors import NotPermitted, Refused
from posko.domain.proof import Purpose
from posko.services import station_keys

pytestmark = pytest.mark.server


def _keys():
    return {"signing_key": secrets.token_hex(32), "sealing_key": secrets.token_hex(32)}


def _finger(world, who):
    return world.proof("STAFF", who, Purpose.STATION_KEY, "ST-0")


def _register(world, station="ST-1", who="BN1", **keys):
    return world.desk(who).do(
        station_keys.register, station_code=station, proof=_finger(world, who), **(keys or _keys())
    )


def _revoke(world, station="ST-1", who="BN1"):
    return world.desk(who).do(
        station_keys.revoke, station_code=station, reason="Komputer diganti", proof=_finger(world, who)
    )


def test_a_key_is_registered_and_shown(world):
    made = _register(world)

    (row,) = [row for row in world.desk("AU1").do(station_keys.listed) if row["station_code"] == "ST-1"]
    assert row["key_id"] == made["key_id"]
    assert row["reader_serial"] == "READER-1"
    assert world.events()[0] == ("station.register", "station", "ST-1")


def test_at_the_terminal_of_the_server_the_operator_is_kept(world):
    told = {"operator": "os:root", "station_code": "ST-1"}
    world.desk(None).do(station_keys.register_at_terminal, **told, **_keys())
    world.desk(None).do(station_keys.revoke_at_terminal, **told, reason="Dicuri")

    assert world.ask("select registered_by, revoked_by, reason from posko.station_key") == [
        ("os:root", "os:root", "Dicuri")
    ]
    assert len(world.desk(None).do(station_keys.listed_at_terminal)) == 4


def test_a_station_has_one_key_in_force_and_its_history(world):
    _register(world)
    with pytest.raises(Refused) as refused:
        _register(world)
    assert refused.value.code == "STATION_HAS_KEY"
    _revoke(world)
    second = _register(world)

    assert world.ask("select key_id from posko.station_key where revoked_at is null") == [(second["key_id"],)]
    assert world.value("select count(*) from posko.station_key") == 2


def test_a_key_serves_one_station_and_never_comes_back(world):
    keys = _keys()
    _register(world, **keys)
    with pytest.raises(Refused) as refused:
        _register(world, "ST-2", **keys)
    assert refused.value.code == "STATION_KEY_KNOWN"
    _revoke(world)

    with pytest.raises(Refused) as refused:
        _register(world, **keys)
    assert refused.value.code == "STATION_KEY_KNOWN"


@pytest.mark.parametrize("who", ["KO1", "LS1", "TU1", "AS1", "AU1"])
def test_only_bnsp_and_super_administrators_register_and_revoke(world, who):
    with pytest.raises(NotPermitted):
        _register(world, who=who)
    with pytest.raises(NotPermitted):
        _revoke(world, who=who)
    assert world.value("select count(*) from posko.station_key") == 0


@pytest.mark.parametrize(
    ("station", "keys", "code"),
    [
        ("ST-9", {}, "STATION_UNKNOWN"),
        ("=cmd", {}, "NO_SUCH_CODE"),
        ("ST-1", {"signing_key": "xyz"}, "STATION_KEY_WRONG"),
        ("ST-1", {"signing_key": None}, "STATION_KEY_WRONG"),
        ("ST-1", {"sealing_key": "00" * 31}, "STATION_KEY_WRONG"),
        ("ST-1", {"sealing_key": "00" * 32}, "STATION_KEY_WRONG"),
    ],
)
def test_what_is_no_station_or_no_key_is_refused(world, station, keys, code):
    with pytest.raises(Refused) as refused:
        _register(world, station, **(_keys() | keys))

    assert refused.value.code == code


def test_a_station_that_is_not_in_force_gets_no_key(world):
    world.write("update posko.station set valid_until = '2026-01-01' where station_code = 'ST-1'")

    with pytest.raises(Refused) as refused:
        _register(world)

    assert refused.value.code == "STATION_UNKNOWN"


def test_nothing_is_revoked_where_there_is_no_key(world):
    with pytest.raises(Refused) as refused:
        _revoke(world)

    assert refused.value.code == "STATION_NO_KEY"


def test_the_application_cannot_delete_a_key_or_an_upload(world):
    _register(world)
    for table in ("station_key", "station_upload", "station_seen"):
        with world.office.engine.connect() as db, pytest.raises(Exception, match="denied"):
            db.exec_driver_sql(f"delete from posko.{table}")
