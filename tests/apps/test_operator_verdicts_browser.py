"""Cases, duplicate fingers, appeals, standings in the system's Chromium: both drawings in their frame, a verdict by two real fingers."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from apps.operator.messages import say
from biometrics.search.store import Store
from biometrics.search.work import work
from posko.services import appeals, cases, certificate_status
from tests.support.browser import chromium, picture, sign_in, window
from tests.support.decided import EVALUATED_ON, decided, deviation, number_of
from tests.support.fingers import MATCHER, touch
from tests.support.site import site_of

pytestmark = pytest.mark.server


@pytest.fixture
def world(world, tmp_path):
    """One finger under two ID found by the search, a case with evidence, an appeal, a suspended certificate."""
    hands = world.hands
    for who in ("SA1", "BN1"):
        hands.enrol(who, whose=f"staff:{who}")
    world.add_tki("1", nama="NURUL KOMARIAH")
    world.add_tki("2", nama="SITI AMINAH")
    hands.know("1")
    hands.send_print("2", 2, touch("1", 2, "again"))
    hands.import_all()
    store = Store(tmp_path / "index", tmp_path / "secrets", hands.vault, MATCHER)
    work(world.server, world.office, hands.vault, MATCHER, store, lease_seconds=5)
    journey_id = decided(world, "9811262")
    world.at(EVALUATED_ON)
    evidence = '{"act":"decision.decide","by":"AS2","score":97,"threshold":60}'
    found = deviation(world, journey_id, evidence=evidence)
    world.desk("BN1").do(cases.open_case, deviation_ids=[found], title="Putusan menyimpang")
    world.desk("LS1").do(appeals.record, kind="APPEAL", journey_id=journey_id, grounds="Nilai unit 2 keliru")
    world.number = number_of(journey_id)
    world.desk("LS1").do(certificate_status.suspend, certificate_no=world.number, reason="Laporan masyarakat")
    return world


@pytest.fixture
def page(world, tmp_path):
    with site_of(world, tmp_path / "app.log") as address, chromium() as browser:
        yield window(browser, address)


def test_two_persons_judge_with_both_drawings_before_them(page, world, tmp_path):
    sign_in(page, "BN1")
    expect(page.get_by_role("heading", name=say("id", "home.title"))).to_be_visible()
    with page.expect_response("**/temuan/1") as drawn:
        page.goto("/duplikat?temuan=1")
    assert "no-store" in drawn.value.headers["cache-control"]
    frame = page.frame_locator("iframe")
    expect(frame.locator("svg")).to_have_count(2)
    expect(frame.locator("body")).not_to_contain_text("NURUL")
    picture(page, tmp_path, "duplikat")

    page.get_by_text(say("id", "duplicates.DIFFERENT"), exact=True).click()
    page.get_by_role("textbox", name=say("id", "duplicates.reason")).fill("Susunan titik berbeda")
    page.get_by_role("button", name=say("id", "duplicates.lay_down")).click()
    number = page.get_by_role("textbox", name=say("id", "second_person.number"))
    number.fill("SA1")
    number.press("Tab")
    picture(page, tmp_path, "orang-kedua")
    page.get_by_role("button", name=say("id", "second_person.sign")).click()

    told = say("id", "duplicates.judged", number=1, verdict=say("id", "duplicates.DIFFERENT"))
    expect(page.get_by_text(told).first).to_be_visible()
    assert world.ask("select verdict, judged_by, seconded_by from posko.duplicate_candidate") == [
        ("DIFFERENT", "BN1", "SA1")
    ]
    looks = world.value(
        "select count(*) from posko_audit.audit_event where action = 'duplicates.view' and json_value(payload, '$.step') = 'drawn'"
    )
    assert looks >= 1


def test_the_pages_of_cases_appeals_and_standings_fit_and_speak_indonesian(page, world, tmp_path):
    sign_in(page, "BN1")
    expect(page.get_by_role("heading", name=say("id", "home.title"))).to_be_visible()
    for address, told in (
        ("/kasus", "Putusan menyimpang"),
        ("/kasus?kasus=2", say("id", "cases.intact")),
        ("/banding", "9811262"),
        ("/banding?banding=1", "Nilai unit 2 keliru"),
        ("/status-sertifikat", "Laporan masyarakat"),
        (f"/status-sertifikat?nomor={world.number}", say("id", "standings.says_SUSPENDED")),
        ("/pengecualian", say("id", "exceptions.no_session")),
        ("/duplikat", say("id", "duplicates.WAITING")),
    ):
        page.goto(address)
        expect(page.get_by_text(told).first).to_be_visible()
        picture(page, tmp_path, address.strip("/").replace("?", "-").replace("=", "-"))


def test_a_case_that_the_address_names_is_shown_after_the_sign_in_and_left_for_the_list(page, world):
    sign_in(page, "BN1")
    expect(page.get_by_role("heading", name=say("id", "home.title"))).to_be_visible()
    page.goto("/kasus?kasus=2")
    expect(page.get_by_role("heading", name="Kasus 2: Putusan menyimpang")).to_be_visible()
    page.get_by_role("tab", name=say("id", "cases.tab_notes")).click()
    expect(page.get_by_role("textbox", name=say("id", "cases.comment"))).to_be_visible()

    page.get_by_role("button", name=say("id", "picked.back")).click()

    expect(page.get_by_role("combobox", name=say("id", "cases.choose"))).to_be_visible()
    assert "kasus=2" not in page.url
