"""The surveillance on its page: BNSP draws, records and reveals, the auditor reads (§4.2; R-190), without a browser."""

from __future__ import annotations

import datetime as dt

import pytest

from apps.fraud.small_world import START
from apps.operator import parts
from posko.services import surveillance
from tests.support.operator import NASTY, cookies_of, field, labels, look, press, said, say, tab, texts_of

pytestmark = pytest.mark.server
NEXT = START.date() + dt.timedelta(days=7)
DRAW = say("surveillance.draw", week=parts.shown(NEXT))


@pytest.fixture
def page_of(world, monkeypatch):
    for number in range(1, 7):
        world.write(
            "insert into posko.exam_session (session_id, tuk_code, lsp_code, scheme_code, exam_on, slot, met_no, status, made_at,"
            f" made_by) values ({number}, 'TUK-1', 'LSP-1', 'TLRT', '{NEXT}', {number}, 'MET.1', 'PLANNED', '2026-03-01', 'KO1')"
        )

    def show(who="BN1", **query):
        page = look("surveilans", cookies_of(world, who), monkeypatch, **query)
        assert not page.exception
        return page

    return show


def few(world):
    world.write(
        "insert into posko.parameter values ('surveillance_visits', '2026-01-01', '2', 'uji', 'BN1', 'SA1', '2026-01-01')"
    )


def push(page, label):
    return next(button for button in page.button if button.label == label).click().run()


def record(page, session, outcome, note, rule=None):
    field(page, "surveillance.which", "selectbox").set_value(session)
    page.selectbox[-2].set_value(outcome)
    page.selectbox[-1].set_value(rule)
    field(page, "surveillance.what_seen", "text_area").set_value(note)
    return press(page, "surveillance.save")


def test_bnsp_draws_the_next_week_and_sees_whom_to_visit_and_why(world, page_of):
    few(world)
    page = page_of()
    assert say("surveillance.none_drawn") in said(page, "info")

    page = push(page, DRAW)

    assert say("surveillance.drawn", week=parts.shown(NEXT), picked="2", sessions="6") in said(page, "success")
    assert say("surveillance.seed_kept") in texts_of(tab(page_of(), "surveillance_tabs", "surveillance.tab_weeks"))
    assert DRAW not in labels(page)
    shown = texts_of(page)
    picked = [number for (number,) in world.ask("select session_id from posko.surveillance_frame where is_picked = 1")]
    assert all(f">{number}<" in shown for number in picked)
    assert "33,3 %" in shown
    assert "dasar 100, lama tidak dikunjungi 130" in shown


def test_visits_are_recorded_and_then_the_seed_is_revealed(world, page_of):
    few(world)
    page = push(page_of(), DRAW)
    first, second = (
        number for (number,) in world.ask("select session_id from posko.surveillance_frame where is_picked = 1")
    )
    page = record(page, first, "CONFORMS", "Sesuai")
    assert "baru diuji" in said(page)[0]
    world.at(NEXT, 15)
    page = page_of()

    page = record(page, first, "DEVIATES", "Nilai ditulis sebelum praktik")
    assert "wajib menyebut satu aturan" in said(page)[0]
    page = record(page, first, "DEVIATES", "Nilai ditulis sebelum praktik", "DV-N03")
    assert say("surveillance.saved_deviation", session=first, deviation=1) in said(page, "success")
    page = record(page, second, "CONFORMS", "Sesuai")

    assert say("surveillance.saved", session=second) in said(page, "success")
    page = tab(page_of(), "surveillance_tabs", "surveillance.tab_weeks")
    page = push(page, say("surveillance.reveal", week=parts.shown(NEXT)))
    assert said(page, "success") == [say("surveillance.revealed", week=parts.shown(NEXT))]
    (seed,) = world.ask("select lower(hex(seed)) from posko.surveillance_reveal")
    assert seed[0] in texts_of(tab(page_of(), "surveillance_tabs", "surveillance.tab_weeks"))


@pytest.mark.parametrize("note", [*NASTY[:2], "", "   "])
def test_a_note_that_cannot_be_kept_is_refused_in_a_sentence(world, page_of, note):
    few(world)
    push(page_of(), DRAW)
    world.at(NEXT, 15)
    number = world.value("select min(session_id) from posko.surveillance_frame where is_picked = 1")

    page = record(page_of(), number, "CONFORMS", note)

    assert len(said(page)) == 1
    assert world.value("select count(*) from posko.surveillance_visit") == 0


def test_coverage_names_each_licensed_tuk(world, page_of):
    page = tab(page_of("AU1"), "surveillance_tabs", "surveillance.tab_coverage")

    shown = texts_of(page)
    assert all(code in shown for code in ("TUK-1", "TUK-2", "TUK-3"))
    assert say("surveillance.EMPTY") in shown


def test_the_auditor_reads_and_draws_nothing(world, page_of):
    world.desk("BN1").do(surveillance.draw, week=NEXT)

    page = page_of("AU1")

    assert say("surveillance.read_only") in texts_of(page)
    assert not {DRAW, say("surveillance.save")} & set(labels(page))
    assert "TUK-1" in texts_of(page)
