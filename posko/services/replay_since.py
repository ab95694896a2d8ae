"""Replay of what was written or told of since a time: the nightly part of `replay.compare_with_tables` (DV-X06).

A row that was written bears the server's own time, and so does an event; a row that somebody deleted is missed here and found by the
whole replay.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from posko.domain import journey
from posko.services import replay
from posko.services.journeys import COLUMNS, name_of
from posko.services.rows import Row, chunks, many, many_among

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    import sqlalchemy as sa

    from posko.services.replay import Difference

_TOLD = (
    "select distinct entity, entity_key from posko_audit.audit_event"
    " where occurred_at >= :since and entity in :entities and outcome = 'ok'"
)
_EVENTS = (
    "select entity_key, payload, occurred_at from posko_audit.audit_event"
    " where entity = :entity and entity_key in :ids and outcome = 'ok' order by entity_key, event_id"
)
_TOUCHED = f"select {COLUMNS} from posko.journey where touched_at >= :since"
_TOUCHED_SESSION = "select session_id from posko.exam_session where touched_at >= :since"


def compare_since(db: sa.Connection, since: datetime) -> list[Difference]:
    """Return the differences among the journeys, sessions and cases that were written or told of since a time (UTC).

    Ask inside one snapshot, as for `replay.compare_with_tables`.
    """
    told: dict[str, set[str]] = {entity: set() for entity in (journey.ENTITY, *replay.MOVING)}
    for row in many(db, _TOLD, since=since, entities=list(told)):
        told[row["entity"]].add(str(row["entity_key"]))
    told["session"] |= {str(row["session_id"]) for row in many(db, _TOUCHED_SESSION, since=since)}
    touched = {name_of(row): row for row in many(db, _TOUCHED, since=since)}
    found: list[Difference] = []
    for some in chunks(sorted(told[journey.ENTITY] | touched.keys())):
        page = _events(db, journey.ENTITY, some)
        found += replay.compare_journeys(db, page)
        found += [replay.row_without_event(touched[key]) for key in some if key in touched and key not in page]
    for entity in replay.MOVING:
        found += _moves(db, entity, told[entity])
    return found


def _moves(db: sa.Connection, entity: str, keys: Collection[str]) -> list[Difference]:
    table, key_column, _ = replay.MOVING[entity]
    found: list[Difference] = []
    for some in chunks(sorted(keys)):
        sql = f"select {key_column} as number, status from posko.{table} where {key_column} in :ids"
        numbers = [int(key) for key in some if key.isdecimal()]
        waiting = {str(row["number"]): str(row["status"]) for row in many_among(db, sql, numbers)}
        found += replay.compare_moves_of(entity, _events(db, entity, some), waiting)
        found += replay.without_event(entity, waiting)
    return found


def _events(db: sa.Connection, entity: str, keys: Collection[str]) -> Mapping[str, list[Row]]:
    rows = many(db, _EVENTS, entity=entity, ids=list(keys))
    return {str(key): list(some) for key, some in groupby(rows, lambda row: row["entity_key"])}
