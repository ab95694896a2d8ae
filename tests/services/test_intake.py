"""BNSP sends the filtered table to the Konsorsium by itself (§12.1-12.4; R-084..R-087, R-182)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from posko.domain.errors import Refused
from posko.domain.handoff import Hop
from posko.services import intake
from posko.services.handed_rows import recomputed
from posko.services.rows import many, one

pytestmark = pytest.mark.server


def test_those_whom_the_filter_lets_pass_stand_at_the_konsorsium_and_nobody_else(world):
    world.add_tki("100")
    world.add_tki("101")
    world.add_tki("102", eligible=False)

    answer = world.desk(None).do(intake.send_eligible)

    assert answer["rows"] == 2
    assert world.ask("select tki_id, scheme_code, journey_no, attempt_no, status from posko.journey order by 1") == [
        ("100", "TLRT", 1, 1, "SENT_TO_KONSORSIUM"),
        ("101", "TLRT", 1, 1, "SENT_TO_KONSORSIUM"),
    ]


def test_each_tki_has_a_line_at_each_of_the_three_hops_taken_over_as_sent(world):
    world.add_tki("100")

    batch_id = world.desk(None).do(intake.send_eligible)["batch_id"]

    crc = world.value("select row_crc from posko_staging.tki_tlrt")
    assert crc
    assert world.ask(
        "select batch.hop, batch.sender, batch.receiver, batch.row_count, batch.received_count, line.status,"
        " line.row_hash = line.received_hash, line.journey_id from posko.handoff_batch as batch"
        " join posko.handoff_line as line on line.batch_id = batch.batch_id order by batch.batch_id"
    ) == [
        ("BNP2TKI_TO_RELAY", "BNP2TKI", "RELAY", 1, 1, "LOADED", 1, world.journey_id("100")),
        ("RELAY_TO_BNSP", "RELAY", "BNSP", 1, 1, "LOADED", 1, world.journey_id("100")),
        ("BNSP_TO_KONSORSIUM", "BNSP", "KONSORSIUM", 1, 1, "LOADED", 1, world.journey_id("100")),
    ]
    assert world.value("select max(batch_id) from posko.handoff_batch") == batch_id


def test_sending_again_sends_only_who_is_new(world):
    world.add_tki("100")
    world.desk(None).do(intake.send_eligible)
    world.add_tki("101")

    assert world.desk(None).do(intake.send_eligible)["rows"] == 1
    assert world.desk(None).do(intake.send_eligible) == {"batch_id": None, "rows": 0, "last": None}
    assert world.value("select count(*) from posko.journey") == 2


def test_a_sending_goes_on_behind_the_last_of_the_one_before_and_the_next_night_finds_who_came_meanwhile(world):
    for tki_id in ("100", "102", "103"):
        world.add_tki(tki_id)
    done = world.desk(None).do(intake.send_eligible, most=2)
    world.add_tki("101")

    assert done["last"] == "102"
    assert world.desk(None).do(intake.send_eligible, after=done["last"])["last"] == "103"
    assert world.desk(None).do(intake.send_eligible, after="103")["rows"] == 0
    assert world.desk(None).do(intake.send_eligible)["last"] == "101"


def test_a_tki_with_an_earlier_journey_is_not_sent_a_second_time(world):
    world.add_tki("100")
    world.desk(None).do(intake.send_eligible)
    world.write("update posko.journey set status = 'CLOSED'")

    assert world.desk(None).do(intake.send_eligible)["rows"] == 0


def test_a_sending_that_finds_nobody_leaves_an_event(world):
    world.desk(None).do(intake.send_eligible)

    assert world.events() == [("intake.send_eligible", "handoff", "-")]


def test_every_journey_that_begins_has_its_event(world):
    for number in range(3):
        world.add_tki(str(100 + number))

    world.desk(None).do(intake.send_eligible)

    begun = [event for event in world.events() if event[1] == "journey"]
    assert begun == [("intake.send_eligible", "journey", f"{100 + number}/TLRT/1") for number in range(3)]
    assert len([event for event in world.events() if event[1] == "handoff"]) == 6


def test_the_scheme_of_the_proposal_is_the_scheme_of_the_journey(world):
    world.add_tki("100")
    world.add_tki("101")
    world.write("update posko_model.fct_tuk_proposal set scheme_code = 'LAIN' where tki_id = '100'")
    world.write("delete from posko_model.fct_tuk_proposal where tki_id = '101'")

    world.desk(None).do(intake.send_eligible)

    assert world.ask("select tki_id, scheme_code from posko.journey order by 1") == [("100", "LAIN"), ("101", "TLRT")]


def test_it_is_refused_before_the_pipeline_ever_ran(world):
    world.write("drop table posko_model.fct_tki_eligible")

    with pytest.raises(Refused) as refused:
        world.desk(None).do(intake.send_eligible)

    assert refused.value.code == "PIPELINE_NEVER_RAN"


def test_a_person_cannot_do_what_the_system_does_by_itself(world):
    with pytest.raises(PermissionError):
        world.desk("SA1").do(intake.send_eligible)

    assert world.value("select count(*) from posko.journey") == 0


def test_eight_sendings_at_once_open_one_journey_each(world):
    for number in range(40):
        world.add_tki(str(100 + number))

    def send(_):
        try:
            return world.desk(None).do(intake.send_eligible)["rows"]
        except Refused as refused:
            return {"CHANGED_MEANWHILE": 0}[refused.code]

    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(send, range(8)))

    assert sum(sent) == 40
    assert world.value("select count(*) from posko.journey") == 40
    assert world.value("select count(*) from posko.handoff_line") == 120


@pytest.mark.parametrize("is_kept", [True, False])
def test_the_hash_of_a_sent_row_is_found_again_while_any_version_of_it_is_kept(world, is_kept):
    world.add_tki("100")
    world.desk(None).do(intake.send_eligible)
    columns = ", ".join(
        name
        for (name,) in world.ask(
            "select column_name from information_schema.columns where table_schema = 'posko_staging'"
            " and table_name = 'tki_tlrt' order by ordinal_position"
        )
    )
    if is_kept:
        world.write(
            f"insert into posko_staging.tki_tlrt_history ({columns}, change_kind, replaced_by_batch_id, replaced_at)"
            f" select {columns}, 'CORRECTED', 2, '2026-03-02' from posko_staging.tki_tlrt"
        )
    world.write("update posko_staging.tki_tlrt set alamat = 'PINDAH'")

    with world.admin().connect() as db:
        batch = one(db, "select * from posko.handoff_batch where hop = :hop", hop=Hop.RELAY_TO_BNSP.value)
        (line,) = many(db, "select row_hash from posko.handoff_line where batch_id = :id", id=batch["batch_id"])
        assert (recomputed(db, batch) == {"100": line["row_hash"]}) == is_kept
