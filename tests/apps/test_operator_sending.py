"""The Konsorsium's pages Usulan and Kirim alokasi (§12.5-12.6), without a browser on a real database."""

from __future__ import annotations

import pytest

from apps.fraud.small_world import EXAM_ON
from posko.services import scheduling
from tests.support.operator import NASTY, said, say, texts_of
from tests.support.preparation import parameter, place, refused, registered
from tests.support.tables import edit

pytestmark = pytest.mark.server


@pytest.fixture
def seen(seen):
    """Return how the Konsorsium's clerk looks at a page."""
    return lambda path: seen(path, "KO1")


def test_the_preview_shows_the_loads_and_accepting_does_what_it_showed(world, seen):
    registered(world, *(f"91000{n:02d}" for n in range(22)))
    page = seen("usulan")

    assert not page.exception
    assert [list(table.value["added"]) for table in page.dataframe] == [[20], [20]]
    assert "TUK penuh" in texts_of(page)
    next(button for button in page.button if button.label == "Terima 20 usulan").click().run()

    assert said(page, "success") == [say("proposals.accepted", accepted="20", skipped="2", previewed="20")]
    assert world.value("select booked from posko.tuk_day") == 20


def test_a_place_taken_since_the_preview_is_told(world, seen):
    first, *_ = registered(world, "9100001", "9100002")
    page = seen("usulan")
    place(world, first)

    next(button for button in page.button if button.label == "Terima 2 usulan").click().run()

    assert said(page, "success") == [say("proposals.accepted_other", accepted="1", skipped="0", previewed="2")]


def test_every_reason_why_the_plan_may_skip_somebody_has_words(world, seen):
    registered(world, "9100001", "9100002")
    parameter(world, "payment_gate", 1)

    page = seen("usulan")

    assert "Belum membayar" in texts_of(page)
    assert "2 TKI, misalnya 9100001" in texts_of(page)
    assert next(button for button in page.button if button.label == "Terima 0 usulan").disabled


def test_without_proposals_the_page_says_what_that_means(seen):
    assert said(seen("usulan"), "info") == [say("proposals.none")]


def send(page):
    page.checkbox[0].check().run()
    return next(button for button in page.button if button.label.startswith("Kirim")).click().run()


def test_the_allocation_goes_when_whoever_is_left_has_a_reason_common_or_own(world, seen):
    first, *_ = registered(world, "9100001", "9100002", "9100003")
    place(world, first)
    page = seen("kirim")
    assert said(page, "warning") == [say("send.missing", count="2")]

    page.text_input(key="send_common").set_value("Menunggu TUK").run()
    page = send(edit(page, "send_rows", {1: {"reason": "Sakit"}}))

    assert not page.exception
    assert said(page, "success")
    assert world.status("9100001") == "RETURNED_TO_BNSP"
    assert dict(
        world.ask("select tki_id, reason from posko.allocation_rest join posko.journey using (journey_id)")
    ) == {
        "9100002": "Menunggu TUK",
        "9100003": "Sakit",
    }


def test_somebody_registered_since_the_list_opened_stops_the_sending_by_name(world, seen):
    (first,) = registered(world, "9100001")
    place(world, first)
    page = seen("kirim")
    registered(world, "9100009")

    page = send(page)

    assert "9100009" in said(page)[0]
    assert world.status("9100001") == "ALLOCATED"


def test_nothing_is_sent_without_the_tick_or_with_a_reason_missing(world, seen):
    first, _ = registered(world, "9100001", "9100002")
    place(world, first)
    page = seen("kirim")

    page.checkbox[0].check().run()

    assert next(button for button in page.button if button.label.startswith("Kirim")).disabled


@pytest.mark.parametrize("typed", NASTY)
def test_a_nasty_reason_for_those_left_is_a_sentence_or_plain_text(world, seen, typed):
    first, _ = registered(world, "9100001", "9100002")
    place(world, first)
    page = seen("kirim")
    page.text_input(key="send_common").set_value(typed).run()

    page = send(page)

    assert not page.exception
    assert len(said(page)) + len(said(page, "success")) == 1
    assert world.ask("select reason from posko.allocation_rest") == ([(typed,)] if said(page, "success") else [])


def test_with_nobody_ready_the_page_says_what_to_do_first(world, seen):
    registered(world, "9100001")

    assert said(seen("kirim"), "info")[0] == say("send.nothing")


def test_what_the_service_refuses_is_refused_past_the_page_too(world):
    (journey_id,) = registered(world, "9100001")

    refusal = refused(
        world.desk("LS1"), scheduling.schedule, journey_id=journey_id, exam_on=EXAM_ON, lsp_code="LSP-1",
        tuk_code="TUK-1", met_no="MET.1",
    )  # fmt: skip

    assert refusal.code == "NotPermitted"
