"""BNSP stops the publication and lets it go on, each time with a reason (§14.1; requirements section 5: start / stop).

While it is stopped nothing new is published, by the system or by order. What is public stays so, and a certificate that is revoked or
suspended is still shown as such: to hold that back would harm whoever relies on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from posko.domain.calendar import local_day
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.services import inputs
from posko.services.office import act
from posko.services.rows import Row, add, change, one

if TYPE_CHECKING:
    from posko.services.office import Tx

ENTITY = "publication"
KEY = "stop"


@act("publication.stop", Command.PUBLISH)
def stop(tx: Tx, *, reason: str) -> dict[str, int]:
    """Stop the publication; return `stop_id`. What is being published at this moment still goes out.

    Raises:
        Refused: no reason, or it is stopped already.
    """
    tx.about(ENTITY, KEY)
    tx.permit(how=Act.START_STOP)
    why = inputs.reason(reason)
    row = {"stopped_at": tx.at, "stopped_by": tx.person_id, "stop_reason": why}
    try:
        with tx.db.begin_nested():
            stop_id = add(tx.db, "publication_stop", row)
    except sa.exc.IntegrityError as error:
        raise refuse("PUBLICATION_STOPPED_BEFORE") from error
    tx.record(ENTITY, KEY, {"step": "stopped", "stop": stop_id, "reason": why})
    return {"stop_id": stop_id}


@act("publication.resume", Command.PUBLISH)
def resume(tx: Tx, *, reason: str) -> dict[str, int]:
    """Let the publication go on; return `stop_id` of the stop that ended. Publishing itself is an act of its own.

    Raises:
        Refused: no reason, or it is not stopped.
    """
    tx.about(ENTITY, KEY)
    tx.permit(how=Act.START_STOP)
    why = inputs.reason(reason)
    standing = _standing(tx, "for update")
    if standing is None:
        raise refuse("PUBLICATION_NOT_STOPPED")
    change(
        tx.db,
        "update posko.publication_stop set resumed_at = :at, resumed_by = :who, resume_reason = :why where stop_id = :id",
        at=tx.at,
        who=tx.person_id,
        why=why,
        id=standing["stop_id"],
    )
    tx.record(ENTITY, KEY, {"step": "resumed", "stop": int(standing["stop_id"]), "reason": why})
    return {"stop_id": int(standing["stop_id"])}


def refuse_while_stopped(tx: Tx) -> None:
    """Refuse a publication while it is stopped; the stop cannot end before the act does."""
    standing = _standing(tx, "lock in share mode")
    if standing is not None:
        tx.context["stop"] = int(standing["stop_id"])
        raise refuse("PUBLICATION_STOPPED", day=local_day(standing["stopped_at"]), reason=standing["stop_reason"])


def _standing(tx: Tx, lock: str) -> Row | None:
    return one(tx.db, f"select * from posko.publication_stop where is_open = 1 {lock}")
