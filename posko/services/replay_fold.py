"""The audit log folded: where each journey, session and case stands by its events alone (F35, DV-X06; requirements 8.3 no. 3).

The whole log is read once, in the order in which it was written and lies on disk. Asked for journey by journey, each event would be a page
of its own: a year of 300,000 TKI has more than five million.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from posko.db.packed import packed
from posko.domain import journey
from posko.services.audit_search import payload_of
from posko.services.rows import many, one

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    import sqlalchemy as sa

    Told = Callable[[int, int], None]

SESSION, CASE = "session", "case"
ENTITIES = (journey.ENTITY, SESSION, CASE)
"""What moves from state to state by events: its names in the log."""
_LOG = "posko_audit.audit_event"
_AMONG = f"entity in {ENTITIES} and outcome = 'ok'"
_FIELDS = ("entity", "entity_key", "payload")
_LAST = f"select coalesce(max(event_id), 0) as number from {_LOG}"
_EVENTS = (
    f"select entity_key, payload from {_LOG}"
    " where entity = :entity and entity_key in :ids and outcome = 'ok' order by entity_key, event_id"
)


@dataclass(frozen=True, slots=True, eq=False)
class Stood:
    """Where a journey (`JourneyState`), session or case (value of its state) stands by its events; None: no event moved it.

    `problem` says why an event does not follow from those before; what came after it was not looked at. There is one object for all that
    stand alike, so that it is found again by what it is and not by what it holds.
    """

    state: Any = None
    problem: str | None = None

    @property
    def is_told(self) -> bool:
        """Whether any event moved it, or tried to."""
        return self.state is not None or self.problem is not None


# A state has few values; of problems there are as many as somebody makes.
@lru_cache(maxsize=4_096)
def _stood(state: Any, problem: str | None = None) -> Stood:
    return Stood(state, problem)


NOWHERE = _stood(None)
Folded = dict[str, Stood]
"""Name in the log -> where it stands."""


def fold_log(db: sa.Connection, *, until: datetime | None = None, told: Told | None = None) -> dict[str, Folded]:
    """Return for each of `ENTITIES` where all of them stand; ask inside one snapshot while others work.

    Args:
        db: connection that may read posko_audit.
        until: of each only the events up to its first that is later (UTC; where a time was played, at that time); None: all.
        told: hears the number of the last event that was read, and of the last there is.
    """
    found: dict[str, Folded] = {entity: {} for entity in ENTITIES}
    over: set[tuple[str, str]] = set()
    last = _last(db)
    for number, rows in packed(db, _FIELDS if until is None else (*_FIELDS, "occurred_at"), _LOG, "event_id", _AMONG):
        for entity, key, payload in rows if until is None else _until(rows, until, over):
            folded = found[entity]
            folded[key] = _after(entity, folded.get(key, NOWHERE), payload)
        if told is not None:
            told(min(number, last), last)
    return found


def fold_some(db: sa.Connection, entity: str, keys: Collection[str]) -> Folded:
    """Return where these stand by all of their events; whoever has none is missing."""
    found: Folded = {}
    rows = many(db, _EVENTS, entity=entity, ids=list(keys))
    for key, some in groupby(rows, lambda row: str(row["entity_key"])):
        stood = NOWHERE
        for row in some:
            stood = _after(entity, stood, str(row["payload"]))
        found[key] = stood
    return found


# Most events are moves that many others made too, so most payloads are read once.
@lru_cache(maxsize=65_536)
def _after(entity: str, stood: Stood, payload: str) -> Stood:
    """Return where one stands after an event; one whose events do not fit together stays where that was seen."""
    if stood.problem is not None:
        return stood
    try:
        told = json.loads(payload)
        return _stood(journey.after(stood.state, told) if entity == journey.ENTITY else _moved(stood.state, told))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return _stood(stood.state, str(error))


def _moved(state: str | None, told: Mapping[str, Any]) -> str | None:
    if "to" not in told:
        return state
    if told.get("from") != state:
        raise ValueError(f"event says {told.get('from')}, it stood at {state}")
    return str(told["to"])


def _until(
    rows: Iterable[tuple[str, ...]], until: datetime, over: set[tuple[str, str]]
) -> Iterator[tuple[str, str, str]]:
    """Yield the events of those that are not over, which they are from their first event on that is later."""
    for entity, key, payload, occurred_at in rows:
        if (entity, key) not in over:
            if _time(payload, occurred_at) > until:
                over.add((entity, key))
            else:
                yield entity, key, payload


def _time(payload: str, occurred_at: str) -> datetime:
    played = payload_of(payload).get("played_at") if '"played_at"' in payload else None
    return datetime.fromisoformat(str(played) if played else occurred_at)


def _last(db: sa.Connection) -> int:
    row = one(db, _LAST)
    return int(row["number"]) if row else 0
