"""The pages Kapasitas TUK and Belum teralokasi, and the change history of one TKI, without a browser on a real database (§12.5-12.8)."""

from __future__ import annotations

import datetime as dt

import pytest

from apps.operator import messages
from posko.services import registration
from tests.support.fingers import Hands
from tests.support.operator import cookies_of, look, press, screens_of, texts_of
from tests.support.preparation import place, registered
from tests.support.world import World

pytestmark = pytest.mark.server
NASTY = ["0" * 16, "' or 1=1 --", "<script>alert(1)</script>", "a\x00b", "\u202e9264729", "x" * 65]


@pytest.fixture
def world(clean_posko, settings):
    made = World(clean_posko, settings)
    made.fill()
    screens_of(made, Hands(made))
    yield made
    made.close()


@pytest.fixture
def seen(world, monkeypatch):
    """Return how one of the staff looks at a page, with what its address asks."""

    def at(path, who="KO1", **asked):
        return look(path, cookies_of(world, who), monkeypatch, **asked)

    return at


def said(page, kind="error"):
    return [box.value for box in getattr(page, kind)]


# capacity -------------------------------------------------------------------------------------------------------------


def test_the_month_of_now_shows_every_tuk_with_what_is_left_of_each_day(world, seen):
    for journey_id in registered(world, "100", "101"):
        place(world, journey_id)

    shown = texts_of(seen("kapasitas"))

    told = messages.say("id", "capacity.day", tuk="TUK-1", day="09-03-2026", seats=20, placed=2, left=18)
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
    assert messages.say("id", "capacity.over") in shown


def test_behind_a_day_stand_its_sessions(world, seen):
    for journey_id in registered(world, "100"):
        place(world, journey_id)

    page = seen("kapasitas", tuk="TUK-1", hari="2026-03-09")

    assert messages.say("id", "capacity.day_of", tuk="TUK-1", day="09-03-2026") in texts_of(page)
    assert "MET.1 · Asesor 1" in texts_of(page)
    page = press(page, "capacity.close")
    assert "MET.1 · Asesor 1" not in texts_of(page)


@pytest.mark.parametrize("typed", NASTY)
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
    assert messages.say("id", "unallocated.proposed", state="Terdaftar", day="09-03-2026", tuk="TUK-1") in shown
    assert "DV-E09: terlalu muda" in shown
    assert "&lt;b&gt;IBU&lt;/b&gt;" in shown
    assert f"<b>1</b><span>{messages.say('id', 'unallocated.HELD_BACK')}</span>" in shown


def test_the_filters_come_from_the_address(world, seen):
    registered(world, "100")
    world.add_tki("102", eligible=False)

    shown = texts_of(seen("belum-teralokasi", belum_golongan="HELD_BACK"))
    assert "/cari?tki=102" in shown
    assert "/cari?tki=100" not in shown
    page = seen("belum-teralokasi", belum_umur="90", belum_alasan="NO_RULE")
    assert messages.say("id", "listing.nothing_matches") in said(page, "info")


@pytest.mark.parametrize("typed", NASTY)
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

    assert messages.say("id", "changes.heading") in shown
    what = messages.say("id", "changes.of_journey", what=messages.say("id", "changes.PAYMENT"), number=1)
    assert f"<td>KO1 · Administrator Konsorsium</td><td>{what}</td><td>Belum</td><td>Lunas</td>" in shown
    assert "<td>—</td><td>09-03-2026 · LSP-1 · TUK-1 · MET.1</td>" in shown
