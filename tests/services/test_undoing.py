"""A schedule is undone before it is sent, with a reason, once, and never after (§12.5-12.6; R-097, F17)."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from apps.fraud.small_world import EXAM_ON
from posko.domain.errors import NotPermitted, Refused
from posko.services import (
    allocation,
    allocation_withdrawal,
    as_of,
    asesor_check,
    distribution,
    exam_session,
    ledger,
    undoing,
)
from tests.support.preparation import WRONG, changes_nothing, parameter, place, refused, registered, returned
from tests.support.undoing import WHY, pay, placed, places, undo

pytestmark = pytest.mark.server


def booked(world):
    return (
        world.ask("select tuk_code, booked from posko.tuk_day order by 1"),
        world.ask("select met_no, booked from posko.asesor_day order by 1"),
    )


def problems(world):
    with world.admin().connect() as db:
        return [*ledger.check(db).problems, *as_of.compare_with_tables(db)]


def test_who_is_undone_is_registered_again_in_the_same_attempt_and_her_seat_is_free(world):
    first, *_ = placed(world, "100", "101")

    assert undo(world, [first]) == {"undone": 1, "cancelled": 0}

    assert [world.status(tki) for tki in ("100", "101")] == ["REGISTERED", "ALLOCATED"]
    assert world.value("select attempt_no from posko.journey where tki_id = '100'") == 1
    assert booked(world) == ([("TUK-1", 1)], [("MET.1", 1)])
    assert world.ask("select kind, allocation_id, attempt_no, reason, undone_by from posko.undone") == [
        ("SCHEDULE", first, 1, WHY, "KO1")
    ]
    assert problems(world) == []


def test_what_was_done_stays_and_the_log_tells_the_place_that_was_taken_back(world):
    (number,) = placed(world, "100")

    undo(world, [number])

    assert world.ask("select allocation_id, attempt_no, allocated_by from posko.allocation") == [(number, None, "KO1")]
    with world.admin().connect() as db:
        (journey,) = as_of.journey_at(db, "100")
    told = journey.history[-1].told
    assert {name: told[name] for name in ("from", "to", "undone", "tuk_code", "exam_on", "reason")} == {
        "from": "ALLOCATED",
        "to": "REGISTERED",
        "undone": number,
        "tuk_code": "TUK-1",
        "exam_on": EXAM_ON.isoformat(),
        "reason": WHY,
    }


def test_a_session_that_nobody_is_left_in_is_called_off_and_its_assessor_may_be_elsewhere(world):
    placed(world, "100", "101")

    assert undo(world, places(world))["cancelled"] == 1

    assert world.value("select status from posko.exam_session") == "CANCELLED"
    world.write("update posko.tuk_lsp set lsp_code = 'LSP-1' where tuk_code = 'TUK-3'")
    place(world, world.journey_id("100"), tuk_code="TUK-3", reason="TUK-1 penuh")
    assert world.status("100") == "ALLOCATED"
    assert problems(world) == []


def test_undone_and_given_the_same_place_again_she_stands_once_on_the_list_and_goes_on(world):
    keeps, again = placed(world, "100", "101")[0], "101"
    undo(world, [places(world)[1]])
    place(world, world.journey_id(again))
    assert world.value("select count(*) from posko.allocation") == 3

    batch = world.desk("KO1").do(allocation.send_allocation)
    world.desk(None).do(distribution.forward, batch_id=batch["batch_id"])

    assert keeps in places(world)
    assert [world.status(tki) for tki in ("100", "101")] == ["DISTRIBUTED"] * 2
    assert booked(world) == ([("TUK-1", 2)], [("MET.1", 2)])
    assert problems(world) == []


def test_an_undone_schedule_does_not_count_as_an_attempt(world):
    parameter(world, "attempts_most", 1)
    undo(world, placed(world, "100"))

    place(world, world.journey_id("100"))

    assert world.status("100") == "ALLOCATED"


def test_undone_in_a_second_attempt_she_stays_in_it(world):
    parts = distribution_of(world, "100")
    session = world.value("select session_id from posko.exam_session")
    world.desk("KO1").do(exam_session.cancel, session_id=session, reason="Banjir")
    world.now += dt.timedelta(minutes=5)
    place(world, world.journey_id("100"), exam_on=EXAM_ON + dt.timedelta(days=2))

    undo(world, [places(world)[-1]])

    assert parts
    assert world.ask("select status, attempt_no from posko.journey") == [("REGISTERED", 2)]
    place(world, world.journey_id("100"), exam_on=EXAM_ON + dt.timedelta(days=3))
    assert world.ask("select status, attempt_no from posko.journey") == [("ALLOCATED", 2)]
    assert problems(world) == []


def distribution_of(world, *tki_ids):
    made = world.desk(None).do(distribution.forward, batch_id=returned(world, *tki_ids))
    for part in made["batches"]:
        who = {"LSP-1": "LS1", "TUK-1": "TU1"}[part["receiver_code"]]
        world.desk(who).do(distribution.acknowledge, batch_id=part["batch_id"])
    return made["batches"]


def test_what_was_sent_is_not_undone_not_even_after_it_was_withdrawn(world):
    batch_id = returned(world, "100")
    (number,) = places(world)
    refusal = refused(world.desk("KO1"), undoing.undo_schedule, allocation_ids=[number], reason=WHY)
    assert refusal.code == "UNDO_SENT"
    world.now -= dt.timedelta(minutes=1)
    registered(world, "900")
    world.now += dt.timedelta(minutes=5)
    world.desk("BN1").do(distribution.check_balance, batch_id=batch_id)
    world.desk("KO1").do(allocation_withdrawal.withdraw, batch_id=batch_id, reason="900 tertinggal")
    assert world.status("100") == "ALLOCATED"

    assert refused(world.desk("KO1"), undoing.undo_schedule, allocation_ids=[number], reason=WHY).code == "UNDO_SENT"
    assert world.status("100") == "ALLOCATED"


def test_a_place_is_undone_once_and_a_stale_list_undoes_nothing(world):
    first, second = placed(world, "100", "101")
    undo(world, [first])
    place(world, world.journey_id("100"))

    refusal = refused(world.desk("KO1"), undoing.undo_schedule, allocation_ids=[first, second], reason=WHY)

    assert (refusal.code, refusal.__notes__) == ("UNDO_NO_PLACE", ["100"])
    assert [world.status(tki) for tki in ("100", "101")] == ["ALLOCATED"] * 2
    assert world.value("select count(*) from posko.undone") == 1


def test_two_clerks_at_once_undo_a_place_once_while_a_third_fills_the_session(world):
    number = placed(world, "100")[0]
    (late,) = registered(world, "101")

    def attempt(turn):
        try:
            if turn == 0:
                return place(world, late)
            return undo(world, [number])["undone"]
        except Refused as refusal:
            return refusal.code

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(attempt, range(6)))

    assert sorted(map(str, answers[1:])) == ["1", *["UNDO_NO_PLACE"] * 4]
    assert [world.status(tki) for tki in ("100", "101")] == ["REGISTERED", "ALLOCATED"]
    assert booked(world)[0] == [("TUK-1", 1)]
    live = "select session.status from posko.allocation join posko.exam_session as session using (session_id) where attempt_no > 0"
    assert world.ask(live) == [("PLANNED",)]
    assert problems(world) == []


def test_a_second_submit_of_the_same_form_writes_nothing(world):
    desk = world.desk("KO1").once("form-1")
    numbers = placed(world, "100")

    answers = [desk.do(undoing.undo_schedule, allocation_ids=numbers, reason=WHY) for _ in range(2)]

    assert answers[0] == answers[1]
    assert world.value("select count(*) from posko.undone") == 1


def test_the_seat_of_a_substitute_is_given_back_not_that_of_the_one_before(world):
    numbers = placed(world, "100", "101")
    world.write("update posko.tuk set city = 'Kota 1'")
    session = world.value("select session_id from posko.exam_session")
    world.desk("KO1").do(asesor_check.substitute_asesor, session_id=session, met_no="MET.2", reason="Cuti")

    undo(world, numbers[:1])

    assert booked(world)[1] == [("MET.1", 0), ("MET.2", 1)]


@pytest.mark.parametrize("who", ["LS1", "TU1", "AS1", "BN1", "AU1", "SA1"])
def test_only_the_konsorsium_undoes_and_the_super_administrator_on_behalf(world, who):
    numbers = placed(world, "100")

    with pytest.raises(NotPermitted):
        undo(world, numbers, who)

    assert world.status("100") == "ALLOCATED"
    assert undo(world, numbers, "SA1", on_behalf="Konsorsium libur")["undone"] == 1


def test_wrong_input_is_refused_in_words_and_changes_nothing(world):
    numbers, desk = placed(world, "100"), world.desk("KO1")
    pay(world, world.journey_id("100"))

    changes_nothing(
        world,
        [
            *(lambda v=v: desk.do(undoing.undo_schedule, allocation_ids=v, reason=WHY) for v in WRONG),
            *(lambda v=v: desk.do(undoing.undo_schedule, allocation_ids=numbers, reason=v) for v in WRONG),
            *(lambda v=v: desk.do(undoing.undo_payment, payment_change_ids=v, reason=WHY) for v in WRONG),
            lambda: desk.do(undoing.undo_schedule, allocation_ids=[*numbers, 999], reason=WHY),
            lambda: desk.do(undoing.undo_schedule, allocation_ids=list(range(1, 102)), reason=WHY),
        ],
    )


def test_the_application_may_take_an_attempt_from_a_place_and_change_nothing_else_of_it(world):
    placed(world, "100")

    for statement in (
        "update posko.allocation set session_id = 2",
        "delete from posko.undone",
        "update posko.undone set reason = 'x'",
    ):
        with world.office.engine.begin() as db, pytest.raises(sa.exc.DBAPIError, match="denied"):
            db.exec_driver_sql(statement)
