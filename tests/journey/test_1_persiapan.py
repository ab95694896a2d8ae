"""Persiapan, §12.1-12.11: from BNP2TKI's table to the acknowledged list of the TUK, with every refusal on the way."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from posko.domain.handoff import Hop
from posko.services import allocation, distribution, handoffs, intake, registration, scheduling
from posko.services.office import act

if TYPE_CHECKING:
    from tests.journey.conftest import Story

pytestmark = pytest.mark.pipeline


@act("test.take_over", None)
def takes_over(tx, *, batch_id, hashes):
    handoffs.take_over(tx, batch_id, hashes)


def test_12_1_bnp2tki_sends_the_table_of_those_who_finished_training(story: Story) -> None:
    story.simulate()
    with story.source.connect() as connection, connection.cursor() as cursor:
        cursor.execute("select count(*), sum(tanggal_keluar_blkln is not null) from tki_tlrt")
        rows, trained = cursor.fetchone()

    assert rows == 900
    assert trained == rows


def test_12_2_the_table_is_pulled_and_filtered_without_a_click(story: Story) -> None:
    summary = story.run_pipeline()
    got, counts = summary.received, summary.counts

    assert got.received == got.typed + got.quarantined == 900
    assert got.typed == counts["eligible"] + counts["held_back"]
    assert counts["held_back"] > 0
    assert got.quarantined > 0
    assert set(summary.gates.values()) == {"passed"}
    story.choose()


def test_12_3_who_passed_the_filter_goes_to_the_konsorsium_and_nobody_else(story: Story) -> None:
    enrolled = story.cast.enrol_everybody()
    sent = story.cast.system.do(intake.send_eligible)

    assert enrolled > 100
    assert sent["rows"] == story.summary.counts["eligible"]
    assert story.statuses() == {"SENT_TO_KONSORSIUM"}
    held = "select count(*) as n from posko.journey join posko_model.fct_tki_held_back using (tki_id)"
    assert story.value(held) == 0
    assert story.cast.system.do(intake.send_eligible)["rows"] == 0


def test_12_4_the_table_is_handed_over_row_by_row_and_an_altered_one_is_not_taken(story: Story) -> None:
    batch = story.value("select batch_id from posko.handoff_batch where hop = :hop", hop=Hop.BNSP_TO_KONSORSIUM.value)
    lines = story.play.ask("select tki_id, row_hash, status from posko.handoff_line where batch_id = :id", id=batch)

    assert {line["status"] for line in lines} == {"LOADED"}
    assert len(lines) == story.summary.counts["eligible"]
    hashes = {line["tki_id"]: line["row_hash"] for line in lines}
    story.refuses("BATCH_TAKEN_OVER", story.cast.system, takes_over, batch_id=batch, hashes=hashes)


def test_12_5_the_konsorsium_searches_registers_schedules_and_allocates(story: Story) -> None:
    desk, tki = story.konsorsium(), story.tki
    assert desk.do(registration.search, tki_id=tki["passes"])["found"]
    assert not desk.do(registration.search, tki_id="0000000")["found"]
    held = story.value("select min(tki_id) as id from posko_model.fct_tki_held_back")
    story.refuses("TKI_UNKNOWN", desk, registration.register, tki_id="0000000")
    story.refuses("TKI_HELD_BACK", desk, registration.register, tki_id=held)
    story.refuses("NotPermitted", story.bnsp(), registration.register, tki_id=tki["passes"])
    desk.do(registration.register_many, tki_ids=sorted(tki.values()))
    story.refuses("TKI_REGISTERED", desk, registration.register, tki_id=tki["passes"])
    assert story.statuses() == {"REGISTERED"}
    _schedule_all(story)
    assert story.statuses() == {"ALLOCATED"}


def _schedule_all(story: Story) -> None:
    desk, place = story.konsorsium(), story.place
    found = desk.do(scheduling.choices, exam_on=place["day"], lsp_code=place["lsp"], tuk_code=place["tuk"])
    place["met"] = next(person["met_no"] for person in found["asesor"] if person["free"] >= len(story.tki))
    seat = {"exam_on": place["day"], "lsp_code": place["lsp"], "tuk_code": place["tuk"], "met_no": place["met"]}
    number = story.journey_id("passes")
    yesterday = place["day"] - dt.timedelta(days=400)
    story.refuses("DAY_TOO_EARLY", desk, scheduling.schedule, journey_id=number, **{**seat, "exam_on": yesterday})
    story.refuses("TUK_UNKNOWN", desk, scheduling.schedule, journey_id=number, **{**seat, "tuk_code": "TUK-999"})
    story.refuses("LSP_UNKNOWN", desk, scheduling.schedule, journey_id=number, **{**seat, "lsp_code": "LSP99"})
    story.refuses("ASESOR_UNKNOWN", desk, scheduling.schedule, journey_id=number, **{**seat, "met_no": "MET.X"})
    story.refuses("NotPermitted", story.lsp(), scheduling.schedule, journey_id=number, **seat)
    sessions = {desk.do(scheduling.schedule, journey_id=story.journey_id(who), **seat) for who in story.tki}
    (story.numbers["session"],) = sessions
    story.refuses("ALREADY_ALLOCATED", desk, scheduling.schedule, journey_id=number, **seat)


def test_12_6_the_konsorsium_sends_the_allocation_back(story: Story) -> None:
    story.refuses("NotPermitted", story.bnsp(), allocation.send_allocation)
    sent = story.konsorsium().do(allocation.send_allocation)
    story.numbers["allocation"] = sent["batch_id"]

    assert sent["rows"] == len(story.tki)
    assert story.statuses() == {"RETURNED_TO_BNSP"}
    story.refuses("LIST_EMPTY", story.konsorsium(), allocation.send_allocation)


def test_12_7_bnsp_receives_it_and_only_bnsp_processes_it(story: Story) -> None:
    batch = story.numbers["allocation"]
    waiting = story.value("select loaded_at from posko.handoff_batch where batch_id = :id", id=batch)

    assert waiting is None
    story.refuses("NotPermitted", story.konsorsium(), distribution.check_balance, batch_id=batch)
    story.refuses("NotPermitted", story.tuk(), distribution.check_balance, batch_id=batch)


def test_12_8_bnsp_checks_the_balance_and_names_a_row_that_was_altered(story: Story) -> None:
    batch, victim = story.numbers["allocation"], story.tki["held"]
    honest = story.value(
        "select row_hash from posko.handoff_line where batch_id = :id and tki_id = :tki", id=batch, tki=victim
    )
    _alter(story, batch, victim, b"\0" * 32)
    refused = story.refuses("BATCH_DIFFERS", story.bnsp(), distribution.check_balance, batch_id=batch)
    assert victim in str(refused)
    _alter(story, batch, victim, honest)
    checked = story.bnsp().do(distribution.check_balance, batch_id=batch)
    story.numbers["balance"] = checked["balance_check_id"]

    assert checked["is_complete"]
    assert story.statuses() == {"BALANCED"}


def _alter(story: Story, batch: int, tki_id: str, value: bytes) -> None:
    with story.posko.connect(story.posko.admin, "posko", autocommit=True) as raw, raw.cursor() as cursor:
        cursor.execute(
            "update handoff_line set row_hash = %s where batch_id = %s and tki_id = %s", (value, batch, tki_id)
        )


def test_12_9_the_checked_table_is_split_and_its_parts_sum_to_the_whole(story: Story) -> None:
    released = story.bnsp().do(distribution.release, balance_check_id=story.numbers["balance"])
    story.numbers |= {part["receiver_kind"]: part["batch_id"] for part in released["batches"]}

    assert {part["receiver_kind"] for part in released["batches"]} == {"LSP", "TUK"}
    for part in released["batches"]:
        lines = story.value("select count(*) as n from posko.handoff_line where batch_id = :id", id=part["batch_id"])
        assert lines == len(story.tki)
    assert story.statuses() == {"DISTRIBUTED"}
    story.refuses("RELEASED", story.bnsp(), distribution.release, balance_check_id=story.numbers["balance"])


def test_12_10_lsp_and_tuk_find_it_in_their_inbox_and_nobody_elses(story: Story) -> None:
    own = story.lsp().do(distribution.inbox, receiver_kind="LSP", receiver_code=story.place["lsp"])

    assert [part["batch_id"] for part in own] == [story.numbers["LSP"]]
    story.refuses(
        "NotPermitted", story.other_lsp(), distribution.inbox, receiver_kind="LSP", receiver_code=story.place["lsp"]
    )
    story.refuses("NotPermitted", story.other_tuk(), distribution.acknowledge, batch_id=story.numbers["TUK"])


def test_12_11_both_load_and_acknowledge_it(story: Story) -> None:
    story.lsp().do(distribution.acknowledge, batch_id=story.numbers["LSP"])
    assert story.statuses() == {"DISTRIBUTED"}
    story.tuk().do(distribution.acknowledge, batch_id=story.numbers["TUK"])

    assert story.statuses() == {"ACKNOWLEDGED"}
    story.refuses("BATCH_TAKEN_OVER", story.tuk(), distribution.acknowledge, batch_id=story.numbers["TUK"])
    listed = story.lsp().do(distribution.candidate_list, session_id=story.numbers["session"])
    assert {row["tki_id"] for row in listed} == set(story.tki.values())
