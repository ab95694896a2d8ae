"""Scorecards on the page of the meeting, and deviations on the watch of BNSP (§5.2, §14.2; R-003, R-020, R-162)."""

from __future__ import annotations

import datetime as dt

import pytest

from posko.services import cases, evaluation
from tests.services.test_scorecards import busy, closed
from tests.services.test_screen_monitoring_deviations import TODAY, silent
from tests.support.decided import EVALUATED_ON, TESTED_ON, decided, deviation
from tests.support.operator import cookies_of, field, look, press, said, say, tab, texts_of

pytestmark = pytest.mark.server


def _page(world, monkeypatch, path, who="BN1", **query):
    page = look(path, cookies_of(world, who), monkeypatch, **query)
    assert not page.exception
    return page


def _cards(world, monkeypatch, who="BN1", kind="lsp"):
    page = tab(_page(world, monkeypatch, "rapat", who), "evaluation_tabs", "evaluation.tab_cards")
    page.session_state["kartu_pihak"] = kind
    page = page.run()
    assert not page.exception
    return page


def _open(world):
    busy(world)
    world.at(EVALUATED_ON)
    return world.desk("BN1").do(evaluation.open_meeting, held_on=EVALUATED_ON, place="Jakarta")


def _choose(page, key, value):
    page = field(page, key, "selectbox").set_value(value).run()
    assert not page.exception
    return page


def test_a_meeting_shows_the_cards_of_every_kind_and_the_list_behind_each_figure(world, monkeypatch):
    _open(world)

    page = _cards(world, monkeypatch)
    shown = texts_of(page)
    for expected in (
        "LSP-1 · LSP 1",
        "60,0 %",
        "66,7 %",
        "LSP-2 · LSP 2",
        say("scorecards.lead_help_lsp"),
        "17-12-2025",
        "16-03-2026",
    ):
        assert expected in shown, expected
    assert say("scorecards.frozen", sha256="").strip() not in shown
    figures = field(page, "scorecards.figure", "selectbox").options
    assert f"{say('scorecards.tested')}: 5" in figures
    assert f"{say('scorecards.cases_open')}: 1" in figures
    assert "NURUL KOMARIAH" in shown

    page = _choose(page, "scorecards.figure", "happened")
    assert "DV-S06" in texts_of(page)
    page = _choose(page, "scorecards.rule", "DV-N05")
    (listed,) = [one.proto.body for one in page.get("html") if say("scorecards.about_what") in one.proto.body]
    assert ("DV-N05" in listed, "DV-S06" in listed) == (True, False)
    page = _choose(page, "scorecards.figure", "cases_open")
    assert "Sesi pendek" in texts_of(page)
    assert "/kasus?kasus=" in texts_of(page)
    for figure in ("passed", "retakes", "sessions", "silent_days", "held", "prevented", "gone", "cases_closed"):
        assert not _choose(page, "scorecards.figure", figure).exception


def test_an_assessor_has_no_silent_days_and_the_address_says_which_kind_is_shown(world, monkeypatch):
    _open(world)

    page = _cards(world, monkeypatch, kind="asesor")

    assert "MET.3 · Asesor 3" in texts_of(page)
    assert page.query_params["kartu_pihak"] in ("asesor", ["asesor"])
    figures = field(page, "scorecards.figure", "selectbox").options
    assert not [one for one in figures if one.startswith(say("scorecards.silent_days"))]
    again = _page(world, monkeypatch, "rapat", kartu_pihak="tuk")
    assert "TUK-2 · TUK 2" in texts_of(again)


def test_cards_of_closed_minutes_are_the_frozen_ones_with_their_hash(world, monkeypatch):
    meeting_id = closed(world)
    told = world.value(
        "select json_value(evidence, '$.scorecards_sha256') from posko.evaluation_meeting where meeting_id = :id",
        id=meeting_id,
    )

    page = _cards(world, monkeypatch, "AU1")

    assert say("scorecards.frozen", sha256=told) in texts_of(page)
    page = tab(page, "evaluation_tabs", "evaluation.tab_minutes")
    assert say("evaluation.signed") in texts_of(page)


def test_an_lsp_sees_its_own_cards_only(world, monkeypatch):
    _open(world)

    shown = texts_of(_cards(world, monkeypatch, "LS1")) + texts_of(_cards(world, monkeypatch, "LS1", "asesor"))

    assert "LSP-1 · LSP 1" in shown
    assert "MET.1" in shown
    assert "LSP-2" not in shown
    assert "MET.3" not in shown


def test_the_evidence_lists_open_cases_and_held_results_with_the_way_to_them(world, monkeypatch):
    journey_id = decided(world, "100")
    found = deviation(world, journey_id)
    world.at(EVALUATED_ON)
    case_id = world.desk("BN1").do(cases.open_case, deviation_ids=[found], title="Putusan")
    world.desk("BN1").do(evaluation.open_meeting, held_on=EVALUATED_ON, place="Jakarta")

    shown = texts_of(_page(world, monkeypatch, "rapat"))

    assert f"/kasus?kasus={case_id}" in shown
    assert f"kasus penyimpangan nomor {case_id} belum ditutup" in shown


def test_the_days_of_the_cards_are_chosen_when_a_meeting_opens(world, monkeypatch):
    busy(world)
    world.at(EVALUATED_ON)
    page = _page(world, monkeypatch, "rapat")
    field(page, "evaluation.place").set_value("Jakarta")
    field(page, "evaluation.cards_since", "date_input").set_value(EVALUATED_ON + dt.timedelta(days=1))
    page = press(page, "evaluation.open")
    assert len(said(page)) == 1

    field(page, "evaluation.cards_since", "date_input").set_value(TESTED_ON)
    page = press(page, "evaluation.open")

    assert not said(page)
    assert world.value("select max(cards_since) from posko.evaluation_meeting") == TESTED_ON


def test_the_watch_shows_deviations_since_yesterday_cases_by_clock_and_silent_tuk(world, monkeypatch):
    world.at(TODAY)
    journey_id = decided(world, "9000001")
    found = deviation(world, journey_id, tki_id="9000001", occurred_at="2026-03-12")
    deviation(
        world, None, rule="DV-S06", severity="W", occurred_at="2026-03-01", subject_kind="tuk", subject_code="LAMA"
    )
    world.desk("BN1").do(cases.open_case, deviation_ids=[found], title="Putusan")
    silent(world, "sesi:1", code="TUK-2")
    world.at(TODAY, 10)
    world.write("update posko.deviation set occurred_at = '2026-03-11 20:00' where rule_id = 'DV-S08'")

    page = _page(world, monkeypatch, "pantauan")
    page = tab(page, "monitoring_tabs", "monitoring.tab_deviations")
    shown = texts_of(page)

    for expected in (
        "9000001",
        "DV-N05",
        "DV-S08",
        "TUK-2",
        "TUK 2",
        "/kasus?kasus_status=ACTIVE",
        say("monitoring.since", day="11-03-2026"),
    ):
        assert expected in shown, expected
    assert "LAMA" not in shown
    page = _choose(page, "monitoring.rule", "DV-S08")
    assert "9000001" not in texts_of(page)
    link = _page(world, monkeypatch, "pantauan", **{"pantauan-penyimpangan_rule_id": "DV-N05"})
    assert "9000001" in texts_of(link)


def test_a_quiet_watch_says_so(world, monkeypatch):
    page = tab(_page(world, monkeypatch, "pantauan"), "monitoring_tabs", "monitoring.tab_deviations")

    assert {say("monitoring.no_deviations"), say("monitoring.no_silent")} <= set(said(page, "info"))
