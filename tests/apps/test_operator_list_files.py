"""The file of a list: all that was filtered and nothing more, recorded, refused to whoever lost the right to it (R-008, R-021)."""

from __future__ import annotations

import csv
import io
import json
from hashlib import sha256

import openpyxl
import pytest

from apps.operator import list_download, messages, session
from apps.operator.listing import Filter, Listing
from apps.operator.lists import Column, Mark
from posko.domain.calendar import WIB
from posko.domain.errors import Refused
from posko.services import list_export, screen_lsp, sessions
from tests.support.assessed import ids
from tests.support.decided import decided, three
from tests.support.operator import cookies_of, look, said, say

pytestmark = pytest.mark.server


@pytest.fixture
def seen(world, monkeypatch):
    """Return how a clerk of LSP-1 looks at the certificates, with an address that says more."""
    cookies = cookies_of(world, "LS1")
    return lambda **query: look("sertifikat", cookies, monkeypatch, **query)


@pytest.fixture
def signed_in(world, monkeypatch):
    cookies = cookies_of(world, "LS1")
    monkeypatch.setattr(session, "cookies", lambda: cookies)
    return session.signed_in


def certificates(desk, name="sertifikat"):
    def read(asked, limit, offset):
        found = desk.do(screen_lsp.certificates, lsp_code="LSP-1", limit=limit, offset=offset, search=asked.get("cari"))
        return {**found, "rows": [{**row, "mark": Mark(row["status"], "good")} for row in found["rows"]]}

    columns = [
        Column("tki_id", "ID TKI"),
        Column("full_name", "Nama"),
        Column("certified_on", "Tanggal"),
        Column("copies", "Cetakan", is_number=True),
        Column("mark", "Keadaan"),
    ]
    return Listing(name, columns, [Filter("cari", "Cari")], read, "kosong")


def file_of(desk, kind, **asked):
    return list_download.maker(desk, certificates(desk), asked, kind)()


def test_a_file_holds_all_that_the_filter_lets_through_and_nothing_more(world, signed_in):
    for tki_id in ids(25):
        decided(world, tki_id, name="=cmd()" if tki_id == "9000001" else f"NAMA {tki_id}")
    decided(world, "8000001", name="LAIN")
    decided(world, "9000099", lsp="LSP-2", tuk="TUK-3", met="MET.3")
    desk = signed_in()

    made = file_of(desk, "csv", cari="9000")
    book = openpyxl.load_workbook(io.BytesIO(file_of(desk, "xlsx", cari="9000")))

    lines = list(csv.reader(io.StringIO(made.decode("utf-8-sig")), delimiter=";"))
    there = world.ask(
        "select certificate.tki_id, candidate.full_name, date_format(certified_on, '%d-%m-%Y') from posko.certificate"
        " join posko.candidate using (journey_id) where lsp_code = 'LSP-1' and certificate.tki_id like '9000%'"
        " order by certificate_id desc"
    )
    expected = [[tki_id, f"'{name}" if name == "=cmd()" else name, day, "0", "VALID"] for tki_id, name, day in there]
    assert lines[0] == ["ID TKI", "Nama", "Tanggal", "Cetakan", "Keadaan"]
    assert lines[1:-1] == expected
    assert len(expected) == 25
    assert lines[-1][0].startswith(f"Data per {world.now + WIB:%d-%m-%Y %H:%M} WIB")
    rows = [[str(cell) for cell in row] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)]
    assert rows == expected


def test_a_file_speaks_the_language_of_whoever_asked_for_it_though_no_page_is_running(world, signed_in):
    three(world)
    desk = signed_in()
    with messages.speaking("en"):
        make = list_download.maker(desk, certificates(desk), {}, "csv")

    assert "Data as of" in make().decode()
    assert "Data per" in file_of(desk, "csv").decode()


def test_each_file_is_in_the_log_with_its_digest_and_without_the_search(world, signed_in):
    three(world)

    made = file_of(signed_in(), "csv", cari="SITI")

    ((actor, payload),) = world.ask(
        "select actor_id, payload from posko_audit.audit_event where action = 'list.export'"
    )
    told = json.loads(payload)
    assert (actor, told["rows"], told["sha256"], told["filters"]) == (
        "LS1",
        1,
        sha256(made).hexdigest(),
        {"cari": True},
    )
    assert "SITI" not in payload


def test_a_button_that_stayed_open_gives_nothing_after_signing_out(world, signed_in):
    three(world)
    desk = signed_in()
    make = list_download.maker(desk, certificates(desk), {}, "csv")
    desk.do(sessions.logout)

    with pytest.raises(Refused):
        make()

    assert world.value("select count(*) from posko_audit.audit_event where action = 'list.export'") == 0


def test_a_button_that_stayed_open_gives_nothing_after_the_role_changed(world, signed_in):
    three(world)
    desk = signed_in()
    make = list_download.maker(desk, certificates(desk), {}, "csv")
    world.write("update posko.staff set lsp_code = 'LSP-2' where person_id = 'LS1'")

    with pytest.raises(Refused):
        make()


def test_a_list_too_long_for_a_file_says_so_and_offers_none(world, seen, monkeypatch):
    three(world)
    offered = ["CSV", "Excel (XLSX)"]
    assert [one.proto.label for one in seen().get("download_button")] == offered

    monkeypatch.setattr(list_export, "MOST_ROWS", 2)
    page = seen()

    assert not page.get("download_button")
    assert len(said(page, "warning")) == 1


def test_an_empty_list_offers_no_file(world, seen):
    page = seen()

    assert not page.get("download_button")
    assert say("certificates.none") in said(page, "info")
