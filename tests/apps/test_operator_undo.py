"""The page Pembatalan: what was not sent is taken back with a reason, and stands in the register of what was undone (§12.5-12.6)."""

from __future__ import annotations

import pytest

from posko.services import registration, undoing
from tests.support.operator import cookies_of, look, said, say, texts_of
from tests.support.preparation import place, registered
from tests.support.tables import tick, values

pytestmark = pytest.mark.server


@pytest.fixture
def page(world, monkeypatch):
    """Return how the Konsorsium's clerk looks at the page."""
    return lambda: look("pembatalan", cookies_of(world, "KO1"), monkeypatch)


def placed(world, *tki_ids):
    for journey_id in registered(world, *tki_ids):
        place(world, journey_id)


def fill_reason(page, text):
    return next(field for field in page.text_input if field.label == say("undo.reason")).set_value(text)


def send(page, view, count):
    label = say(f"undo.go_{view}", count=count)
    return next(button for button in page.button if button.label == label).click().run()


def test_two_schedules_are_undone_in_one_save_and_stand_in_the_register(world, page):
    placed(world, "100", "101", "102")
    seen = tick(page(), "undo_rows", 0, 2)
    fill_reason(seen, "Minta tanggal lain")

    seen = send(seen, "jadwal", 2)

    assert not seen.exception
    assert said(seen, "success") == [say("undo.done_jadwal", undone=2, cancelled=0)]
    assert [world.status(tki) for tki in ("100", "101", "102")] == ["REGISTERED", "ALLOCATED", "REGISTERED"]
    assert values(seen, "undo_rows", "tki_id") == ["101"]
    seen.session_state["undo_view"] = "riwayat"
    shown = texts_of(seen.run())
    assert "Minta tanggal lain" in shown
    assert "09-03-2026 · LSP-1 · TUK-1" in shown


def test_a_payment_is_undone(world, page):
    (journey_id,) = registered(world, "100")
    world.desk("KO1").do(registration.set_payment, journey_id=journey_id, payment_status="LUNAS")
    seen = page()
    seen.session_state["undo_view"] = "pembayaran"
    seen = tick(seen.run(), "undo_rows", 0)
    fill_reason(seen, "Salah orang")

    seen = send(seen, "pembayaran", 1)

    assert said(seen, "success") == [say("undo.done_pembayaran", undone=1)]
    assert world.value("select payment_status from posko.candidate") == "BELUM"


@pytest.mark.parametrize("typed", ["", "0" * 16, "a\x00b", "\u202ealasan"])
def test_a_reason_that_is_none_is_a_sentence_and_what_was_ticked_stays(world, page, typed):
    placed(world, "100")
    seen = tick(page(), "undo_rows", 0)
    fill_reason(seen, typed)

    seen = send(seen, "jadwal", 1)

    assert len(said(seen)) == 1
    assert world.status("100") == "ALLOCATED"
    assert any(button.label == say("undo.go_jadwal", count=1) for button in seen.button)


def test_markup_in_a_reason_is_plain_text_in_the_register(world, page):
    placed(world, "100")
    seen = tick(page(), "undo_rows", 0)
    fill_reason(seen, "<script>alert(1)</script>")
    seen = send(seen, "jadwal", 1)
    seen.session_state["undo_view"] = "riwayat"

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in texts_of(seen.run())


def test_what_somebody_else_undid_meanwhile_is_refused_and_names_whom_it_is_about(world, page):
    placed(world, "100", "101")
    seen = tick(page(), "undo_rows", 0, 1)
    fill_reason(seen, "Minta tanggal lain")
    number = world.value("select min(allocation_id) from posko.allocation")
    world.desk("KO1").do(undoing.undo_schedule, allocation_ids=[number], reason="Lebih dulu")

    seen = send(seen, "jadwal", 2)

    # The list is another now, so that nothing is ticked any more and the form is gone with it.
    assert not seen.exception
    assert values(seen, "undo_rows", "tki_id") == ["101"]
    assert world.status("101") == "ALLOCATED"
    assert world.value("select count(*) from posko.undone") == 1


def test_who_was_sent_is_not_offered(world, page):
    from tests.support.preparation import returned  # noqa: PLC0415

    returned(world, "100")

    assert say("undo.no_jadwal") in said(page(), "info")


def test_a_search_finds_by_id_and_by_name(world, page):
    placed(world, "100", "101")
    seen = page()
    seen.text_input(key="batal_jadwal_cari").set_value("TKI 101").run()

    assert values(seen, "undo_rows", "tki_id") == ["101"]


def test_the_record_of_a_placed_tki_leads_to_her_undo(world, monkeypatch):
    placed(world, "100")

    shown = texts_of(look("cari", cookies_of(world, "KO1"), monkeypatch, tki="100"))
    assert 'href="/pembatalan?batal_jadwal_cari=100"' in shown
    seen = look("pembatalan", cookies_of(world, "KO1"), monkeypatch, batal_jadwal_cari="100")

    assert values(seen, "undo_rows", "tki_id") == ["100"]
