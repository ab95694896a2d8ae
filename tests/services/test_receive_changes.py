"""Corrections, deletions, returns, refusals that heal: staging follows the source and forgets nothing (R-082, R-083, R-184)."""

from __future__ import annotations

import pytest

from ingest.receive import receive
from posko.domain.errors import SourceShrank
from tests.support.source import correct, make_source, run_sql, send, send_many, tki, withdraw
from tests.support.staging import ask, assert_accounted, change, staged, staged_rows

pytestmark = pytest.mark.server

HISTORY = "select id_tki, nama, change_kind, first_batch_id, batch_id, replaced_by_batch_id from tki_tlrt_history order by replaced_at"


@pytest.fixture
def loaded(source, clean_posko, settings):
    """A source of three rows, received once; the last cannot be typed."""
    make_source(source)
    send(source, tki("1", nama="SITI"), tki("2", nama="WATI"), tki("3", tanggal_lahir="2/30/1985"))
    return receive(source.server, clean_posko, settings)


def test_the_first_load_types_what_it_can_and_refuses_the_rest(source, clean_posko, loaded):
    assert (loaded.mode, loaded.received, loaded.typed, loaded.quarantined) == ("initial", 3, 2, 1)
    assert (loaded.inserted, loaded.updated, loaded.unchanged, loaded.deleted) == (2, 0, 0, 0)
    assert_accounted(source, clean_posko, loaded)


@pytest.mark.parametrize("verify", [False, True])
def test_the_same_rows_again_change_nothing(source, clean_posko, settings, loaded, verify):
    def everything():
        return [
            ask(clean_posko, f"select * from {name} order by 1")
            for name in ("tki_tlrt", "quarantine", "tki_tlrt_history")
        ]

    before = everything()

    received = receive(source.server, clean_posko, settings, verify=verify)

    assert (received.inserted, received.updated, received.deleted, received.unchanged) == (0, 0, 0, 2)
    assert everything() == before
    assert_accounted(source, clean_posko, received)


def test_a_correction_keeps_the_earlier_version(source, clean_posko, settings, loaded):
    correct(source, "1", nama="SITI AMINAH")

    received = receive(source.server, clean_posko, settings)

    assert (received.mode, received.updated, received.unchanged) == ("delta", 1, 1)
    assert staged(clean_posko, "1")["nama"] == "SITI AMINAH"
    assert ask(clean_posko, HISTORY) == [
        ("1", "SITI", "CORRECTED", loaded.batch_id, loaded.batch_id, received.batch_id)
    ]
    assert_accounted(source, clean_posko, received)


def test_a_row_of_which_only_the_time_moved_is_unchanged(source, clean_posko, settings, loaded):
    correct(source, "1")

    received = receive(source.server, clean_posko, settings)

    assert (received.updated, received.unchanged) == (0, 2)
    assert ask(clean_posko, HISTORY) == []
    assert ask(clean_posko, "select batch_id from tki_tlrt where id_tki = '1'") == [(loaded.batch_id,)]
    assert_accounted(source, clean_posko, received)


def test_a_new_row_arrives_by_the_hourly_path(source, clean_posko, settings, loaded):
    send(source, tki("4", updated_at="2012-08-01 00:00:00"))

    received = receive(source.server, clean_posko, settings)

    assert (received.mode, received.inserted, received.typed) == ("delta", 1, 3)
    assert_accounted(source, clean_posko, received)


@pytest.mark.parametrize("at", ["'2012-06-20 07:50:00.000000'", "null"])
def test_a_late_commit_and_a_row_without_time_are_seen_by_the_overlap(source, clean_posko, settings, loaded, at):
    run_sql(source, f"update tki_tlrt set nama = 'RINI', updated_at = {at} where id_tki = '1'")

    received = receive(source.server, clean_posko, settings)

    assert (received.mode, received.updated) == ("delta", 1)
    assert_accounted(source, clean_posko, received)


def test_one_time_in_the_far_future_does_not_hide_later_corrections(source, clean_posko, settings, loaded):
    correct(source, "1", at="2999-01-01 00:00:00", nama="SITI A")
    receive(source.server, clean_posko, settings)
    run_sql(source, "update tki_tlrt set nama = 'RINI', updated_at = utc_timestamp(6) where id_tki = '2'")

    received = receive(source.server, clean_posko, settings)

    assert (received.mode, received.updated) == ("delta", 1)
    assert_accounted(source, clean_posko, received)


def test_a_change_under_an_old_time_is_found_by_verify(source, clean_posko, settings, loaded):
    correct(source, "1", at=None, nama="SITI AMINAH")

    blind = receive(source.server, clean_posko, settings.model_copy(update={"receive_overlap_minutes": 0}))
    assert blind.typed == 2
    received = receive(source.server, clean_posko, settings, verify=True)

    assert staged(clean_posko, "1")["nama"] == "SITI AMINAH"
    assert_accounted(source, clean_posko, received)


def test_a_lie_outside_the_overlap_is_pulled_by_verify_alone(source, clean_posko, settings, loaded):
    send(source, tki("9", updated_at="2012-09-01 00:00:00"))
    receive(source.server, clean_posko, settings)
    correct(source, "1", at=None, nama="SITI AMINAH")
    assert receive(source.server, clean_posko, settings).updated == 0

    received = receive(source.server, clean_posko, settings, verify=True)

    assert (received.mode, received.pulled, received.updated) == ("verify", 1, 1)
    assert_accounted(source, clean_posko, received)


@pytest.mark.parametrize("verify", [False, True])
def test_a_deletion_becomes_a_tombstone(source, clean_posko, settings, loaded, verify):
    withdraw(source, "2")

    received = receive(
        source.server, clean_posko, settings.model_copy(update={"receive_shrink_limit": 1}), verify=verify
    )

    assert (received.deleted, received.typed) == (1, 1)
    assert ask(clean_posko, HISTORY) == [("2", "WATI", "DELETED", loaded.batch_id, loaded.batch_id, received.batch_id)]
    assert_accounted(source, clean_posko, received)


def test_a_deletion_that_an_arrival_hides_in_the_counts_is_found(source, clean_posko, settings, loaded):
    withdraw(source, "2")
    send(source, tki("4", updated_at="2012-08-01 00:00:00"))

    received = receive(source.server, clean_posko, settings)

    assert (received.inserted, received.deleted, received.typed) == (1, 1, 2)
    assert_accounted(source, clean_posko, received)


def test_a_row_that_returns_is_the_same_tki(source, clean_posko, settings, loaded):
    generous = settings.model_copy(update={"receive_shrink_limit": 1})
    withdraw(source, "2")
    gone = receive(source.server, clean_posko, generous)
    send(source, tki("2", nama="WATI", updated_at="2012-08-01 00:00:00"))

    back = receive(source.server, clean_posko, generous)

    assert (gone.deleted, back.inserted) == (1, 1)
    assert ask(clean_posko, "select first_batch_id, batch_id from tki_tlrt where id_tki = '2'") == [
        (loaded.batch_id, back.batch_id)
    ]
    assert_accounted(source, clean_posko, back)


def test_a_row_may_go_and_return_more_than_once(source, clean_posko, settings, loaded):
    generous = settings.model_copy(update={"receive_shrink_limit": 1})
    for month in (8, 9, 10):
        withdraw(source, "2")
        receive(source.server, clean_posko, generous)
        send(source, tki("2", nama=f"WATI {month}", updated_at=f"2012-{month:02d}-01 00:00:00"))
        received = receive(source.server, clean_posko, generous)

    assert [row[1:3] for row in ask(clean_posko, HISTORY)] == [
        ("WATI", "DELETED"),
        ("WATI 8", "DELETED"),
        ("WATI 9", "DELETED"),
    ]
    assert_accounted(source, clean_posko, received)


def test_everything_gone_and_back_again_keeps_the_history(source, clean_posko, settings, loaded):
    generous = settings.model_copy(update={"receive_shrink_limit": 1})
    withdraw(source, "1", "2", "3")
    gone = receive(source.server, clean_posko, generous)
    assert (gone.received, gone.deleted) == (0, 2)
    assert_accounted(source, clean_posko, gone)
    send(source, tki("1", updated_at=None), tki("2", updated_at=None))

    back = receive(source.server, clean_posko, generous)

    assert set(ask(clean_posko, "select first_batch_id from tki_tlrt")) == {(loaded.batch_id,)}
    assert_accounted(source, clean_posko, back)


def test_a_source_that_shrinks_too_much_stops_before_any_tombstone(source, clean_posko, settings):
    make_source(source)
    send_many(source, 200)
    receive(source.server, clean_posko, settings)
    run_sql(source, "delete from tki_tlrt where id_tki <= '000011'")

    for verify in (False, True):
        with pytest.raises(SourceShrank, match="200 menjadi 189") as stopped:
            receive(source.server, clean_posko, settings, verify=verify)
        assert stopped.value.exit_code == 1
        assert len(staged_rows(clean_posko)) == 200
        assert ask(clean_posko, HISTORY) == []

    received = receive(source.server, clean_posko, settings.model_copy(update={"receive_shrink_limit": 0.06}))
    assert received.deleted == 11
    assert_accounted(source, clean_posko, received)


def test_a_source_that_suddenly_is_empty_stops_before_any_tombstone(source, clean_posko, settings, loaded):
    run_sql(source, "delete from tki_tlrt")

    with pytest.raises(SourceShrank):
        receive(source.server, clean_posko, settings, verify=True)

    assert len(staged_rows(clean_posko)) == 2


def test_staging_that_was_altered_behind_our_back_is_found_by_verify(source, clean_posko, settings, loaded):
    change(clean_posko, "update tki_tlrt set nama = 'X' where id_tki = '1'")
    change(clean_posko, "delete from tki_tlrt where id_tki = '2'")
    change(clean_posko, "delete from quarantine")

    received = receive(source.server, clean_posko, settings, verify=True)

    assert_accounted(source, clean_posko, received)


def test_figures_add_up_when_one_run_finishes_an_earlier_batch_and_takes_a_new_one(
    source, clean_posko, settings, monkeypatch
):
    make_source(source)
    send_many(source, 20)

    def cut(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("ingest.carry.swap_first_load", cut)
        with pytest.raises(KeyboardInterrupt):
            receive(source.server, clean_posko, settings)
    correct(source, "000001", nama="RINI")
    withdraw(source, "000002")
    send(source, tki("000030", updated_at="2012-08-01 00:00:00"))

    received = receive(source.server, clean_posko, settings)

    assert received.typed == 20
    assert_accounted(source, clean_posko, received)


def test_verify_is_right_with_many_chunks_and_every_kind_of_change_at_once(source, clean_posko, settings):
    small = settings.model_copy(update={"receive_chunk_rows": 100, "receive_shrink_limit": 1})
    make_source(source)
    send_many(source, 1500)
    receive(source.server, clean_posko, small)
    run_sql(
        source,
        "update tki_tlrt set nama = concat(nama, ' X') where id_tki % 7 = 0",
        "update tki_tlrt set tanggal_lahir = '2/30/1985' where id_tki % 11 = 0",
        "delete from tki_tlrt where id_tki % 13 = 0",
        "update tki_tlrt set id_tki = concat('N', id_tki) where id_tki % 17 = 0",
    )

    received = receive(source.server, clean_posko, small, verify=True)

    assert_accounted(source, clean_posko, received)
    assert receive(source.server, clean_posko, small, verify=True).pulled == 0
