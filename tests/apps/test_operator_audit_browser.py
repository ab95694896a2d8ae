"""The auditor's pages in the system's Chromium: long work that ends by itself, a file that is fetched, a proof that an outsider checks."""

from __future__ import annotations

import json
import zipfile

import pytest
from playwright.sync_api import expect

from apps.operator.messages import say
from posko.services import registration
from posko.services.audit_export import check_proof
from posko.services.audit_notes import read_note
from posko.services.audit_verify import verify_records
from tests.support.browser import FITS, SIZES, chromium, window
from tests.support.operator import cookies_of
from tests.support.sealed import seal_now
from tests.support.site import site_of

pytest_plugins = ["tests.support.sealed_fixtures"]
pytestmark = [pytest.mark.server, pytest.mark.usefixtures("own_checkpoints")]
TKI = "9264729"


@pytest.fixture
def world(world):
    world.now = world.value("select utc_timestamp(6)")
    world.add_tki(TKI, nama="KALIAH ETTALA")
    for who in ("BN1", "KO1") * 15:
        world.desk(who).do(registration.search, tki_id=TKI)
    return world


@pytest.fixture
def page(world, tmp_path):
    """A browser of western Indonesia in which the auditor is signed in."""
    with site_of(world, tmp_path / "app.log") as site, chromium() as browser:
        made = window(browser, site, viewport=SIZES[1], accept_downloads=True)
        cookies = cookies_of(world, "AU1")
        made.context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])
        yield made


def test_the_whole_log_is_checked_and_fetched_and_an_outsider_finds_it_sound(page, world, tmp_path):
    key = seal_now(world)
    page.goto("/periksa")
    page.get_by_role("button", name=say("id", "verify.log_go")).click()
    expect(page.get_by_text("Tidak ada temuan")).to_be_visible()

    page.get_by_role("button", name=say("id", "verify.export_go")).click()
    link = page.get_by_role("link", name=say("id", "verify.export_take"))
    expect(link).to_be_visible()
    page.screenshot(path=tmp_path / "periksa.png", full_page=True)
    assert page.evaluate(FITS)
    with page.expect_download() as fetched:
        link.click()

    with zipfile.ZipFile(fetched.value.path()) as packed:
        notes = [read_note(packed.read(name).decode()) for name in packed.namelist() if name.endswith(".note")]
        verdict = verify_records(packed.read("events.jsonl").splitlines(), notes, key)
    assert (verdict.is_clean, verdict.verified) == (True, verdict.size)
    assert verdict.size > 30


def test_a_search_stands_in_the_address_and_its_event_gives_a_proof_that_stands_alone(page, world, tmp_path):
    key = seal_now(world)
    page.goto("/log")
    field = page.get_by_role("textbox", name=say("id", "log.filter_siapa"))
    field.fill("BN1")
    field.press("Enter")
    page.wait_for_url("**/log?log_siapa=BN1")
    rows = page.locator(".posko-list tbody tr")
    expect(rows).to_have_count(15)
    page.reload()
    expect(rows).to_have_count(15)
    page.screenshot(path=tmp_path / "log.png")
    assert page.evaluate(FITS)

    rows.first.get_by_role("link").click()
    expect(page.get_by_text(say("id", "event_view.proven"))).to_be_visible()
    page.screenshot(path=tmp_path / "kejadian.png", full_page=True)
    assert page.evaluate(FITS)
    with page.expect_download() as fetched:
        page.get_by_role("button", name=say("id", "event_view.download")).click()

    document = json.loads(fetched.value.path().read_text("utf-8"))
    assert check_proof(document, key)
    assert '"BN1"' in document["record"]


def test_ending_all_of_ones_own_sessions_leads_to_the_sign_in(page, world):
    page.goto("/sesi-masuk")
    page.get_by_role("button", name=say("id", "signed_in.end_own")).click()
    page.wait_for_url("**/masuk")

    page.goto("/log")

    assert "/masuk" in page.url
