"""A change of payment is undone before it is sent, and the lists show what can be undone and what was (§12.5-12.6; R-096, F17)."""

from __future__ import annotations

import pytest

from posko.services import allocation, screen_undo, undoing
from tests.support.preparation import parameter, place, refused, registered
from tests.support.undoing import WHY, pay, placed, places, undo, undo_payment

pytestmark = pytest.mark.server


def test_a_payment_goes_back_to_what_it_was_one_change_at_a_time(world):
    (journey_id,) = registered(world, "100")
    first, second = pay(world, journey_id), pay(world, journey_id, "DIBEBASKAN")
    state = "select payment_status from posko.candidate"

    assert (
        refused(world.desk("KO1"), undoing.undo_payment, payment_change_ids=[first], reason=WHY).code == "UNDO_NOT_LAST"
    )
    undo_payment(world, [second])
    assert world.value(state) == "LUNAS"
    undo_payment(world, [first])
    assert world.value(state) == "BELUM"
    assert (
        refused(world.desk("KO1"), undoing.undo_payment, payment_change_ids=[first], reason=WHY).code == "UNDO_NOT_LAST"
    )
    assert world.ask("select kind, payment_change_id from posko.undone order by undone_id") == [
        ("PAYMENT", second),
        ("PAYMENT", first),
    ]


def test_a_payment_is_not_undone_after_sending(world):
    (journey_id,) = registered(world, "100")
    number = pay(world, journey_id)
    place(world, journey_id)
    world.desk("KO1").do(allocation.send_allocation)

    assert refused(world.desk("KO1"), undoing.undo_payment, payment_change_ids=[number], reason=WHY).code == "UNDO_SENT"
    assert world.value("select payment_status from posko.candidate") == "LUNAS"


def test_with_the_gate_on_the_schedule_is_undone_before_the_payment(world):
    parameter(world, "payment_gate", 1)
    (journey_id,) = registered(world, "100")
    number = pay(world, journey_id)
    place(world, journey_id)

    assert (
        refused(world.desk("KO1"), undoing.undo_payment, payment_change_ids=[number], reason=WHY).code
        == "UNDO_PAYMENT_PLACED"
    )
    undo(world, places(world))
    undo_payment(world, [number])

    assert world.value("select payment_status from posko.candidate") == "BELUM"


def test_the_lists_show_what_can_be_undone_and_the_register_what_was(world):
    numbers = placed(world, "100", "101")
    change = pay(world, world.journey_id("101"))
    desk, part = world.desk("KO1"), {"limit": 20, "offset": 0}

    before = desk.do(screen_undo.undoable_schedules, **part)
    assert (before["total"], [row["number"] for row in before["rows"]]) == (2, numbers[::-1])
    assert [row["tki_id"] for row in desk.do(screen_undo.undoable_payments, **part)["rows"]] == ["101"]
    undo(world, numbers[:1])
    undo_payment(world, [change])

    assert [row["tki_id"] for row in desk.do(screen_undo.undoable_schedules, **part)["rows"]] == ["101"]
    assert desk.do(screen_undo.undoable_payments, **part) == {"total": 0, "rows": []}
    told = desk.do(screen_undo.undone, **part)
    assert [(row["kind"], row["tki_id"], row["reason"], row["undone_by"]) for row in told["rows"]] == [
        ("PAYMENT", "101", WHY, "KO1"),
        ("SCHEDULE", "100", WHY, "KO1"),
    ]
    assert desk.do(screen_undo.undone, kind="SCHEDULE", **part)["total"] == 1
    assert desk.do(screen_undo.undone, search="10%", **part)["total"] == 0
    assert desk.do(screen_undo.undone, since="2026-03-03", **part)["total"] == 0
    assert desk.do(screen_undo.undone, since="2026-03-02", **part)["total"] == 2
