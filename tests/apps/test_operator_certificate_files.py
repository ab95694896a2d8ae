"""Sheets of counted copies on the screens: one, many at once, and again on the day of printing (§13.12, Gambar 11; R-138, DV-C03)."""

from __future__ import annotations

import datetime as dt
import json
import time
from hashlib import sha256

import pypdfium2
import pytest

from apps.operator import certificate_files, messages, session
from posko.domain.errors import Refused
from posko.services import decision, printing
from tests.support.assessed import assessed, ids
from tests.support.operator import cookies_of, look, press, texts_of
from tests.support.tables import tick

pytestmark = pytest.mark.server
SECONDS = 20


@pytest.fixture
def page(world, monkeypatch):
    """Three certificates of LSP-1 that the system numbered itself, and nine blanks, as a clerk of LSP-1 sees them."""
    session_id = assessed(world, ids(3))
    world.desk("LS1").do(decision.decide, session_id=session_id, sk_no="SK-1")
    world.desk("BN1").do(printing.issue_blanks, lsp_code="LSP-1", first="BL000001", last="BL000009")
    world.numbers = [number for (number,) in world.ask("select certificate_no from posko.certificate order by 1")]
    # Her browser is still there when a button is pressed.
    return look("sertifikat", cookies_of(world, "LS1"), monkeypatch)


def sheets_of(page):
    return [one.proto.label for one in page.get("download_button") if "lembar" in one.proto.label]


def file_of(*numbers):
    return certificate_files.maker(session.signed_in(), "LSP-1", numbers)()


def text_of(pdf):
    return [one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(pdf)]


def copies(world):
    return world.ask("select blank_no, copy_no, printed_by from posko.print_event order by 1")


def field(page, key):
    return next(one for one in page.text_input if one.label == messages.say("id", key))


def count(page, many):
    """Press the button that counts so many copies, and look until the work is over."""
    label = messages.say("id", "certificates.batch_go", count=str(many))
    page = next(one for one in page.button if one.label == label).click().run()
    until = time.monotonic() + SECONDS
    while not page.success and not page.error:
        assert time.monotonic() < until, "the copies were not counted"
        page = page.run()
    return page


def test_a_copy_that_was_counted_is_offered_as_its_sheet_and_the_file_is_written_down(world, page):
    page = press(tick(page, "certificates_rows", 0), "certificates.print")

    number = world.value("select certificate_no from posko.print_event join posko.certificate using (certificate_id)")
    assert sheets_of(page) == [messages.say("id", "certificates.sheet", first=number)]
    pdf = file_of(number)
    (text,) = text_of(pdf)
    assert number in text
    ((who, entity, key, payload),) = world.ask(
        "select actor_id, entity, entity_key, payload from posko_audit.audit_event where action = 'print.taken'"
    )
    told = json.loads(payload)
    assert (who, entity, key, told["kind"]) == ("LS1", "lsp", "LSP-1", "certificates")
    assert told["sha256"] == sha256(pdf).hexdigest()


def test_the_sheet_of_a_reprint_says_that_it_is_a_copy(world, page):
    page = press(tick(page, "certificates_rows", 0), "certificates.print")
    page = tick(page, "certificates_rows", 0)
    field(page, "certificates.reprint_reason").set_value("Kertas robek")
    page = press(page, "certificates.print")

    number = world.value(
        "select distinct certificate_no from posko.print_event join posko.certificate using (certificate_id)"
    )

    assert copies(world) == [("BL000001", 1, "LS1"), ("BL000002", 2, "LS1")]
    (text,) = text_of(file_of(number))
    assert "CETAK ULANG" in text
    assert "BL000002" in text


def test_all_without_a_copy_are_counted_on_blanks_that_follow_each_other_and_are_one_file(world, page):
    page = press(page, "certificates.batch_look")
    assert "BL000001 .. BL000003" in texts_of(page)

    page = count(page, 3)

    assert copies(world) == [(f"BL00000{place}", 1, "LS1") for place in (1, 2, 3)]
    told = {"count": "3", "first": world.numbers[0], "last": world.numbers[-1]}
    assert sheets_of(page) == [messages.say("id", "certificates.sheets", **told)]
    texts = text_of(file_of(*world.numbers))
    assert [number in text for number, text in zip(world.numbers, texts, strict=True)] == [True] * 3
    assert press(page, "certificates.batch_look").info


def test_a_blank_that_is_gone_stops_the_work_and_what_was_counted_stays_to_be_printed(world, page):
    page = press(page, "certificates.batch_look")
    world.desk("LS1").do(printing.spoil_blank, blank_no="BL000002", reason="Sobek")

    page = count(page, 3)

    assert len(page.error) == 1
    assert copies(world) == [("BL000001", 1, "LS1")]
    page = press(page, "certificates.today_show")
    assert sheets_of(page) == [messages.say("id", "certificates.sheet", first=world.numbers[0])]
    page = press(page, "certificates.batch_look")
    assert messages.say("id", "certificates.batch_go", count="2") in [one.label for one in page.button]


@pytest.mark.parametrize("typed", ["", "BL", "bl000001", "<script>", "' or 1=1 --", "a\x00b", "BL999999"])
def test_a_first_blank_that_is_none_is_a_sentence_and_counts_nothing(world, page, typed):
    page = press(page, "certificates.batch_look")

    field(page, "certificates.batch_first").set_value(typed).run()

    assert len(page.error) == 1
    assert not [one for one in page.button if one.label == messages.say("id", "certificates.batch_go", count="3")]
    assert copies(world) == []


@pytest.mark.parametrize("typed", ["x", "-1", "1.5", "<script>", "9" * 18, "a\x00b"])
def test_a_session_that_is_none_is_a_sentence_or_has_nothing_to_print(world, page, typed):
    field(page, "certificates.batch_session").set_value(typed)

    page = press(page, "certificates.batch_look")

    assert not page.exception
    assert len(page.error) + len(page.info) == 1
    assert copies(world) == []


def test_tomorrow_no_sheet_of_today_is_set_again(world, page, monkeypatch):
    page = count(press(page, "certificates.batch_look"), 3)
    world.now += dt.timedelta(days=1)
    cookies = cookies_of(world, "LS1")
    monkeypatch.setattr(session, "cookies", lambda: cookies)

    with pytest.raises(Refused):
        file_of(*world.numbers)
