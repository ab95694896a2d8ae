"""What needs somebody besides the TKI who wait: each role gets its own counts, and they go when it is done (R-008)."""

from __future__ import annotations

import datetime as dt

import pytest

from posko.services import (
    allocation_withdrawal,
    behalf,
    distribution,
    package_refusal,
    publication_stop,
    screen_attention,
)
from tests.support.decided import EVALUATED_ON, decided, deviation, evaluate, publish, send_back
from tests.support.exam import exam_day
from tests.support.preparation import released, returned

pytestmark = pytest.mark.server


def needs(world, who):
    return world.desk(who).do(screen_attention.attention)


def test_each_role_gets_the_names_that_are_its_own(world):
    both = ["stopped", "held_by_case", "returns_different", "returns_overdue", "behalf"]
    bnsp = ["packages_refused", "cases_overdue", "duplicates", "appeals", *both]

    assert {who: list(needs(world, who)) for who in ("KO1", "LS1", "TU1", "AS1", "BN1", "AU1", "SA1")} == {
        "KO1": ["lapsed", "unbalanced"],
        "LS1": ["packages"],
        "TU1": ["packages"],
        "AS1": [],
        "BN1": bnsp,
        "AU1": ["packages_refused", *both],
        "SA1": ["lapsed", "unbalanced", "packages_refused", "packages", *bnsp[1:-1]],
    }
    assert not any(count for who in ("KO1", "LS1", "BN1", "SA1") for count in needs(world, who).values())


def test_packages_are_counted_for_their_receiver_until_taken_over(world):
    parts = {part["receiver_code"]: part["batch_id"] for part in released(world, "100")}
    before = [needs(world, who)["packages"] for who in ("TU1", "TU2", "LS1", "SA1")]
    world.desk("TU1").do(package_refusal.refuse_package, batch_id=parts["TUK-1"], reason="Salah alamat")
    refused = needs(world, "BN1")["packages_refused"]
    world.desk("TU1").do(distribution.acknowledge, batch_id=parts["TUK-1"])

    assert before == [1, 0, 1, 2]
    assert refused == 1
    assert needs(world, "TU1")["packages"] == 0
    assert needs(world, "BN1")["packages_refused"] == 0


def test_an_unbalanced_batch_waits_for_the_konsorsium_until_withdrawn(world):
    batch_id = returned(world, "100")
    world.write("update posko.allocation_return set allocated_count = 99, is_whole = 0")
    world.desk("BN1").do(distribution.check_balance, batch_id=batch_id)
    before = needs(world, "KO1")["unbalanced"]
    world.desk("KO1").do(allocation_withdrawal.withdraw, batch_id=batch_id, reason="Jumlahnya salah")

    assert (before, needs(world, "KO1")["unbalanced"]) == (1, 0)


def test_a_session_whose_assessor_is_suspended_waits_for_the_konsorsium(world):
    exam_day(world, "100")
    world.write("update posko.staff set state = 'SUSPENDED' where person_id = 'AS1'")

    assert needs(world, "KO1")["lapsed"] == 1


def test_stop_holds_and_returns_are_counted_for_bnsp(world):
    held = decided(world, "1")
    evaluate(world)
    deviation(world, held)
    decided(world, "2")
    publish(world)
    send_back(world)
    world.desk("BN1").do(publication_stop.stop, reason="Diperiksa")
    world.at(EVALUATED_ON + dt.timedelta(days=8))

    found = needs(world, "AU1")

    assert (found["stopped"], found["held_by_case"], found["returns_overdue"], found["returns_different"]) == (
        1,
        1,
        1,
        0,
    )


def test_acts_on_anothers_behalf_are_to_be_looked_at_for_a_week(world):
    parts = {part["receiver_code"]: part["batch_id"] for part in released(world, "100")}
    desk = behalf.on_behalf(world.desk("SA1"), "LSP libur", "LSP:LSP-1")
    desk.do(distribution.acknowledge, batch_id=parts["LSP-1"])
    first = needs(world, "BN1")["behalf"]
    world.write("update posko_audit.audit_event set occurred_at = utc_timestamp() - interval 8 day")

    assert first > 0
    assert needs(world, "AU1")["behalf"] == 0
