"""Scorecards, signed minutes and the watch of deviations in Chromium; pictures are kept below the test's own folder (§14.2; R-162)."""

from __future__ import annotations

import datetime as dt

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from apps.operator.messages import say
from exports.certificate_keys import public_keys_in
from exports.minutes_verify import verify_file
from posko.domain.calendar import local_day
from posko.services import cases, evaluation
from tests.apps.test_operator_axe import UPSTREAM
from tests.services.test_screen_monitoring_deviations import silent
from tests.support.browser import chromium, picture, sign_in, window
from tests.support.decided import TESTED_ON, decided, deviation
from tests.support.marts import PLACES
from tests.support.site import site_of

pytestmark = pytest.mark.server


@pytest.fixture
def world(world):
    """Results of three assessors in an open meeting of today, a case overdue, deviations of today, a silent TUK."""
    lenient = dict(zip(("lsp", "tuk", "met"), PLACES[1], strict=True))
    for number in range(75):
        place = dict(zip(("lsp", "tuk", "met"), PLACES[number % 3], strict=True))
        decided(world, str(9_000_001 + number), result="BK" if number % 9 == 0 else "K", **place)
    for number in range(30):
        decided(world, str(9_100_001 + number), result="BK" if number % 3 else "K", **lenient)
    world.write(
        "update posko.exam_session set ended_at = '2026-03-09 05:00', scoring_opened_at = '2026-03-09 05:30',"
        " scored_at = '2026-03-09 06:10', closed_at = '2026-03-09 06:10'"
    )
    world.now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    old = deviation(world, world.journey_id("9000002"), tki_id="9000002")
    world.at(dt.date(2026, 4, 1))
    world.desk("BN1").do(cases.open_case, deviation_ids=[old], title="Putusan LSP berbeda dari asesor")
    world.now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    for number in range(5, 9):
        deviation(
            world, world.journey_id(f"900000{number}"), rule="DV-N07", tki_id=f"900000{number}", occurred_at=world.now
        )
    deviation(world, None, rule="DV-X04", severity="W", mode="P", is_attempt=1, subject_kind="staff", subject_code="LS1",
              occurred_at=world.now)  # fmt: skip
    silent(world, "sejak:2026-03-09", code="TUK-2")
    world.meeting = world.desk("BN1").do(
        evaluation.open_meeting, held_on=local_day(world.now), place="Jakarta", cards_since=TESTED_ON
    )
    world.hands.enrol("BN1", whose="staff:BN1")
    return world


@pytest.fixture
def page(world, tmp_path):
    """A browser of western Indonesia in which BNSP is signed in."""
    with site_of(world, tmp_path / "app.log") as site, chromium() as browser:
        made = window(browser, site, bypass_csp=True)
        sign_in(made, "BN1")
        expect(made.get_by_role("heading", name=say("id", "home.title"))).to_be_visible()
        yield made


def no_rule_is_broken(page):
    """Axe-core finds nothing but what Streamlit's own menu breaks."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"][:120]) for rule in found if rule["id"] not in UPSTREAM] == []


def test_what_bnsp_watches_and_what_the_meeting_reads_closes_and_takes_away(page, world, tmp_path):
    the_watch_shows_deviations_cases_and_silent_tuk(page, tmp_path)
    a_meeting_is_read_closed_and_its_minutes_leave_signed(page, world, tmp_path)


def a_meeting_is_read_closed_and_its_minutes_leave_signed(page, world, tmp_path):
    page.goto("/rapat")
    expect(page.get_by_text(say("id", "evaluation.cases"), exact=True)).to_be_visible()
    picture(page, tmp_path, "rapat-bukti")
    page.get_by_role("tab", name=say("id", "evaluation.tab_cards")).click()
    expect(page.get_by_test_id("stVegaLiteChart").first).to_be_visible()
    expect(page.get_by_role("cell", name="SEMUA").first).to_be_visible()
    picture(page, tmp_path, "rapat-kartu-semua")

    page.goto("/rapat?kartu_pihak=asesor")
    expect(page.get_by_text("MET.2 · Asesor 2").first).to_be_visible()
    expect(page.get_by_test_id("stVegaLiteChart").first).to_be_visible()
    page.get_by_label(say("id", "scorecards.figure"), exact=True).click()
    page.keyboard.type(say("id", "scorecards.happened"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("DV-N07").first).to_be_visible()
    picture(page, tmp_path, "rapat-kartu-asesor")
    no_rule_is_broken(page)

    world.desk("BN1").do(evaluation.note_participants, meeting_id=world.meeting, person_ids=["BN1", "LS1"])
    world.now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    world.desk("BN1").do(
        evaluation.close_minutes, meeting_id=world.meeting, minutes="Kartu nilai dibahas.\nSatu kasus ditahan."
    )
    page.goto("/rapat")
    page.get_by_role("tab", name=say("id", "evaluation.tab_minutes")).click()
    expect(page.get_by_text(say("id", "evaluation.signed"))).to_be_visible()
    picture(page, tmp_path, "rapat-risalah")
    with page.expect_download() as taken:
        page.get_by_role("button", name=say("id", "prints.minutes_pdf")).click()
    file = tmp_path / "risalah.pdf"
    taken.value.save_as(file)
    answer = verify_file(file.read_bytes(), public_keys_in(world.settings.secrets))
    assert (answer.claim and answer.claim.meeting_id, answer.is_scan) == (world.meeting, False)


def the_watch_shows_deviations_cases_and_silent_tuk(page, tmp_path):
    page.goto("/pantauan")
    page.get_by_role("tab", name=say("id", "monitoring.tab_deviations")).click()
    expect(page.get_by_test_id("stVegaLiteChart").first).to_be_visible()
    expect(page.get_by_role("heading", name=say("id", "monitoring.silent_tuk"))).to_be_visible()
    expect(page.get_by_text("TUK 2").first).to_be_visible()
    picture(page, tmp_path, "pantauan-penyimpangan")
    no_rule_is_broken(page)

    page.get_by_role("link", name=say("id", "monitoring.overdue_count")).click()

    expect(page.get_by_text("Putusan LSP berbeda dari asesor").first).to_be_visible()
    picture(page, tmp_path, "kasus-lewat-batas")
