"""Files that are not what they should be, put in by the system's Chromium and past it: a sentence each, nothing written, bounded memory
(issue 5; R-012, R-096, R-098)."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import expect

from tests.support.bad_input import written
from tests.support.browser import chromium, sign_in, window
from tests.support.operator import say
from tests.support.sheets import csv_of, packed
from tests.support.site import site_of

pytestmark = pytest.mark.server
LARGE = 50_000_000
MOST_GROWTH_MB = 100
"""Memory that the process may take beside what it had, at its highest: a file of 20 MB is held twice, by Streamlit and while it is read."""
ENGLISH = re.compile(r"must be|Drag and drop|not allowed|status code|too large|smaller", re.IGNORECASE)
LINK = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'


@pytest.fixture
def world(world):
    world.now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    world.hands.enrol("KO1", whose="staff:KO1")
    return world


@pytest.fixture
def site(world, tmp_path):
    with site_of(world, tmp_path / "app.log") as address:
        yield address


@pytest.fixture
def page(site):
    """The page of uploads, as the Konsorsium's clerk has it in her browser."""
    with chromium() as browser:
        made = window(browser, site)
        sign_in(made, "KO1")
        expect(made.get_by_role("heading", name=say("home.title"))).to_be_visible()
        made.goto("/unggah")
        expect(made.get_by_text(say("upload.empty"))).to_be_visible()
        yield made


@pytest.fixture
def folder(tmp_path):
    """Files that nobody should send: name -> part of the sentence about it."""
    made = {
        "besar.csv": (b"ID;Bayar\n" + b"1;Lunas\n" * 2_400_000, "baris"),
        "bukan.xlsx": (b"%PDF-1.7 " + b"x" * 1000, "XLSX yang utuh"),
        "bukan.csv": (packed(), "buku kerja atau ZIP"),
        "program.csv": (b"MZ" + bytes(1000), "program"),
        "makro.xlsx": (packed(**{"xl/vbaProject.bin": b"x"}), "makro"),
        "tautan.xlsx": (packed(**{"xl/externalLinks/externalLink1.xml": LINK}), "menautkan buku kerja lain"),
        "entitas.xlsx": (packed(**{"xl/workbook.xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"}), "definisi XML"),
        "<img src=x onerror=alert(1)>.csv": (b"\xff\xfea", "UTF-16"),
    }
    for name, (data, _) in made.items():
        (tmp_path / name.replace("/", "_")).write_bytes(data)
    _bomb(tmp_path / "bom.xlsx")
    return tmp_path, {name: told for name, (_, told) in made.items()} | {"bom.xlsx": "terlalu besar"}


def _bomb(path: Path) -> None:
    """Write a workbook of 1 MB whose only sheet is 600 MB of blanks."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name in ("[Content_Types].xml", "xl/workbook.xml"):
            book.writestr(name, "<x/>")
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(600):
                sheet.write(b" " * 1_000_000)


def process_of(site: str) -> Path:
    """Return where the kernel tells of the process that serves this address."""
    port = str(urlsplit(site).port).encode()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"apps.cli.main" in words and port in words:
            return folder
    raise AssertionError("no process serves this address")


def highest_mb(process: Path) -> float:
    """Return the most memory that the process ever had, MB."""
    return int(re.search(r"VmHWM:\s+(\d+) kB", (process / "status").read_text())[1]) / 1_000


def forget_highest(process: Path) -> float:
    """Let the kernel count the highest from now on, and return what the process has now, MB."""
    (process / "clear_refs").write_text("5")
    return highest_mb(process)


def alerts(page):
    return page.get_by_test_id("stMain").get_by_role("alert")


def test_whatever_is_put_in_is_told_in_a_sentence_and_nothing_is_written(page, site, world, folder):
    place, told = folder
    before, process = written(world), process_of(site)
    first = forget_highest(process)

    for name, sentence in told.items():
        page.locator("input[type=file]").set_input_files(place / name)
        expect(alerts(page).filter(has_text=sentence)).to_be_visible()
        assert page.get_by_text(say("upload.load", count="1")).count() == 0
        page.get_by_test_id("stFileUploader").get_by_role("button", name=re.compile("^Hapus")).first.click()
        expect(page.get_by_text(say("upload.empty"))).to_be_visible()

    assert written(world) == before
    assert world.value(
        "select count(*) from posko_audit.audit_event where action = 'upload.read' and outcome = 'refused'"
    ) == len(told)
    assert highest_mb(process) - first < MOST_GROWTH_MB


def test_fifty_megabytes_are_refused_at_the_field_and_by_the_server_itself(page, site, world, tmp_path):
    (tmp_path / "raksasa.csv").write_bytes(b"x" * LARGE)
    before, process = written(world), process_of(site)
    sent = []
    page.on(
        "request",
        lambda request: sent.append(request) if "upload_file" in request.url and request.method == "PUT" else None,
    )

    page.locator("input[type=file]").set_input_files(tmp_path / "raksasa.csv")
    field = page.get_by_test_id("stFileUploader")
    expect(field).to_contain_text("Berkas paling besar 20")
    assert ENGLISH.search(field.inner_text()) is None
    assert sent == []

    # A program that is no browser asks nobody whether a file is too large.
    page.reload()
    page.locator("input[type=file]").set_input_files(
        {"name": "kecil.csv", "mimeType": "text/csv", "buffer": csv_of("1;Siti;Lunas")}
    )
    expect(page.get_by_text(say("upload.step_columns"))).to_be_visible()
    first = forget_highest(process)
    answers = [push(sent[0], page, body) for body in (b"x" * LARGE, chunks(sent[0]))]

    assert set(answers) <= {413, "cut"}
    assert highest_mb(process) - first < MOST_GROWTH_MB
    assert written(world) == before


def chunks(request):
    """Give a form with a file of 50 MB, without saying how much will come."""
    boundary = request.all_headers()["content-type"].partition("boundary=")[2].encode()
    yield b"--" + boundary + b'\r\nContent-Disposition: form-data; name="file"; filename="x.csv"\r\n\r\n'
    for _ in range(LARGE // 100_000):
        yield b"x" * 100_000


def push(request, page, body):
    """Send a body to where the browser sent its file, with its cookies and headers; return the status, `cut` if it hung up."""
    kept = {"x-xsrftoken", "content-type"}
    headers = {name: value for name, value in request.all_headers().items() if name in kept}
    cookies = {one["name"]: one["value"] for one in page.context.cookies()}
    with httpx.Client(trust_env=False, timeout=60, cookies=cookies) as client:
        try:
            return client.put(request.url, content=body, headers=headers).status_code
        except httpx.WriteError:
            return "cut"
