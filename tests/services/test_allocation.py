"""The Konsorsium sends the allocation back, and it balances (§12.5-12.6; R-089, R-100, X6)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from posko.domain.errors import Refused
from posko.services import allocation
from tests.support.preparation import WRONG, changes_nothing, place, refused, registered

pytestmark = pytest.mark.server


def send(world, **asked):
    return world.desk("KO1").do(allocation.send_allocation, **asked)


def placed(world, *tki_ids):
    ids = registered(world, *tki_ids)
    for journey_id in ids:
        place(world, journey_id)
    return ids


def test_all_who_are_allocated_go_back_in_one_batch(world):
    ids = placed(world, "100", "101")

    answer = send(world)

    assert answer["rows"] == 2
    assert world.ask("select status from posko.journey") == [("RETURNED_TO_BNSP",)] * 2
    assert world.ask(
        "select hop, sender, receiver, row_count, loaded_at from posko.handoff_batch where batch_id = :id",
        id=answer["batch_id"],
    ) == [("KONSORSIUM_TO_BNSP", "KONSORSIUM", "BNSP", 2, None)]
    assert world.ask(
        "select journey_id, attempt_no, status, received_hash from posko.handoff_line where batch_id = :id order by 1",
        id=answer["batch_id"],
    ) == [(journey_id, 1, "SENT", None) for journey_id in ids]
    assert world.ask("select is_whole, waiting_count, allocated_count, rest_count from posko.allocation_return") == [
        (1, 2, 2, 0)
    ]


def test_each_tki_that_goes_back_has_an_event_that_names_the_batch(world):
    placed(world, "100")

    batch_id = send(world)["batch_id"]

    assert world.ask(
        "select entity_key, json_value(payload, '$.to'), json_value(payload, '$.batch_id') from posko_audit.audit_event"
        " where action = 'allocation.send_allocation' and entity = 'journey'"
    ) == [("100/TLRT/1", "RETURNED_TO_BNSP", str(batch_id))]


def test_the_list_of_the_unallocated_names_who_waits(world):
    placed(world, "100")
    registered(world, "101")

    listed = world.desk("KO1").do(allocation.unallocated)

    assert [(row["tki_id"], row["label"]) for row in listed] == [("101", "TERDAFTAR")]


def test_nothing_is_sent_while_somebody_registered_has_neither_place_nor_reason(world):
    placed(world, "100")
    registered(world, "101", "102")

    for justified in (None, {}, {"101": "sakit"}):
        refusal = refused(world.desk("KO1"), allocation.send_allocation, justified=justified)
        assert (refusal.code, refusal.rule) == ("UNALLOCATED_LEFT", "DV-A01")
        assert "102" in str(refusal)
    assert world.status("100") == "ALLOCATED"
    assert world.value("select count(*) from posko.deviation where rule_id = 'DV-A01'") == 3


def test_whoever_is_left_out_with_a_reason_is_written_down(world):
    placed(world, "100")
    (left,) = registered(world, "101")

    answer = send(world, justified={"101": "sakit"})

    assert answer["rows"] == 1
    assert world.ask("select batch_id, journey_id, reason, noted_by from posko.allocation_rest") == [
        (answer["batch_id"], left, "sakit", "KO1")
    ]
    assert world.ask("select is_whole, waiting_count, allocated_count, rest_count from posko.allocation_return") == [
        (1, 2, 1, 1)
    ]
    assert ("allocation.send_allocation", "journey", "101/TLRT/1") in world.events()
    assert world.status("101") == "REGISTERED"


def test_the_database_itself_refuses_a_return_that_does_not_balance(world):
    placed(world, "100")
    send(world)

    with pytest.raises(Exception, match="allocation_return_balances"):
        world.write("update posko.allocation_return set rest_count = 7")


def test_a_part_may_be_sent_by_its_numbers(world):
    first, second = placed(world, "100", "101")
    registered(world, "102")

    assert send(world, journey_ids=[first])["rows"] == 1
    assert (world.status("100"), world.status("101")) == ("RETURNED_TO_BNSP", "ALLOCATED")
    assert send(world, journey_ids=[second])["rows"] == 1


def test_a_reason_for_somebody_who_does_not_wait_is_refused(world):
    placed(world, "100")

    assert (
        refused(world.desk("KO1"), allocation.send_allocation, justified={"100": "x"}).code == "NOTHING_LEFT_TO_JUSTIFY"
    )


def test_who_is_not_allocated_or_unknown_cannot_be_sent(world):
    (waiting,) = registered(world, "100")

    assert refused(world.desk("KO1"), allocation.send_allocation, journey_ids=[waiting]).code == "NOT_ALLOCATED"
    assert refused(world.desk("KO1"), allocation.send_allocation, journey_ids=[999]).code == "UNKNOWN_JOURNEY"
    assert refused(world.desk("KO1"), allocation.send_allocation, justified={"100": "sakit"}).code == "LIST_EMPTY"


def test_an_allocation_whose_row_is_gone_is_not_sent(world):
    placed(world, "100")
    world.write("delete from posko.allocation")

    assert refused(world.desk("KO1"), allocation.send_allocation).code == "NOT_ALLOCATED"


def test_eight_sendings_at_once_send_everybody_once(world):
    placed(world, "100", "101", "102")

    def attempt(_):
        try:
            return send(world)["rows"]
        except Refused as refusal:
            return {"LIST_EMPTY": 0}[refusal.code]

    with ThreadPoolExecutor(8) as pool:
        sent = sorted(pool.map(attempt, range(8)))

    assert sent == [0] * 7 + [3]
    assert world.value("select count(*) from posko.handoff_line where hop = 'KONSORSIUM_TO_BNSP'") == 3


@pytest.mark.parametrize("who", ["LS1", "TU1", "AS1", "BN1", "AU1"])
def test_only_the_konsorsium_sends(world, who):
    placed(world, "100")
    desk = world.desk(who)

    changes_nothing(world, [lambda: desk.do(allocation.send_allocation), lambda: desk.do(allocation.unallocated)])


def test_a_super_administrator_sends_on_behalf_only_with_a_reason(world):
    placed(world, "100")

    refused(world.desk("SA1"), allocation.send_allocation)
    world.desk("SA1", on_behalf="Konsorsium libur").do(allocation.send_allocation)

    assert (
        world.value("select count(*) from posko_audit.audit_event where on_behalf_of is not null and outcome = 'ok'")
        > 0
    )


def test_wrong_input_is_refused_in_words_and_changes_nothing(world):
    placed(world, "100")
    registered(world, "101")
    desk = world.desk("KO1")
    reasons = [
        7,
        "x",
        [],
        [("101", "x")],
        {"101": None},
        {"101": "3603054105830001"},
        {"101": "x" * 501},
        {101: "x"},
        {"a\x00": "x"},
    ]

    changes_nothing(
        world,
        [
            *(
                lambda v=v: desk.do(allocation.send_allocation, journey_ids=v)
                for v in [*WRONG[1:], [1, 1], ["1"], [True]]
            ),
            *(lambda v=v: desk.do(allocation.send_allocation, justified=v) for v in reasons),
        ],
    )
