"""The log replayed to now and held against the tables, for a screen (F35, DV-X06)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.db.snapshot import snapshot
from posko.domain.matrix import Command
from posko.domain.roles import Act
from posko.services import replay
from posko.services.office import act

if TYPE_CHECKING:
    from posko.services.office import Tx
    from posko.services.replay_fold import Told

SHOWN = 200
"""Differences that a screen gets; the command has all."""


@act("as_of.compare", Command.READ_LOG)
def compare(tx: Tx, *, told: Told | None = None) -> dict[str, Any]:
    """Return how many journeys, sessions and cases the log and the tables tell different things of, and the first 200 of them.

    Args:
        tx: the act.
        told: hears how far the log is read, as in `fold_log`.

    Returns:
        `count`, and `differences`: kind, tki_id (None: no journey), key, sentence.

    Raises:
        Refused: the role may not read the log.
    """
    tx.about("log", "*")
    tx.permit(how=Act.READ)
    with snapshot(tx.desk.office.engine) as db:
        found = replay.compare_with_tables(db, told)
    tx.record("log", "*", {"differences": len(found)})
    shown = [{name: getattr(one, name) for name in ("kind", "tki_id", "key", "sentence")} for one in found[:SHOWN]]
    return {"count": len(found), "differences": shown}
