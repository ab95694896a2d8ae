"""The assessor's sheet and the end of the exam day, as the assessor and the TUK see them (§9.4, §13.7; R-127..R-131)."""

from __future__ import annotations

import pytest

from apps.operator import scoring_correction
from apps.operator.pages import scoring
from tests.support.exam import GOOD, POOR, exam_day, released
from tests.support.operator import cookies_of, look, press, said, say, texts_of
from tests.support.tables import edit
from tests.support.world import UNITS

pytestmark = pytest.mark.server


@pytest.fixture
def finger(world, monkeypatch):
    """Let the assessor put down whatever finger `finger["who"]` says; None: no finger yet."""
    put = {"who": None}

    def asked(_desk, kind, _person_id, purpose):
        return None if put["who"] is None else world.proof(kind, put["who"], purpose, "ST-1")

    monkeypatch.setattr(scoring, "ask_finger", asked)
    monkeypatch.setattr(scoring_correction, "ask_finger", asked)
    return put


def _sheet(world, monkeypatch):
    return look("penilaian", cookies_of(world, "AS1", "ST-1"), monkeypatch)


def test_the_sheet_shows_who_sat_and_saves_each_unit_under_the_finger(world, monkeypatch, finger):
    day = released(world, "100", "101")
    page = _sheet(world, monkeypatch)
    assert say("scoring.nothing") in said(page, "info")

    page = edit(page, "posko_scores", {0: GOOD, 1: POOR})
    assert "**2** peserta, **1** K dan **1** BK" in texts_of(page)
    assert world.value("select count(*) from posko.assessment") == 0
    finger["who"] = "AS1"
    page = page.run()

    assert not page.exception
    assert said(page, "success") == [say("scoring.saved_all", scored=2, left=0)]
    assert world.ask("select tki_id, result from posko.assessment join posko.journey using (journey_id) order by 1") == [
        ("100", "K"), ("101", "BK"),
    ]  # fmt: skip
    assert day.state() in {"SCORED", "CLOSED"}


def test_a_candidate_who_is_filled_in_partly_is_not_saved(world, monkeypatch, finger):
    released(world, "100", "101")
    finger["who"] = "AS1"

    page = edit(_sheet(world, monkeypatch), "posko_scores", {0: GOOD, 1: {UNITS[0]: "K"}})

    assert say("scoring.incomplete", count=1) in said(page, "info")
    assert world.value("select count(*) from posko.assessment") == 0


def test_another_finger_saves_nothing_and_the_sheet_keeps_what_was_typed(world, monkeypatch, finger):
    released(world, "100")
    page = edit(_sheet(world, monkeypatch), "posko_scores", {0: GOOD})
    finger["who"] = "AS2"
    page = page.run()

    assert len(said(page)) == 1
    assert "Rujukan" in texts_of(page)
    assert world.value("select count(*) from posko.assessment") == 0
    finger["who"] = "AS1"
    assert said(page.run(), "success") == [say("scoring.saved_all", scored=1, left=0)]


def test_scores_in_parts_leave_the_others_on_the_sheet(world, monkeypatch, finger):
    released(world, "100", "101")
    page = edit(_sheet(world, monkeypatch), "posko_scores", {1: GOOD})
    finger["who"] = "AS1"

    page = page.run()

    assert said(page, "success") == [say("scoring.saved", scored=1, left=1)]
    assert world.status("100") == "TESTED"
    assert world.status("101") == "ASSESSED"
    assert say("scoring.nothing") in said(page, "info")


def test_a_sheet_that_is_out_of_date_overwrites_nothing(world, monkeypatch, finger):
    day = released(world, "100", "101")
    page = edit(_sheet(world, monkeypatch), "posko_scores", {0: POOR})
    day.score({"100": GOOD})
    finger["who"] = "AS1"

    page = page.run()

    assert len(said(page)) == 1
    assert world.ask("select result from posko.assessment") == [("K",)]


def test_forged_cells_of_the_sheet_are_refused_by_the_service(world, monkeypatch, finger):
    released(world, "100")
    finger["who"] = "AS1"

    page = edit(_sheet(world, monkeypatch), "posko_scores", {0: dict.fromkeys(UNITS, "<script>")})

    assert not page.exception
    assert len(said(page)) == 1
    assert world.value("select count(*) from posko.assessment") == 0


def test_a_correction_needs_a_reason_and_a_finger_and_keeps_the_old_scores(world, monkeypatch, finger):
    day = released(world, "100", "101")
    day.score({"100": GOOD})
    finger["who"] = "AS1"
    page = _sheet(world, monkeypatch)
    next(one for one in page.radio if one.label.startswith(UNITS[1])).set_value("BK")
    page = page.run()
    assert say("scoring.reason_missing") in said(page, "info")

    field = next(one for one in page.text_input if one.label == say("scoring.reason"))
    page = field.set_value("Salah baca lembar").run()

    assert said(page, "success") == [say("scoring.corrected", tki_id="100", version=2, result="BK")]
    assert world.ask("select version, result, reason from posko.assessment order by 1") == [
        (1, "K", None), (2, "BK", "Salah baca lembar"),
    ]  # fmt: skip


@pytest.mark.parametrize("typed", ["x\x00y", "3603054105830001", "   ", "\u202eterbalik"])
def test_a_bad_reason_corrects_nothing(world, monkeypatch, finger, typed):
    day = released(world, "100", "101")
    day.score({"100": GOOD})
    finger["who"] = "AS1"
    page = _sheet(world, monkeypatch)
    next(one for one in page.radio if one.label.startswith(UNITS[1])).set_value("BK")

    field = next(one for one in page.text_input if one.label == say("scoring.reason"))
    page = field.set_value(typed).run()

    assert not page.exception
    assert len(said(page)) + said(page, "info").count(say("scoring.reason_missing")) == 1
    assert world.value("select max(version) from posko.assessment") == 1


def test_names_are_shown_as_they_are_and_never_as_markup(world, monkeypatch):
    day = released(world, "100")
    world.write("update posko.candidate set full_name = '<script>alert(1)</script>'")
    day.score({"100": GOOD})

    assert "<script>alert" not in texts_of(_sheet(world, monkeypatch))


def test_without_a_released_session_there_is_nothing_to_score(world, monkeypatch):
    exam_day(world, "100")

    assert said(_sheet(world, monkeypatch), "info") == [say("scoring.none")]


def test_the_tuk_ends_the_test_and_releases_the_scoring(world, monkeypatch):
    day = exam_day(world, "100", "101")
    day.open()
    day.scan("100")
    day.verify()
    page = look("sesi", cookies_of(world, "TU1"), monkeypatch)
    assert say("session.end_help", present=1, waiting=1) in said(page, "warning")
    assert "100" in texts_of(page)
    assert next(one for one in page.button if one.label == say("session.end")).disabled

    page = press(page.checkbox[0].check().run(), "session.end")
    assert said(page, "success") == [say("session.ended", number=day.session_id, tested=1, absent=1)]
    page = press(page, "session.release")

    assert said(page, "success") == [say("session.released", number=day.session_id)]
    assert day.state() == "SCORING_OPEN"


def test_without_a_verified_assessor_the_test_does_not_end(world, monkeypatch):
    day = exam_day(world, "100")
    day.open()
    day.scan("100")
    page = look("sesi", cookies_of(world, "TU1"), monkeypatch)

    page = press(page.checkbox[0].check().run(), "session.end")

    assert len(said(page)) == 1
    assert day.state() == "OPEN"


@pytest.mark.parametrize("typed", ["TUK-9", "<script>", "' or 1=1 --", "x\x00"])
def test_a_code_that_is_no_tuk_is_a_sentence(world, monkeypatch, typed):
    page = look("sesi", cookies_of(world, "SA1"), monkeypatch)

    field = next(one for one in page.text_input if one.label == say("session.tuk"))
    page = field.set_value(typed).run()

    assert not page.exception
    assert len(said(page)) == 1
