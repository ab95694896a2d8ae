"""TKI whose result table the LSP has received: sessions CLOSED, journeys ASSESSED, written past the acts before."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from apps.bench.core_rows import put_assessed
from apps.fraud.small_world import EXAM_ON
from posko.services import decision

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tests.support.world import World

DECIDE_ON = dt.date(2026, 3, 10)
"""The day after the exam, on which the tests decide."""
SK = "SK-001/LSP-1/III/2026"
OF_LSP = {"LSP-1": ("TUK-1", "MET.1"), "LSP-2": ("TUK-3", "MET.3")}


def assessed(world: World, tki_ids: Sequence[str], *, failed: Collection[str] = (), lsp: str = "LSP-1") -> int:
    """Put these TKI into one closed session of the LSP and return it; play the day after."""
    tuk, met = OF_LSP[lsp]
    with world.admin().begin() as db:
        at = dt.datetime.combine(EXAM_ON, dt.time(8))
        (made,) = put_assessed(db, tki_ids, exam_on=EXAM_ON, at=at, failed=failed, lsp=lsp, tuk=tuk, met=met)
        parts = (("TUK", "TU1" if lsp == "LSP-1" else "TU3"), ("ASESOR", "AS1" if lsp == "LSP-1" else "AS3"))
        for part, who in parts:
            db.execute(
                sa.text(
                    "insert into posko.part_held (journey_id, person_id, part, held_at)"
                    " select journey_id, :who, :part, :at from posko.allocation where session_id = :session"
                ),
                {"who": who, "part": part, "at": at, "session": made},
            )
    world.at(DECIDE_ON)
    return made


def ids(count: int, first: int = 9_000_001) -> list[str]:
    """Return so many ID TKI."""
    return [str(first + place) for place in range(count)]


def sums(world: World, *but: str) -> dict[str, object]:
    """Return a checksum of every operational table: what a refused act must leave as it was."""
    tables = [
        name
        for (name,) in world.ask(
            "select table_name from information_schema.tables where table_schema = 'posko' and table_type = 'BASE TABLE'"
            " order by table_name"
        )
        if name not in {"deviation", *but}
    ]
    return dict(world.ask(f"checksum table {', '.join(f'posko.{name}' for name in tables)}"))


def decide(world: World, session_id: int, who: str = "LS1", sk_no: str = SK, **more: object) -> Any:
    """Let an LSP decide a session."""
    return world.desk(who).do(decision.decide, session_id=session_id, sk_no=sk_no, **more)
