"""Saved views: everybody's own, by name, and nobody else's (R-008)."""

from __future__ import annotations

from posko.services import saved_views
from tests.support.preparation import WRONG, refused

LIST = "sertifikat"


def own(world, who="LS1", name=LIST):
    return [(row["view_name"], row["query"]) for row in world.desk(who).do(saved_views.own, list_name=name)]


def save(world, name, query="cari=BUDI", who="LS1", of=LIST):
    return world.desk(who).do(saved_views.save, list_name=of, view_name=name, query=query)


def test_a_view_comes_back_to_whoever_saved_it_on_its_own_list(world):
    save(world, "Belum dicetak", "cetakan=BELUM")
    save(world, "Antara", "")

    assert own(world) == [("Antara", ""), ("Belum dicetak", "cetakan=BELUM")]
    assert own(world, name="pantauan-sesi") == []
    assert own(world, "LS2") == own(world, "SA1") == []


def test_a_view_saved_again_under_its_name_is_replaced(world):
    first = save(world, "Saya", "cari=A")

    assert save(world, "  Saya ", "cari=B") == first
    assert own(world) == [("Saya", "cari=B")]


def test_a_view_is_renamed_and_taken_away_and_its_name_is_free_again(world):
    number = save(world, "Lama")
    desk = world.desk("LS1")

    desk.do(saved_views.rename, view_id=number, view_name="Baru")
    assert own(world) == [("Baru", "cari=BUDI")]
    desk.do(saved_views.remove, view_id=number)

    assert own(world) == []
    assert save(world, "Baru") != number
    assert refused(desk, saved_views.remove, view_id=number).code == "UNKNOWN_VIEW"


def test_a_name_that_another_own_view_has_is_refused_but_the_same_on_another_list_is_not(world):
    save(world, "A")
    other = save(world, "B")
    save(world, "C", of="jadwal")
    desk = world.desk("LS1")

    assert refused(desk, saved_views.rename, view_id=other, view_name="A").code == "VIEW_NAME_TAKEN"
    desk.do(saved_views.rename, view_id=other, view_name="C")
    desk.do(saved_views.rename, view_id=other, view_name="C")

    assert [name for name, _ in own(world)] == ["A", "C"]


def test_anothers_view_is_not_there_for_anybody_else(world):
    number = save(world, "Rahasia")

    for who in ("LS2", "SA1", "AU1", "BN1"):
        desk = world.desk(who)
        assert refused(desk, saved_views.rename, view_id=number, view_name="X").code == "UNKNOWN_VIEW"
        assert refused(desk, saved_views.remove, view_id=number).code == "UNKNOWN_VIEW"

    assert own(world) == [("Rahasia", "cari=BUDI")]


def test_there_is_an_end_to_views(world):
    for number in range(saved_views.MOST_VIEWS):
        save(world, f"V{number}")

    refusal = refused(world.desk("LS1"), saved_views.save, list_name=LIST, view_name="Satu lagi", query="cari=A")

    assert refusal.code == "TOO_MANY_VIEWS"
    save(world, "V0", "cari=lain")
    assert len(own(world)) == saved_views.MOST_VIEWS


def test_wrong_values_are_refused_in_words_and_nothing_is_kept(world):
    desk = world.desk("LS1")
    for value in WRONG:
        refused(desk, saved_views.own, list_name=value)
        refused(desk, saved_views.save, list_name=value, view_name="A", query="")
        refused(desk, saved_views.save, list_name=LIST, view_name=value, query="")
        if value != "":
            refused(desk, saved_views.save, list_name=LIST, view_name="A", query=value)
        refused(desk, saved_views.rename, view_id=value, view_name="A")
        refused(desk, saved_views.remove, view_id=value)

    assert world.value("select count(*) from posko.saved_view") == 0


def test_the_log_names_the_list_and_not_what_was_searched_for(world):
    save(world, "Milik BUDI", "cari=BUDI")

    payloads = " ".join(str(row[0]) for row in world.ask("select payload from posko_audit.audit_event"))

    assert LIST in payloads
    assert "BUDI" not in payloads
