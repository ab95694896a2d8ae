"""The pages of BNSP: watch, balance, evaluation meeting (§12.7-12.9, §14.1-14.2; R-101..R-105, R-161..R-163)."""

from __future__ import annotations

import pytest

from apps.operator import fresh
from posko.services import evaluation
from tests.support.decided import EVALUATED_ON, decided, evaluate
from tests.support.exam import exam_day
from tests.support.operator import NO_REASON, cookies_of, field, look, press, said, say, tab, texts_of
from tests.support.preparation import returned

pytestmark = pytest.mark.server


def _page(world, monkeypatch, path, who="BN1"):
    page = look(path, cookies_of(world, who), monkeypatch)
    assert not page.exception
    return page


def test_the_watch_shows_sessions_stages_and_gates(world, monkeypatch):
    exam_day(world, "100", "101").open()

    page = _page(world, monkeypatch, "pantauan")
    sessions = texts_of(page)
    stages = texts_of(tab(page, "monitoring_tabs", "monitoring.tab_stages"))
    data = texts_of(tab(page, "monitoring_tabs", "monitoring.tab_data"))

    assert "TUK-1 · TUK 1" in sessions
    assert "DIBUKA" in sessions
    assert say("monitoring.stage_attend") in stages
    assert say("monitoring.never") in data
    assert "posko_model.fct_tki_eligible" in data
    assert "NAMA" not in sessions + stages + data


def test_of_the_watch_only_the_open_tab_is_read_and_a_link_opens_its_own(world, monkeypatch):
    exam_day(world, "100").open()
    read = "select count(*) from posko_audit.audit_event where action = 'monitoring.{}'"

    _page(world, monkeypatch, "pantauan")
    assert [world.value(read.format(what)) for what in ("sessions", "stations", "stages", "gates")] == [1, 0, 0, 0]

    page = look("pantauan", cookies_of(world, "BN1"), monkeypatch, **{"pantauan-stasiun_cari": "ST-1"})
    assert say("monitoring.stations_help") in texts_of(page)
    assert [world.value(read.format(what)) for what in ("sessions", "stations", "stages", "gates")] == [1, 1, 0, 0]


def test_the_backlog_is_read_once_a_minute(world, monkeypatch):
    page = tab(_page(world, monkeypatch, "pantauan"), "monitoring_tabs", "monitoring.tab_stages")
    read = "select count(*) from posko_audit.audit_event where action = 'monitoring.stages'"

    page.run()
    assert world.value(read) == 1

    monkeypatch.setattr(fresh, "SECONDS", 0)
    page.run()
    assert world.value(read) == 2


def test_the_watch_of_another_day_is_empty_with_a_sentence(world, monkeypatch):
    exam_day(world, "100").open()
    page = _page(world, monkeypatch, "pantauan")

    page = page.date_input(key="pantauan-sesi_hari").set_value(EVALUATED_ON).run()

    assert say("listing.nothing_matches") in said(page, "info")


def test_a_batch_is_checked_and_forwarded_in_two_clicks(world, monkeypatch):
    returned(world, "100", "101")
    page = _page(world, monkeypatch, "keseimbangan")
    assert say("balance.SENT") in texts_of(page)

    page = press(page, "balance.check")
    assert said(page, "success")[0] == say("balance.complete")
    page = press(page, "balance.release")

    assert said(page, "success")[0] == say("balance.released", count=2)
    assert say("balance.not_acknowledged") in texts_of(page)
    assert {world.status("100"), world.status("101")} == {"DISTRIBUTED"}


def test_an_incomplete_batch_says_what_is_missing_and_cannot_be_forwarded(world, monkeypatch):
    returned(world, "100", "101")
    world.write("update posko.journey set status = 'REGISTERED' where tki_id = '100'")
    page = _page(world, monkeypatch, "keseimbangan")

    page = press(page, "balance.check")

    assert len(said(page)) >= 1
    assert say("balance.release") not in [button.label for button in page.button]
    assert world.value("select count(*) from posko.distribution") == 0


def test_the_auditor_reads_the_balance_and_has_no_button(world, monkeypatch):
    returned(world, "100")

    page = _page(world, monkeypatch, "keseimbangan", "AU1")

    assert said(page, "info") == [say("balance.read_only")]
    assert say("balance.check") not in [button.label for button in page.button]


def test_a_meeting_goes_from_opening_to_publication(world, monkeypatch):
    for number in range(3):
        decided(world, f"10{number}", result="K" if number else "BK")
    world.at(EVALUATED_ON)
    page = _page(world, monkeypatch, "rapat")
    field(page, "evaluation.place").set_value("Jakarta")
    page = press(page, "evaluation.open")
    number = world.value("select max(meeting_id) from posko.evaluation_meeting")
    assert said(page, "success") == [say("evaluation.opened", number=number)]
    assert "66,7 %" in texts_of(page)
    assert say("evaluation.few") in texts_of(page)

    page = tab(page, "evaluation_tabs", "evaluation.tab_results")
    field(page, "evaluation.reason").set_value("Foto belum jelas")
    page = press(page, "evaluation.hold")
    page = tab(page, "evaluation_tabs", "evaluation.tab_people")
    field(page, "evaluation.present", "multiselect").set_value(["BN1", "LS1"])
    page = press(page, "evaluation.note_people")
    assert said(page, "success") == [say("evaluation.noted", organisations="BNSP, LSP:LSP-1")]
    page = tab(page, "evaluation_tabs", "evaluation.tab_comments")
    field(page, "evaluation.comment", "text_area").set_value("Semua dibahas")
    page = press(page, "evaluation.comment_send")
    page = tab(page, "evaluation_tabs", "evaluation.tab_minutes")
    field(page, "evaluation.minutes", "text_area").set_value("Rapat selesai.")
    page = press(page, "evaluation.close")
    assert "2 dapat ditayangkan, 1 ditahan" in said(page, "success")[0]
    page = press(page, "evaluation.publish")

    assert not page.exception
    assert say("evaluation.published_now", published=2) in said(page, "success")
    assert world.value("select count(*) from posko.publication") == 2
    assert world.value("select count(*) from posko.journey where status = 'ON_HOLD'") == 1


def test_minutes_without_those_who_must_be_there_stay_open_and_keep_what_was_typed(world, monkeypatch):
    decided(world, "100")
    world.at(EVALUATED_ON)
    world.desk("BN1").do(evaluation.open_meeting, held_on=EVALUATED_ON, place="Jakarta")
    page = tab(_page(world, monkeypatch, "rapat"), "evaluation_tabs", "evaluation.tab_minutes")
    field(page, "evaluation.minutes", "text_area").set_value("Rapat selesai.")

    page = press(page, "evaluation.close")

    assert len(said(page)) == 1
    assert field(page, "evaluation.minutes", "text_area").value == "Rapat selesai."
    assert world.value("select state from posko.evaluation_meeting") == "OPEN"


@pytest.mark.parametrize("typed", NO_REASON)
@pytest.mark.parametrize("name", ["place", "reason"])
def test_bad_texts_are_a_sentence_and_write_nothing(world, monkeypatch, name, typed):
    decided(world, "100")
    world.at(EVALUATED_ON)
    if name == "reason":
        world.desk("BN1").do(evaluation.open_meeting, held_on=EVALUATED_ON, place="Jakarta")
    page = _page(world, monkeypatch, "rapat")
    if name == "reason":
        page = tab(page, "evaluation_tabs", "evaluation.tab_results")
    field(page, f"evaluation.{name}").set_value(typed)

    page = press(page, "evaluation.open" if name == "place" else "evaluation.hold")

    assert not page.exception
    assert len(said(page)) == 1
    assert world.value("select count(*) from posko.evaluation_meeting where place <> 'Jakarta'") == 0
    assert world.value("select count(*) from posko.meeting_item where finding = 'HOLD'") == 0


@pytest.mark.parametrize("typed", ["<script>", "' or 1=1 --", "x\x00"])
def test_a_search_for_nonsense_among_the_results_is_a_sentence(world, monkeypatch, typed):
    decided(world, "100")
    world.at(EVALUATED_ON)
    world.desk("BN1").do(evaluation.open_meeting, held_on=EVALUATED_ON, place="Jakarta")
    page = tab(_page(world, monkeypatch, "rapat"), "evaluation_tabs", "evaluation.tab_results")

    page = field(page, "evaluation.search").set_value(typed).run()

    assert not page.exception
    assert len(said(page)) + said(page, "info").count(say("listing.nothing_matches")) == 1


def test_an_lsp_sees_its_own_results_and_comments_and_decides_nothing(world, monkeypatch):
    decided(world, "100", name="MILIK SATU")
    decided(world, "200", lsp="LSP-2", tuk="TUK-3", met="MET.3", name="MILIK DUA")
    world.at(EVALUATED_ON)
    world.desk("BN1").do(evaluation.open_meeting, held_on=EVALUATED_ON, place="Jakarta")

    page = _page(world, monkeypatch, "rapat", "LS1")

    shown = texts_of(page)
    page = tab(page, "evaluation_tabs", "evaluation.tab_results")
    shown += texts_of(page)
    assert "MILIK SATU" in shown
    assert "MILIK DUA" not in shown
    assert "MET.3" not in shown
    assert [button.label for button in page.button if button.label == say("evaluation.hold")] == []
    page = tab(page, "evaluation_tabs", "evaluation.tab_comments")
    field(page, "evaluation.comment", "text_area").set_value("Setuju <b>")
    page = press(page, "evaluation.comment_send")
    assert world.ask("select lsp_code, comment from posko.meeting_comment") == [("LSP-1", "Setuju <b>")]
    assert "Setuju <b>" not in texts_of(page)


def test_what_was_typed_into_the_minutes_outlives_a_look_at_the_evidence(world, monkeypatch):
    decided(world, "100")
    world.at(EVALUATED_ON)
    world.desk("BN1").do(evaluation.open_meeting, held_on=EVALUATED_ON, place="Jakarta")
    page = tab(_page(world, monkeypatch, "rapat"), "evaluation_tabs", "evaluation.tab_minutes")
    page = field(page, "evaluation.minutes", "text_area").set_value("Rapat dibuka.").run()

    page = tab(page, "evaluation_tabs", "evaluation.tab_evidence")
    assert say("evaluation.per_lsp") in texts_of(page)
    page = tab(page, "evaluation_tabs", "evaluation.tab_minutes")

    assert field(page, "evaluation.minutes", "text_area").value == "Rapat dibuka."


def test_a_closed_meeting_can_only_be_read_and_published(world, monkeypatch):
    decided(world, "100")
    evaluate(world)

    page = _page(world, monkeypatch, "rapat", "AU1")

    labels = {button.label for button in page.button}
    for name in ("results", "people", "comments", "minutes"):
        labels |= {button.label for button in tab(page, "evaluation_tabs", f"evaluation.tab_{name}").button}
    assert not labels & {say(f"evaluation.{name}") for name in ("hold", "close", "publish", "note_people")}
