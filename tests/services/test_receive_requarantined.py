"""Refused rows that change: into quarantine, within it, out of it, each once and with its history."""

from __future__ import annotations

import pytest

from ingest.receive import receive
from tests.support.source import correct, make_source, send, tki, withdraw
from tests.support.staging import ask, assert_accounted, open_refusals, reasons_by_key

pytestmark = pytest.mark.server
HISTORY = "select id_tki, nama, change_kind, first_batch_id, batch_id, replaced_by_batch_id from tki_tlrt_history order by replaced_at"


@pytest.fixture
def loaded(source, clean_posko, settings):
    """A source of three rows, received once; the last cannot be typed."""
    make_source(source)
    send(source, tki("1", nama="SITI"), tki("2", nama="WATI"), tki("3", tanggal_lahir="2/30/1985"))
    return receive(source.server, clean_posko, settings)


def test_a_refused_row_that_is_withdrawn_leaves_quarantine(source, clean_posko, settings, loaded):
    withdraw(source, "3")

    received = receive(source.server, clean_posko, settings.model_copy(update={"receive_shrink_limit": 1}))

    assert (received.typed, received.quarantined, received.deleted) == (2, 0, 0)
    assert ask(clean_posko, "select resolved_batch_id from quarantine") == [(received.batch_id,)]
    assert_accounted(source, clean_posko, received)


def test_a_refused_row_that_is_corrected_leaves_quarantine_by_itself(source, clean_posko, settings, loaded):
    assert reasons_by_key(clean_posko) == {"3": {"DATE_NOT_MDY"}}
    correct(source, "3", tanggal_lahir="2/28/1985")

    received = receive(source.server, clean_posko, settings)

    assert (received.inserted, received.typed, received.quarantined) == (1, 3, 0)
    assert ask(clean_posko, "select resolved_batch_id, resolved_at is null from quarantine") == [(received.batch_id, 0)]
    assert_accounted(source, clean_posko, received)


def test_a_typed_row_that_becomes_bad_goes_to_quarantine_and_history(source, clean_posko, settings, loaded):
    correct(source, "1", tanggal_lahir="5/25/85")

    received = receive(source.server, clean_posko, settings)

    assert (received.typed, received.quarantined, received.deleted) == (1, 2, 1)
    assert reasons_by_key(clean_posko)["1"] == {"DATE_NOT_MDY"}
    assert ask(clean_posko, HISTORY) == [
        ("1", "SITI", "QUARANTINED", loaded.batch_id, loaded.batch_id, received.batch_id)
    ]
    assert_accounted(source, clean_posko, received)


def test_a_row_that_went_bad_and_is_corrected_is_the_same_tki(source, clean_posko, settings, loaded):
    correct(source, "1", tanggal_lahir="5/25/85")
    receive(source.server, clean_posko, settings)
    correct(source, "1", at="2012-08-01 00:00:00", tanggal_lahir="5/25/1985")

    received = receive(source.server, clean_posko, settings)

    assert (received.typed, received.quarantined) == (2, 1)
    assert ask(clean_posko, "select first_batch_id from tki_tlrt where id_tki = '1'") == [(loaded.batch_id,)]
    assert_accounted(source, clean_posko, received)


@pytest.mark.parametrize("bad", [{"tanggal_lahir": "2/30/1985"}, {"nama": "A\x00"}, {"nama": "A" * 300}])
def test_a_bad_row_sent_again_unchanged_keeps_the_time_it_was_first_seen(source, clean_posko, settings, loaded, bad):
    send(source, tki("4", **bad, updated_at="2012-08-01 00:00:00"))
    receive(source.server, clean_posko, settings)
    before = ask(clean_posko, "select quarantine_id, first_seen_at, batch_id from quarantine order by 1")

    receive(source.server, clean_posko, settings)
    received = receive(source.server, clean_posko, settings, verify=True)

    assert ask(clean_posko, "select quarantine_id, first_seen_at, batch_id from quarantine order by 1") == before
    assert_accounted(source, clean_posko, received)


def test_a_bad_row_that_changes_and_stays_bad_has_one_open_refusal(source, clean_posko, settings, loaded):
    correct(source, "3", tanggal_lahir="2/31/1985")

    received = receive(source.server, clean_posko, settings)

    ((_, _, row),) = open_refusals(clean_posko)
    assert b"2/31/1985" in row
    assert ask(clean_posko, "select count(*) from quarantine") == [(2,)]
    assert_accounted(source, clean_posko, received)
