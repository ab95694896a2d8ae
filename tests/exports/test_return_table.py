"""Results stand in BNP2TKI's `hasil_uji` exactly once for each TKI and version, as the contract says (§14.3-14.4; R-164, F32)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pymysql
import pytest

from apps.returning import deliver, give_back, hear, table_site
from exports import return_table
from exports.return_table import Occupied, write_results
from posko.db.return_account import return_server
from posko.domain.errors import ConfigurationError, ConnectionFailed, Refused
from posko.domain.source_result import SourceResult
from posko.services import return_outbox, returns
from tests.support.decided import decided, number_of, publish, revoke
from tests.support.returning import at_source, make_site, make_tables, receive_again, trained

pytestmark = pytest.mark.server
ALL = (
    "select id_tki, hasil, kode_lsp, no_sertifikasi_kompetensi, tanggal_sertifikasi_kompetensi, versi from hasil_uji"
    " order by id_tki, versi"
)
SENT_AT = dt.datetime.fromisoformat("2026-03-16T02:00")


@pytest.fixture
def site(source, settings):
    return make_site(source, settings)


@pytest.fixture
def server(source, settings):
    make_tables(source)
    return return_server(settings, source.server)


def rows(*tki_ids, **other):
    return [
        SourceResult(
            **{
                "tki_id": tki_id, "result": "KOMPETEN", "lsp_code": "LSP-1", "certificate_no": number_of(place),
                "certified_on": dt.date(2026, 3, 9), "version": 1, "dispatch_id": "POSKO-00000001-0", "sent_at": SENT_AT,
                **other,
            }
        )
        for place, tki_id in enumerate(tki_ids)
    ]  # fmt: skip


def test_who_passed_and_who_did_not_stand_there_as_the_contract_says(world, source, site):
    passed = decided(world, "1")
    decided(world, "2", result="BK")
    publish(world)

    counts = give_back(world.office, site)

    assert counts == {"returned": 2, "delivered": 2}
    assert at_source(source, ALL) == [
        ("1", "KOMPETEN", "LSP-1", number_of(passed), "3/11/2026", 1),
        ("2", "BELUM", "LSP-1", None, None, 1),
    ]
    ((sending, sent_at, note),) = world.ask("select dispatch_id, made_at, dispatch_note from posko.return_batch")
    assert at_source(source, "select distinct id_kiriman, dikirim_pada from hasil_uji") == [(sending, sent_at)]
    assert sending in note
    assert [world.status(tki) for tki in "12"] == ["SENT_TO_BNP2TKI"] * 2


def test_a_delivered_return_is_relayed_and_not_sent_again(world, source, site):
    decided(world, "1")
    publish(world)
    give_back(world.office, site)

    assert give_back(world.office, site) == {"returned": 0, "delivered": 0}
    assert len(at_source(source, ALL)) == 1
    assert world.ask("select hop, loaded_at is not null from posko.handoff_batch order by batch_id") == [
        ("BNSP_TO_RELAY", 1),
        ("RELAY_TO_BNP2TKI", 0),
    ]


def test_without_a_line_results_wait_in_the_outbox_and_go_when_there_is_one(world, source, site):
    decided(world, "1")
    publish(world)

    assert give_back(world.office, None) == {"returned": 1, "delivered": 0}
    assert at_source(source, ALL) == []
    assert world.value("select source_batch_id is null from posko.return_batch") == 1
    assert give_back(world.office, site) == {"returned": 0, "delivered": 1}
    assert len(at_source(source, ALL)) == 1


def test_a_revocation_and_a_second_attempt_are_later_versions_of_the_same_tki(world, source, site):
    decided(world, "1", result="BK")
    publish(world)
    give_back(world.office, site)
    world.write("update posko.journey set status = 'CLOSED'")
    second = decided(world, "1")
    publish(world)
    give_back(world.office, site)
    revoke(world, second, "SUSPENDED")
    give_back(world.office, site)
    revoke(world, second)
    give_back(world.office, site)

    assert [(row[1], row[3] is not None, row[5]) for row in at_source(source, ALL)] == [
        ("BELUM", False, 1),
        ("KOMPETEN", True, 2),
        ("DITANGGUHKAN", True, 3),
        ("DICABUT", False, 4),
    ]


def test_a_date_is_written_in_the_declared_order(server, source):
    for version, order in enumerate(("MDY", "DMY", "YMD"), 1):
        write_results(server, rows("1", version=version), order)

    shown = at_source(source, "select tanggal_sertifikasi_kompetensi from hasil_uji order by versi")
    assert shown == [("3/9/2026",), ("9/3/2026",), ("2026-03-09",)]


def test_the_same_rows_written_again_leave_one_row_each(server, source):
    some = rows(*map(str, range(20)))

    first, again = (write_results(server, some, "MDY") for _ in range(2))

    assert first == again == {row.tki_id: row.digest for row in some}
    assert at_source(source, "select count(*) from hasil_uji") == [(20,)]


def test_eight_who_write_at_once_leave_one_row_each(server, source, monkeypatch):
    monkeypatch.setattr(return_table, "CHUNK_ROWS", 50)
    some = rows(*(f"{number:04d}" for number in range(400)))

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _n: len(write_results(server, some, "MDY")), range(8)))

    assert answers == [400] * 8
    assert at_source(source, "select count(*) from hasil_uji") == [(400,)]


def test_a_row_by_another_hand_under_one_of_our_keys_stops_the_return_and_is_noted_once(world, source, site):
    decided(world, "1")
    decided(world, "2")
    publish(world)
    at_source(source, "insert into hasil_uji values ('2', 'KOMPETEN', 'LSP-9', 'PALSU', '1/1/2026', 1, 'X', now(6))")

    for _ in range(2):
        with pytest.raises(Occupied, match="TKI 2"):
            give_back(world.office, site)

    assert at_source(source, "select no_sertifikasi_kompetensi from hasil_uji") == [("PALSU",)]
    assert world.ask("select rule_id, tki_id from posko.deviation") == [("DV-C07", "2")]
    assert world.value("select count(*) from posko.return_batch where dispatched_at is null") == 1


def test_a_line_that_was_altered_after_it_was_recorded_is_not_sent(world, source, site):
    decided(world, "1")
    publish(world)
    give_back(world.office, None)
    world.write("update posko.return_line set certificate_no = 'PRT.1025.2026.0000001'")

    with pytest.raises(Refused) as refused:
        give_back(world.office, site)

    assert (refused.value.code, refused.value.rule) == ("OUTBOX_DIFFERS", "DV-A11")
    assert at_source(source, ALL) == []


def test_what_arrived_otherwise_is_not_marked_as_sent(world, source):
    class Lossy:
        way = "TABLE"

        def deliver(self, some):
            return {row.tki_id: row.digest for row in some[1:]}, "x"

    decided(world, "1")
    decided(world, "2")
    publish(world)
    give_back(world.office, None)

    with pytest.raises(Refused) as refused:
        deliver(world.office, Lossy())

    assert refused.value.code == "DELIVERY_DIFFERS"
    assert world.value("select count(*) from posko.return_batch where dispatched_at is null") == 1


def test_the_account_may_add_and_read_results_and_nothing_else(server, source):
    write_results(server, rows("1"), "MDY")
    with server.connect(server.admin) as connection, connection.cursor() as cursor:
        for sql in (
            "update hasil_uji set hasil = 'BELUM'",
            "delete from hasil_uji",
            "insert into hasil_uji_konfirmasi (id_kiriman, id_tki, versi) values ('x', '1', 1)",
            "select * from tki_tlrt",
            "drop table hasil_uji",
            "create table other (a int)",
        ):
            with pytest.raises(pymysql.err.OperationalError) as denied:
                cursor.execute(sql)
            assert denied.value.args[0] == 1142, sql


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("drop table hasil_uji", "tidak ada"),
        ("alter table hasil_uji drop column versi, drop primary key", "tidak sesuai kontrak"),
        ("alter table hasil_uji modify no_sertifikasi_kompetensi varchar(5)", "terlalu sempit"),
    ],
)
def test_a_table_that_is_not_to_the_contract_is_a_sentence(server, source, change, words):
    at_source(source, change)

    with pytest.raises(ConfigurationError, match=words):
        write_results(server, rows("1"), "MDY")


def test_an_account_without_the_right_and_a_server_that_is_away_are_sentences(server, source):
    reader = dataclasses.replace(server, password="salah")
    with pytest.raises(ConnectionFailed, match="kata sandi salah"):
        write_results(reader, rows("1"), "MDY")
    at_source(source, "revoke insert on hasil_uji from 'posko_return'@'localhost'")
    with pytest.raises(ConfigurationError, match="SELECT dan INSERT"):
        write_results(server, rows("1"), "MDY")


def test_a_site_without_tables_or_without_an_address_has_no_line(source, settings):
    at_source(source, "drop table if exists hasil_uji")
    assert table_site(settings, source.server) is None
    outside = settings.model_copy(update={"source_url": "mysql://x@127.0.0.1/bnp2tki"})
    assert return_server(outside, source.server) is None


def test_bnp2tkis_update_of_what_stands_there_closes_the_journeys(world, source, site):
    trained(source, world, "1", "2")
    decided(world, "1")
    decided(world, "2", result="BK")
    publish(world)
    give_back(world.office, site)
    at_source(source, "update tki_tlrt join hasil_uji using (id_tki) set tki_tlrt.kode_lsp = hasil_uji.kode_lsp,"
              " tki_tlrt.no_sertifikasi_kompetensi = coalesce(hasil_uji.no_sertifikasi_kompetensi, ''),"
              " tki_tlrt.tanggal_sertifikasi_kompetensi = coalesce(hasil_uji.tanggal_sertifikasi_kompetensi, '')")  # fmt: skip
    receive_again(source, world)

    assert hear(world.office, site)["closed"] == 2
    assert [world.status(tki) for tki in "12"] == ["CLOSED"] * 2


def test_a_return_made_before_there_was_an_outbox_waits_for_nobody(world):
    decided(world, "1")
    publish(world)
    world.desk(None).do(returns.make_return)
    world.write("update posko.return_batch set dispatch_id = null")

    with world.office.engine.connect() as db:
        assert return_outbox.waiting(db) == []
