"""Steps of the preparation for its tests: sent, registered, placed, returned, with the registers of `world`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from apps.fraud.small_world import EXAM_ON
from posko.domain.errors import Refused
from posko.services import allocation, distribution, intake, registration, scheduling

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from posko.services.office import Desk
    from tests.support.world import World

STAFF_OF = {"LSP-1": "LS1", "LSP-2": "LS2", "TUK-1": "TU1", "TUK-2": "TU2"}
WRONG: list[Any] = [
    None,
    "",
    "  ",
    7.5,
    True,
    -1,
    "x" * 10_000_000,
    "a\x00b",
    "ID\n7",
    "3603054105830001",
    [],
    {},
    b"1",
    "\ud800",
]
"""What a form or a program may send by mistake or on purpose."""


def registered(world: World, *tki_ids: str, **facts: Any) -> list[int]:
    """Deliver, send and register TKI; return their journeys."""
    for tki_id in tki_ids:
        world.add_tki(tki_id, **facts)
    world.desk(None).do(intake.send_eligible)
    return world.desk("KO1").do(registration.register_many, tki_ids=list(tki_ids))


def place(world: World, journey_id: int, **other: Any) -> int:
    """Schedule one journey at TUK-1 with MET.1, or elsewhere."""
    where = {"exam_on": EXAM_ON, "lsp_code": "LSP-1", "tuk_code": "TUK-1", "met_no": "MET.1", **other}
    return world.desk("KO1").do(scheduling.schedule, journey_id=journey_id, **where)


def returned(world: World, *tki_ids: str) -> int:
    """Place TKI and send the allocation; return the batch."""
    for journey_id in registered(world, *tki_ids):
        place(world, journey_id)
    return int(world.desk("KO1").do(allocation.send_allocation)["batch_id"])


def released(world: World, *tki_ids: str) -> list[dict[str, Any]]:
    """Let BNSP check and split what the Konsorsium sent; return the packages."""
    made = world.desk(None).do(distribution.forward, batch_id=returned(world, *tki_ids))
    return list(made["batches"])


def acknowledged(world: World, *tki_ids: str) -> None:
    """Bring TKI to their LSP and TUK."""
    for part in released(world, *tki_ids):
        world.desk(STAFF_OF[part["receiver_code"]]).do(distribution.acknowledge, batch_id=part["batch_id"])


def refused(desk: Desk, what: Callable[..., Any], **values: Any) -> Refused:
    """Do an act that must be refused and return the refusal."""
    with pytest.raises(Refused) as found:
        desk.do(what, **values)
    assert found.value.reference, "the refusal was not recorded"
    return found.value


def registers(world: World, *statements: str) -> None:
    """Change registers past the services."""
    with world.admin().begin() as db:
        for statement in statements:
            db.exec_driver_sql(statement)


def parameter(world: World, name: str, value: int) -> None:
    """Set a parameter of all days."""
    world.write(
        "replace into posko.parameter values (:name, '2020-01-01', :value, 'uji', 'BN1', 'SA1', '2020-01-01')",
        name=name,
        value=str(value),
    )


def rows_of(world: World) -> dict[str, int]:
    """Return how many rows each table of the operational schema has, but for the deviations."""
    with world.admin().connect() as db:
        names = db.execute(
            sa.text(
                "select table_name from information_schema.tables where table_schema = 'posko' and table_type = 'BASE TABLE'"
            )
        ).scalars()
        return {
            name: int(db.execute(sa.text(f"select count(*) from posko.{name}")).scalar_one())
            for name in names
            if name != "deviation"
        }


def changes_nothing(world: World, attempts: Sequence[Callable[[], Any]]) -> None:
    """Check that every attempt is refused in words and recorded, and that no row but the record is written."""
    before, logged = rows_of(world), len(world.events("refused"))
    for attempt in attempts:
        with pytest.raises(Refused) as found:
            attempt()
        assert found.value.reference
        assert str(found.value).endswith((".", "?"))
    assert rows_of(world) == before
    assert len(world.events("refused")) == logged + len(attempts)
