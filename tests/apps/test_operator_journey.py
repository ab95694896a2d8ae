"""One TKI's way as a page: each step with who, where and which proof, refused attempts too, and the state at an earlier time (F35)."""

from __future__ import annotations

import pytest

from posko.domain.errors import Refused
from tests.support.exam import exam_day
from tests.support.operator import cookies_of, look, press, say, texts_of

pytestmark = pytest.mark.server
TKI = "T1"


@pytest.fixture
def day(world):
    made = exam_day(world, TKI, "T2")
    made.open()
    made.scan(TKI)
    with pytest.raises(Refused):
        made.scan(TKI)
    return made


@pytest.fixture
def page(world, day, monkeypatch):
    return look("perjalanan", cookies_of(world, "AU1"), monkeypatch)


def ask(page, tki_id, at=""):
    page.text_input(key="tki").set_value(tki_id)
    page.text_input(key="pada").set_value(at)
    press(page, "journey.go")
    assert not page.exception
    return texts_of(page)


def test_each_step_names_who_where_and_the_proof(world, page):
    shown = ask(page, TKI)

    proof = world.value("select proof_id from posko.attendance")
    assert "<b>HADIR</b>" in shown
    assert f"{say('journey.proof')} {proof}" in shown
    assert "Administrator TUK · TU1" in shown
    assert say("journey.refused", code="ATTENDANCE_RECORDED") in shown
    assert 'class="refused"' in shown


def test_before_it_began_there_was_nothing(page):
    ask(page, TKI, "2026-01-01T08:00")

    assert [said.value for said in page.warning] == [say("journey.not_begun")]


@pytest.mark.parametrize("at", ["kemarin", "2026-13-01T08:00", "9999-12-31T23:59:59", "<b>"])
def test_a_time_that_is_none_is_a_sentence(page, at):
    shown = ask(page, TKI, at)

    assert len(page.error) + len(page.warning) + shown.count("posko-way") >= 1


def test_an_unknown_tki_has_no_way(page):
    ask(page, "TIDAK-ADA")

    assert [said.value for said in page.warning] == [say("journey.unknown")]
