"""The exam day on its page: a queue by keyboard, each outcome in big letters, nothing counted twice (§13.1-13.6; R-120..R-127)."""

from __future__ import annotations

import threading
import time

import pytest

from apps.operator import finger, fingers
from apps.operator.fingers import Asked, Way
from posko.domain.proof import Purpose
from posko.services import captures
from tests.support.exam import exam_day
from tests.support.operator import cookies_of, look, press, say, screens_of, texts_of

pytestmark = pytest.mark.server
ID = "posko_attend_id"


@pytest.fixture
def hands(world):
    return world.hands


@pytest.fixture
def screens(world, hands):
    return screens_of(world, hands, "T1", "T2")


@pytest.fixture
def day(world, hands, screens):
    hands.know("T1", "T2")
    return exam_day(world, "T1", "T2", "T3")


@pytest.fixture
def page(world, day, monkeypatch):
    return look("absensi", cookies_of(world, "TU1"), monkeypatch)


def check_in(page, tki_id, way=Way.DEMO_OWN):
    page.session_state[finger.WAY] = way
    page.session_state[f"{finger.WAY}:attend"] = way
    page.text_input(key=ID).set_value(tki_id)
    press(page, "attendance.go")
    assert not page.exception
    return texts_of(page)


def test_the_day_is_opened_and_a_queue_checked_in(world, page):
    press(page, "attendance.open")
    assert say("attendance.ready") in texts_of(page)

    shown = check_in(page, "T1")

    assert f"<strong>{say('attendance.PRESENT')}</strong>" in shown
    assert "NAMA T1" in shown
    assert page.text_input(key=ID).value == ""
    assert world.status("T1") == "PRESENT"

    assert f"<strong>{say('attendance.REFUSED')}</strong>" in check_in(page, "T1")
    assert world.value("select count(*) from posko.attendance") == 1


def test_a_wrong_finger_may_be_tried_again_with_enter_and_ends_in_a_statement(world, page):
    press(page, "attendance.open")

    headings = []
    for _ in range(6):
        shown = check_in(page, "T2", Way.DEMO_OTHER)
        headings.append(next(name for name in ("TRY_AGAIN", "TRY_OTHER_FINGER", "TURNED_AWAY_NO_MATCH")
                             if f"<strong>{say(f'attendance.{name}')}</strong>" in shown))  # fmt: skip
        again = headings[-1] != "TURNED_AWAY_NO_MATCH"
        assert page.text_input(key=ID).value == ("T2" if again else "")
        assert "/pengecualian" not in shown  # a clear finger that does not match is no reason for an exception
        assert "NAMA T2" not in shown

    assert headings == ["TRY_AGAIN", "TRY_AGAIN", "TRY_OTHER_FINGER", "TRY_AGAIN", "TRY_AGAIN", "TURNED_AWAY_NO_MATCH"]
    number = world.value("select statement_no from posko.attendance")
    assert number in texts_of(page)

    page.text_input(key="posko_statement").set_value(number).run()

    assert world.status("T2") == "TURNED_AWAY_NO_MATCH"
    assert "TOLAK_TIDAK_COCOK" in texts_of(page)


def test_a_finger_that_cannot_be_read_leads_to_the_exception_of_two(world, page):
    press(page, "attendance.open")
    told = {"outcome": "POOR_QUALITY", "tki_id": 'T1"><u>', "statement_no": None, "candidate": None}
    page.session_state["posko_attend_shown"] = told

    shown = texts_of(page.run())

    assert 'href="/pengecualian?tki=T1%22%3E%3Cu%3E"' in shown
    assert "<u>" not in shown


def test_whoever_has_no_finger_registered_gets_a_statement_with_a_reason(world, page):
    press(page, "attendance.open")
    assert f"<strong>{say('attendance.NOTHING')}</strong>" in check_in(page, "T3")

    press(page, "attendance.turn_away")
    assert len(page.error) == 1  # nothing was filled in

    typed = {field.label: field for field in page.text_input}
    typed[say("attendance.unknown_id")].set_value("T3")
    typed[say("attendance.reason")].set_value("Tidak ada sidik jari dari BNP2TKI")
    press(page, "attendance.turn_away")

    assert not page.error
    assert world.status("T3") == "TURNED_AWAY_NOT_REGISTERED"
    assert page.text_input(key="posko_statement").value == world.value("select statement_no from posko.attendance")


def test_the_reader_of_the_station_answers_while_the_page_waits(world, hands, screens, day):
    asked = Asked("TKI", "T1", Purpose.ATTEND, "ST-1")
    number = fingers.ask(screens, asked, Way.STATION, "web")
    station = threading.Thread(target=answer, args=(world, hands, "T1"))
    station.start()

    seen = list(fingers.follow(screens, number, "web"))
    station.join()

    assert seen[0]["state"] == "ASKED"
    assert seen[-1]["state"] == "DONE"
    proof = fingers.take(screens, number, "web")
    assert proof is not None
    assert proof.is_match
    assert fingers.take(screens, number, "web") is None


def test_a_request_that_nobody_answers_is_over_after_its_time(world, screens):
    number = fingers.ask(screens, Asked("TKI", "T1", Purpose.ATTEND, "ST-1"), Way.STATION, "web")
    world.now += captures.LIFE

    assert [row["state"] for row in fingers.follow(screens, number, "web")] == ["ASKED"]
    assert list(fingers.follow(screens, "0" * 32, "web")) == []


def answer(world, hands, whose):
    """Answer the open request as the station's own service does, after a moment."""
    time.sleep(0.5)
    ((number, nonce, person_id),) = world.ask(
        "select request_id, nonce, person_id from posko_biometric.capture_request"
    )
    system = world.office.desk(None)
    system.do(captures.claim, request_id=number, nonce=nonce, channel="STATION", station_code="ST-1")
    found = hands.verify("TKI", person_id, Purpose.ATTEND, whose)
    system.do(captures.finish, request_id=number, outcome=found.outcome.value, proof=found.proof)
