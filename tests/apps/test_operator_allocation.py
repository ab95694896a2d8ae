"""The Konsorsium's pages: Atur Jadwal Ujian (§12.5-12.6, Gambar 6), without a browser on a real database."""

from __future__ import annotations

import datetime as dt

import pytest

from apps.fraud.small_world import EXAM_ON
from apps.operator import session
from posko.domain.roles import Party, Role
from tests.support.operator import NASTY, cookies_of, look, press, said, say, texts_of
from tests.support.preparation import place, registered
from tests.support.tables import tick, values

pytestmark = pytest.mark.server


@pytest.fixture
def seen(seen):
    """Return how the Konsorsium's clerk looks at a page."""
    return lambda path: seen(path, "KO1")


def pick(page, lsp="LSP-1", tuk="TUK-1", asesor="MET.1"):
    page.selectbox(key="schedule_lsp").select(lsp).run()
    page.selectbox(key="schedule_tuk").select(tuk).run()
    return page.selectbox(key="schedule_asesor").select(asesor).run()


def test_two_of_the_list_get_date_lsp_tuk_and_asesor_in_one_save(world, seen):
    registered(world, "9100001", "9100002", "9100003")
    page = tick(seen("jadwal"), "schedule_rows", 0, 2)

    page = press(pick(page), "schedule.save")

    assert not page.exception
    told = say("schedule.saved", count=2, day="09-03-2026", tuk="TUK-1", session=1)
    assert said(page, "success") == [told]
    assert [world.status(f"910000{n}") for n in (1, 2, 3)] == ["ALLOCATED", "REGISTERED", "ALLOCATED"]
    assert values(page, "schedule_rows", "tki_id") == ["9100002"]


def test_the_window_opens_with_the_place_that_the_rule_proposes(world, seen):
    registered(world, "9100001")

    page = tick(seen("jadwal"), "schedule_rows", 0)

    assert page.date_input(key="schedule_day").value == EXAM_ON
    assert [page.selectbox(key=f"schedule_{name}").value for name in ("lsp", "tuk", "asesor")] == [
        "LSP-1",
        "TUK-1",
        None,
    ]


def test_the_lists_depend_on_each_other_and_hold_only_registered_names(world, seen):
    registered(world, "9100001")
    page = tick(seen("jadwal"), "schedule_rows", 0)

    page.selectbox(key="schedule_lsp").select("LSP-2").run()

    assert page.selectbox(key="schedule_tuk").options == ["TUK-3 · TUK 3, Kota 3 · 20 tempat"]
    assert page.selectbox(key="schedule_tuk").value is None
    assert page.selectbox(key="schedule_asesor").options == ["MET.3 · Asesor 3 · 20 tempat"]


def test_a_closed_day_leaves_nothing_to_choose_and_says_so(world, seen):
    registered(world, "9100001")
    world.write("insert into posko.closed_day (closed_on, tuk_code, reason) values ('2026-03-11', '*', 'Nyepi')")
    page = tick(seen("jadwal"), "schedule_rows", 0)

    page.date_input(key="schedule_day").set_value(dt.date(2026, 3, 11)).run()

    assert said(page, "warning") == [say("schedule.no_place", day="11-03-2026")]
    assert page.selectbox(key="schedule_lsp").options == []


@pytest.mark.parametrize(("chosen", "missing"), [({}, "met_no"), ({"lsp": "LSP-2"}, "tuk_code")])
def test_what_is_not_chosen_is_named_and_nothing_is_written(world, seen, chosen, missing):
    registered(world, "9100001")
    page = tick(seen("jadwal"), "schedule_rows", 0)
    for name, code in chosen.items():
        page.selectbox(key=f"schedule_{name}").select(code).run()

    page = press(page, "schedule.save")

    assert said(page) == [say(f"schedule.missing_{missing}")]
    assert world.status("9100001") == "REGISTERED"


def test_another_place_than_the_proposed_one_is_refused_without_a_reason_and_keeps_what_was_chosen(world, seen):
    registered(world, "9100001")
    page = press(pick(tick(seen("jadwal"), "schedule_rows", 0), tuk="TUK-2", asesor="MET.2"), "schedule.save")

    assert "Tulis alasannya" in said(page)[0]
    assert page.selectbox(key="schedule_tuk").value == "TUK-2"
    assert any(caption.value.startswith("Rujukan: ") for caption in page.caption)

    next(field for field in page.text_input if field.label == "Alasan").set_value("TUK-1 direnovasi").run()
    page = press(page, "schedule.save")

    assert said(page, "success")
    assert world.value("select reason from posko.allocation") == "TUK-1 direnovasi"


@pytest.mark.parametrize("typed", NASTY)
def test_a_nasty_reason_is_a_sentence_or_plain_text(world, seen, typed):
    registered(world, "9100001")
    page = pick(tick(seen("jadwal"), "schedule_rows", 0), tuk="TUK-2", asesor="MET.2")
    next(field for field in page.text_input if field.label == "Alasan").set_value(typed).run()

    page = press(page, "schedule.save")

    assert not page.exception
    stored = world.ask("select reason from posko.allocation")
    assert stored == ([(typed,)] if said(page, "success") else [])
    assert len(said(page)) == 1 - len(stored)


def test_a_full_tuk_is_refused_as_a_whole_and_names_the_one_it_is_about(world, seen):
    first, *_ = registered(world, "9100001", "9100002", "9100003")
    page = pick(tick(seen("jadwal"), "schedule_rows", 0, 1, 2))
    world.write("insert into posko.tuk_day values ('TUK-1', :day, 20, 19)", day=EXAM_ON)

    page = press(page, "schedule.save")

    assert "sudah penuh" in said(page)[0]
    assert say("opened.about", tki_id="9100002") in said(page, "warning")
    assert world.value("select count(*) from posko.allocation") == 0
    assert world.value("select status from posko.journey where journey_id = :id", id=first) == "REGISTERED"


def test_who_was_placed_by_somebody_else_meanwhile_is_refused_not_overwritten(world, seen):
    (journey_id,) = registered(world, "9100001")
    page = pick(tick(seen("jadwal"), "schedule_rows", 0))
    place(world, journey_id, tuk_code="TUK-2", met_no="MET.2", reason="lebih dekat")

    page = press(page, "schedule.save")

    assert "sudah punya tempat uji" in said(page)[0]
    assert world.value("select tuk_code from posko.exam_session") == "TUK-2"


def test_the_ticks_stay_with_the_rows_that_were_seen_though_the_list_changed_below(world, seen):
    first, *_ = registered(world, "9100001", "9100002", "9100003")
    page = seen("jadwal")
    place(world, first)

    page = press(pick(tick(page, "schedule_rows", 1)), "schedule.save")

    assert said(page, "success")
    assert [world.status(f"910000{n}") for n in (2, 3)] == ["ALLOCATED", "REGISTERED"]


def test_a_name_with_markup_stays_a_name(world, seen):
    registered(world, "9100001", nama="<img src=x> ![](http://x) **A**")

    page = tick(seen("jadwal"), "schedule_rows", 0)

    assert "&lt;img src=x&gt; ![](http://x) **A**" in texts_of(page)
    assert not any("http://x" in box.value for box in (*page.markdown, *page.caption))


def test_a_proposed_day_that_is_over_opens_the_window_on_tomorrow(world, seen):
    registered(world, "9100001")
    world.at(EXAM_ON + dt.timedelta(days=3))

    page = tick(seen("jadwal"), "schedule_rows", 0)

    assert not page.exception
    assert page.date_input(key="schedule_day").value == EXAM_ON + dt.timedelta(days=4)


@pytest.mark.parametrize("typed", [*NASTY, "%", "x" * 64])
def test_a_nasty_search_is_a_sentence_and_no_fault(world, seen, typed):
    registered(world, "9100001")
    page = seen("jadwal")

    page.text_input(key="jadwal_cari").set_value(typed).run()

    assert not page.exception
    assert len(said(page) + said(page, "info")) == 1
    assert "9100001" not in texts_of(page)


def test_the_last_row_of_the_last_page_leads_back_to_the_first(world, seen):
    registered(world, *(f"91000{n:02d}" for n in range(21)))
    page = seen("jadwal")
    page.session_state["jadwal_halaman"] = 2
    page = tick(page.run(), "schedule_rows", 0)

    page = press(pick(page), "schedule.save")

    assert not page.exception
    assert world.status("9100020") == "ALLOCATED"
    assert len(values(page, "schedule_rows", "tki_id")) == 20


def test_a_super_administrator_chooses_and_saves_only_with_a_reason(world, monkeypatch):
    registered(world, "9100001")
    page = tick(look("jadwal", cookies_of(world, "SA1"), monkeypatch), "schedule_rows", 0)
    assert "wajib disertai alasan" in said(page)[0]
    assert page.selectbox(key="schedule_lsp").disabled

    acting = session.Behalf("Konsorsium tidak dapat masuk", Party(Role.KONSORSIUM), session.signed_in().auth_event)
    page.session_state[session.BEHALF] = acting
    page = press(pick(page.run()), "schedule.save")

    assert said(page, "success")
    assert world.status("9100001") == "ALLOCATED"


# Usulan ---------------------------------------------------------------------------------------------------------------


# Kirim ----------------------------------------------------------------------------------------------------------------
