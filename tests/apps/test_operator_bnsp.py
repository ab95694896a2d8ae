"""The pages of BNSP: watch, balance, evaluation meeting (§12.7-12.9, §14.1-14.2; R-101..R-105, R-161..R-163)."""

from __future__ import annotations

import pytest

from apps.operator import messages
from posko.services import evaluation
from tests.support.decided import EVALUATED_ON, decided, evaluate
from tests.support.exam import exam_day
from tests.support.fingers import Hands
from tests.support.operator import cookies_of, look, press, screens_of, texts_of
from tests.support.preparation import returned
from tests.support.world import World

pytestmark = pytest.mark.server


def say(key, **values):
    return messages.say("id", key, **values)


def said(page, kind="error"):
    return [box.value for box in getattr(page, kind)]


@pytest.fixture
def world(clean_posko, settings):
    made = World(clean_posko, settings)
    made.fill()
    made.screens = screens_of(made, Hands(made))
    yield made
    made.close()


def _page(world, monkeypatch, path, who="BN1"):
    page = look(path, cookies_of(world, who), monkeypatch)
    assert not page.exception
    return page


def _field(page, label, kind="text_input"):
    return next(one for one in getattr(page, kind) if one.label == label)


def test_the_watch_shows_sessions_stages_and_gates(world, monkeypatch):
    exam_day(world, "100", "101").open()

    shown = texts_of(_page(world, monkeypatch, "pantauan"))

    assert "TUK-1 · TUK 1" in shown
    assert "DIBUKA" in shown
    assert say("monitoring.never") in shown
    assert say("monitoring.stage_attend") in shown
    assert "posko_model.fct_tki_eligible" in shown
    assert "NAMA" not in shown


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
    _field(page, say("evaluation.place")).set_value("Jakarta")
    page = press(page, "evaluation.open")
    number = world.value("select max(meeting_id) from posko.evaluation_meeting")
    assert said(page, "success") == [say("evaluation.opened", number=number)]
    assert "66,7 %" in texts_of(page)
    assert say("evaluation.few") in texts_of(page)

    _field(page, say("evaluation.reason")).set_value("Foto belum jelas")
    page = press(page, "evaluation.hold")
    _field(page, say("evaluation.present"), "multiselect").set_value(["BN1", "LS1"])
    page = press(page, "evaluation.note_people")
    assert said(page, "success") == [say("evaluation.noted", organisations="BNSP, LSP:LSP-1")]
    _field(page, say("evaluation.comment"), "text_area").set_value("Semua dibahas")
    page = press(page, "evaluation.comment_send")
    _field(page, say("evaluation.minutes"), "text_area").set_value("Rapat selesai.")
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
    page = _page(world, monkeypatch, "rapat")
    _field(page, say("evaluation.minutes"), "text_area").set_value("Rapat selesai.")

    page = press(page, "evaluation.close")

    assert len(said(page)) == 1
    assert _field(page, say("evaluation.minutes"), "text_area").value == "Rapat selesai."
    assert world.value("select state from posko.evaluation_meeting") == "OPEN"


@pytest.mark.parametrize("typed", ["", "   ", "x\x00", "3603054105830001", "a\u202eb"])
@pytest.mark.parametrize("field", ["place", "reason"])
def test_bad_texts_are_a_sentence_and_write_nothing(world, monkeypatch, field, typed):
    decided(world, "100")
    world.at(EVALUATED_ON)
    if field == "reason":
        world.desk("BN1").do(evaluation.open_meeting, held_on=EVALUATED_ON, place="Jakarta")
    page = _page(world, monkeypatch, "rapat")
    _field(page, say(f"evaluation.{field}")).set_value(typed)

    page = press(page, "evaluation.open" if field == "place" else "evaluation.hold")

    assert not page.exception
    assert len(said(page)) == 1
    assert world.value("select count(*) from posko.evaluation_meeting where place <> 'Jakarta'") == 0
    assert world.value("select count(*) from posko.meeting_item where finding = 'HOLD'") == 0


@pytest.mark.parametrize("typed", ["<script>", "' or 1=1 --", "x\x00"])
def test_a_search_for_nonsense_among_the_results_is_a_sentence(world, monkeypatch, typed):
    decided(world, "100")
    world.at(EVALUATED_ON)
    world.desk("BN1").do(evaluation.open_meeting, held_on=EVALUATED_ON, place="Jakarta")
    page = _page(world, monkeypatch, "rapat")

    page = _field(page, say("evaluation.search")).set_value(typed).run()

    assert not page.exception
    assert len(said(page)) + said(page, "info").count(say("listing.nothing_matches")) == 1


def test_an_lsp_sees_its_own_results_and_comments_and_decides_nothing(world, monkeypatch):
    decided(world, "100", name="MILIK SATU")
    decided(world, "200", lsp="LSP-2", tuk="TUK-3", met="MET.3", name="MILIK DUA")
    world.at(EVALUATED_ON)
    world.desk("BN1").do(evaluation.open_meeting, held_on=EVALUATED_ON, place="Jakarta")

    page = _page(world, monkeypatch, "rapat", "LS1")

    shown = texts_of(page)
    assert "MILIK SATU" in shown
    assert "MILIK DUA" not in shown
    assert "MET.3" not in shown
    assert [button.label for button in page.button if button.label == say("evaluation.hold")] == []
    _field(page, say("evaluation.comment"), "text_area").set_value("Setuju <b>")
    page = press(page, "evaluation.comment_send")
    assert world.ask("select lsp_code, comment from posko.meeting_comment") == [("LSP-1", "Setuju <b>")]
    assert "Setuju <b>" not in texts_of(page)


def test_a_closed_meeting_can_only_be_read_and_published(world, monkeypatch):
    decided(world, "100")
    evaluate(world)

    page = _page(world, monkeypatch, "rapat", "AU1")

    labels = {button.label for button in page.button}
    assert not labels & {say(f"evaluation.{name}") for name in ("hold", "close", "publish", "note_people")}
