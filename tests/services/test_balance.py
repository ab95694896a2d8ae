"""Whether what came from the Konsorsium is balanced: completeness blocks, load is noted (§12.7-12.8; R-101, R-102, X6, DV-A11, A12)."""

from __future__ import annotations

import json

import pytest

from posko.domain.errors import NotPermitted
from posko.services import allocation, distribution
from tests.support.preparation import parameter, place, refused, registered, registers, returned

pytestmark = pytest.mark.server


def check(world, batch_id):
    return world.desk("BN1").do(distribution.check_balance, batch_id=batch_id)


def codes(checked):
    return [found["code"] for found in checked["findings"]]


def test_a_complete_batch_is_balanced_and_taken_over(world):
    batch_id = returned(world, "100", "101")

    checked = check(world, batch_id)

    assert (checked["is_complete"], checked["findings"]) == (True, [])
    assert world.ask("select distinct status from posko.journey") == [("BALANCED",)]
    assert world.ask("select checked_by, is_complete, sent_count, parts_count from posko.balance_check") == [
        ("BN1", 1, 2, 2)
    ]
    assert world.value("select received_count from posko.handoff_batch where batch_id = :id", id=batch_id) == 2


def test_the_check_and_each_balanced_tki_have_an_event(world):
    batch_id = returned(world, "100")

    check_id = check(world, batch_id)["balance_check_id"]

    assert [event for event in world.events() if event[0] == "distribution.check_balance"] == [
        ("distribution.check_balance", "handoff", str(batch_id)),
        ("distribution.check_balance", "balance", str(check_id)),
        ("distribution.check_balance", "journey", "100/TLRT/1"),
    ]


def test_a_justified_rest_balances_and_an_unjustified_one_does_not(world):
    batch_id = None
    for journey_id in registered(world, "100"):
        place(world, journey_id)
    (left,) = registered(world, "101")
    world.at(world.now.date(), 10)
    batch_id = world.desk("KO1").do(allocation.send_allocation, justified={"101": "sakit"})["batch_id"]
    world.write("update posko.allocation_return set waiting_count = 1, rest_count = 0")
    world.write("delete from posko.allocation_rest where journey_id = :id", id=left)

    checked = check(world, batch_id)

    assert (checked["is_complete"], codes(checked)) == (False, ["FOUND_REST"])
    assert checked["findings"][0]["tki_ids"] == ["101"]
    assert world.status("100") == "RETURNED_TO_BNSP"


@pytest.mark.parametrize(
    ("tamper", "code"),
    [
        ("update posko.journey set status = 'ALLOCATED' where tki_id = '100'", "FOUND_STATUS"),
        ("update posko.exam_session set status = 'CANCELLED'", "FOUND_NO_PLACE"),
        ("delete from posko.handoff_line where hop = 'BNSP_TO_KONSORSIUM' and tki_id = '100'", "FOUND_NOT_SENT"),
        ("update posko.exam_session set met_no = 'MET.2'", "FOUND_NO_ASESOR"),
        ("update posko.allocation_return set is_whole = 0, allocated_count = 7", "FOUND_COUNT"),
        ("delete from posko.allocation_return", "FOUND_COUNT"),
    ],
)
def test_what_is_not_complete_blocks_and_is_written_down(world, tamper, code):
    batch_id = returned(world, "100", "101")
    world.write(tamper)

    checked = check(world, batch_id)

    assert not checked["is_complete"]
    assert code in codes(checked)
    assert world.value("select count(*) from posko.journey where status = 'BALANCED'") == 0
    assert json.loads(world.value("select findings from posko.balance_check")) == checked["findings"]
    assert (
        refused(world.desk("BN1"), distribution.release, balance_check_id=checked["balance_check_id"]).code
        == "NOT_BALANCED"
    )


def test_a_batch_that_was_not_complete_is_checked_again_when_it_is(world):
    batch_id = returned(world, "100")
    world.write("update posko.exam_session set status = 'CANCELLED'")
    assert not check(world, batch_id)["is_complete"]
    world.write("update posko.exam_session set status = 'PLANNED'")

    assert check(world, batch_id)["is_complete"]
    assert refused(world.desk("BN1"), distribution.check_balance, batch_id=batch_id).code == "BALANCE_DONE"
    assert world.value("select count(*) from posko.balance_check") == 2


def test_the_system_does_not_forward_what_is_not_complete(world):
    batch_id = returned(world, "100")
    world.write("update posko.exam_session set status = 'CANCELLED'")

    refusal = refused(world.desk(None), distribution.forward, batch_id=batch_id)

    assert (refusal.code, refusal.rule) == ("NOT_BALANCED", "DV-A11")
    assert "100" in str(refusal)
    assert world.value("select count(*) from posko.distribution") == 0


@pytest.mark.parametrize(
    ("tamper", "kind"),
    [
        ("update posko.candidate set address = 'LAIN' where tki_id = '100'", "berubah"),
        ("update posko.exam_session set tuk_code = 'TUK-2'", "berubah"),
        ("update posko.allocation set attempt_no = 9 where journey_id = 1", "hilang"),
        ("delete from posko.allocation where journey_id = 1", "hilang"),
        ("delete from posko.handoff_line where tki_id = '100' and hop = 'KONSORSIUM_TO_BNSP'", "hilang"),
    ],
)
def test_a_batch_that_did_not_arrive_as_it_was_sent_is_refused_and_names_the_tki(world, tamper, kind):
    batch_id = returned(world, "100", "101")
    world.write(tamper)

    refusal = refused(world.desk("BN1"), distribution.check_balance, batch_id=batch_id)

    assert (refusal.code, refusal.rule) == ("BATCH_DIFFERS", "DV-A11")
    assert f"{kind}: 100" in str(refusal)
    assert world.value("select count(*) from posko.deviation where rule_id = 'DV-A11'") == 1


def test_a_batch_that_changed_between_two_checks_is_refused(world):
    batch_id = returned(world, "100")
    world.write("update posko.exam_session set status = 'CANCELLED'")
    check(world, batch_id)
    world.write("update posko.candidate set address = 'LAIN'")

    refusal = refused(world.desk("BN1"), distribution.check_balance, batch_id=batch_id)

    assert (refusal.code, refusal.rule) == ("BATCH_DIFFERS", "DV-A11")


def test_a_load_beyond_the_tolerance_is_noted_and_blocks_nothing(world):
    parameter(world, "balance_max_to_mean_percent", 250)
    parameter(world, "balance_least_mean", 2)
    batch_id = returned(world, *(str(100 + number) for number in range(6)))

    checked = check(world, batch_id)

    # Three TUK and three assessors could have tested; one of each has all six: 300 percent of the mean.
    assert checked["is_complete"]
    assert set(codes(checked)) == {"FOUND_LOAD"}
    assert [(found["scope"], found["body"], found["percent"]) for found in checked["findings"]] == [
        ("TUK", "TUK-1", 300),
        ("ASESOR", "MET.1", 300),
    ]
    assert world.ask("select rule_id, mode, subject_code from posko.deviation order by deviation_id") == [
        ("DV-A12", "D", f"{batch_id}/TUK"),
        ("DV-A12", "D", f"{batch_id}/ASESOR"),
    ]
    assert world.value("select max_to_mean from posko.balance_check") == 3


def test_a_load_at_the_tolerance_and_a_batch_too_small_to_spread_are_not_noted(world):
    parameter(world, "balance_least_mean", 1)
    assert check(world, returned(world, *(str(100 + number) for number in range(6))))["findings"] == []
    parameter(world, "balance_max_to_mean_percent", 100)

    assert check(world, returned(world, "200", "201"))["findings"][0]["scope"] == "LSP"


def test_so_few_that_chance_alone_makes_them_uneven_are_not_noted(world):
    parameter(world, "balance_max_to_mean_percent", 150)

    # Two LSP, three TUK, three assessors could have tested: a mean of five is ten TKI for LSP and fifteen for the others.
    assert check(world, returned(world, *(str(100 + number) for number in range(9))))["findings"] == []
    several = check(world, returned(world, *(str(200 + number) for number in range(10))))
    assert [found["scope"] for found in several["findings"]] == ["LSP"]


def test_a_body_that_was_suspended_is_not_counted_as_able(world):
    parameter(world, "balance_max_to_mean_percent", 250)
    parameter(world, "balance_least_mean", 1)
    registers(world, "insert into posko.suspension values (null, 'TUK', 'TUK-3', '2026-01-01', null, 'x')")

    checked = check(world, returned(world, *(str(100 + number) for number in range(6))))

    assert checked["findings"] == []


def test_only_a_batch_of_the_konsorsium_is_checked(world):
    batch_id = returned(world, "100")

    assert refused(world.desk("BN1"), distribution.check_balance, batch_id=batch_id - 1).code == "NOT_AN_ALLOCATION"
    assert refused(world.desk("BN1"), distribution.check_balance, batch_id=999).code == "UNKNOWN_BATCH"


@pytest.mark.parametrize("who", ["KO1", "LS1", "TU1", "AS1", "AU1"])
def test_only_bnsp_checks_and_releases(world, who):
    batch_id = returned(world, "100")

    with pytest.raises(NotPermitted):
        world.desk(who).do(distribution.check_balance, batch_id=batch_id)
    with pytest.raises(NotPermitted):
        world.desk(who).do(distribution.release, balance_check_id=1)
