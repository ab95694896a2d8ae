"""The pages Kapasitas TUK and Belum teralokasi, and the change history of one TKI, without a browser on a real database (§12.5-12.8)."""

from __future__ import annotations

import datetime as dt

import pytest

from posko.services import registration, screen_unallocated
from tests.support.operator import NASTY, press, said, say, texts_of
from tests.support.preparation import place, registered

pytestmark = pytest.mark.server


@pytest.fixture
def seen(seen):
    """Return how one of the staff looks at a page, first of all the Konsorsium's clerk."""
    return lambda path, who="KO1", **asked: seen(path, who, **asked)


# capacity -------------------------------------------------------------------------------------------------------------


def test_the_month_of_now_shows_every_tuk_with_what_is_left_of_each_day(world, seen):
    for journey_id in registered(world, "100", "101"):
        place(world, journey_id)

    shown = texts_of(seen("kapasitas"))

    told = say("capacity.day", tuk="TUK-1", day="09-03-2026", seats=20, placed=2, left=18)
    assert f'aria-label="{told}">18</a>' in shown
    assert "2/620 terisi" in shown
    assert shown.count('<th scope="row">') == 3


def test_a_day_over_the_norm_is_marked_in_words_and_in_the_cell(world, seen):
    for journey_id in registered(world, "100", "101"):
        place(world, journey_id)
    world.write("update posko.tuk set capacity_per_day = 1 where tuk_code = 'TUK-1'")

    shown = texts_of(seen("kapasitas"))

    assert '<td class="over">' in shown
    assert ">+1</a>" in shown
    assert say("capacity.over") in shown


def test_behind_a_day_stand_its_sessions(world, seen):
    for journey_id in registered(world, "100"):
        place(world, journey_id)

    page = seen("kapasitas", tuk="TUK-1", hari="2026-03-09")

    assert say("capacity.day_of", tuk="TUK-1", day="09-03-2026") in texts_of(page)
    assert "MET.1 · Asesor 1" in texts_of(page)
    page = press(page, "capacity.close")
    assert "MET.1 · Asesor 1" not in texts_of(page)


@pytest.mark.parametrize("typed", [*NASTY, "x" * 65])
def test_an_address_that_names_no_tuk_or_day_is_a_sentence_and_is_not_shown(world, seen, typed):
    for asked in ({"tuk": typed, "hari": "2026-03-09"}, {"tuk": "TUK-1", "hari": typed}, {"kapasitas_bulan": typed}):
        page = seen("kapasitas", **asked)

        assert not page.exception
        assert said(page) or said(page, "warning")
        assert "<script>alert" not in texts_of(page)


# who has no place -----------------------------------------------------------------------------------------------------


def test_each_without_a_place_stands_there_with_why_how_long_and_a_way_to_the_record(world, seen):
    registered(world, "100")
    world.add_tki("102", eligible=False, nama="<b>IBU</b>")
    world.now += dt.timedelta(days=9)

    shown = texts_of(seen("belum-teralokasi", "BN1"))

    assert '<a href="/cari?tki=100" target="_self">100</a>' in shown
    assert say("unallocated.proposed", state="Terdaftar", day="09-03-2026", tuk="TUK-1") in shown
    assert "DV-E09: terlalu muda" in shown
    assert "&lt;b&gt;IBU&lt;/b&gt;" in shown
    assert f"<b>1</b><span>{say('unallocated.HELD_BACK')}</span>" in shown


def test_the_filters_come_from_the_address(world, seen):
    registered(world, "100")
    world.add_tki("102", eligible=False)

    shown = texts_of(seen("belum-teralokasi", belum_golongan="HELD_BACK"))
    assert "/cari?tki=102" in shown
    assert "/cari?tki=100" not in shown
    page = seen("belum-teralokasi", belum_umur="90", belum_alasan="NO_RULE")
    assert say("listing.nothing_matches") in said(page, "info")


def test_while_pages_are_turned_nothing_is_counted_anew_until_one_is_behind_the_last(world, seen, monkeypatch):
    counted, counts = [], screen_unallocated._counts
    monkeypatch.setattr(screen_unallocated, "_counts", lambda *asked: counted.append(asked) or counts(*asked))
    journey_ids = registered(world, *(str(number) for number in range(200, 221)))
    page = seen("belum-teralokasi")
    assert "/cari?tki=219" in texts_of(page)

    page.session_state["belum_halaman"] = 2
    shown = texts_of(page.run())
    assert "/cari?tki=220" in shown
    assert "/cari?tki=219" not in shown
    assert len(counted) == 1

    place(world, journey_ids[0])
    shown = texts_of(page.run())

    assert "/cari?tki=201" in shown
    assert f"<b>20</b><span>{say('unallocated.WAITING')}</span>" in shown
    assert len(counted) == 2


@pytest.mark.parametrize("typed", [*NASTY, "x" * 65])
def test_a_nasty_search_is_a_sentence_or_finds_nobody(world, seen, typed):
    registered(world, "100")

    page = seen("belum-teralokasi", belum_cari=typed)

    assert not page.exception
    assert "/cari?tki=100" not in texts_of(page)


# the change history of one TKI ----------------------------------------------------------------------------------------


def test_the_page_of_one_tki_tells_what_was_changed_by_whom(world, seen):
    (journey_id,) = registered(world, "100")
    world.desk("KO1").do(registration.set_payment, journey_id=journey_id, payment_status="LUNAS")
    place(world, journey_id)
    page = seen("perjalanan", "AU1")
    page.text_input(key="tki").set_value("100")

    shown = texts_of(press(page, "journey.go"))

    assert say("changes.heading") in shown
    what = say("changes.of_journey", what=say("changes.PAYMENT"), number=1)
    assert f"<td>KO1 · Administrator Konsorsium</td><td>{what}</td><td>Belum</td><td>Lunas</td>" in shown
    assert "<td>—</td><td>09-03-2026 · LSP-1 · TUK-1 · MET.1</td>" in shown
