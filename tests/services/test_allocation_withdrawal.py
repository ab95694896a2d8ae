"""An allocation that BNSP found unbalanced comes back, is corrected and goes again; the ledger closes (§12.5-12.8; R-089, R-101, X6)."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from posko.domain.errors import IllegalMove, NotPermitted, Refused
from posko.services import allocation, as_of, asesor_check, distribution, ledger
from posko.services.allocation_withdrawal import withdraw
from tests.support.preparation import WRONG, changes_nothing, place, refused, registered, returned

pytestmark = pytest.mark.server


def unbalanced(world, *tki_ids):
    """Send an allocation while another clerk's registration of 900, begun a minute earlier, comes in after it; let BNSP check it."""
    batch_id = returned(world, *tki_ids)
    sent_at = world.now
    world.now -= dt.timedelta(minutes=1)
    registered(world, "900")
    world.now = sent_at + dt.timedelta(minutes=5)
    checked = world.desk("BN1").do(distribution.check_balance, batch_id=batch_id)
    assert [found["code"] for found in checked["findings"]] == ["FOUND_REST"]
    world.now += dt.timedelta(minutes=5)
    return batch_id


def take_back(world, batch_id, who="KO1", reason="900 tertinggal", **more):
    return world.desk(who, **more).do(withdraw, batch_id=batch_id, reason=reason)


def problems(world):
    with world.admin().connect() as db:
        return [*ledger.check(db).problems, *as_of.compare_with_tables(db)]


def test_what_is_taken_back_is_allocated_again_and_closes_to_zero(world):
    batch_id = unbalanced(world, "100", "101")

    back = take_back(world, batch_id)

    assert back["rows"] == 2
    assert [world.status(tki) for tki in ("100", "101", "900")] == ["ALLOCATED", "ALLOCATED", "REGISTERED"]
    assert world.ask(
        "select hop, sender, receiver, row_count, received_count from posko.handoff_batch where batch_id = :id",
        id=back["batch_id"],
    ) == [("BNSP_BACK_TO_KONSORSIUM", "BNSP", "KONSORSIUM", 2, 2)]
    assert world.ask(
        "select line.hop, line.tki_id, line.version, line.status from posko.handoff_line as line"
        " where line.batch_id in (:sent, :back) order by line.batch_id, line.tki_id",
        sent=batch_id,
        back=back["batch_id"],
    ) == [
        (hop, tki, 1, "LOADED") for hop in ("KONSORSIUM_TO_BNSP", "BNSP_BACK_TO_KONSORSIUM") for tki in ("100", "101")
    ]
    assert problems(world) == []


def test_it_is_told_who_withdrew_what_why_and_after_which_check(world):
    batch_id = unbalanced(world, "100")
    check_id = world.value("select balance_check_id from posko.balance_check")

    back_id = take_back(world, batch_id)["batch_id"]

    assert world.ask(
        "select batch_id, back_batch_id, balance_check_id, reason, withdrawn_by from posko.allocation_withdrawal"
    ) == [(batch_id, back_id, check_id, "900 tertinggal", "KO1")]
    assert [event[1:] for event in world.events() if event[0] == "allocation.withdraw"] == [
        ("handoff", str(back_id)),
        ("handoff", str(back_id)),
        ("journey", "100/TLRT/1"),
        ("handoff", str(batch_id)),
    ]


def test_corrected_it_goes_again_as_the_next_version_and_on_to_lsp_and_tuk(world):
    batch_id = unbalanced(world, "100")
    take_back(world, batch_id)
    place(world, world.journey_id("900"))

    again = world.desk("KO1").do(allocation.send_allocation)
    world.desk(None).do(distribution.forward, batch_id=again["batch_id"])

    assert again["rows"] == 2
    assert world.ask(
        "select tki_id, version, attempt_no from posko.handoff_line where batch_id = :id order by 1",
        id=again["batch_id"],
    ) == [("100", 2, 1), ("900", 1, 1)]
    assert [world.status(tki) for tki in ("100", "900")] == ["DISTRIBUTED"] * 2
    assert problems(world) == []


def test_it_may_be_withdrawn_more_than_once(world):
    batch_id = unbalanced(world, "100")
    for _ in range(3):
        take_back(world, batch_id)
        batch_id = world.desk("KO1").do(allocation.send_allocation, justified={"900": "sakit"})["batch_id"]
        world.write("delete from posko.allocation_rest where batch_id = :id", id=batch_id)
        world.now += dt.timedelta(minutes=5)
        assert not world.desk("BN1").do(distribution.check_balance, batch_id=batch_id)["is_complete"]
        world.now += dt.timedelta(minutes=5)

    assert world.ask(
        "select hop, version from posko.handoff_line where tki_id = '100' and hop like '%KONSORSIUM_TO_BNSP'"
    ) == [("KONSORSIUM_TO_BNSP", version) for version in (1, 2, 3, 4)]
    assert problems(world) == []


def test_an_assessor_substituted_in_between_alters_neither_what_was_sent_nor_what_came_back(world):
    batch_id = unbalanced(world, "100")
    session_id = world.value("select session_id from posko.exam_session")
    told = {"session_id": session_id, "met_no": "MET.2", "reason": "Cuti"}
    world.desk("KO1").do(asesor_check.substitute_asesor, **told)
    world.now += dt.timedelta(minutes=1)

    take_back(world, batch_id)
    world.now += dt.timedelta(minutes=1)
    world.desk("KO1").do(asesor_check.substitute_asesor, **{**told, "met_no": "MET.1"})
    world.now += dt.timedelta(minutes=1)
    world.desk("KO1").do(allocation.send_allocation, justified={"900": "sakit"})

    assert problems(world) == []


@pytest.mark.parametrize(
    ("statement", "hop", "kind"),
    [
        ("delete from posko.handoff_line where hop = 'KONSORSIUM_TO_BNSP' and version = 1", "KONSORSIUM_TO_BNSP", "DROPPED"),
        ("delete from posko.handoff_line where hop = 'KONSORSIUM_TO_BNSP' and version = 2", "KONSORSIUM_TO_BNSP", "DROPPED"),
        ("delete from posko.handoff_line where hop like '%BACK%'", "BNSP_BACK_TO_KONSORSIUM", "DROPPED"),
        ("update posko.handoff_line set version = 2 where hop like '%BACK%'", "BNSP_BACK_TO_KONSORSIUM", "DROPPED"),
        ("update posko.journey set status = 'ALLOCATED' where tki_id = '100'", "KONSORSIUM_TO_BNSP", "UNFOUNDED"),
        ("update posko.journey set status = 'REGISTERED' where tki_id = '100'", "BNSP_BACK_TO_KONSORSIUM", "UNFOUNDED"),
        ("update posko.journey set status = 'BALANCED' where tki_id = '100'", "KONSORSIUM_TO_BNSP", "NOT_TAKEN_OVER"),
    ],
)  # fmt: skip
def test_who_hides_a_withdrawal_or_a_sending_is_named(world, statement, hop, kind):
    take_back(world, unbalanced(world, "100"))
    world.desk("KO1").do(allocation.send_allocation, justified={"900": "sakit"})
    world.write(statement)

    with world.admin().connect() as db:
        found = {(problem.hop, problem.kind, problem.tki_id) for problem in ledger.check(db).problems}
    assert (hop, kind, "100") in found


def test_a_state_that_says_sent_after_it_was_withdrawn_lacks_a_line(world):
    take_back(world, unbalanced(world, "100"))
    world.write("update posko.journey set status = 'RETURNED_TO_BNSP' where tki_id = '100'")

    with world.admin().connect() as db:
        found = {(problem.hop, problem.kind, problem.tki_id) for problem in ledger.check(db).problems}
    assert found == {("KONSORSIUM_TO_BNSP", "DROPPED", "100")}


def test_only_what_bnsp_found_unbalanced_can_be_withdrawn(world):
    batch_id = returned(world, "100")
    desk = world.desk("KO1")

    assert refused(desk, withdraw, batch_id=batch_id, reason="x").code == "WITHDRAW_UNCHECKED"
    check_id = world.desk("BN1").do(distribution.check_balance, batch_id=batch_id)["balance_check_id"]
    assert refused(desk, withdraw, batch_id=batch_id, reason="x").code == "WITHDRAW_BALANCED"
    world.desk("BN1").do(distribution.release, balance_check_id=check_id)
    assert refused(desk, withdraw, batch_id=batch_id, reason="x").code == "WITHDRAW_BALANCED"
    assert refused(desk, withdraw, batch_id=batch_id - 1, reason="x").code == "NOT_AN_ALLOCATION"
    assert refused(desk, withdraw, batch_id=999, reason="x").code == "UNKNOWN_BATCH"
    assert world.status("100") == "DISTRIBUTED"


def test_a_withdrawn_batch_is_neither_withdrawn_nor_checked_again(world):
    batch_id = unbalanced(world, "100")
    take_back(world, batch_id)
    place(world, world.journey_id("900"))
    world.desk("KO1").do(allocation.send_allocation)

    assert refused(world.desk("KO1"), withdraw, batch_id=batch_id, reason="x").code == "ALLOCATION_WITHDRAWN"
    for who, what in (("BN1", distribution.check_balance), (None, distribution.forward)):
        assert refused(world.desk(who), what, batch_id=batch_id).code == "ALLOCATION_WITHDRAWN"
    assert world.status("100") == "RETURNED_TO_BNSP"


@pytest.mark.parametrize(
    "tamper",
    [
        "update posko.candidate set address = 'LAIN' where tki_id = '100'",
        "delete from posko.allocation where journey_id = (select journey_id from posko.journey where tki_id = '100')",
        "delete from posko.handoff_line where tki_id = '100' and hop = 'KONSORSIUM_TO_BNSP'",
    ],
)
def test_what_is_no_longer_what_was_sent_is_not_taken_back(world, tamper):
    batch_id = unbalanced(world, "100", "101")
    world.write(tamper)

    refusal = refused(world.desk("KO1"), withdraw, batch_id=batch_id, reason="x")

    assert (refusal.code, refusal.rule) == ("BATCH_DIFFERS", "DV-A11")
    assert world.status("101") == "RETURNED_TO_BNSP"


def test_a_journey_that_stands_elsewhere_is_not_moved_by_a_withdrawal(world):
    batch_id = unbalanced(world, "100", "101")
    world.write("update posko.journey set status = 'REGISTERED' where tki_id = '100'")

    with pytest.raises(IllegalMove):
        take_back(world, batch_id)

    assert world.status("101") == "RETURNED_TO_BNSP"


def test_a_withdrawal_and_a_second_check_at_once_leave_one_of_them(world):
    batch_id = unbalanced(world, "100")
    place(world, world.journey_id("900"))

    def attempt(number):
        try:
            if number % 2:
                return str(world.desk("BN1").do(distribution.check_balance, batch_id=batch_id)["is_complete"])
            return str(take_back(world, batch_id)["rows"])
        except Refused as refusal:
            return refusal.code

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(attempt, range(8)))

    won, status = ("1", "ALLOCATED") if "1" in answers else ("True", "BALANCED")
    assert answers.count(won) == 1
    assert set(answers) <= {won, "BALANCE_DONE", "WITHDRAW_BALANCED", "ALLOCATION_WITHDRAWN"}
    assert world.status("100") == status
    assert problems(world) == []


@pytest.mark.parametrize("who", ["LS1", "TU1", "AS1", "BN1", "AU1", "SA1"])
def test_only_the_konsorsium_withdraws(world, who):
    batch_id = unbalanced(world, "100")

    with pytest.raises(NotPermitted):
        take_back(world, batch_id, who)

    assert world.status("100") == "RETURNED_TO_BNSP"


def test_the_super_administrator_withdraws_on_behalf_with_a_reason(world):
    assert take_back(world, unbalanced(world, "100"), "SA1", on_behalf="Konsorsium libur")["rows"] == 1


def test_wrong_input_is_refused_in_words_and_changes_nothing(world):
    batch_id = unbalanced(world, "100")
    desk = world.desk("KO1")

    changes_nothing(
        world,
        [
            *(lambda v=v: desk.do(withdraw, batch_id=v, reason="x") for v in WRONG),
            *(lambda v=v: desk.do(withdraw, batch_id=batch_id, reason=v) for v in WRONG),
        ],
    )
