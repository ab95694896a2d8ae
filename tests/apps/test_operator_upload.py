"""The page Unggah: file, columns, check, load; whatever is wrong is a sentence and nothing is written (§9.2, §12.5; R-012, R-096)."""

from __future__ import annotations

import io

import openpyxl
import pytest

from apps.operator import messages
from tests.support.fingers import Hands
from tests.support.operator import cookies_of, look, screens_of, texts_of
from tests.support.preparation import registered, rows_of
from tests.support.world import World

pytestmark = pytest.mark.server
FILE = ("bayar.csv", b"ID TKI;Nama;Pembayaran\n100;Siti;Lunas\n101;Ani;Belum", "text/csv")


@pytest.fixture
def world(clean_posko, settings):
    made = World(clean_posko, settings)
    made.fill()
    screens_of(made, Hands(made))
    yield made
    made.close()


@pytest.fixture
def seen(world, monkeypatch):
    """Return how one of the staff looks at the page, with a file put in."""

    def at(file=None, who="KO1", kind=None):
        page = look("unggah", cookies_of(world, who), monkeypatch)
        if kind is not None:
            page = page.selectbox(key="upload_kind").select(kind).run()
        return page if file is None else page.file_uploader[0].set_value(file).run()

    return at


def said(page, kind="error"):
    return [box.value for box in getattr(page, kind)]


def column(page, name):
    (found,) = [box for box in page.selectbox if str(box.key).endswith(f":{name}")]
    return found


def load(page, count, reason="Rekap bank"):
    next(field for field in page.text_input if field.label == messages.say("id", "upload.reason")).set_value(reason)
    label = messages.say("id", "upload.load", count=count)
    return next(button for button in page.button if button.label == label).click().run()


def test_a_file_of_payments_is_guessed_checked_and_loaded_with_one_reason(world, seen):
    registered(world, "100", "101")
    page = seen(FILE)

    assert (column(page, "tki_id").value, column(page, "payment_status").value) == (0, 2)
    shown = texts_of(page)
    assert "<b>1</b><span>baris berubah</span>" in shown
    assert "Belum → Lunas" in shown
    page = load(page, 1)

    assert not page.exception
    told = messages.say("id", "upload.loaded", number=1, added="0", changed="1", same="1")
    assert said(page, "success") == [told]
    assert world.ask("select tki_id, payment_status from posko.candidate order by 1") == [
        ("100", "LUNAS"),
        ("101", "BELUM"),
    ]
    assert page.file_uploader[0].value is None


def test_wrong_lines_are_named_with_their_cure_and_no_load_is_offered(world, seen):
    registered(world, "100")
    page = seen(("bayar.csv", b"ID TKI;Pembayaran\n100;Lunas\n999;Lunas\n<script>;ya", "text/csv"))

    shown = texts_of(page)
    assert said(page) == [messages.say("id", "upload.has_wrong", count="2")]
    assert "TKI 999 belum terdaftar" in shown
    assert messages.say("id", "upload.cure_3") in shown
    assert "harus salah satu: BELUM, LUNAS, DIBEBASKAN" in shown
    assert messages.say("id", "upload.reason") not in [field.label for field in page.text_input]


def test_columns_are_chosen_by_the_person_and_what_is_missing_is_named(world, seen):
    registered(world, "100")
    page = seen(("bayar.csv", b"satu;dua\n100;Lunas", "text/csv"))
    assert said(page, "warning") == [messages.say("id", "upload.missing", columns="ID TKI, Pembayaran")]

    column(page, "tki_id").select_index(0).run()
    column(page, "payment_status").select_index(0).run()
    assert said(page, "warning") == [messages.say("id", "upload.twice")]
    column(page, "payment_status").select_index(1).run()

    assert load(page, 1).success
    assert world.value("select payment_status from posko.candidate") == "LUNAS"


def test_bnsp_loads_a_register_and_sees_before_and_after(world, seen):
    book = openpyxl.Workbook()
    for row in (("Kode TUK", "Kapasitas"), ("TUK-1", 35)):
        book.active.append(list(row))
    data = io.BytesIO()
    book.save(data)
    page = seen(("tuk.xlsx", data.getvalue(), "application/zip"), "BN1", "tuk")
    assert "Kapasitas per hari: 20 → 35" in texts_of(page)
    assert column(page, "tuk_name").value is None

    page = load(page, 1)

    assert not page.exception
    assert world.ask("select capacity_per_day, tuk_name from posko.tuk where tuk_code = 'TUK-1'") == [(35, "TUK 1")]


def test_each_role_is_offered_what_it_may_do_by_hand(world, seen):
    names = {who: seen(who=who).selectbox(key="upload_kind").options for who in ("KO1", "BN1")}

    assert names["KO1"] == [messages.say("id", "upload.payment")]
    assert messages.say("id", "upload.payment") not in names["BN1"]
    assert messages.say("id", "upload.asesor") in names["BN1"]


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (("bayar.pdf", b"%PDF-1.7", "application/pdf"), ".csv atau .xlsx"),
        (("bayar.xlsx", b"ID;Bayar", "application/zip"), "XLSX yang utuh"),
        (("bayar.csv", b"PK\x03\x04" + bytes(50), "text/csv"), "buku kerja atau ZIP"),
        (("bayar.csv", "Sit\xec".encode("latin-1"), "text/csv"), "UTF-8"),
        (("bayar.csv", b"", "text/csv"), "kosong"),
        (("bayar.csv", b"ID;Bayar\n" + b"1;Lunas\n" * 10_001, "text/csv"), "10000 baris"),
        (("<script>.csv", b"\xff\xfea", "text/csv"), "UTF-16"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_sentence_and_leaves_only_the_record(world, seen, file, told):
    page = seen()
    before = rows_of(world)

    page.file_uploader[0].set_value(file).run()

    assert not page.exception
    (sentence,) = said(page)
    assert told in sentence
    assert rows_of(world) == before


@pytest.mark.parametrize("typed", ["", "0" * 16, "a\x00b"])
def test_a_reason_that_is_none_loads_nothing_and_keeps_the_file(world, seen, typed):
    registered(world, "100", "101")

    page = load(seen(FILE), 1, typed)

    assert len(said(page)) == 1
    assert world.value("select count(*) from posko.upload") == 0
    assert load(page, 1).success


def test_what_changed_since_the_check_is_refused_and_checked_again_on_demand(world, seen):
    registered(world, "100", "101")
    page = seen(FILE)
    world.write("update posko.candidate set payment_status = 'DIBEBASKAN' where tki_id = '100'")

    page = load(page, 1)

    assert "Data berubah sejak berkas diperiksa" in said(page)[0]
    label = messages.say("id", "opened.reload")
    page = next(button for button in page.button if button.label == label).click().run()
    assert "Dibebaskan → Lunas" in texts_of(page)
    assert load(page, 1).success
