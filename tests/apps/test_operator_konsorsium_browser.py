"""The Konsorsium's newer pages in Chromium: a file is taken over, a day's sessions are found, a schedule is undone (§12.5-12.6).

Pictures of each page at both sizes are kept below the test's own folder.
"""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from apps.operator.messages import say
from posko.domain.calendar import local_day
from tests.support.browser import chromium, picture, sign_in, window
from tests.support.preparation import place, registered
from tests.support.site import site_of

pytestmark = pytest.mark.server
UPLOADER = re.compile(r"per file|must be|Drag and drop|\bUpload\b|not allowed|status code")
"""What Streamlit's uploader says in English."""


@pytest.fixture
def world(world):
    world.now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    world.exam_on = local_day(world.now) + dt.timedelta(days=1)
    for journey_id in registered(world, "9100001", "9100002"):
        place(world, journey_id, exam_on=world.exam_on)
    world.add_tki("9100003", eligible=False)
    world.hands.enrol("KO1", whose="staff:KO1")
    return world


@pytest.fixture
def page(world, tmp_path):
    """A browser of western Indonesia in which the Konsorsium's clerk is signed in."""
    with site_of(world, tmp_path / "app.log") as site, chromium() as browser:
        made = window(browser, site)
        sign_in(made, "KO1")
        expect(made.get_by_role("heading", name=say("id", "home.title"))).to_be_visible()
        yield made


def test_a_file_of_payments_is_put_in_checked_and_loaded(page, world, tmp_path):
    page.goto("/unggah")
    put = page.locator("input[type=file]")
    expect(page.get_by_text(say("id", "upload.empty"))).to_be_visible()
    picture(page, tmp_path, "unggah-kosong")
    assert UPLOADER.search(page.get_by_test_id("stFileUploader").inner_text()) is None

    put.set_input_files({"name": "besar.csv", "mimeType": "text/csv", "buffer": b"x" * 25_000_000})
    expect(page.get_by_test_id("stFileUploader")).to_contain_text("besar.csv")
    expect(page.get_by_text(say("id", "upload.empty"))).to_be_visible()
    picture(page, tmp_path, "unggah-besar")
    assert UPLOADER.search(page.get_by_test_id("stFileUploader").inner_text()) is None
    page.reload()

    wrong = b"ID TKI;Nama;Pembayaran\n9100001;Siti;Lunas\n999;Ani;Lunas\n9100002;Ita;ya"
    put.set_input_files({"name": "bayar.csv", "mimeType": "text/csv", "buffer": wrong})
    expect(page.get_by_text("TKI 999 belum terdaftar")).to_be_visible()
    picture(page, tmp_path, "unggah-salah")
    page.reload()

    right = b"ID TKI;Nama;Pembayaran\n9100001;Siti;Lunas\n9100002;Ita;Dibebaskan"
    put.set_input_files({"name": "bayar.csv", "mimeType": "text/csv", "buffer": right})
    expect(page.get_by_text("Belum → Lunas")).to_be_visible()
    picture(page, tmp_path, "unggah-periksa")
    page.get_by_role("textbox", name=say("id", "upload.reason")).fill("Rekap bank 2 Maret")
    page.get_by_role("button", name=say("id", "upload.load", count="2")).click()
    expect(page.get_by_test_id("stAlert").first).to_contain_text("Unggahan nomor 1 dimuat")

    assert world.ask("select tki_id, payment_status from posko.candidate order by 1") == [
        ("9100001", "LUNAS"),
        ("9100002", "DIBEBASKAN"),
    ]
    assert page.hosts == {urlsplit(page.url).netloc}


def test_the_calendar_leads_to_the_sessions_of_a_day_and_the_list_to_a_record(page, world, tmp_path):
    day = f"{world.exam_on:%d-%m-%Y}"
    page.goto(f"/kapasitas?kapasitas_bulan={world.exam_on:%Y-%m}")
    told = say("id", "capacity.day", tuk="TUK-1", day=day, seats=20, placed=2, left=18)
    expect(page.get_by_role("link", name=told)).to_be_visible()
    picture(page, tmp_path, "kapasitas")

    page.get_by_role("link", name=told).click()

    heading = say("id", "capacity.day_of", tuk="TUK-1", day=day)
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.get_by_text("MET.1 · Asesor 1")).to_be_visible()
    picture(page, tmp_path, "kapasitas-hari")
    page.reload()
    expect(page.get_by_role("heading", name=heading)).to_be_visible()

    page.goto("/belum-teralokasi")
    expect(page.get_by_role("link", name="9100003")).to_be_visible()
    picture(page, tmp_path, "belum-teralokasi")
    page.get_by_role("link", name="9100003").click()
    expect(page.get_by_role("heading", name="TKI 9100003")).to_be_visible()


def test_a_schedule_is_ticked_and_undone(page, world, tmp_path):
    page.goto("/pembatalan")
    rows = page.get_by_test_id("stDataFrame").locator("canvas").first
    expect(rows).to_be_visible()
    page.wait_for_timeout(1_000)
    # The table is a picture: the first row's box to tick lies below the head, at the left.
    box = rows.bounding_box()
    page.mouse.click(box["x"] + 15, box["y"] + 50)
    reason = page.get_by_role("textbox", name=say("id", "undo.reason"))
    expect(reason).to_be_visible()
    picture(page, tmp_path, "pembatalan")

    reason.fill("Minta tanggal lain")
    page.get_by_role("button", name=say("id", "undo.go_jadwal", count=1)).click()
    expect(page.get_by_test_id("stAlert").first).to_contain_text("kembali menunggu tempat")
    page.get_by_text(say("id", "undo.riwayat"), exact=True).click()
    expect(page.get_by_text("Minta tanggal lain")).to_be_visible()
    picture(page, tmp_path, "pembatalan-riwayat")

    assert world.value("select count(*) from posko.journey where status = 'REGISTERED'") == 1
    assert world.value("select count(*) from posko.undone") == 1
