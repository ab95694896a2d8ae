"""What was typed and not sent outlives a sign-in that ran out, in the tab of the same person alone; never a NIK (facts, section 3)."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from playwright.sync_api import expect

from apps.operator.messages import say
from posko.domain.calendar import local_day
from tests.support.browser import SECONDS, chromium, window
from tests.support.exam import exam_day
from tests.support.site import site_of

pytestmark = pytest.mark.server
STORE = "() => sessionStorage.getItem('posko-draft')"
NIK = "3603054105830001"
WHY = "datang tanpa surat panggilan"


@pytest.fixture
def world(world):
    world.add_tki("9264729")
    for who in ("TU1", "BN1"):
        world.hands.enrol(who, whose=f"staff:{who}")
    exam_day(world, "9264729", on=local_day(dt.datetime.now(dt.UTC).replace(tzinfo=None)))
    return world


@pytest.fixture
def page(world, tmp_path):
    with site_of(world, tmp_path / "app.log") as site, chromium() as browser:
        yield window(browser, site)


def sign_in(page, who, station):
    page.locator("#station").fill(station)
    page.locator("input[value=demo_own]").check()
    page.locator("#number").fill(who)
    page.locator("#number").press("Enter")


def open_statements(page):
    """Open the part of the page with the form of 13.5; return its two fields."""
    expect(page.locator(".posko-outcome")).to_be_visible(timeout=SECONDS * 1000)
    # The page is built once more after it was opened, and whatever was unfolded by then is folded again.
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    page.get_by_test_id("stMain").get_by_text(say("id", "attendance.statements"), exact=True).click()
    number = page.get_by_role("textbox", name=say("id", "attendance.unknown_id"), exact=True)
    reason = page.get_by_role("textbox", name=say("id", "attendance.reason"), exact=True)
    reason.wait_for()
    return number, reason


def type_and_let_the_session_end(page, world, number_typed, reason_typed):
    page.goto("/masuk")
    sign_in(page, "TU1", "ST-1")
    page.goto("/absensi")
    page.get_by_role("button", name=say("id", "attendance.open")).click()
    number, reason = open_statements(page)
    number.press_sequentially(number_typed)
    reason.press_sequentially(reason_typed)
    world.write(
        "update posko.login_session set ended_at = utc_timestamp(6), end_reason = 'IDLE' where ended_at is null"
    )
    page.get_by_role("button", name=say("id", "attendance.turn_away")).click()
    page.get_by_text(say("id", "frame.over")).wait_for()


def test_the_same_person_finds_what_she_had_typed(page, world, tmp_path):
    type_and_let_the_session_end(page, world, "TIDAK-ADA-1", WHY)
    expect(page.get_by_text(say("id", "frame.say_kept"))).to_be_visible()
    page.screenshot(path=tmp_path / "disimpan.png")
    assert WHY in page.evaluate(STORE)
    assert "TU1" not in page.evaluate(STORE)

    page.get_by_role("link", name=say("id", "frame.login")).click()
    sign_in(page, "TU1", "ST-1")
    page.wait_for_url("**/absensi")
    number, reason = open_statements(page)

    expect(reason).to_have_value(WHY)
    expect(number).to_have_value("TIDAK-ADA-1")
    expect(page.get_by_text(say("id", "frame.say_restored"))).to_be_visible()
    page.screenshot(path=tmp_path / "dikembalikan.png")
    assert page.evaluate(STORE) is None
    page.get_by_role("button", name=say("id", "attendance.turn_away")).click()
    expect(page.get_by_text(re.compile("BA/TUK-1/")).first).to_be_visible()
    assert world.ask("select id_as_typed, reason from posko.attendance") == [("TIDAK-ADA-1", WHY)]


def test_another_person_finds_nothing_and_the_draft_is_gone(page, world):
    type_and_let_the_session_end(page, world, "TIDAK-ADA-1", WHY)

    page.get_by_role("link", name=say("id", "frame.login")).click()
    sign_in(page, "BN1", "ST-0")
    expect(page.get_by_role("heading", name=say("id", "home.title"))).to_be_visible()
    page.wait_for_function("() => window.poskoWho !== undefined && sessionStorage.getItem('posko-draft') === null")

    assert page.url.rstrip("/").endswith(str(page.evaluate("location.host")))


def test_a_nik_is_never_kept(page, world):
    type_and_let_the_session_end(page, world, "TIDAK-ADA-1", f"orang dengan NIK {NIK[:6]} {NIK[6:]}")

    kept = json.loads(page.evaluate(STORE))

    assert [one["value"] for one in kept["fields"]] == ["TIDAK-ADA-1"]
