"""BNP2TKI's answers to what was returned: faithful, late, partial, rejected, empty, forged (§14.4-14.5; R-168..R-170, DV-C08)."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import closing

import pytest
from click.testing import CliRunner

from apps.cli import context, simulate
from apps.returning import give_back, hear
from ingest.simulator_results import EXPECTED, Manners, acknowledge
from posko.domain.errors import Refused
from posko.services import return_confirmations, return_fakes
from tests.support.decided import decided, publish, revoke
from tests.support.returning import at_source, make_site, receive_again, trained

pytestmark = pytest.mark.server
MANY = [f"{number:03d}" for number in range(40)]
BAD = Manners(seed=3, late=0.2, rejected=0.2, empty_promise=0.15, partial=0.15, forged=2)


@pytest.fixture
def site(source, settings):
    return make_site(source, settings)


@pytest.fixture
def returned(world, source, site):
    """Results of forty TKI, every fourth not competent, stand in BNP2TKI's table; three others were never tested."""
    trained(source, world, *MANY, "900", "901", "902")
    for place, tki_id in enumerate(MANY):
        decided(world, tki_id, result="BK" if place % 4 == 0 else "K")
    publish(world)
    give_back(world.office, site)
    return world


def answer(source, manners=None, **more):
    with closing(source.connect()) as connection:
        return acknowledge(connection, manners, **more)


def rules(world):
    return Counter(world.ask("select rule_id, tki_id from posko.deviation"))


def test_faithful_answers_close_everybody_and_leave_no_deviation(returned, source, site):
    assert answer(source).taken_over == 40
    receive_again(source, returned)

    counts = hear(returned.office, site)

    assert (counts["confirmed"], counts["closed"], counts["different"], counts["missing"]) == (40, 40, 0, 0)
    assert returned.ask("select distinct status from posko.journey") == [("CLOSED",)]
    assert rules(returned) == {}
    assert hear(returned.office, site)["confirmed"] == 0


def test_each_wrong_answer_comes_to_what_the_fault_file_says(returned, source, site, tmp_path):
    done = answer(source, BAD, fault_file=tmp_path / "faults.jsonl")
    receive_again(source, returned)
    counts = hear(returned.office, site)
    told = [json.loads(line) for line in (tmp_path / "faults.jsonl").read_text("utf-8").splitlines()]
    planted = done.by_kind

    assert Counter(fault["kind"] for fault in told) == planted
    assert set(planted) == set(EXPECTED)
    assert counts["rejected"] == planted["rejected"]
    assert counts["forged"] == planted["forged_version"] + planted["forged_sending"] == 4
    assert counts["closed"] == done.taken_over
    assert counts["different"] == planted["partial"]
    assert counts["missing"] == planted["late"] + planted["rejected"] + planted["empty_promise"]
    assert {tki for rule, tki in rules(returned) if rule == "DV-C08"} == {
        fault["id_tki"] for fault in told if fault["expected"] == "fake:DV-C08"
    }
    wrong = {fault["id_tki"] for fault in told if fault["kind"] in {"late", "rejected", "empty_promise", "partial"}}
    shut = {tki for (tki,) in returned.ask("select tki_id from posko.journey where status = 'CLOSED'")}
    assert shut == set(MANY) - wrong


def test_nothing_is_noted_twice_and_a_later_faithful_answer_heals(returned, source, site):
    answer(source, BAD)
    receive_again(source, returned)
    hear(returned.office, site)
    noted = rules(returned)

    again = hear(returned.office, site)

    assert rules(returned) == noted
    assert (again["rejected"], again["forged"], again["fakes"]) == (0, 0, 0)
    answer(source, again=True)
    receive_again(source, returned)
    assert hear(returned.office, site)["missing"] == 0
    assert returned.ask("select distinct status from posko.journey") == [("CLOSED",)]


def test_the_same_seed_meets_the_same_fates(returned, source):
    first = answer(source, BAD).planted
    at_source(source, "delete from hasil_uji_konfirmasi")
    at_source(source, "update tki_tlrt set no_sertifikasi_kompetensi = null")

    assert answer(source, BAD).planted == first
    fates = {seed: [Manners(seed=seed, late=0.5).fate(tki_id, 1) for tki_id in MANY] for seed in (1, 2)}
    assert fates[1] != fates[2]


def test_the_command_answers_and_says_what_it_did_wrong(returned, source, settings, monkeypatch, tmp_path):
    monkeypatch.setattr(context, "settings", lambda: settings)
    monkeypatch.setattr(context, "source_connection", source.connect)
    asked = ["--acknowledge", "--rejected", "0.5", "--seed", "3", "--faults", str(tmp_path / "faults.jsonl"), "--json"]

    told = json.loads(CliRunner().invoke(simulate.command, asked, catch_exceptions=False).stdout)

    assert told["taken_over"] + told["planted_by_kind"]["rejected"] == 40
    assert len((tmp_path / "faults.jsonl").read_text("utf-8").splitlines()) == told["planted_by_kind"]["rejected"]
    assert at_source(source, "select count(*) from hasil_uji_konfirmasi") == [(40,)]


def test_a_confirmation_alone_closes_nothing(returned, source, site):
    answer(source, Manners(empty_promise=1.0))
    receive_again(source, returned)

    counts = hear(returned.office, site)

    assert (counts["confirmed"], counts["closed"], counts["missing"]) == (40, 0, 40)
    assert returned.ask("select distinct status from posko.journey") == [("SENT_TO_BNP2TKI",)]


def test_an_answer_to_an_older_version_does_not_undo_the_newer(world, source, site):
    trained(source, world, "1")
    journey_id = decided(world, "1")
    publish(world)
    give_back(world.office, site)
    revoke(world, journey_id)
    give_back(world.office, site)

    answer(source)
    receive_again(source, world)
    hear(world.office, site)

    assert at_source(source, "select no_sertifikasi_kompetensi from tki_tlrt") == [("",)]
    assert world.value("select count(*) from posko.return_line where acknowledged_at is null") == 0


def test_a_rejection_that_is_taken_back_is_another_row(returned, source, site):
    answer(source, Manners(rejected=1.0))
    hear(returned.office, site)
    at_source(source, "update hasil_uji_konfirmasi set status = 'DITERIMA', alasan = null where id_tki = '001'")

    assert hear(returned.office, site)["confirmed"] == 1
    assert returned.ask(
        "select verdict from posko.return_confirmation where tki_id = '001' order by confirmation_id"
    ) == [("REJECTED",), ("ACCEPTED",)]


def test_a_word_that_means_nothing_is_noted_as_unreadable(returned, source, site):
    answer(source)
    at_source(source, "update hasil_uji_konfirmasi set status = 'OK 3603054105830001' where id_tki = '001'")

    assert hear(returned.office, site)["rejected"] == 1
    assert returned.ask("select rule_id, tki_id from posko.deviation") == [("DV-C07", "001")]
    assert "3603054105830001" not in str(returned.ask("select evidence, subject_code from posko.deviation"))


def test_a_number_that_somebody_wrote_beside_an_untested_tki_is_a_fake_once(world):
    for tki_id in "12":
        world.add_tki(tki_id)
    world.write(
        "update posko_staging.tki_tlrt set no_sertifikasi_kompetensi = ' PRT.1025.2026.9999999 ' where id_tki = '1'"
    )
    world.write("update posko_staging.tki_tlrt set no_sertifikasi_kompetensi = '3603054105830001' where id_tki = '2'")

    assert [world.desk(None).do(return_fakes.find)["found"] for _ in range(2)] == [2, 0]
    assert world.ask("select rule_id, tki_id, severity from posko.deviation order by tki_id") == [
        ("DV-C08", "1", "H"),
        ("DV-C08", "2", "H"),
    ]
    assert "3603054105830001" not in str(world.ask("select evidence, subject_code from posko.deviation"))
    world.write("update posko_staging.tki_tlrt set no_sertifikasi_kompetensi = 'PRT.1' where id_tki = '1'")
    assert world.desk(None).do(return_fakes.find)["found"] == 1


def test_a_number_in_a_row_of_the_quarantine_is_a_fake_too(world):
    world.write(
        "insert into posko_staging.quarantine (batch_id, id_tki, reasons, row_as_sent, key_crc, row_crc, first_seen_at) values"
        " (1, '7', 'DATE_NOT_MDY', :row, 1, 1, '2026-03-01'), (1, :key, 'KEY_LENGTH', :row, 2, 2, '2026-03-01'),"
        " (1, '8', 'NOT_JSON', 'x', 3, 3, '2026-03-01')",
        row='{"id_tki": "7", "no_sertifikasi_kompetensi": "PRT.1025.2026.9999999"}',
        key="9" * 255,
    )

    assert [world.desk(None).do(return_fakes.find)["found"] for _ in range(2)] == [2, 0]
    assert world.ask("select tki_id from posko.deviation order by tki_id") == [("7",), ("9" * 64,)]


def test_an_own_number_is_no_fake(world):
    world.add_tki("1")
    decided(world, "1")
    world.write(
        "update posko_staging.tki_tlrt set no_sertifikasi_kompetensi = (select certificate_no from posko.certificate)"
    )

    assert world.desk(None).do(return_fakes.find)["found"] == 0


GOOD = {"id_kiriman": "X", "id_tki": "1", "versi": 1, "diterima_pada": None, "status": None, "alasan": None}


@pytest.mark.parametrize(
    "wrong",
    [
        {"id_kiriman": None},
        {"id_tki": ""},
        {"versi": "1"},
        {"diterima_pada": "kemarin"},
        {"status": "x" * 21},
        {"alasan": 7},
    ],
)
def test_a_confirmation_without_a_key_or_with_other_types_is_refused_whole(world, wrong):
    with pytest.raises(Refused) as refused:
        world.desk(None).do(return_confirmations.confirmed, rows=[GOOD, {**GOOD, **wrong}])

    assert refused.value.code == "CONFIRMATION_UNREADABLE"
    assert world.value("select count(*) from posko.return_confirmation") == 0
