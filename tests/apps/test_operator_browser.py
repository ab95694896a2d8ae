"""The screens in the system's Chromium, served by `posko app` itself: sign-in by a real comparison, search, attendance, sign-out.

Pictures of each page at both sizes are kept below the test's own folder.
"""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from apps.operator.menu import open_to
from apps.operator.messages import say
from posko.domain.calendar import local_day
from posko.domain.roles import Role
from tests.support.browser import chromium, picture, sign_in, window
from tests.support.exam import exam_day
from tests.support.fingers import Hands, touch
from tests.support.site import site_of

pytestmark = pytest.mark.server
TKI = "9264729"


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture
def world(world):
    world.add_tki(TKI, nama="KALIAH ETTALA")
    for who in ("KO1", "TU1", "BN1"):
        world.hands.enrol(who, whose=f"staff:{who}")
    return world


@pytest.fixture
def log(tmp_path):
    """Where the process writes its log."""
    return tmp_path / "app.log"


@pytest.fixture
def site(world, log):
    """Serve the world as an installation is served, and yield the address."""
    with site_of(world, log) as address:
        yield address


@pytest.fixture
def page(browser, site):
    made = window(browser, site)
    yield made
    made.context.close()


def test_the_konsorsium_signs_in_searches_and_signs_out(page, world, tmp_path):
    sign_in(page, "KO1", "demo_other")
    expect(page.get_by_role("heading", name=say("id", "login.rejected_title"))).to_be_visible()
    expect(page.locator("main")).not_to_contain_text(re.compile("jari|nomor|KO1", re.IGNORECASE))
    picture(page, tmp_path, "ditolak")

    sign_in(page, "KO1")
    expect(page.get_by_role("heading", name=say("id", "home.title"))).to_be_visible()
    picture(page, tmp_path, "beranda")
    assert page.evaluate("document.documentElement.lang") == "id"

    page.keyboard.press("Alt+h")
    expect(page.get_by_role("dialog")).to_contain_text("Alt+H")
    picture(page, tmp_path, "bantuan")
    page.keyboard.press("Escape")

    page.get_by_role("link", name=say("id", "search.title")).click()
    field = page.get_by_role("textbox", name="ID TKI")
    expect(field).to_be_focused()
    field.fill(TKI)
    field.press("Enter")
    expect(page.get_by_role("heading", name="KALIAH ETTALA")).to_be_visible()
    assert f"tki={TKI}" in page.url
    assert "3603054105830001" not in page.content()
    picture(page, tmp_path, "cari")

    page.reload()
    expect(page.get_by_role("heading", name="KALIAH ETTALA")).to_be_visible()

    page.get_by_role("button", name=say("id", "frame.logout")).click()
    page.wait_for_url("**/masuk")
    page.goto(f"/cari?tki={TKI}")
    assert page.url.endswith("/masuk")

    assert page.hosts == {urlsplit(page.url).netloc}
    outcomes = world.ask(
        "select outcome, score is not null from posko.finger_attempt where purpose = 'LOGIN' order by attempt_id"
    )
    assert [tuple(row) for row in outcomes] == [("NO_MATCH", 1), ("MATCH", 1)]


def test_the_menu_has_what_the_role_may_and_an_address_of_another_role_refuses(page, tmp_path):
    sign_in(page, "BN1")
    expect(page.get_by_role("heading", name=say("id", "home.title"))).to_be_visible()

    shown = page.get_by_test_id("stSidebarNav").get_by_role("link").all_inner_texts()
    assert {text.strip().split("\n")[-1] for text in shown} == {say("id", one.title) for one in open_to(Role.BNSP)}

    page.goto("/absensi")
    expect(page.get_by_role("heading", name=say("id", "frame.closed_title"))).to_be_visible()
    picture(page, tmp_path, "bukan-peran")
    page.goto("/tidak-ada")
    expect(page.get_by_role("heading", name=say("id", "login.lost_title"))).to_be_visible()
    picture(page, tmp_path, "tidak-ada")


def test_a_queue_is_checked_in_by_keyboard_alone(page, world, tmp_path):
    queue = [f"90000{number:02}" for number in range(12)]
    hands = Hands(world)
    for tki_id in queue:
        for finger in (2, 7):
            hands.send_print(tki_id, finger, touch(f"tki:{tki_id}", finger, "bnp2tki", hard=0.6))
    hands.import_all()
    exam_day(world, *queue, on=local_day(dt.datetime.now(dt.UTC).replace(tzinfo=None)))
    sign_in(page, "TU1", station="ST-1")
    page.goto("/absensi")
    page.get_by_role("button", name=say("id", "attendance.open")).press("Enter")
    field = page.get_by_role("textbox", name=say("id", "attendance.id"))

    for tki_id in queue:
        expect(field).to_be_focused()
        expect(field).to_have_value("")
        page.keyboard.type(tki_id)
        for _ in range(6):
            page.keyboard.press("Enter")
            outcome = page.locator(".posko-outcome", has_text=tki_id)
            expect(outcome).to_be_visible()
            page.wait_for_timeout(400)
            if say("id", "attendance.PRESENT") in outcome.inner_text():
                break

    expect(page.locator(".posko-outcome.good")).to_contain_text(queue[-1])
    picture(page, tmp_path, "absensi")
    assert world.value("select count(*) from posko.attendance where outcome = 'PRESENT'") == len(queue)
    assert page.locator(".posko-cards li").first.inner_text().split() == [
        str(len(queue)),
        say("id", "attendance.present"),
    ]


def test_english_can_be_chosen_and_stays(page):
    page.goto("/masuk")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()

    sign_in(page, "KO1")

    expect(page.get_by_role("heading", name=say("en", "home.title"))).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "en"


def test_a_fault_shows_a_number_that_stands_in_the_log_and_nothing_of_the_inside(page, world, log):
    sign_in(page, "BN1")
    expect(page.get_by_role("heading", name=say("id", "home.title"))).to_be_visible()
    world.write("rename table posko.deviation_case to posko.deviation_case_away")
    try:
        page.reload()
        said = page.get_by_test_id("stAlert")
        expect(said).to_be_visible()
        text, whole = said.inner_text(), page.content()
    finally:
        world.write("rename table posko.deviation_case_away to posko.deviation_case")

    number = re.search(r"\b[0-9A-F]{8}\b", text)
    assert number is not None, text
    assert number[0] in log.read_text()
    assert "deviation_case" not in whole
    assert "Traceback" not in whole
