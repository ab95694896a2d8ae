"""Replay to now: the events of every journey, session and case, folded, give its row, and every row has its events (DV-X06, F35)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from posko.db.packed import packed
from posko.domain import journey
from posko.domain.status import LABELS, SIDE_LABELS, SideStatus, Status
from posko.services.replay_fold import CASE, SESSION, fold_log

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import sqlalchemy as sa

    from posko.domain.journey import JourneyState
    from posko.services.replay_fold import Folded, Told

MOVING = {SESSION: ("exam_session", "session_id", "Sesi uji"), CASE: ("deviation_case", "case_id", "Kasus")}
"""What else moves from state to state by events: its name in the log -> table, key, name on the screen."""
COLUMNS = (
    "concat(tki_id, '/', scheme_code, '/', journey_no)",
    "concat(status, '/', attempt_no, '/', is_revoked, is_suspended, is_appealed)",
)
"""What a journey is called in the log, and where its row says that it stands."""
_FLAGS = (SideStatus.REVOKED, SideStatus.SUSPENDED, SideStatus.APPEALED)


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


def compare_with_tables(db: sa.Connection, told: Told | None = None) -> list[Difference]:
    """Return every journey, session and case of which the log, replayed to now, and the tables tell different things (DV-X06).

    Ask inside one snapshot (REPEATABLE READ) while others work, or an act between two pages looks like a difference. `told` hears how far
    the log is read, as in `fold_log`.
    """
    folded = fold_log(db, told=told)
    journeys = (row for _, rows in packed(db, COLUMNS, "posko.journey", "journey_id") for row in rows)
    found = list(compare_journeys(folded[journey.ENTITY], journeys))
    for entity, (table, key, _) in MOVING.items():
        things = (row for _, rows in packed(db, (key, "status"), f"posko.{table}", key) for row in rows)
        found += compare_things(entity, folded[entity], things)
    return found


def compare_journeys(folded: Folded, rows: Iterable[Sequence[str]]) -> Iterator[Difference]:
    """Compare journeys, whose rows are `COLUMNS`, with where they stand by their events; each is taken out of `folded`."""
    for name, stands in rows:
        stood = folded.pop(name, None)
        if stood is None or not stood.is_told:
            what = f"tabel menyebut {_row_text(stands)}, log tidak punya satu peristiwa pun yang memindahkannya"
            yield _journey("NO_EVENT", name, what)
        elif stood.problem is not None:
            yield _broken(name, stood.problem)
        elif stood.state != _state(stands):
            yield _journey("STATE", name, f"log menyebut {_text(stood.state)}, tabel menyebut {_row_text(stands)}")
    for name, stood in folded.items():
        if journey.parts_of(name) is None or not stood.is_told:
            continue  # no journey's name; or only looked at or refused, never begun
        if stood.problem is not None:
            yield _broken(name, stood.problem)
        else:
            yield _journey("NO_ROW", name, f"log menyebut {_text(stood.state)}, tabel tidak mengenalnya")


def compare_things(entity: str, folded: Folded, rows: Iterable[Sequence[str]]) -> Iterator[Difference]:
    """Compare sessions or cases, whose rows are key and state as texts, with where they stand by their events, and take them out."""
    for key, status in rows:
        stood = folded.pop(key, None)
        if stood is None or not stood.is_told:
            yield _thing("NO_EVENT", entity, key, f"tabel menyebut {status}, log tidak punya peristiwanya")
        elif stood.problem is not None:
            yield _thing("BROKEN", entity, key, f"peristiwanya tidak bersambung ({stood.problem})")
        elif stood.state != status:
            yield _thing("STATE", entity, key, f"log menyebut {stood.state}, tabel menyebut {status}")
    for key, stood in folded.items():
        if stood.problem is not None:
            yield _thing("BROKEN", entity, key, f"peristiwanya tidak bersambung ({stood.problem})")
        elif stood.is_told:
            yield _thing("NO_ROW", entity, key, f"log menyebut {stood.state}, tabel tidak mengenalnya")


@lru_cache(maxsize=4_096)
def _state(stands: str) -> JourneyState | None:
    """Return where a row stands; None where its state is none."""
    status, attempt, flags = stands.rsplit("/", 2)
    try:
        known = Status(status)
    except ValueError:
        return None
    sides = frozenset(side for side, flag in zip(_FLAGS, flags, strict=True) if flag != "0")
    return journey.JourneyState(known, int(attempt), sides)


def _broken(name: str, problem: str) -> Difference:
    return _journey("BROKEN", name, f"peristiwanya tidak bersambung ({problem})")


def _journey(kind: str, name: str, what: str) -> Difference:
    return Difference(kind, name.rsplit("/", 2)[0], name, f"Perjalanan {name}: {what}.")


def _thing(kind: str, entity: str, key: str, what: str) -> Difference:
    return Difference(kind, None, key, f"{MOVING[entity][2]} {key}: {what}.", entity)


def _row_text(stands: str) -> str:
    state = _state(stands)
    return _text(state) if state else f"keadaan yang tidak dikenal ({stands.rsplit('/', 2)[0]})"


def _text(state: JourneyState) -> str:
    sides = "".join(f" + {SIDE_LABELS[side]}" for side in SideStatus if side in state.sides)
    return f"{LABELS[state.status]}{sides} percobaan {state.attempt_no}"
