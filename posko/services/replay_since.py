"""Replay of what was written or told of since a time: the nightly part of `replay.compare_with_tables` (DV-X06).

A row that was written bears the server's own time, and so does an event; a row that somebody deleted is missed here and found by the
whole replay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain import journey
from posko.services import replay
from posko.services.replay_fold import ENTITIES, fold_some
from posko.services.rows import chunks, many, many_among

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    import sqlalchemy as sa

    from posko.services.replay import Difference

_TOLD = (
    "select distinct entity, entity_key from posko_audit.audit_event"
    " where occurred_at >= :since and entity in :entities and outcome = 'ok'"
)
_NAME, _STANDS = replay.COLUMNS
_TOUCHED = f"select {_NAME} as name from posko.journey where touched_at >= :since"
_JOURNEYS = f"select {_NAME} as name, {_STANDS} as stands from posko.journey where tki_id in :ids"
_TOUCHED_SESSION = "select session_id from posko.exam_session where touched_at >= :since"


def compare_since(db: sa.Connection, since: datetime) -> list[Difference]:
    """Return the differences among the journeys, sessions and cases that were written or told of since a time (UTC).

    Ask inside one snapshot, as for `replay.compare_with_tables`.
    """
    told: dict[str, set[str]] = {entity: set() for entity in ENTITIES}
    for row in many(db, _TOLD, since=since, entities=list(told)):
        told[row["entity"]].add(str(row["entity_key"]))
    told["session"] |= {str(row["session_id"]) for row in many(db, _TOUCHED_SESSION, since=since)}
    touched = {row["name"] for row in many(db, _TOUCHED, since=since)}
    found: list[Difference] = []
    for some in chunks(sorted(told[journey.ENTITY] | touched)):
        found += replay.compare_journeys(fold_some(db, journey.ENTITY, some), _journeys(db, frozenset(some)))
    for entity in replay.MOVING:
        found += _things(db, entity, told[entity])
    return found


def _journeys(db: sa.Connection, names: Collection[str]) -> list[tuple[str, str]]:
    """Return the rows of these journeys."""
    ids = sorted({parts[0] for name in names if (parts := journey.parts_of(name))})
    return [(row["name"], row["stands"]) for row in many_among(db, _JOURNEYS, ids) if row["name"] in names]


def _things(db: sa.Connection, entity: str, keys: Collection[str]) -> list[Difference]:
    table, key_column, _ = replay.MOVING[entity]
    found: list[Difference] = []
    for some in chunks(sorted(keys)):
        numbers = [int(key) for key in some if key.isdecimal()]
        sql = f"select {key_column} as number, status from posko.{table} where {key_column} in :ids"
        rows = [(str(row["number"]), row["status"]) for row in many_among(db, sql, numbers)]
        found += replay.compare_things(entity, fold_some(db, entity, some), rows)
    return found
