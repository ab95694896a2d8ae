"""Keys: empty, missing, doubled, or told apart by the source and not by us; no row is lost and none counts twice (R-085)."""

from __future__ import annotations

import pytest

from ingest.receive import receive
from tests.support.source import correct, make_source, run_sql, send, tki, withdraw
from tests.support.staging import ask, assert_accounted, open_refusals, reasons_by_key, staged, staged_rows

pytestmark = pytest.mark.server

MANY = "insert into tki_tlrt (id_tki, nama) select concat('n', seq), 'X' from seq_1_to_{}"


def test_empty_and_blank_keys_are_quarantined(source, clean_posko, settings):
    make_source(source, collation="utf8mb4_nopad_bin")
    send(source, tki(""), tki(" "), tki("   "), tki("1"))

    received = receive(source.server, clean_posko, settings)

    assert set(reasons_by_key(clean_posko)) == {"", " ", "   "}
    assert all("KEY_BLANK" in reasons for reasons in reasons_by_key(clean_posko).values())
    assert_accounted(source, clean_posko, received)


def test_rows_without_key_are_quarantined_each(source, clean_posko, settings):
    make_source(source, key="varchar(64) null", primary_key=False)
    send(source, tki(None), tki(None, nama="WATI"), tki(None), tki("1"))

    received = receive(source.server, clean_posko, settings)
    again = receive(source.server, clean_posko, settings, verify=True)

    refusals = open_refusals(clean_posko)
    assert [key for key, _, _ in refusals] == [None, None, None]
    assert all("KEY_BLANK" in reasons for _, reasons, _ in refusals)
    assert again.typed == received.typed == 1
    assert_accounted(source, clean_posko, again)


def test_a_row_without_key_that_arrives_later_joins_the_others(source, clean_posko, settings):
    make_source(source, key="varchar(64) null", primary_key=False)
    send(source, tki(None), tki("1"))
    receive(source.server, clean_posko, settings)
    send(source, tki(None, nama="WATI", updated_at="2012-08-01 00:00:00"))

    received = receive(source.server, clean_posko, settings)

    assert (received.typed, received.quarantined) == (1, 2)
    assert_accounted(source, clean_posko, received)


def test_duplicate_keys_are_quarantined_all_and_none_is_chosen(source, clean_posko, settings):
    make_source(source, primary_key=False)
    send(source, tki("1"), tki("2", nama="SITI"), tki("2", nama="WATI"), tki("3"), tki("3"))

    received = receive(source.server, clean_posko, settings)

    assert [(key, reasons) for key, reasons, _ in open_refusals(clean_posko)] == [
        *[("2", {"KEY_DUPLICATE"})] * 2,
        *[("3", {"KEY_DUPLICATE"})] * 2,
    ]
    assert (received.typed, received.quarantined) == (1, 4)
    assert_accounted(source, clean_posko, received)


def test_more_copies_of_one_key_than_a_chunk_holds_rows(source, clean_posko, settings):
    make_source(source, primary_key=False)
    send(source, tki("1"), *(tki("2", nama=f"{number}") for number in range(250)), tki("3"))

    received = receive(source.server, clean_posko, settings.model_copy(update={"receive_chunk_rows": 100}))

    assert (received.typed, received.quarantined) == (2, 250)
    assert_accounted(source, clean_posko, received)


def test_verify_leaves_duplicates_that_did_not_change_with_the_time_they_were_first_seen(source, clean_posko, settings):
    make_source(source, primary_key=False)
    send(source, tki("1"), tki("2", nama="SITI"), tki("2", nama="WATI"), tki("2", nama="WATI"))
    receive(source.server, clean_posko, settings)
    before = ask(clean_posko, "select quarantine_id, first_seen_at from quarantine order by 1")
    correct(source, "1", at=None, nama="RINI")

    received = receive(source.server, clean_posko, settings, verify=True)

    assert ask(clean_posko, "select quarantine_id, first_seen_at from quarantine order by 1") == before
    assert_accounted(source, clean_posko, received)


def test_of_two_copies_one_is_withdrawn_and_the_other_is_typed(source, clean_posko, settings):
    make_source(source, primary_key=False)
    send(source, tki("1"), tki("2"), tki("2"), tki("3", nama="A"), tki("3", nama="B"))
    receive(source.server, clean_posko, settings)
    run_sql(source, "delete from tki_tlrt where id_tki = '2' limit 1", "delete from tki_tlrt where nama = 'A'")

    received = receive(source.server, clean_posko, settings.model_copy(update={"receive_shrink_limit": 1}))

    assert (received.typed, received.quarantined) == (3, 0)
    assert staged(clean_posko, "3")["nama"] == "B"
    assert_accounted(source, clean_posko, received)


@pytest.mark.parametrize("names", [("A", "A", "A"), ("A", "B", "C"), ("A", "A", "B"), ("B", "A", "A")])
def test_of_three_copies_one_is_withdrawn_and_two_stay_refused(source, clean_posko, settings, names):
    make_source(source, primary_key=False)
    send(source, tki("1"), *(tki("2", nama=name) for name in names))
    receive(source.server, clean_posko, settings)
    run_sql(source, "delete from tki_tlrt where nama = 'A' limit 1")

    received = receive(source.server, clean_posko, settings.model_copy(update={"receive_shrink_limit": 1}))

    assert (received.typed, received.quarantined) == (1, 2)
    assert_accounted(source, clean_posko, received)


def test_a_third_copy_joins_two(source, clean_posko, settings):
    make_source(source, primary_key=False)
    send(source, tki("1"), tki("2", nama="A"), tki("2", nama="B"))
    receive(source.server, clean_posko, settings)
    send(source, tki("2", nama="C", updated_at="2012-08-01 00:00:00"))

    received = receive(source.server, clean_posko, settings)
    again = receive(source.server, clean_posko, settings, verify=True)

    assert (received.typed, received.quarantined) == (1, 3)
    assert_accounted(source, clean_posko, received)
    assert_accounted(source, clean_posko, again)


@pytest.mark.parametrize("birth", ["5/25/1985", "2/30/1985"])
def test_a_second_copy_that_says_the_same_is_refused_with_the_first(source, clean_posko, settings, birth):
    make_source(source, primary_key=False)
    send(source, tki("1"), tki("2", tanggal_lahir=birth))
    receive(source.server, clean_posko, settings)
    send(source, tki("2", tanggal_lahir=birth))

    received = receive(source.server, clean_posko, settings, verify=True)

    assert (received.typed, received.quarantined) == (1, 2)
    assert_accounted(source, clean_posko, received)


def test_a_second_copy_takes_a_typed_row_out(source, clean_posko, settings):
    make_source(source, primary_key=False)
    send(source, tki("1"), tki("2", nama="A"))
    receive(source.server, clean_posko, settings)
    send(source, tki("2", nama="B", updated_at="2012-08-01 00:00:00"))

    received = receive(source.server, clean_posko, settings)

    assert (received.typed, received.quarantined) == (1, 2)
    assert ("2", "QUARANTINED") in ask(clean_posko, "select id_tki, change_kind from tki_tlrt_history")
    assert_accounted(source, clean_posko, received)


@pytest.mark.parametrize("collation", ["utf8mb4_bin", "utf8mb4_nopad_bin"])
def test_keys_that_differ_only_in_case_are_two_tki(source, clean_posko, settings, collation):
    make_source(source, collation=collation)
    send(source, tki("abc"), tki("ABC"), tki("Abc"))

    received = receive(source.server, clean_posko, settings)

    assert received.typed == 3
    assert_accounted(source, clean_posko, received)


def test_keys_that_the_source_takes_for_equal_are_told_apart(source, clean_posko, settings, monkeypatch):
    """Without a primary key and with a collation that ignores case the source cannot tell the two apart, we can."""
    monkeypatch.setattr("ingest.verify.KEYS_A_CHUNK", 1)
    make_source(source, collation="utf8mb4_general_ci", primary_key=False)
    send(source, tki("abc", nama="A"), tki("ABC", nama="B"), tki("é"), tki("e"))
    receive(source.server, clean_posko, settings)
    run_sql(source, "update tki_tlrt set nama = concat(nama, 'X')")

    received = receive(source.server, clean_posko, settings, verify=True)

    assert (received.typed, received.updated, received.quarantined) == (4, 4, 0)
    assert_accounted(source, clean_posko, received)


@pytest.mark.parametrize("rows", [100, 1], ids=["one chunk", "a chunk each"])
@pytest.mark.parametrize("collation", ["utf8mb4_nopad_bin", "utf8mb4_general_nopad_ci"])
def test_a_key_with_a_space_behind_it_is_quarantined_and_its_twin_is_typed(
    source, clean_posko, settings, collation, rows
):
    make_source(source, collation=collation)
    send(source, tki("1"), tki("2 ", nama="WITH A SPACE"), tki("2", nama="WITHOUT"), tki("3  "), tki(" 4"), tki("4"))

    received = receive(source.server, clean_posko, settings.model_copy(update={"receive_chunk_rows": rows}))

    assert reasons_by_key(clean_posko) == {key: {"KEY_WHITESPACE"} for key in ("2 ", "3  ", " 4")}
    assert {row[0] for row in staged_rows(clean_posko)} == {b"1", b"2", b"4"}
    assert_accounted(source, clean_posko, received)


def test_a_twin_with_a_space_that_comes_later_does_not_touch_the_typed_row(source, clean_posko, settings):
    make_source(source, collation="utf8mb4_nopad_bin")
    send(source, tki("1"), tki("2"))
    receive(source.server, clean_posko, settings)
    send(source, tki("2 ", nama="WITH A SPACE", updated_at="2012-08-01 00:00:00"))

    received = receive(source.server, clean_posko, settings)
    withdraw(source, "2")
    verified = receive(source.server, clean_posko, settings.model_copy(update={"receive_shrink_limit": 1}), verify=True)

    assert (received.typed, received.quarantined, received.updated) == (2, 1, 0)
    assert (verified.typed, verified.quarantined, verified.deleted) == (1, 1, 1)
    assert_accounted(source, clean_posko, verified)


def test_keys_as_wide_as_a_source_may_have_them_are_refused_whole(source, clean_posko, settings):
    make_source(source, key="varchar(255) not null")
    send(source, tki("1"), tki("😀" * 255, nama="A"), tki("😀" * 254 + "X", nama="A"))

    received = receive(source.server, clean_posko, settings)
    run_sql(source, "update tki_tlrt set nama = 'B'")
    verified = receive(source.server, clean_posko, settings, verify=True)

    assert all(reasons == {"TOO_LONG"} for reasons in reasons_by_key(clean_posko).values())
    assert (received.quarantined, verified.quarantined) == (2, 2)
    assert_accounted(source, clean_posko, verified)
