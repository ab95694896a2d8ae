"""What every list has: filters, order and page in the address, own views, a recorded file of what was filtered (R-008, R-021)."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from hashlib import sha256

import openpyxl
import pytest

from apps.operator import list_download, messages, session
from apps.operator.listing import Filter, Listing, in_memory
from apps.operator.lists import Column, Mark
from posko.domain.calendar import WIB
from posko.domain.errors import Refused
from posko.services import list_export, screen_lsp, sessions
from tests.support.assessed import ids
from tests.support.decided import decided
from tests.support.fingers import Hands
from tests.support.operator import cookies_of, look, press, screens_of
from tests.support.tables import values
from tests.support.world import World

pytestmark = pytest.mark.server


@pytest.fixture
def world(clean_posko, settings):
    made = World(clean_posko, settings)
    made.fill()
    screens_of(made, Hands(made))
    yield made
    made.close()


@pytest.fixture
def seen(world, monkeypatch):
    """Return how a clerk of LSP-1 looks at the certificates, with an address that says more."""
    cookies = cookies_of(world, "LS1")
    return lambda **query: look("sertifikat", cookies, monkeypatch, **query)


def shown(page, column="full_name"):
    return values(page, "certificates_rows", column)


def said(page, kind="info"):
    return [box.value for box in getattr(page, kind)]


def address(page):
    return {name: value if isinstance(value, str) else value[0] for name, value in page.query_params.items()}


def three(world):
    for tki_id, name in (("9000001", "BUDI"), ("9000002", "ANI"), ("9000003", "SITI AMINAH")):
        decided(world, tki_id, name=name)


# Address --------------------------------------------------------------------------------------------------------------


def test_an_address_with_filters_and_order_opens_the_list_so(world, seen):
    three(world)
    world.write("update posko.certificate set status = 'REVOKED' where tki_id in ('9000001', '9000003')")

    page = seen(sertifikat_cari="i", sertifikat_keadaan="REVOKED", sertifikat_urut="-full_name")

    assert not page.exception
    assert shown(page) == ["SITI AMINAH", "BUDI"]
    assert page.text_input(key="sertifikat_cari").value == "i"
    assert page.selectbox(key="sertifikat_keadaan").value == "REVOKED"


def test_what_is_chosen_stands_in_the_address_as_a_code_and_leaves_it_when_cleared(world, seen):
    three(world)
    page = seen()

    page.text_input(key="sertifikat_cari").set_value(" ani ").run()
    page.selectbox(key="sertifikat_keadaan").set_value("VALID").run()
    assert address(page) == {"sertifikat_cari": "ani", "sertifikat_keadaan": "VALID"}
    assert shown(page) == ["ANI"]

    page.text_input(key="sertifikat_cari").set_value("").run()
    assert address(page) == {"sertifikat_keadaan": "VALID"}
    assert len(shown(page)) == 3


def test_what_an_address_says_in_vain_is_told_and_the_whole_list_shown(world, seen):
    three(world)

    page = seen(
        sertifikat_keadaan="<script>", sertifikat_sejak="kemarin", sertifikat_urut="1;drop", sertifikat_halaman="-1"
    )

    assert not page.exception
    assert len(shown(page)) == 3
    assert len(said(page, "warning")) == 2
    assert address(page) == {}


@pytest.mark.parametrize("typed", ["0" * 16, "a\x00b", "x" * 65, "\u202eABC"])
def test_a_search_in_the_address_that_cannot_be_is_a_sentence(world, seen, typed):
    three(world)

    page = seen(sertifikat_cari=typed)

    assert not page.exception
    assert len(said(page, "error")) == 1
    assert not page.dataframe


def test_a_list_that_is_filtered_to_nothing_says_so_and_can_be_cleared(world, seen):
    three(world)
    page = seen(sertifikat_cari="tidak ada")
    assert said(page) == [messages.say("id", "listing.nothing_matches")]

    page = press(page, "listing.clear")

    assert len(shown(page)) == 3
    assert address(page) == {}


def test_the_page_stands_in_the_address_and_another_filter_leads_to_the_first(world, seen):
    for tki_id in ids(43):
        decided(world, tki_id)
    page = seen(sertifikat_halaman="3")
    assert len(shown(page)) == 3

    page.text_input(key="sertifikat_cari").set_value("90000").run()

    assert len(shown(page)) == 20
    assert address(page) == {"sertifikat_cari": "90000"}


def test_a_page_behind_the_last_is_the_last(world, seen):
    for tki_id in ids(21):
        decided(world, tki_id)

    page = seen(sertifikat_halaman="99")

    assert not page.exception
    assert shown(page, "tki_id") == ["9000001"]
    assert address(page) == {"sertifikat_halaman": "2"}


# Views ----------------------------------------------------------------------------------------------------------------


def test_a_view_is_saved_chosen_renamed_and_deleted_and_nobody_else_sees_it(world, seen, monkeypatch):
    three(world)
    page = seen(sertifikat_cari="ani", sertifikat_urut="full_name")
    field(page, "listing.view_name").set_value("Milik saya")
    page = press(page, "listing.save_view")
    assert messages.say("id", "listing.view_saved", name="Milik saya") in said(page, "success")

    page = seen()
    assert len(shown(page)) == 3
    next(button for button in page.button if button.label == "Milik saya").click().run()
    assert shown(page) == ["ANI"]
    assert address(page) == {"sertifikat_cari": "ani", "sertifikat_urut": "full_name"}

    field(page, "listing.new_name").set_value("Lain")
    page = press(page, "listing.rename_view")
    assert "Lain" in [button.label for button in page.button]
    assert "Lain" not in [button.label for button in look("sertifikat", cookies_of(world, "LS2"), monkeypatch).button]
    page = press(seen(), "listing.remove_view")
    assert "Lain" not in [button.label for button in page.button]


@pytest.mark.parametrize("name", ["", "   ", "a\x00", "0" * 16])
def test_a_view_without_a_proper_name_is_a_sentence(world, seen, name):
    page = seen()

    field(page, "listing.view_name").set_value(name)
    page = press(page, "listing.save_view")

    assert len(said(page, "error")) == 1
    assert world.value("select count(*) from posko.saved_view") == 0


def test_a_view_named_in_markup_is_only_a_name(world, seen):
    three(world)
    page = seen()

    field(page, "listing.view_name").set_value("<script>alert(1)</script>")
    page = press(page, "listing.save_view")

    assert not page.exception
    assert world.value("select view_name from posko.saved_view") == "<script>alert(1)</script>"


def field(page, key):
    return next(one for one in page.text_input if one.label == messages.say("id", key))


# Files ----------------------------------------------------------------------------------------------------------------


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


def test_rows_that_were_computed_are_searched_compared_and_cut_into_pages():
    rows = [
        {"code": f"TUK-{number:02}", "name": None, "exam_on": dt.date(2026, 3, 1 + number % 2)} for number in range(25)
    ]
    read = in_memory(rows, ("code", "name"))

    assert [len(read({}, 20, offset)["rows"]) for offset in (0, 20, 40)] == [20, 5, 0]
    assert [row["code"] for row in read({"cari": "tuk-07"}, 20, 0)["rows"]] == ["TUK-07"]
    assert read({"exam_on": "2026-03-01"}, 20, 0)["total"] == 13
    assert read({"cari": "none"}, 20, 0) == {"rows": [], "total": 0}


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
    assert messages.say("id", "certificates.none") in said(page)
