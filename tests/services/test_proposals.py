"""Bulk acceptance of the proposed places, with its preview (§12.5; R-089, R-090, R-183)."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from apps.fraud.small_world import EXAM_ON
from posko.domain.errors import Refused
from posko.services import allocation, proposals, registration, scheduling
from tests.support.preparation import (
    WRONG,
    changes_nothing,
    parameter,
    place,
    refused,
    registered,
    registers,
    rows_of,
)

pytestmark = pytest.mark.server


def accept(world, **asked):
    return world.desk("KO1").do(proposals.accept, **asked)


def preview(world, **asked):
    return world.desk("KO1").do(proposals.preview, **asked)


def proposed_on(world, tki_id, day):
    world.write("update posko_model.fct_tuk_proposal set proposed_on = :day where tki_id = :id", day=day, id=tki_id)


def test_those_whom_the_rule_placed_are_allocated_where_it_proposed(world):
    registered(world, "100", "101")
    registered(world, "102", tuk="TUK-2")

    assert accept(world) == {"accepted": 3, "skipped": []}

    assert world.ask(
        "select journey.tki_id, session.tuk_code, session.lsp_code, session.exam_on, journey.status from posko.allocation"
        " join posko.journey as journey using (journey_id) join posko.exam_session as session using (session_id) order by 1"
    ) == [
        ("100", "TUK-1", "LSP-1", EXAM_ON, "ALLOCATED"),
        ("101", "TUK-1", "LSP-1", EXAM_ON, "ALLOCATED"),
        ("102", "TUK-2", "LSP-1", EXAM_ON, "ALLOCATED"),
    ]
    assert world.ask("select tuk_code, booked from posko.tuk_day order by 1") == [("TUK-1", 2), ("TUK-2", 1)]
    assert world.value("select sum(booked) from posko.asesor_day") == 3


def test_a_double_submit_is_done_once_and_gets_the_first_answer(world):
    registered(world, "100", "101")
    desk = world.desk("KO1").once("form-1")

    assert desk.do(proposals.accept, most=1) == desk.do(proposals.accept, most=1) == {"accepted": 1, "skipped": []}
    assert world.value("select count(*) from posko.allocation") == 1
    again = world.desk("KO1").once("form-2")
    assert again.do(proposals.preview) == again.do(proposals.preview)


def test_a_preview_shows_what_accepting_then_does_and_changes_nothing(world):
    registered(world, "100", "101")
    registered(world, "102", tuk="TUK-2")
    proposed_on(world, "101", "2026-03-02")
    before = rows_of(world)

    shown = preview(world)

    assert rows_of(world) == before
    accept(world)
    done = world.ask(
        "select journey.tki_id, session.met_no from posko.allocation join posko.journey as journey using (journey_id)"
        " join posko.exam_session as session using (session_id) order by 1"
    )
    assert sorted((row["tki_id"], row["met_no"]) for row in shown["rows"]) == done
    assert sorted((row["tuk_code"], row["seats"]) for row in shown["sessions"]) == [("TUK-1", 1), ("TUK-2", 1)]
    assert shown["unplaced"] == [["101", "DAY_TOO_EARLY"]]


def test_who_does_not_fit_is_skipped_with_the_code_and_stays_on_the_list(world):
    registered(world, "100", "101", "102", "103")
    proposed_on(world, "100", "2026-03-01")
    world.write("update posko.candidate set born_on = '2010-01-01' where tki_id = '101'")
    registers(world, "insert into posko.closed_day values ('2026-03-11', '*', 'libur')")
    proposed_on(world, "102", "2026-03-11")

    answer = accept(world)

    assert answer["accepted"] == 1
    assert sorted(answer["skipped"]) == [["100", "DAY_TOO_EARLY"], ["101", "TOO_YOUNG"], ["102", "DAY_CLOSED"]]
    assert [row["tki_id"] for row in world.desk("KO1").do(allocation.unallocated)] == ["100", "101", "102"]
    told = world.value("select payload from posko_audit.audit_event where entity = 'proposals' and outcome = 'ok'")
    assert '"DAY_CLOSED":1' in told


def test_no_more_are_accepted_than_asked_for_and_the_next_call_goes_on(world):
    registered(world, "100", "101", "102")
    proposed_on(world, "100", "2026-03-01")

    assert accept(world, most=1)["accepted"] == 1
    assert accept(world, most=1)["accepted"] == 1
    assert accept(world, most=1) == {"accepted": 0, "skipped": [["100", "DAY_TOO_EARLY"]]}


def test_only_the_day_that_was_asked_for_is_accepted(world):
    registered(world, "100", "101")
    proposed_on(world, "101", "2026-03-10")

    assert accept(world, exam_on="2026-03-10")["accepted"] == 1
    assert (world.status("100"), world.status("101")) == ("REGISTERED", "ALLOCATED")


def test_a_tuk_gets_no_more_than_its_capacity_and_an_assessor_no_more_than_her_load(world):
    registers(world, "update posko.tuk set capacity_per_day = 5 where tuk_code = 'TUK-1'")
    parameter(world, "asesor_per_day", 2)
    registered(world, *(str(100 + number) for number in range(6)))

    answer = accept(world)

    # Two assessors of LSP-1 with two each: the fifth seat has nobody to test there.
    assert answer["accepted"] == 4
    assert {code for _, code in answer["skipped"]} == {"NO_ASESOR"}
    parameter(world, "asesor_per_day", 20)
    assert accept(world) == {"accepted": 1, "skipped": [["105", "TUK_FULL"]]}


def test_the_tied_place_is_skipped(world):
    registers(
        world,
        "insert into posko.ownership_tie values (null, 'BLKLN', 'H05AN001', 'TUK', 'TUK-1', '2026-01-01', null, 'akta')",
    )
    registered(world, "100")

    assert accept(world) == {"accepted": 0, "skipped": [["100", "TIED"]]}


def test_an_assessor_who_is_elsewhere_is_not_given(world):
    (first,) = registered(world, "100")
    place(world, first, met_no="MET.1")
    registered(world, "101", "102", tuk="TUK-2")

    accept(world)

    assert world.ask("select tuk_code, met_no from posko.exam_session order by 1") == [
        ("TUK-1", "MET.1"),
        ("TUK-2", "MET.2"),
    ]


def test_assessors_take_turns_over_the_days_and_the_same_question_has_the_same_answer(world):
    days = [dt.date(2026, 3, 3) + dt.timedelta(days=number) for number in range(40)]
    ids = [str(100 + number) for number in range(len(days))]
    registered(world, *ids)
    for tki_id, day in zip(ids, days, strict=True):
        proposed_on(world, tki_id, day)

    first = {row["tki_id"]: row["met_no"] for row in preview(world)["rows"]}

    assert {row["tki_id"]: row["met_no"] for row in preview(world)["rows"]} == first
    assert 8 <= sum(met_no == "MET.1" for met_no in first.values()) <= 32


def test_the_session_that_stands_is_filled_before_another_is_made(world):
    (first,) = registered(world, "100")
    session_id = place(world, first, met_no="MET.2")
    registered(world, "101", "102")

    accept(world)

    assert world.ask("select distinct session_id from posko.allocation") == [(session_id,)]


def test_two_bulk_acts_and_single_clerks_at_once_place_each_tki_once(world):
    ids = registered(world, *(str(100 + number) for number in range(40)))
    registers(world, "update posko.tuk set capacity_per_day = 30 where tuk_code = 'TUK-1'")
    parameter(world, "asesor_per_day", 1000)

    def one_by_one(journey_id):
        try:
            return place(world, journey_id)
        except Refused as refusal:
            return {"ALREADY_ALLOCATED": 0, "TUK_FULL": 0}[refusal.code]

    with ThreadPoolExecutor(8) as pool:
        bulk = [pool.submit(accept, world) for _ in range(3)]
        list(pool.map(one_by_one, ids[:10]))
        for job in bulk:
            job.result()

    assert world.value("select count(*) from posko.allocation") == 30
    assert world.ask("select capacity, booked from posko.tuk_day") == [(30, 30)]
    assert world.value("select sum(booked) from posko.asesor_day") == 30
    assert world.value("select count(*) from posko.journey where status = 'ALLOCATED'") == 30


def test_those_who_wait_are_booked_again_on_the_first_free_working_day(world):
    ids = registered(world, "100", "101", "102")
    registers(world, "update posko.tuk set capacity_per_day = 3 where tuk_code = 'TUK-1'")
    accept(world)
    world.write("update posko.journey set status = 'ABSENT' where tki_id <> '102'")
    registers(world, "update posko.tuk set capacity_per_day = 1 where tuk_code = 'TUK-1'")
    world.at(dt.date(2026, 3, 12), 17)

    answer = world.desk("KO1").do(proposals.accept_again, journey_ids=[*ids, 999])

    assert answer["accepted"] == 2
    assert sorted(answer["skipped"]) == [[str(ids[2]), "NOT_WAITING"], ["999", "NOT_WAITING"]]
    assert world.ask(
        "select journey.tki_id, allocation.attempt_no, session.exam_on, journey.status from posko.allocation as allocation"
        " join posko.journey as journey using (journey_id) join posko.exam_session as session using (session_id)"
        " where allocation.attempt_no = 2 order by 1"
    ) == [("100", 2, dt.date(2026, 3, 13), "ALLOCATED"), ("101", 2, dt.date(2026, 3, 16), "ALLOCATED")]


def test_who_finds_no_day_is_skipped_with_the_reason(world):
    ids = registered(world, "100")
    place(world, ids[0])
    world.write("update posko.journey set status = 'TURNED_AWAY_NO_MATCH'")
    parameter(world, "attempts_most", 1)
    world.at(EXAM_ON, 17)

    assert world.desk("KO1").do(proposals.accept_again, journey_ids=ids) == {
        "accepted": 0,
        "skipped": [["100", "ATTEMPTS_USED"]],
    }


def test_bulk_acts_are_refused_before_the_pipeline_ever_ran(world):
    world.write("drop table posko_model.fct_tuk_proposal")

    assert refused(world.desk("KO1"), proposals.accept).code == "PIPELINE_NEVER_RAN"
    assert refused(world.desk("KO1"), proposals.preview).code == "PIPELINE_NEVER_RAN"


@pytest.mark.parametrize("who", ["LS1", "TU1", "AS1", "BN1", "AU1"])
def test_only_the_konsorsium_accepts(world, who):
    registered(world, "100")
    desk = world.desk(who)

    changes_nothing(
        world,
        [
            lambda: desk.do(proposals.preview),
            lambda: desk.do(proposals.accept),
            lambda: desk.do(proposals.accept_again, journey_ids=[1]),
        ],
    )


def test_wrong_input_is_refused_in_words_and_changes_nothing(world):
    registered(world, "100")
    desk = world.desk("KO1")

    changes_nothing(
        world,
        [
            *(
                lambda v=v, act=act: desk.do(act, most=v)
                for v in [*WRONG, 0, 10_001]
                for act in (proposals.preview, proposals.accept)
            ),
            *(lambda v=v: desk.do(proposals.accept, exam_on=v) for v in WRONG if v is not None),
            *(lambda v=v: desk.do(proposals.accept_again, journey_ids=v) for v in [*WRONG, [1, 1], ["1"], [0]]),
        ],
    )


def test_single_and_bulk_share_the_journey_of_the_person_who_did_it(world):
    (journey_id,) = registered(world, "100")

    accept(world)

    assert world.ask("select journey_id, person_id, part from posko.part_held") == [(journey_id, "KO1", "KONSORSIUM")]
    assert (
        refused(
            world.desk("KO1"),
            scheduling.schedule,
            journey_id=journey_id,
            exam_on=EXAM_ON,
            lsp_code="LSP-1",
            tuk_code="TUK-1",
            met_no="MET.1",
        ).code
        == "ALREADY_ALLOCATED"
    )
    assert world.desk("KO1").do(registration.search, tki_id="100")["place"]["exam_on"] == EXAM_ON.isoformat()
