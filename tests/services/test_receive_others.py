"""The tables beside `tki_tlrt`: fingerprints, opaque and encrypted, and the registers of BLKLN and PPTKIS (R-026, R-080, R-187)."""

from __future__ import annotations

import pytest

from ingest.receive import receive
from posko.domain.errors import SourceShrank
from tests.support.scenario import fingerprints
from tests.support.source import make_source, run_sql, send, tki
from tests.support.staging import ask, assert_accounted

pytestmark = pytest.mark.server

PRINT = b"\x00\xff'\\ a fingerprint, opaque"


def put_print(source, id_tki, finger=2, form="ISO", data=PRINT, at="2012-06-20"):
    with source.connect(autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("replace into tki_sidik_jari values (%s, %s, %s, %s, %s)", (id_tki, finger, form, data, at))


@pytest.fixture
def printed(source, clean_posko, settings):
    """A source of one TKI with two fingers, received once."""
    make_source(source)
    send(source, tki("1"))
    put_print(source, "1")
    put_print(source, "1", 7, data=b"")
    receive(source.server, clean_posko, settings)
    return source


def test_fingerprints_come_back_byte_for_byte_and_are_nowhere_in_clear(printed, clean_posko, settings):
    assert fingerprints(clean_posko, settings) == [("1", 2, "ISO", PRINT, 1), ("1", 7, "ISO", b"", 1)]
    assert ask(clean_posko, "select count(*) from tki_sidik_jari where locate('opaque', ciphertext) > 0") == [(0,)]


def test_an_unchanged_print_is_not_sealed_anew(printed, clean_posko, settings):
    before = ask(clean_posko, "select * from tki_sidik_jari")

    received = receive(printed.server, clean_posko, settings, verify=True)

    assert received.fingerprints == 0
    assert ask(clean_posko, "select * from tki_sidik_jari") == before


@pytest.mark.parametrize(("at", "verify"), [("2012-07-01", False), ("2012-01-01", True)])
def test_a_changed_print_replaces_the_earlier_one(printed, clean_posko, settings, at, verify):
    put_print(printed, "1", data=b"ANOTHER", at=at)

    received = receive(printed.server, clean_posko, settings, verify=verify)

    assert received.fingerprints == 1
    assert fingerprints(clean_posko, settings)[0] == ("1", 2, "ISO", b"ANOTHER", 1)


def test_a_withdrawn_print_is_dated_and_stands_again_when_it_returns(printed, clean_posko, settings):
    run_sql(printed, "delete from tki_sidik_jari where jari = 7")
    receive(printed.server, clean_posko, settings)
    assert [row[4] for row in fingerprints(clean_posko, settings)] == [1, 0]

    put_print(printed, "1", 7, data=b"", at="2012-01-01")
    receive(printed.server, clean_posko, settings, verify=True)

    assert [row[4] for row in fingerprints(clean_posko, settings)] == [1, 1]


def test_one_print_of_the_far_future_does_not_hide_later_ones(printed, clean_posko, settings):
    put_print(printed, "1", 3, at="2999-01-01")
    receive(printed.server, clean_posko, settings)
    run_sql(printed, "update tki_sidik_jari set data = 'NEW', updated_at = utc_timestamp() where jari = 2")

    receive(printed.server, clean_posko, settings)

    assert fingerprints(clean_posko, settings)[0][3] == b"NEW"


def test_a_print_that_cannot_be_kept_is_refused_without_the_print_and_does_not_stop_the_rest(
    source, clean_posko, settings
):
    make_source(source)
    run_sql(
        source,
        "alter table tki_sidik_jari modify id_tki varchar(300) not null, modify format varchar(300) null,"
        " modify data longblob null",
    )
    put_print(source, "1")
    put_print(source, "L" * 300)
    put_print(source, "3", form=None)
    put_print(source, "4", form="F" * 21)
    put_print(source, "6", data=None)

    receive(source.server, clean_posko, settings)
    receive(source.server, clean_posko, settings, verify=True)

    refused = ask(
        clean_posko,
        "select id_tki, row_as_sent from quarantine where source_table = 'tki_sidik_jari' and resolved_at is null",
    )
    assert {key for key, _ in refused} == {"L" * 255, "4"}
    assert not any("opaque" in as_sent for _, as_sent in refused)
    assert fingerprints(clean_posko, settings) == [
        ("1", 2, "ISO", PRINT, 1),
        ("3", 2, "", PRINT, 1),
        ("6", 2, "ISO", b"", 1),
    ]


def test_registers_follow_the_source_and_forget_no_code(source, clean_posko, settings):
    make_source(source)
    columns = "kode_blkln, nama, kota, kapasitas, berlaku_sampai, updated_at"
    good, odd = "('B1', 'SATU', 'KENDAL', '20', '6/30/2013', null)", "('B2', '=cmd()', null, 'x', '2/30/2013', null)"
    run_sql(source, f"insert into blkln ({columns}) values {good}, {odd}")
    receive(source.server, clean_posko, settings)
    state = "select kode_blkln, nama, kapasitas, kapasitas_int, cast(berlaku_sampai_date as char), deleted_at is null from blkln order by 1"

    assert ask(clean_posko, state) == [("B1", "SATU", "20", 20, "2013-06-30", 1), ("B2", "=cmd()", "x", None, None, 1)]
    run_sql(source, "delete from blkln where kode_blkln = 'B2'", "update blkln set kapasitas = '30'")
    receive(source.server, clean_posko, settings)
    assert [row[2:] for row in ask(clean_posko, state)] == [("30", 30, "2013-06-30", 1), ("x", None, None, 0)]


def test_a_register_code_that_cannot_be_kept_does_not_stop_the_rest(source, clean_posko, settings):
    make_source(source)
    run_sql(source, "alter table blkln modify kode_blkln varchar(300) not null, modify nama varchar(300)")
    run_sql(
        source,
        f"insert into blkln (kode_blkln, nama) values ('B1', 'SATU'), ('{'L' * 300}', 'DUA'), ('B3', '{'N' * 300}')",
    )
    send(source, tki("1"))

    received = receive(source.server, clean_posko, settings)

    assert ask(clean_posko, "select kode_blkln from blkln") == [("B1",)]
    refused = ask(
        clean_posko, "select id_tki, reasons from quarantine where source_table = 'blkln' and resolved_at is null"
    )
    assert sorted(refused) == [("B3", "TOO_LONG"), ("L" * 255, "TOO_LONG")]
    assert_accounted(source, clean_posko, received)
    run_sql(source, "update blkln set nama = 'TIGA' where kode_blkln = 'B3'")
    receive(source.server, clean_posko, settings)
    assert ask(clean_posko, "select id_tki from quarantine where source_table = 'blkln' and resolved_at is null") == [
        ("L" * 255,)
    ]


def test_a_register_that_suddenly_lost_most_of_its_rows_stops_the_run_and_changes_nothing(
    source, clean_posko, settings
):
    make_source(source)
    for number in range(10):
        run_sql(source, f"insert into blkln (kode_blkln, nama) values ('H{number:07}', 'BLKLN')")
    receive(source.server, clean_posko, settings)
    run_sql(source, "delete from blkln")

    with pytest.raises(SourceShrank, match="blkln"):
        receive(source.server, clean_posko, settings)

    assert ask(clean_posko, "select count(*) from blkln where deleted_at is null")[0][0] >= 10
