"""Schedules and payments that are undone, for the tests of that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.services import registration, undoing
from tests.support.preparation import place, registered

if TYPE_CHECKING:
    from tests.support.world import World

WHY = "TKI minta tanggal lain"


def placed(world: World, *tki_ids: str, **where: Any) -> list[int]:
    """Register and place TKI; return the numbers of their places."""
    for journey_id in registered(world, *tki_ids):
        place(world, journey_id, **where)
    return places(world)


def places(world: World) -> list[int]:
    """Return the numbers of the places that somebody has."""
    found = world.ask("select allocation_id from posko.allocation where attempt_no > 0 order by allocation_id")
    return [number for (number,) in found]


def undo(world: World, numbers: list[int], who: str = "KO1", reason: str = WHY, **more: Any) -> dict[str, Any]:
    """Undo places."""
    return world.desk(who, **more).do(undoing.undo_schedule, allocation_ids=numbers, reason=reason)


def pay(world: World, journey_id: int, state: str = "LUNAS") -> int:
    """Change a payment; return the number of the change."""
    world.desk("KO1").do(registration.set_payment, journey_id=journey_id, payment_status=state)
    return int(world.value("select max(payment_change_id) from posko.payment_change"))


def undo_payment(world: World, numbers: list[int], who: str = "KO1", reason: str = WHY) -> dict[str, Any]:
    """Undo changes of payments."""
    return world.desk(who).do(undoing.undo_payment, payment_change_ids=numbers, reason=reason)
