"""Trouble at the source or on the way: a clear sentence, an exit code, and nothing lost or half done (R-083, R-086)."""

from __future__ import annotations

import dataclasses
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from ingest.receive import receive
from posko.domain.errors import ConnectionFailed, ContractBroken, LeaseHeld
from tests.support.source import correct, make_source, run_sql, send, send_many, tki
from tests.support.staging import ask, assert_accounted, staged_rows, wait_for

pytestmark = pytest.mark.server


def test_an_empty_source_is_received_as_empty(source, clean_posko, settings):
    make_source(source)

    received = receive(source.server, clean_posko, settings)
    again = receive(source.server, clean_posko, settings, verify=True)

    assert (received.received, received.typed, received.quarantined) == (0, 0, 0)
    assert_accounted(source, clean_posko, again)


def test_a_source_that_was_empty_and_fills_is_received(source, clean_posko, settings):
    make_source(source)
    receive(source.server, clean_posko, settings)
    send(source, tki("1"), tki("2", tanggal_lahir="2/30/2012"))

    received = receive(source.server, clean_posko, settings)

    assert (received.typed, received.quarantined) == (1, 1)
    assert_accounted(source, clean_posko, received)


@pytest.mark.parametrize("column", ["nama", "tanggal_keluar_blkln", "updated_at"])
def test_a_missing_column_stops_the_run_with_its_name(source, clean_posko, settings, column):
    make_source(source, without=(column,))

    with pytest.raises(ContractBroken, match=column) as stopped:
        receive(source.server, clean_posko, settings)

    assert stopped.value.exit_code == 1
    assert ask(clean_posko, "select count(*) from receive_batch") == [(0,)]


@pytest.mark.parametrize("table", ["tki_tlrt", "tki_sidik_jari", "blkln", "pptkis"])
def test_a_missing_table_stops_the_run_with_its_name(source, clean_posko, settings, table):
    make_source(source)
    run_sql(source, f"drop table {table}")

    with pytest.raises(ContractBroken, match=table):
        receive(source.server, clean_posko, settings)


def test_a_text_column_of_another_type_stops_the_run_with_its_name(source, clean_posko, settings):
    make_source(source, tanggal_lahir="date null")

    with pytest.raises(ContractBroken, match=r"tanggal_lahir bertipe date"):
        receive(source.server, clean_posko, settings)


def test_additional_columns_are_recorded_and_reported_and_change_nothing(source, clean_posko, settings):
    make_source(source, golongan_darah="varchar(3) null default 'AB'")
    run_sql(source, "alter table blkln add column direktur varchar(20)")
    send(source, tki("1"))

    received = receive(source.server, clean_posko, settings)

    assert received.extra_columns == {"tki_tlrt": ["golongan_darah"], "blkln": ["direktur"]}
    assert "golongan_darah" in ask(clean_posko, "select extra_columns from receive_batch")[0][0]
    assert_accounted(source, clean_posko, received)


def test_a_wrong_password_is_said_in_one_sentence_without_the_password(source, clean_posko, settings):
    make_source(source)
    wrong = dataclasses.replace(source.server, password="rahasia-salah")

    with pytest.raises(ConnectionFailed, match="kata sandi salah") as stopped:
        receive(wrong, clean_posko, settings)

    assert stopped.value.exit_code == 3
    assert "rahasia-salah" not in str(stopped.value)
    send(source, tki("1"))
    assert_accounted(source, clean_posko, receive(source.server, clean_posko, settings))


def test_a_server_that_is_not_there_is_said_in_one_sentence(source, clean_posko, settings):
    nowhere = dataclasses.replace(source.server, unix_socket=None, host="127.0.0.1", port=1)

    with pytest.raises(ConnectionFailed, match="tidak menjawab") as stopped:
        receive(nowhere, clean_posko, settings)

    assert stopped.value.exit_code == 3


@contextmanager
def locked(source, table):
    """Another session at the source holds a table for itself."""
    with source.connect() as connection, connection.cursor() as cursor:
        cursor.execute(f"lock tables {table} write")
        yield
        cursor.execute("unlock tables")


@pytest.mark.parametrize("table", ["tki_tlrt", "blkln", "tki_sidik_jari"])
def test_a_table_that_somebody_locked_is_waited_for_and_then_named(source, clean_posko, settings, table):
    impatient = settings.model_copy(update={"source_lock_seconds": 1})
    make_source(source)
    send(source, tki("1"))

    with locked(source, table), pytest.raises(ConnectionFailed, match="dikunci") as stopped:
        receive(source.server, clean_posko, impatient)

    assert stopped.value.exit_code == 3
    assert_accounted(source, clean_posko, receive(source.server, clean_posko, impatient))


def test_a_lock_that_ends_in_time_is_only_waited_for(source, clean_posko, settings):
    make_source(source)
    send(source, tki("1"))
    waiting = "select 1 from information_schema.processlist where state like 'Waiting for table%lock'"

    with ThreadPoolExecutor(1) as beside:
        with locked(source, "tki_tlrt"):
            running = beside.submit(receive, source.server, clean_posko, settings)
            wait_for(lambda: run_sql(source, waiting))
        received = running.result()

    assert_accounted(source, clean_posko, received)


def once(action):
    """Return a progress callback that acts after the first chunk only."""
    done = threading.Event()

    def progress(_rows):
        if not done.is_set():
            done.set()
            action()

    return progress


def cut_off_and(source, *statements):
    """End every other connection at the source, as its operator may, and run statements."""

    def act():
        with source.connect(autocommit=True) as connection, connection.cursor() as cursor:
            cursor.execute(
                "select id from information_schema.processlist where db = database() and id <> connection_id()"
            )
            for (number,) in cursor.fetchall():
                cursor.execute(f"kill {number}")
            for statement in statements:
                cursor.execute(statement)

    return act


def test_a_table_that_is_dropped_during_the_pull_and_comes_back(source, clean_posko, settings):
    small = settings.model_copy(update={"receive_chunk_rows": 100})
    make_source(source)
    send_many(source, 2000)
    run_sql(source, "create table kept like tki_tlrt", "insert into kept select * from tki_tlrt")

    with pytest.raises((ConnectionFailed, ContractBroken)):
        receive(source.server, clean_posko, small, progress=once(cut_off_and(source, "drop table tki_tlrt")))
    with pytest.raises(ContractBroken, match="tki_tlrt"):
        receive(source.server, clean_posko, small)
    assert staged_rows(clean_posko) == []
    run_sql(source, "rename table kept to tki_tlrt")

    received = receive(source.server, clean_posko, small)

    assert received.typed == 2000
    assert_accounted(source, clean_posko, received)


@pytest.mark.parametrize("table", ["blkln", "pptkis", "tki_sidik_jari"])
def test_a_smaller_table_that_is_dropped_during_the_pull_is_an_error_of_the_contract(
    source, clean_posko, settings, table
):
    make_source(source)
    send(source, tki("1"))

    with pytest.raises(ContractBroken, match="dihapus"):
        receive(source.server, clean_posko, settings, progress=once(lambda: run_sql(source, f"drop table {table}")))
    make_source(source)
    send(source, tki("1"))

    assert_accounted(source, clean_posko, receive(source.server, clean_posko, settings))


def test_a_connection_that_the_source_cuts_is_said_and_the_next_run_goes_on(source, clean_posko, settings):
    small = settings.model_copy(update={"receive_chunk_rows": 100})
    make_source(source)
    send_many(source, 2000)

    with pytest.raises(ConnectionFailed, match="terputus") as stopped:
        receive(source.server, clean_posko, small, progress=once(cut_off_and(source)))
    kept = ask(clean_posko, "select chunk_no, loaded_at from receive_chunk order by 1")
    received = receive(source.server, clean_posko, small)

    assert stopped.value.exit_code == 3
    assert kept
    assert set(kept) < set(ask(clean_posko, "select chunk_no, loaded_at from receive_chunk where batch_id = 1"))
    assert received.typed == 2000
    assert_accounted(source, clean_posko, received)


def test_a_source_that_changes_between_the_cut_and_the_next_run_ends_equal(source, clean_posko, settings):
    small = settings.model_copy(update={"receive_chunk_rows": 100, "receive_shrink_limit": 1})
    make_source(source)
    send_many(source, 1000)
    with pytest.raises(ConnectionFailed):
        receive(source.server, clean_posko, small, progress=once(cut_off_and(source)))
    run_sql(
        source,
        "update tki_tlrt set nama = 'RINI', updated_at = utc_timestamp(6) where id_tki % 3 = 0",
        "delete from tki_tlrt where id_tki % 7 = 0",
    )
    send(source, tki("000000", updated_at="2012-08-01 00:00:00"), tki("999999", updated_at="2012-08-01 00:00:00"))

    received = receive(source.server, clean_posko, small)

    assert_accounted(source, clean_posko, received)


@pytest.mark.parametrize("number", range(3))
def test_rows_that_come_and_go_during_the_pull_are_settled_by_the_next_run(source, clean_posko, settings, number):
    small = settings.model_copy(update={"receive_chunk_rows": 100, "receive_shrink_limit": 1})
    make_source(source)
    send_many(source, 1000)
    edits = [
        "update tki_tlrt set nama = 'RINI', updated_at = utc_timestamp(6) where id_tki % 3 = 0",
        "delete from tki_tlrt where id_tki % 7 = 0",
        "insert into tki_tlrt (id_tki, nama, updated_at) values ('A', 'NEW', utc_timestamp(6))",
    ]

    during = receive(source.server, clean_posko, small, progress=once(lambda: run_sql(source, edits[number])))
    received = receive(source.server, clean_posko, small)

    assert during.received == 1000
    assert_accounted(source, clean_posko, received)


def test_a_second_run_at_the_same_time_is_refused_and_named(source, clean_posko, settings):
    make_source(source)
    send_many(source, 300)
    refused = []

    def second():
        with pytest.raises(LeaseHeld, match="sedang dijalankan oleh") as stopped:
            receive(source.server, clean_posko, settings)
        refused.append(stopped.value.exit_code)

    received = receive(source.server, clean_posko, settings, progress=once(second))

    assert refused == [4]
    assert_accounted(source, clean_posko, received)


def test_a_failed_batch_leaves_staging_and_quarantine_as_they_were(source, clean_posko, settings, monkeypatch):
    make_source(source)
    send(source, tki("1"), tki("2", tanggal_lahir="2/30/2012"), tki("3", nama="\x01"))
    receive(source.server, clean_posko, settings)
    before = [ask(clean_posko, f"select * from {name} order by 1") for name in ("tki_tlrt", "quarantine")]
    correct(source, "1", nama="A")
    correct(source, "3", nama="\x02")

    with monkeypatch.context() as patched:
        patched.setattr("ingest.contract.SourceShape.line", property(lambda self: "'not what was sent'"))
        with pytest.raises(Exception, match=r"Jumlah kendali|tidak menyimpan") as stopped:
            receive(source.server, clean_posko, settings)

    assert stopped.value.exit_code == 1
    assert [ask(clean_posko, f"select * from {name} order by 1") for name in ("tki_tlrt", "quarantine")] == before
    assert_accounted(source, clean_posko, receive(source.server, clean_posko, settings))
