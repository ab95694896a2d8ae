"""What the Konsorsium sees of its batches, the withdrawal of what was seen, and BNSP's list of the same (§12.6-12.8; R-100..R-102)."""

from __future__ import annotations

import pytest

from posko.domain.errors import NotPermitted, Refused
from posko.services import allocation, allocation_withdrawal, distribution, screen_balance, screen_withdrawal
from tests.support.preparation import refused, returned

pytestmark = pytest.mark.server


def sent(world, who="KO1", **more):
    return world.desk(who).do(screen_withdrawal.sent, **more)


def unbalanced(world, *tki_ids):
    """Send TKI, and let BNSP find a wrong count; return batch and check."""
    batch_id = returned(world, *tki_ids)
    world.write("update posko.allocation_return set allocated_count = 99, is_whole = 0 where batch_id = :b", b=batch_id)
    checked = world.desk("BN1").do(distribution.check_balance, batch_id=batch_id)
    return batch_id, checked["balance_check_id"]


def withdraw(world, batch_id, **more):
    given = {"batch_id": batch_id, "reason": "Jumlahnya salah", **more}
    return world.desk("KO1").do(allocation_withdrawal.withdraw, **given)


def test_a_batch_goes_through_its_states(world):
    batch_id = returned(world, "100")
    states = [sent(world)["rows"][0]["state"]]
    checked = world.desk("BN1").do(distribution.check_balance, batch_id=batch_id)
    states.append(sent(world)["rows"][0]["state"])
    world.desk("BN1").do(distribution.release, balance_check_id=checked["balance_check_id"])
    states.append(sent(world)["rows"][0]["state"])

    assert states == ["SENT", "COMPLETE", "RELEASED"]


def test_what_bnsp_found_stands_beside_the_batch_that_may_be_withdrawn(world):
    batch_id, check_id = unbalanced(world, "100")

    (row,) = sent(world, state="INCOMPLETE")["rows"]

    assert (row["batch_id"], row["balance_check_id"], row["row_count"]) == (batch_id, check_id, 1)
    assert [found["code"] for found in row["findings"]] == ["FOUND_COUNT"]


def test_a_withdrawn_batch_is_shown_as_such_to_both_sides(world):
    batch_id, check_id = unbalanced(world, "100")
    back = withdraw(world, batch_id, balance_check_id=check_id)
    again = int(world.desk("KO1").do(allocation.send_allocation)["batch_id"])

    states = {row["batch_id"]: row["state"] for row in sent(world)["rows"]}
    (row,) = sent(world, state="WITHDRAWN")["rows"]
    shown = world.desk("BN1").do(screen_balance.waiting)["rows"]

    assert states == {batch_id: "WITHDRAWN", again: "SENT"}
    assert (row["back_batch_id"], row["reason"], row["withdrawn_by"]) == (back["batch_id"], "Jumlahnya salah", "KO1")
    assert [(one["batch_id"], one["state"], one["withdrawn_why"]) for one in shown] == [
        (again, "SENT", None),
        (batch_id, "WITHDRAWN", "Jumlahnya salah"),
    ]
    assert world.desk("BN1").do(screen_balance.waiting, state="INCOMPLETE")["total"] == 0


def test_a_batch_that_was_checked_again_meanwhile_is_not_withdrawn(world):
    batch_id, check_id = unbalanced(world, "100")
    world.desk("BN1").do(distribution.check_balance, batch_id=batch_id)

    refusal = refused(
        world.desk("KO1"), allocation_withdrawal.withdraw, batch_id=batch_id, reason="x", balance_check_id=check_id
    )

    assert refusal.code == "CHANGED_MEANWHILE"
    assert world.status("100") == "RETURNED_TO_BNSP"


def test_the_same_withdrawal_sent_twice_is_done_once(world):
    batch_id, check_id = unbalanced(world, "100")
    desk = world.desk("KO1").once("k1")
    given = {"batch_id": batch_id, "reason": "Jumlahnya salah", "balance_check_id": check_id}

    first, second = (desk.do(allocation_withdrawal.withdraw, **given) for _ in range(2))

    assert first == second
    assert world.value("select count(*) from posko.allocation_withdrawal") == 1


@pytest.mark.parametrize("who", ["LS1", "TU1", "AS1", "BN1", "AU1"])
def test_only_the_konsorsium_and_who_acts_for_it_sees_the_list(world, who):
    with pytest.raises(NotPermitted):
        sent(world, who)
    assert sent(world, "SA1") == {"rows": [], "total": 0}


@pytest.mark.parametrize(("more", "code"), [({"state": "x"}, "NOT_IN_LIST"), ({"limit": None}, "NOT_A_NUMBER")])
def test_a_wrong_question_is_refused(world, more, code):
    with pytest.raises(Refused) as found:
        sent(world, **more)
    assert found.value.code == code
