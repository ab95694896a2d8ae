"""Rows that do not fit a packet, of either server: read one by one, quarantined whole, never taken for deleted."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from ingest.receive import receive
from tests.support.source import make_source, run_sql, send, send_many, tki
from tests.support.staging import assert_accounted, reasons_by_key

pytestmark = pytest.mark.server


@contextmanager
def small_packets(source):
    """Let the source's largest packet be 64 KiB for new connections."""
    with source.connect(autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("select @@global.max_allowed_packet")
        (before,) = cursor.fetchone()
        cursor.execute("set global max_allowed_packet = 65536")
        try:
            yield
        finally:
            cursor.execute(f"set global max_allowed_packet = {before}")


def test_a_block_that_the_source_cuts_is_read_row_by_row(source, clean_posko, settings):
    make_source(source)
    send_many(source, 500, alamat="JL. MAWAR " * 50)
    send(source, tki("A", nama="\x1f" * 3), tki("B", alamat="😀" * 2001))

    with small_packets(source):
        received = receive(source.server, clean_posko, settings)

    assert set(reasons_by_key(clean_posko)) == {"A", "B"}
    assert_accounted(source, clean_posko, received)


def test_a_block_cut_within_a_character_is_noticed(source, clean_posko, settings, monkeypatch):
    make_source(source)
    send_many(source, 20, nama="😀" * 100)
    for limit in range(7000, 7040, 3):
        monkeypatch.setattr("ingest.pull.BLOCK_LIMIT", limit)
        run_sql(source, f"update tki_tlrt set alamat = '{limit}', updated_at = utc_timestamp(6)")
        received = receive(source.server, clean_posko, settings)
        assert_accounted(source, clean_posko, received)


def test_keys_that_do_not_fit_one_packet_are_not_taken_for_deleted(source, clean_posko, settings):
    make_source(source)
    send_many(source, 3000)
    big_chunks = settings.model_copy(update={"receive_chunk_rows": 25_000})
    receive(source.server, clean_posko, big_chunks)
    run_sql(source, "update tki_tlrt set nama = concat(nama, 'X')")

    with small_packets(source):
        received = receive(source.server, clean_posko, big_chunks, verify=True)

    assert (received.typed, received.updated, received.deleted) == (3000, 3000, 0)
    assert_accounted(source, clean_posko, received)


def test_a_row_larger_than_a_packet_of_the_source_is_quarantined_whole(source, clean_posko, settings):
    make_source(source, nama="longtext null", alamat="longtext null")
    send(source, tki("1"), tki("2", nama="A" * 40_000, alamat="B"))
    run_sql(source, "update tki_tlrt set alamat = repeat('B', 40000) where id_tki = '2'")

    with small_packets(source):
        received = receive(source.server, clean_posko, settings)
        again = receive(source.server, clean_posko, settings, verify=True)

    assert (received.typed, received.quarantined, again.quarantined) == (1, 1, 1)
    assert_accounted(source, clean_posko, receive(source.server, clean_posko, settings, verify=True))


def test_a_quarantined_text_of_megabytes_is_kept_whole(source, clean_posko, settings):
    make_source(source, alamat="longtext null")
    send(source, tki("1"), tki("2", alamat="😀" * 1_000_000))

    received = receive(source.server, clean_posko, settings)

    assert reasons_by_key(clean_posko) == {"2": {"TOO_LONG"}}
    assert_accounted(source, clean_posko, received)
