"""Parameters and stations on their pages: two persons for a figure, the own finger for a key (R-028, R-041), without a browser."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from biometrics.station.keys import StationKeys
from posko.domain.parameters import DEFAULTS
from posko.domain.proof import Purpose
from posko.services import parameters, screen_stations, station_keys
from tests.support.operator import cookies_of, field, look, press, said, say, texts_of
from tests.support.preparation import refused

pytestmark = pytest.mark.server


def opened(page, name, value):
    page.query_params[name] = value
    return page.run()


# Parameter ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def page(world, monkeypatch):
    """The parameters as SA1 sees them; BN1 has a finger to sign with."""
    world.hands.enrol("BN1", whose="staff:BN1")
    return opened(look("parameter", cookies_of(world, "SA1"), monkeypatch), "nama", "attendance_tries")


def lay_down(page, value=5, reason="Keputusan rapat"):
    next(one for one in page.number_input).set_value(value)
    field(page, "parameters.reason").set_value(reason)
    return press(page, "parameters.to_second")


def sign(page, who="BN1"):
    for _ in range(6):
        field(page, "second_person.number").set_value(who)
        page = press(page, "second_person.sign")
        if said(page, "success") or not any("tidak cocok" in text for text in said(page)):
            return page
    return page


def test_every_parameter_has_a_name_on_the_screen(world, monkeypatch):
    shown = texts_of(look("parameter", cookies_of(world, "AU1"), monkeypatch))

    assert all(say(f"parameters.{name}") in shown for name in DEFAULTS)


def test_a_new_value_needs_a_second_person_who_reads_it_and_signs(world, page):
    page = lay_down(page)
    assert world.value("select count(*) from posko.parameter") == 0
    assert "Keputusan rapat" in texts_of(page)

    page = sign(page)

    assert said(page, "success") == [say("parameters.saved", name=say("parameters.attendance_tries"), value=5)]
    assert world.ask("select value, set_by, seconded_by, reason from posko.parameter") == [
        ("5", "SA1", "BN1", "Keputusan rapat")
    ]
    assert "SA1 + BN1" in texts_of(page)


@pytest.mark.parametrize("who", ["", "SA1", "KO1", "XX9", "<script>", "0" * 16])
def test_nobody_but_a_second_person_of_the_right_role_signs(world, page, who):
    page = sign(lay_down(page), who)

    assert not page.exception
    assert len(said(page)) == 1
    assert world.value("select count(*) from posko.parameter") == 0


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_nothing_goes_to_the_second_person(world, page, reason):
    page = lay_down(page, reason=reason)

    assert said(page) == [say("parameters.reason_missing")]
    assert say("second_person.sign") not in [button.label for button in page.button]


@pytest.mark.parametrize("reason", ["a\x00b", "0" * 16, "\u202ex"])
def test_a_nasty_reason_is_a_sentence_and_sets_nothing(world, page, reason):
    page = lay_down(page, reason=reason)

    assert not page.exception
    assert len(said(page)) == 1
    assert say("second_person.sign") not in [button.label for button in page.button]
    assert world.value("select count(*) from posko.parameter") == 0


def test_a_value_that_others_set_meanwhile_is_refused_and_both_are_shown(world, page):
    page = lay_down(page)
    day = (world.now + dt.timedelta(hours=7)).date()
    told = {"name": "attendance_tries", "valid_from": day, "value": 7, "reason": "Lain"}
    world.desk("BN2").do(parameters.set_parameter, second=world.second("SA2"), **told)

    page = sign(page)

    assert len(said(page)) == 1
    assert f"7 {DEFAULTS['attendance_tries'].unit}" in texts_of(page)
    assert world.ask("select value from posko.parameter") == [("7",)]


def test_the_auditor_only_reads(world, monkeypatch):
    page = opened(look("parameter", cookies_of(world, "AU1"), monkeypatch), "nama", "login_failures")

    assert said(page, "caption") == [say("parameters.read_only")]
    assert said(opened(page, "nama", "x" * 64), "warning") == [say("parameters.unknown")]
    assert refused(world.desk("BN1"), parameters.history, name="'; drop table").code == "UNKNOWN_PARAMETER"


# Stasiun --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def stations(world, monkeypatch):
    """The station ST-1 as BN1 sees it, who has a finger: she signs in with it too."""
    cookies = cookies_of(world, "BN1")
    world.hands.enrol("BN1", whose="staff:BN1")
    return opened(look("stasiun", _again(world, cookies), monkeypatch), "stasiun", "ST-1")


def _again(world, cookies):
    """Return cookies of a sign-in that a replaced finger did not end."""
    world.write("update posko.login_session set ended_at = null, end_reason = null")
    return cookies


def card(folder, station="ST-1"):
    folder.mkdir(exist_ok=True)
    return StationKeys.make(folder, station).card()


def paste(page, text):
    return page.text_area[0].set_value(text).run()


def until_match(page, key):
    for _ in range(6):
        page = press(page, key)
        if not said(page):
            return page
    return page


def test_a_card_is_read_out_and_registered_with_the_own_finger(world, stations, tmp_path):
    made = card(tmp_path / "keys")
    page = paste(stations, json.dumps(made))
    assert made["key_id"] in texts_of(page)

    page = until_match(page, "stations.register")

    assert said(page, "success") == [say("stations.registered", station="ST-1", key=made["key_id"][:8])]
    assert world.ask("select key_id, registered_by from posko.station_key") == [(made["key_id"], "BN1")]
    assert world.value("select count(*) from posko.finger_proof where purpose = 'STATION_KEY'") == 1


def test_a_key_is_revoked_with_a_reason_and_the_own_finger(world, stations, tmp_path):
    page = until_match(paste(stations, json.dumps(card(tmp_path / "keys"))), "stations.register")
    assert len(said(press(page, "stations.revoke"))) == 1  # no reason

    field(page, "stations.reason").set_value("Komputer dicuri")
    page = until_match(page, "stations.revoke")

    assert said(page, "success") == [say("stations.revoked", station="ST-1")]
    assert world.ask("select revoked_by, reason from posko.station_key") == [("BN1", "Komputer dicuri")]


@pytest.mark.parametrize(
    "text", ["{}", "[]", "nonsense", '{"station_code": 1}', "[" * 500, '{"station_code": "ST-1", "signing_key": "zz"}']
)
def test_what_is_no_card_is_a_sentence(world, stations, text):
    page = paste(stations, text)

    assert not page.exception
    assert said(page) == [say("stations.card_wrong")]


def test_the_card_of_another_station_is_refused(world, stations, tmp_path):
    page = paste(stations, json.dumps(card(tmp_path / "keys", "ST-2")))

    assert said(page) == [say("stations.card_other", station="ST-2")]
    assert world.value("select count(*) from posko.station_key") == 0


def test_a_finger_that_is_not_the_officers_changes_no_key(world):
    keys = {"station_code": "ST-1", "signing_key": "ab" * 32, "sealing_key": "cd" * 32}
    others = (
        None,
        world.proof("STAFF", "BN2", Purpose.STATION_KEY, "ST-0"),
        world.proof("STAFF", "BN1", Purpose.LOGIN, "ST-0"),
    )
    for proof in others:
        assert refused(world.desk("BN1"), station_keys.register, proof=proof, **keys).rule in {None, "DV-N01"}
    assert world.value("select count(*) from posko.station_key") == 0


def test_stations_are_filtered_by_what_is_wrong_with_them(world):
    keys = {
        "signing_key": "ab" * 32,
        "sealing_key": "cd" * 32,
        "proof": world.proof("STAFF", "BN1", Purpose.STATION_KEY, "ST-0"),
    }
    world.desk("BN1").do(station_keys.register, station_code="ST-2", **keys)

    def codes(**asked):
        found = world.desk("AU1").do(screen_stations.listed, limit=20, offset=0, **asked)
        return [row["station_code"] for row in found["rows"]]

    assert codes(state="NO_KEY") == ["ST-0", "ST-1", "ST-3"]
    assert codes(state="WITH_KEY") == codes(state="NEVER_SEEN") == ["ST-2"]
    assert codes(search="reader-3") == ["ST-3"]
    assert refused(world.desk("TU1"), screen_stations.listed, limit=20, offset=0)
