"""Replay to now: the events of every journey and session, folded, give its row, and every row has its events (DV-X06, F35).

Read page by page along the index of the log, so that a million journeys take no more memory than a page.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from posko.domain import journey
from posko.domain.status import LABELS, SIDE_LABELS, SideStatus, Status
from posko.services.journeys import COLUMNS, name_of, sides_of
from posko.services.rows import Row, many

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    import sqlalchemy as sa

PAGE = 20_000
"""Events a page: about 10 MB."""
_PAGE = (
    "select entity_key, payload, occurred_at from posko_audit.audit_event where entity = :entity and entity_key > :after and outcome = 'ok'"
    " order by entity_key, event_id limit :most"
)
_ROWS = f"select {COLUMNS} from posko.journey where tki_id in :ids"
_WITHOUT_EVENT = (
    f"select {COLUMNS} from posko.journey as journey where not exists (select 1 from posko_audit.audit_event as event"
    " where event.entity = :entity and event.outcome = 'ok'"
    " and event.entity_key = concat(journey.tki_id, '/', journey.scheme_code, '/', journey.journey_no))"
)


MOVING = {"session": ("exam_session", "session_id", "Sesi uji"), "case": ("deviation_case", "case_id", "Kasus")}
"""What else moves from state to state by events: its name in the log -> table, key, name on the screen."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One journey, session or case whose row and whose events tell different things.

    `kind` is NO_EVENT, NO_ROW, BROKEN or STATE; `tki_id` is None where it is no journey.
    """

    kind: str
    tki_id: str | None
    key: str
    sentence: str
    entity: str = journey.ENTITY


def compare_with_tables(db: sa.Connection, told: Callable[[int], None] | None = None) -> list[Difference]:
    """Return every journey, session and case of which the log, replayed to now, and the tables tell different things (DV-X06).

    Ask inside one snapshot (REPEATABLE READ) while others work, or an act between two pages looks like a difference. `told` hears
    after each page how many journeys were replayed.
    """
    found: list[Difference] = []
    done = 0
    for page in pages(db, journey.ENTITY):
        found += compare_journeys(db, page)
        done += len(page)
        if told is not None:
            told(done)
    found += [row_without_event(row) for row in many(db, _WITHOUT_EVENT, entity=journey.ENTITY)]
    for entity in MOVING:
        found += _compare_moves(db, entity)
    return found


def pages(db: sa.Connection, entity: str) -> Iterator[dict[str, list[Row]]]:
    """Yield journey -> entity_key, payload and occurred_at of its events that were not refused, in their order, whole journeys only.

    And so for sessions and cases. A page is of about 20,000 events.
    """
    last, most = "", PAGE
    while True:
        rows = many(db, _PAGE, entity=entity, after=last, most=most)
        groups = {key: list(some) for key, some in groupby(rows, lambda row: str(row["entity_key"]))}
        if len(rows) == most:
            if len(groups) == 1:
                most *= 2
                continue
            groups.popitem()  # the page may have cut it; the next one begins with it
        if groups:
            yield groups
            last = next(reversed(groups))
        if len(rows) < most:
            return


def _compare_moves(db: sa.Connection, entity: str) -> Iterator[Difference]:
    """Compare the last state that the events of each session or case tell with its row."""
    table, key_column, _ = MOVING[entity]
    waiting = {
        str(row["number"]): str(row["status"])
        for row in many(db, f"select {key_column} as number, status from posko.{table}")
    }
    for page in pages(db, entity):
        yield from compare_moves_of(entity, page, waiting)
    yield from without_event(entity, waiting)


def compare_moves_of(entity: str, page: Mapping[str, list[Row]], waiting: dict[str, str]) -> Iterator[Difference]:
    """Compare sessions or cases with their rows (key -> state), and take those that have events out of `waiting`."""
    name = MOVING[entity][2]
    for key, rows in page.items():
        last, problem = last_state(json.loads(row["payload"]) for row in rows)
        status = waiting.get(key)
        if last is None and problem is None:
            continue
        waiting.pop(key, None)
        if problem is not None:
            yield Difference("BROKEN", None, key, f"{name} {key}: peristiwanya tidak bersambung ({problem}).", entity)
        elif status is None:
            yield Difference(
                "NO_ROW", None, key, f"{name} {key}: log menyebut {last}, tabel tidak mengenalnya.", entity
            )
        elif status != last:
            yield Difference("STATE", None, key, f"{name} {key}: log menyebut {last}, tabel menyebut {status}.", entity)


def without_event(entity: str, waiting: Mapping[str, str]) -> Iterator[Difference]:
    """Yield the sessions or cases of which the log knows no move."""
    name = MOVING[entity][2]
    for key, status in waiting.items():
        what = f"{name} {key}: tabel menyebut {status}, log tidak punya peristiwanya."
        yield Difference("NO_EVENT", None, key, what, entity)


def last_state(payloads: Iterable[Mapping[str, Any]]) -> tuple[str | None, str | None]:
    """Return the state that the events of a session or case led to (None: none told one), and what is wrong with them."""
    last: str | None = None
    for told in payloads:
        if "to" not in told:
            continue
        if told.get("from") != last:
            return last, f"event says {told.get('from')}, it stood at {last}"
        last = told["to"]
    return last, None


def row_without_event(row: Row) -> Difference:
    """Return the difference of a journey of which the log knows nothing; `row` has `COLUMNS`."""
    what = f"tabel menyebut {_row_text(row)}, log tidak punya satu peristiwa pun"
    return _difference("NO_EVENT", name_of(row), what)


def compare_journeys(db: sa.Connection, page: Mapping[str, list[Row]]) -> list[Difference]:
    """Return the journeys among these, name -> all of their events, that stand elsewhere than the events tell."""
    ids = sorted({parts[0] for key in page if (parts := journey.parts_of(key))})
    rows = {name_of(row): row for row in many(db, _ROWS, ids=ids)}
    found = []
    for key, events in page.items():
        if journey.parts_of(key) is None:
            continue
        state, problem = journey.fold(json.loads(event["payload"]) for event in events)
        row = rows.get(key)
        if problem is not None:
            found.append(_difference("BROKEN", key, f"peristiwanya tidak bersambung ({problem})"))
        elif state is None:
            continue  # only looked at or refused, never begun
        elif row is None:
            found.append(_difference("NO_ROW", key, f"log menyebut {_text(state)}, tabel tidak mengenalnya"))
        elif state != _state_of(row):
            found.append(_difference("STATE", key, f"log menyebut {_text(state)}, tabel menyebut {_row_text(row)}"))
    return found


def _state_of(row: Row) -> journey.JourneyState | None:
    try:
        status = Status(row["status"])
    except ValueError:
        return None
    return journey.JourneyState(status, int(row["attempt_no"]), sides_of(row))


def _difference(kind: str, key: str, what: str) -> Difference:
    return Difference(kind, key.rsplit("/", 2)[0], key, f"Perjalanan {key}: {what}.")


def _row_text(row: Row) -> str:
    state = _state_of(row)
    return _text(state) if state else f"keadaan yang tidak dikenal ({row['status']})"


def _text(state: journey.JourneyState) -> str:
    sides = "".join(f" + {SIDE_LABELS[side]}" for side in SideStatus if side in state.sides)
    return f"{LABELS[state.status]}{sides} percobaan {state.attempt_no}"
