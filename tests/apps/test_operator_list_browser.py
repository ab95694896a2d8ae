"""A list in the system's Chromium: its address outlives reload and sign-in, its file is what SQL says, its keys work, it prints whole."""

from __future__ import annotations

import csv
import json
from hashlib import sha256

import openpyxl
import pytest
from playwright.sync_api import expect

from apps.operator.messages import say
from tests.support.assessed import ids
from tests.support.browser import chromium, window
from tests.support.decided import decided
from tests.support.site import site_of

pytestmark = pytest.mark.server
NASTY = '=HYPERLINK("http://x","y")'
WHOLE = """() => ['stHeader', 'stSidebar'].every(name => !document.querySelector(`[data-testid=${name}]`)?.checkVisibility())
    && [...document.querySelectorAll('.posko-list')].every(list => list.scrollWidth <= list.clientWidth)
    && getComputedStyle(document.querySelector('[data-testid=stMain]')).overflowY === 'visible'
    && document.querySelectorAll('.posko-list tbody tr').length"""


@pytest.fixture
def world(world):
    for who in ("LS1", "BN1"):
        world.hands.enrol(who, whose=f"staff:{who}")
    return world


@pytest.fixture
def site(world, tmp_path):
    with site_of(world, tmp_path / "app.log") as address:
        yield address


@pytest.fixture
def page(site):
    with chromium() as browser:
        yield window(browser, site)


def sign_in(page, who):
    page.locator("#station").fill("ST-0")
    page.locator("input[value=demo_own]").check()
    page.locator("#number").fill(who)
    page.locator("#number").press("Enter")


def search(page):
    return page.get_by_role("textbox", name=say("id", "certificates.search"))


def test_an_address_survives_sign_in_and_reload_and_the_file_holds_what_sql_says(page, world, tmp_path):
    for tki_id in ids(25):
        decided(world, tki_id, name=NASTY if tki_id == "9000001" else f"NAMA {tki_id}")
    decided(world, "8000001", name="LAIN")

    asked = "sertifikat_cari=9000&sertifikat_urut=tki_id&sertifikat_halaman=2"
    page.goto(f"/sertifikat?{asked}")
    assert page.url.endswith("/masuk")
    sign_in(page, "LS1")
    for again in (False, True):
        if again:
            page.reload()
        expect(search(page)).to_have_value("9000")
        expect(page.get_by_test_id("stPaginationPageActive")).to_have_text("2")
        assert page.url.endswith(asked)

    files = {}
    page.keyboard.press("Alt+u")
    for kind in ("csv", "xlsx"):
        with page.expect_download() as given:
            page.get_by_role("button", name=say("id", f"listing.{kind}")).click()
        files[kind] = tmp_path / given.value.suggested_filename
        given.value.save_as(files[kind])

    there = [
        [number, tki_id, f"'{name}" if name == NASTY else name]
        for number, tki_id, name in world.ask(
            "select certificate_no, certificate.tki_id, full_name from posko.certificate join posko.candidate using (journey_id)"
            " where certificate.tki_id like '%9000%' order by certificate.tki_id"
        )
    ]
    with files["csv"].open(encoding="utf-8-sig", newline="") as written:
        lines = list(csv.reader(written, delimiter=";"))
    sheet = openpyxl.load_workbook(files["xlsx"]).worksheets[0]
    assert len(there) == 25
    assert [line[:3] for line in lines[1:-1]] == there
    assert [list(row[:3]) for row in sheet.iter_rows(min_row=2, values_only=True)] == there
    assert all(cell.data_type in {"s", "n"} for row in sheet.iter_rows() for cell in row)
    noted = world.ask(
        "select entity_key, payload from posko_audit.audit_event where action = 'list.export' order by event_id"
    )
    assert [(key, json.loads(told)["sha256"]) for key, told in noted] == [
        ("sertifikat", sha256(files[kind].read_bytes()).hexdigest()) for kind in ("csv", "xlsx")
    ]


def test_the_browser_goes_back_to_what_was_asked_for_before(page, world):
    for tki_id, name in (("9000001", "BUDI"), ("9000002", "ANI")):
        decided(world, tki_id, name=name)
    page.goto("/sertifikat")
    sign_in(page, "LS1")
    for typed in ("budi", "ani"):
        expect(search(page)).to_be_visible()
        page.keyboard.press("Alt+f")
        expect(search(page)).to_be_focused()
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/sertifikat?sertifikat_cari={typed}")

    page.go_back()

    page.wait_for_url("**/sertifikat?sertifikat_cari=budi")
    expect(search(page)).to_have_value("budi")


def test_keys_save_a_view_and_open_the_help_and_a_page_without_a_form_says_so(page, world):
    decided(world, "9000001", name="BUDI")
    page.goto("/sertifikat?sertifikat_cari=budi")
    sign_in(page, "LS1")
    expect(search(page)).to_have_value("budi")

    page.keyboard.press("Alt+t")
    page.get_by_role("textbox", name=say("id", "listing.view_name")).fill("Budi saja")
    page.keyboard.press("Control+s")

    expect(page.get_by_text(say("id", "listing.view_saved", name="Budi saja"))).to_be_visible()
    assert world.ask("select person_id, list_name, query from posko.saved_view") == [("LS1", "sertifikat", "cari=budi")]
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+h")
    for key in ("Ctrl+S", "Alt+F", "Alt+J", "Alt+T"):
        expect(page.get_by_role("dialog")).to_contain_text(key)
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+b")
    expect(page.get_by_role("heading", name=say("id", "home.title"))).to_be_visible()
    page.keyboard.press("Control+s")
    expect(page.get_by_text(say("id", "frame.say_noSave"))).to_be_visible()


def test_a_list_prints_whole_without_menu_and_buttons(page, world):
    for number in range(22):
        world.write(
            "insert into posko.exam_session (tuk_code, lsp_code, scheme_code, exam_on, slot, met_no, status, made_at, made_by)"
            " values ('TUK-1', 'LSP-1', 'TLRT', '2026-03-09', :slot, 'MET.1', 'PLANNED', '2026-03-03', 'KO1')",
            slot=number + 1,
        )
    page.goto("/pantauan?pantauan-sesi_hari=2026-03-09")
    sign_in(page, "BN1")
    expect(page.locator(".posko-list tbody tr").first).to_be_visible()
    assert not page.evaluate(WHOLE)

    page.emulate_media(media="print")

    assert page.evaluate(WHOLE) >= 20
    expect(page.get_by_role("button", name=say("id", "listing.export")).first).to_be_hidden()
    expect(page.locator(".posko-list tbody tr").nth(19)).to_be_visible()
