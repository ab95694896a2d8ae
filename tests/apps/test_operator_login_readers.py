"""The sign-in by a reader: of the station, of the own computer, which ways there are (Gambar 1-2; R-042..R-045)."""

from __future__ import annotations

import pytest

from apps.operator import fingers
from posko.domain.proof import Purpose
from posko.services import captures
from tests.support.sign_in import OWN, SECRET, gated, sign_in

pytestmark = pytest.mark.server


@pytest.fixture
def hands(world):
    world.hands.enrol("KO1", whose="staff:KO1")
    return world.hands


@pytest.fixture
def browser(world, hands):
    with gated(world.screens) as client:
        yield client


def test_a_finger_of_the_station_signs_in_when_the_request_is_answered(browser, world, hands):
    browser.get("/masuk")
    assert browser.get("/masuk/jawaban").json()["state"] == "OVER"
    waiting = browser.post("/masuk", data={**OWN, "way": "station"})
    assert waiting.status_code == 200
    assert browser.get("/masuk/jawaban").json()["state"] == "WAIT"

    answer_station(world, hands, "staff:KO1")

    assert browser.get("/masuk/jawaban").json()["state"] == "DONE"
    assert browser.post("/masuk/selesai").status_code == 303
    assert browser.get("/").text == SECRET


def test_a_request_of_the_own_reader_answers_only_the_browser_that_asked(browser, world):
    browser.get("/masuk")
    browser.post("/masuk", data={**OWN, "way": "browser"})
    assert browser.get("/masuk/jawaban").json()["state"] == "WAIT"
    number = browser.cookies["posko_capture"]
    browser.cookies.clear()
    browser.cookies.set("posko_capture", number, path="/masuk")

    assert browser.get("/masuk/jawaban").json()["state"] == "OVER"
    assert browser.post("/masuk/selesai").status_code == 403
    assert world.ask("select 1 from posko.login_session") == []


def test_another_finger_at_the_station_is_rejected_in_the_same_words(browser, world, hands):
    rejected = sign_in(browser, way="demo_other")
    browser.post("/masuk", data={**OWN, "way": "station"})
    answer_station(world, hands, "calo")

    assert browser.post("/masuk/selesai").text == rejected.text


def test_production_offers_no_made_up_finger(world):
    screens = world.screens
    live = screens.settings.model_copy(update={"environment": "production"})

    real = fingers.ways(type(screens)(live, screens.office, screens.verifier, screens.owners))

    assert [way.value for way in real] == ["station", "browser"]


def answer_station(world, hands, whose):
    """Answer the open request as the station's own service does: claim, compare, finish."""
    (row,) = world.ask("select request_id, nonce, person_id from posko_biometric.capture_request where state = 'ASKED'")
    request_id, nonce, person_id = row
    system = world.office.desk(None)
    system.do(captures.claim, request_id=request_id, nonce=nonce, channel="STATION", station_code="ST-0")
    found = hands.verify("STAFF", person_id, Purpose.LOGIN, whose, station="ST-0")
    system.do(captures.finish, request_id=request_id, outcome=found.outcome.value, proof=found.proof)
