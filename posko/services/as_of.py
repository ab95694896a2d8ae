"""Where a TKI, an exam session or a case stood at any time, told from the audit log alone (F35, R-001, DV-X06; requirements 8.3 no. 3).

No table of today is asked: the events `posko.services.journeys` writes are folded with `posko.domain.journey.after`. An event counts at
the server's time; in a demo or a test that plays exam days, at the time that was played. Events are taken in the order in which
they were written, up to the first that is later than the time asked for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from posko.domain import journey
from posko.domain.case_status import LABELS as CASE_LABELS
from posko.domain.case_status import CaseStatus
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.session_status import LABELS as SESSION_LABELS
from posko.domain.session_status import SessionStatus
from posko.domain.status import LABELS, SIDE_LABELS
from posko.services import inputs
from posko.services.office import act
from posko.services.replay import compare_with_tables
from posko.services.replay_fold import CASE, SESSION
from posko.services.rows import Row, many, one

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import sqlalchemy as sa

    from posko.services.office import Tx

__all__ = [
    "JourneyAt",
    "Step",
    "ThingAt",
    "case_at",
    "compare_with_tables",
    "is_known",
    "journey_at",
    "look",
    "session_at",
]

S = TypeVar("S", SessionStatus, CaseStatus)

NOW = "now"
_COLUMNS = "occurred_at, actor_id, actor_role, on_behalf_of, action, entity_key, outcome, payload, device, tuk, writer_id, writer_seq"
_WHEN = "select {columns} from posko_audit.audit_event where entity = :entity and {which} order by event_id"


@dataclass(frozen=True, slots=True)
class Step:
    """One event on the way: when, what, by whom, where, and what it told."""

    at: datetime
    event: str
    action: str
    outcome: str
    actor: str
    role: str | None
    on_behalf_of: str | None
    place: str | None
    told: Mapping[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """Return what survives JSON."""
        names = ("event", "action", "outcome", "actor", "role", "on_behalf_of", "place")
        return {"at": iso(self.at), **{name: getattr(self, name) for name in names}, "told": dict(self.told)}


@dataclass(frozen=True)
class JourneyAt:
    """Where one journey stood: `state` is None while it had not begun; `problem` says why its events cannot be folded."""

    tki_id: str
    scheme_code: str
    journey_no: int
    state: journey.JourneyState | None
    history: tuple[Step, ...]
    problem: str | None = None

    @property
    def since(self) -> datetime | None:
        """When it came to stand there: the time of the last event that moved it."""
        moved = [step.at for step in self.history if step.outcome == "ok" and "to" in step.told]
        return moved[-1] if moved else None

    def as_dict(self) -> dict[str, Any]:
        """Return what survives JSON; states by identifier and by label."""
        state = self.state
        return {
            "tki_id": self.tki_id,
            "scheme": self.scheme_code,
            "journey": self.journey_no,
            "status": state.status.value if state else None,
            "label": LABELS[state.status] if state else None,
            "attempt": state.attempt_no if state else None,
            "sides": sorted(side.value for side in state.sides) if state else [],
            "side_labels": sorted(SIDE_LABELS[side] for side in state.sides) if state else [],
            "since": iso(self.since) if self.since else None,
            "problem": self.problem,
            "history": [step.as_dict() for step in self.history],
        }


@dataclass(frozen=True)
class ThingAt:
    """Where an exam session or a case stood; `status` is None where no event told it by then."""

    key: str
    status: SessionStatus | CaseStatus | None
    label: str | None
    history: tuple[Step, ...] = field(default_factory=tuple)


def read_time(text: str) -> datetime | None:
    """Return an ISO time as UTC without zone; a time without zone is UTC already; None for `now`, which takes every event.

    Raises:
        ValueError: it is no such time.
    """
    if text == NOW:
        return None
    made = datetime.fromisoformat(text)
    return made.astimezone(UTC).replace(tzinfo=None) if made.tzinfo else made


def iso(moment: datetime) -> str:
    """Return a UTC time as it is shown, to the second."""
    return moment.isoformat(timespec="seconds") + "Z"


def journey_at(db: sa.Connection, tki_id: str, at: datetime | None = None) -> list[JourneyAt]:
    """Return every journey of a TKI that had begun by then, as it stood, with its events; refused attempts are in the history too.

    Args:
        db: open connection that may read posko_audit.
        tki_id: the TKI.
        at: UTC without zone; None takes every event.
    """
    found = many(
        db,
        _WHEN.format(columns=_COLUMNS, which="entity_key > :first and entity_key < :last"),
        entity=journey.ENTITY,
        first=f"{tki_id}/",
        last=f"{tki_id}0",  # '0' follows '/': all keys that begin with the ID and a stroke
    )
    groups: dict[tuple[str, str, int], list[Row]] = {}
    for row in found:
        parts = journey.parts_of(row["entity_key"])
        if parts is not None and parts[0] == tki_id:
            groups.setdefault(parts, []).append(row)
    made = [_journey(parts, _until(rows, at)) for parts, rows in groups.items()]
    return [one for one in made if one.history]


def session_at(db: sa.Connection, session_id: int, at: datetime | None = None) -> ThingAt:
    """Return where an exam session stood, by its own events."""
    steps = _until(_of(db, SESSION, session_id), at)
    status = _last_status(steps, SessionStatus)
    return ThingAt(str(session_id), status, SESSION_LABELS[status] if status else None, tuple(steps))


def case_at(db: sa.Connection, case_id: int, at: datetime | None = None) -> ThingAt:
    """Return where a deviation case stood, by its own events."""
    steps = _until(_of(db, CASE, case_id), at)
    status = _last_status(steps, CaseStatus)
    return ThingAt(str(case_id), status, CASE_LABELS[status] if status else None, tuple(steps))


def is_known(db: sa.Connection, tki_id: str) -> bool:
    """Return whether BNP2TKI ever delivered this TKI, or a journey of hers stands in the tables."""
    asked = (
        "select 1 as found from posko_staging.tki_tlrt where id_tki = :id union select 1 from posko_staging.tki_tlrt_history"
        " where id_tki = :id union select 1 from posko.journey where tki_id = :id limit 1"
    )
    return one(db, asked, id=tki_id) is not None


@act("as_of.look", Command.READ_LOG)
def look(tx: Tx, *, tki_id: object, at: object = NOW) -> dict[str, Any]:
    """Return where a TKI stood, for a screen: `known` and `journeys`; `at` is an ISO time or `now`.

    Raises:
        Refused: the ID or the time is no such thing, or the role may not read the log.
    """
    tx.about("tki", "-")
    tx.permit()
    wanted = inputs.tki(tki_id)
    try:
        moment = read_time(at if isinstance(at, str) else "")
    except (ValueError, OverflowError) as error:
        raise refuse("NOT_A_DATE", what="Waktu") from error
    journeys = journey_at(tx.db, wanted, moment)
    tx.record("tki", wanted, {"as_of": iso(moment) if moment else NOW, "journeys": len(journeys)})
    return {"known": bool(journeys) or is_known(tx.db, wanted), "journeys": [one.as_dict() for one in journeys]}


def _of(db: sa.Connection, entity: str, key: int) -> list[Row]:
    return many(db, _WHEN.format(columns=_COLUMNS, which="entity_key = :key"), entity=entity, key=str(key))


def _until(rows: Iterable[Row], at: datetime | None) -> list[Step]:
    """Return the events up to the first that is later than `at`."""
    steps: list[Step] = []
    for row in rows:
        step = _step(row)
        if at is not None and step.at > at:
            break
        steps.append(step)
    return steps


def _step(row: Row) -> Step:
    told = json.loads(row["payload"])
    played = told.pop("played_at", None)
    return Step(
        at=datetime.fromisoformat(played) if played else row["occurred_at"],
        event=f"{row['writer_id'].hex()}/{row['writer_seq']}",
        action=row["action"],
        outcome=row["outcome"],
        actor=row["actor_id"],
        role=row["actor_role"],
        on_behalf_of=row["on_behalf_of"],
        place=row["tuk"] or row["device"],
        told=told,
    )


def _journey(parts: tuple[str, str, int], steps: list[Step]) -> JourneyAt:
    state, problem = journey.fold(step.told for step in steps if step.outcome == "ok")
    return JourneyAt(*parts, state, tuple(steps), problem)


def _last_status(steps: list[Step], kind: type[S]) -> S | None:
    told: Iterator[str] = (step.told["to"] for step in reversed(steps) if step.outcome == "ok" and "to" in step.told)
    last = next(told, None)
    return kind(last) if last in set(kind) else None
