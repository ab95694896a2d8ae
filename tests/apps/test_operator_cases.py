"""Deviation cases on their page: opened, read, commented, led step by step, closed by two, never past an unread note (R-020)."""

from __future__ import annotations

import pytest

from apps.operator import opened
from posko.services import cases
from tests.support.decided import EVALUATED_ON, decided, deviation
from tests.support.operator import NO_REASON, labels, press, said, say, tab, texts_of
from tests.support.tables import tick
from tests.support.two_persons import PLAIN, fill, sign, with_second

pytestmark = pytest.mark.server


@pytest.fixture
def world(world):
    world.at(EVALUATED_ON)
    return world


@pytest.fixture
def seen(seen, world, monkeypatch):
    """Return how somebody looks at the page; the second person's finger is taken at once."""
    with_second(world, monkeypatch)
    return lambda who="BN1", **query: seen("kasus", who, **query)


@pytest.fixture
def case_id(world):
    evidence = '{"act":"decision.decide","by":"AS2","kode_lain":"<b>x</b>"}'
    found = deviation(world, decided(world, "9811262"), evidence=evidence)
    return world.desk("BN1").do(cases.open_case, deviation_ids=[found], title="Putusan <i>menyimpang</i>")


def state(world):
    return world.value("select status from posko.deviation_case")


def step(page, to, note="Diperiksa"):
    fill(page, "text_area", "cases.note", note)
    return press(page, f"cases.to_{to}")


def choose(page, to):
    return next(one for one in page.radio if one.label == say("cases.next_step")).set_value(to).run()


def test_the_register_lists_cases_and_the_address_opens_one(world, seen, case_id):
    page = seen()
    assert not page.exception
    shown = texts_of(page)
    assert "Putusan &lt;i&gt;menyimpang&lt;/i&gt;" in shown
    assert say("cases.held_short") in shown

    page = seen(kasus=case_id)

    assert not page.exception
    shown = texts_of(page) + texts_of(tab(page, "case_tabs", "cases.tab_subjects"))
    for told in (say("cases.intact"), "9811262", "&lt;b&gt;x&lt;/b&gt;", "decision.decide"):
        assert told in shown, told
    assert say("cases.held", count="1") in shown


def test_a_case_is_led_to_its_end_by_two_persons(world, seen, case_id):
    page = seen(kasus=case_id)
    for to in ("TRIAGE", "REVIEW"):
        page = step(page, to)
        assert said(page, "success") == [say("cases.moved", number=case_id, state=say(f"cases.done_{to}"))]
    page = step(choose(page, "CONFIRMED"), "CONFIRMED")
    page = choose(page, "SANCTIONED")
    fill(page, "text_input", "cases.sanction", "Peringatan tertulis")
    page = step(page, "SANCTIONED")
    page = step(page, "CLOSED", "Sanksi dijalankan")
    assert state(world) == "SANCTIONED"  # the second person has not signed yet
    assert "Sanksi dijalankan" in texts_of(page)

    page = sign(page, "SA1")

    assert not page.exception
    assert world.ask("select status, sanction, closed_by, seconded_by from posko.deviation_case") == [
        ("CLOSED", "Peringatan tertulis", "BN1", "SA1")
    ]


@pytest.mark.parametrize(("who", "code"), [("BN1", "SECOND_PERSON_SAME"), ("AU1", None), ("", None)])
def test_no_case_is_closed_by_one_person_or_the_wrong_two(world, seen, case_id, who, code):
    for name in ("triage", "review", "dismiss"):
        world.desk("BN1").do(getattr(cases, name), case_id=case_id, note=name)
    page = step(seen(kasus=case_id), "CLOSED")

    page = sign(page, who)

    assert len(said(page)) == 1
    assert state(world) == "DISMISSED"


def test_a_note_that_came_meanwhile_is_shown_and_nothing_is_saved(world, seen, case_id):
    page = seen(kasus=case_id)
    world.desk("LS1").do(cases.comment, case_id=case_id, note="Kami keberatan")

    page = step(page, "TRIAGE")

    assert state(world) == "OPEN"
    assert len(said(page)) == 1
    assert "Kami keberatan" in texts_of(page)
    page = step(press(page, "opened.reload"), "TRIAGE")
    assert state(world) == "TRIAGE"


def test_the_same_submission_sent_twice_writes_once(world, seen, case_id, monkeypatch):
    page = tab(seen(kasus=case_id), "case_tabs", "cases.tab_notes")
    monkeypatch.setattr(opened, "saved", lambda *_: None)  # the first answer gets lost, so the same form is sent again
    for _ in range(2):
        fill(page, "text_area", "cases.comment", "Mohon diperiksa")
        page = press(page, "cases.comment_send")

    assert not said(page)
    assert world.value("select count(*) from posko.case_note where note = 'Mohon diperiksa'") == 1


@pytest.mark.parametrize("who", ["KO1", "LS1", "TU1", "AU1"])
def test_who_may_comment_comments_and_leads_no_step(world, seen, case_id, who):
    page = tab(seen(who, kasus=case_id), "case_tabs", "cases.tab_notes")
    assert say("cases.to_TRIAGE") not in labels(page)

    fill(page, "text_area", "cases.comment", "Dari kami")
    page = press(page, "cases.comment_send")

    assert said(page, "success") == [say("cases.commented")]
    assert world.ask("select noted_by from posko.case_note order by note_id desc limit 1") == [(who,)]


@pytest.mark.parametrize("who", ["LS2", "TU2"])
def test_an_lsp_or_tuk_that_it_does_not_touch_sees_nothing_of_it(world, seen, case_id, who):
    assert said(seen(who), "info") == [say("cases.none")]

    page = seen(who, kasus=case_id)

    assert len(said(page)) == 1
    assert "menyimpang" not in texts_of(page)


@pytest.mark.parametrize("typed", NO_REASON)
def test_no_note_is_empty_or_looks_like_a_nik(world, seen, case_id, typed):
    page = step(seen(kasus=case_id), "TRIAGE", typed)

    assert not page.exception
    assert len(said(page)) == 1
    assert state(world) == "OPEN"


@pytest.mark.parametrize("typed", PLAIN)
def test_markup_in_a_note_is_only_text(world, seen, case_id, typed):
    page = step(seen(kasus=case_id), "TRIAGE", typed)

    assert world.value("select note from posko.case_note where status_to = 'TRIAGE'") == typed
    assert "<script>alert" not in texts_of(page)


@pytest.mark.parametrize("address", ["99", "-1", "abc", "1 or 1=1", "9" * 30, "<script>"])
def test_an_address_that_names_no_case_is_a_sentence_or_the_list(world, seen, case_id, address):
    page = seen(kasus=address)

    assert not page.exception
    assert len(said(page)) <= 1


def test_altered_evidence_is_said_in_big_letters(world, seen, case_id):
    world.write("update posko.deviation set evidence = '{} '")

    assert f"<strong>{say('cases.altered')}</strong>" in texts_of(seen(kasus=case_id))


# opening -------------------------------------------------------------------------------------------------------------


def opening(page, title, *rows):
    page = tick(page, "case_rows", *rows)
    fill(page, "text_input", "cases.case_title", title)
    return press_named(page, say("cases.open_on", count=len(rows)))


def press_named(page, label):
    return next(one for one in page.button if one.label == label).click().run()


def test_a_case_is_opened_on_the_chosen_deviations_and_shown(world, seen):
    journey_id = decided(world, "1")
    deviation(world, journey_id, severity="W")
    page = seen()

    page = opening(page, "Penilaian janggal", 0)

    assert not page.exception
    assert said(page, "success") == [say("cases.opened_now", number=1)]
    assert world.ask("select title, severity, opened_by from posko.deviation_case") == [
        ("Penilaian janggal", "W", "BN1")
    ]


@pytest.mark.parametrize("title", NO_REASON)
def test_a_case_needs_a_title(world, seen, title):
    deviation(world, decided(world, "1"))

    page = opening(seen(), title, 0)

    assert len(said(page)) == 1
    assert world.value("select count(*) from posko.deviation_case") == 0


def test_a_deviation_that_a_colleague_took_meanwhile_opens_no_second_case(world, seen):
    found = deviation(world, decided(world, "1"))
    page = seen()
    world.desk("BN2").do(cases.open_case, deviation_ids=[found], title="Lebih dulu")

    page = opening(page, "Terlambat", 0)

    assert len(said(page)) == 1
    assert world.ask("select title from posko.deviation_case") == [("Lebih dulu",)]
