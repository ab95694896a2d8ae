"""Where an exam session, a register and the whole ledger stood at a time, for a screen (F35, R-001, R-012, R-025; requirements 8.3 no. 3).

Journeys, sessions and cases are told from the audit log alone. A register is told from its history: what its last change by then
made of a row, what the first change after it found, or the row itself where nobody changed it since it was loaded.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from posko.db.snapshot import snapshot
from posko.domain import journey
from posko.domain.case_status import LABELS as CASE_LABELS
from posko.domain.handoff import HOP_LABELS, Hop
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.domain.session_status import LABELS as SESSION_LABELS
from posko.domain.status import LABELS, SIDE_LABELS, Status
from posko.services import as_of, inputs, paging
from posko.services.office import act
from posko.services.registry_columns import REGISTERS, plain_row
from posko.services.registry_history import rows_of
from posko.services.replay_fold import CASE, SESSION, fold_log
from posko.services.rows import Row, many, one

if TYPE_CHECKING:
    from datetime import datetime

    import sqlalchemy as sa

    from posko.services.office import Tx
    from posko.services.replay_fold import Told

PROBLEMS_SHOWN = 20
_CANDIDATES = (
    "select distinct journey.tki_id from posko.allocation as allocation join posko.journey as journey using (journey_id)"
    " where allocation.session_id = :session order by journey.tki_id"
)
_CHANGES = (
    "select register_key, before_json, after_json, changed_at, changed_by, reason from posko.registry_change"
    " where register = :register order by change_id"
)
_HOPS = """
    select hop, count(*) as batches, sum(row_count) as sent, sum(if(received_at <= :at, received_count, 0)) as received,
        sum(if(received_at is null or received_at > :at, row_count, 0)) as in_transit
    from posko.handoff_batch where sent_at <= :at group by hop"""


@act("as_of.session", Command.READ_LOG)
def session(tx: Tx, *, session_id: int, at: object = as_of.NOW) -> dict[str, Any]:
    """Return where an exam session and everybody who was ever on its list stood.

    Args:
        tx: the act.
        session_id: its number.
        at: an ISO time or `now`.

    Returns:
        `status` and `label` (None: it was not planned yet), `history` of its events, `candidates`: tki_id and label of the state
        of the journey that was under way (None: not begun).

    Raises:
        Refused: no such session or time, or the role may not read the log.
    """
    tx.about(SESSION, "-")
    tx.permit(how=Act.READ)
    wanted, moment = inputs.number(session_id, "Nomor sesi"), moment_of(at)
    if one(tx.db, "select 1 as found from posko.exam_session where session_id = :id", id=wanted) is None:
        raise refuse("UNKNOWN_SESSION", session_id=wanted)
    stood = as_of.session_at(tx.db, wanted, moment)
    ids = [row["tki_id"] for row in many(tx.db, _CANDIDATES, session=wanted)]
    candidates = [_candidate(tx.db, tki_id, moment) for tki_id in ids]
    tx.record(SESSION, wanted, {"as_of": _said(moment), "candidates": len(candidates)})
    return {
        "status": stood.status.value if stood.status else None,
        "label": stood.label,
        "history": [step.as_dict() for step in stood.history],
        "candidates": candidates,
    }


@act("as_of.register", Command.READ_LOG)
def register(
    tx: Tx,
    *,
    register: str,
    at: object = as_of.NOW,
    search: str | None = None,
    limit: int = paging.PAGE_ROWS,
    offset: int = 0,
) -> dict[str, Any]:
    """Return a register as it stood: `columns`, `rows` of this part by key, and their `total`.

    Each row has the register's columns, and `changed_at` (ISO, UTC) and `changed_by` of its last change by then (None: as loaded).

    Args:
        tx: the act.
        register: its name, one of `REGISTERS`.
        at: an ISO time or `now`.
        search: what some value must contain; None or blank: all.
        limit: rows at most.
        offset: rows before them.

    Raises:
        Refused: no such register, time or part, or the role may not read the log.
    """
    tx.about("register", "-")
    tx.permit(how=Act.READ)
    if not isinstance(register, str) or register not in REGISTERS:
        raise refuse(
            "NO_SUCH_REGISTER", register=register if isinstance(register, str) and register.isidentifier() else "-"
        )
    moment, part = moment_of(at), paging.part(limit, offset)
    wanted = None if search is None or not str(search).strip() else inputs.text(search, "Pencarian", 64).casefold()
    found = [row for row in register_at(tx.db, register, moment) if wanted is None or _holds(row, wanted)]
    tx.record("register", register, {"as_of": _said(moment), "rows": len(found), "is_searched": wanted is not None})
    shown = found[part["before"] : part["before"] + part["most"]]
    return {"columns": list(REGISTERS[register].names), "rows": shown, "total": len(found)}


@act("as_of.ledger", Command.READ_LOG)
def ledger(tx: Tx, *, at: object = as_of.NOW, told: Told | None = None) -> dict[str, Any]:
    """Return how many TKI, sessions and cases stood in each state, and what had gone over each hop by then.

    Args:
        tx: the act.
        at: an ISO time or `now`.
        told: hears how far the log is read, as in `fold_log`.

    Returns:
        `journeys`, `sides`, `sessions`, `cases`: label -> how many, in the order of the flow; `total` journeys; `hops`: label,
        batches, sent, received, in_transit (rows); `problems`: names of journeys whose events do not fit together, `problem_count`.

    Raises:
        Refused: no such time, or the role may not read the log.
    """
    tx.about("ledger", "*")
    tx.permit(how=Act.READ)
    moment = moment_of(at)
    with snapshot(tx.desk.office.engine) as db:
        counts = count(db, moment, told)
        hops = _hops(db, moment or tx.at)
    total = sum(counts.states.values())
    tx.record("ledger", "*", {"as_of": _said(moment), "journeys": total, "problems": len(counts.problems)})
    return {
        "total": total,
        "journeys": {LABELS[state]: counts.states[state] for state in Status if counts.states[state]},
        "sides": {label: counts.sides[side] for side, label in SIDE_LABELS.items() if counts.sides[side]},
        "sessions": {
            str(label): counts.sessions[state] for state, label in SESSION_LABELS.items() if counts.sessions[state]
        },
        "cases": {str(label): counts.cases[state] for state, label in CASE_LABELS.items() if counts.cases[state]},
        "hops": hops,
        "problems": counts.problems[:PROBLEMS_SHOWN],
        "problem_count": len(counts.problems),
    }


@dataclass
class Counts:
    """What a replay counted: TKI by state and by side state, sessions and cases, and journeys whose events do not fit together."""

    states: Counter[Status] = field(default_factory=Counter)
    sides: Counter[Any] = field(default_factory=Counter)
    sessions: Counter[str] = field(default_factory=Counter)
    cases: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


def count(db: sa.Connection, at: datetime | None, told: Told | None = None) -> Counts:
    """Replay the log up to a time (None: all of it) and count the states; read inside `snapshot` while others work."""
    folded, found = fold_log(db, until=at, told=told), Counts()
    for key, stood in folded[journey.ENTITY].items():
        if journey.parts_of(key) is None:
            continue
        if stood.problem is not None:
            found.problems.append(key)
        if stood.state is not None:
            found.states[stood.state.status] += 1
            found.sides.update(stood.state.sides)
    for entity, states in ((SESSION, found.sessions), (CASE, found.cases)):
        states.update(stood.state for stood in folded[entity].values() if stood.state is not None)
    return found


def register_at(db: sa.Connection, name: str, at: datetime | None) -> list[Row]:
    """Return the rows of a register as they stood, in the order of their keys."""
    one_register = REGISTERS[name]
    stood: dict[str, Row | None] = {
        key: {**plain_row(row), "changed_at": None, "changed_by": None}
        for key, row in rows_of(db, one_register).items()
    }
    settled: set[str] = set()
    for change in many(db, _CHANGES, register=name):
        key, is_later = change["register_key"], at is not None and change["changed_at"] > at
        if not is_later:
            stood[key] = _state(change["after_json"], change)
        elif key not in settled and not _was_changed(stood.get(key)):
            stood[key] = _state(change["before_json"], None)
        settled |= {key} if is_later else set()
    return [row for _, row in sorted(stood.items()) if row is not None]


def moment_of(at: object) -> datetime | None:
    """Return a time as UTC without zone; None for `now`.

    Raises:
        Refused: it is no time.
    """
    try:
        return as_of.read_time(at if isinstance(at, str) else "")
    except (ValueError, OverflowError) as error:
        raise refuse("NOT_A_DATE", what="Waktu") from error


def _said(moment: datetime | None) -> str:
    return as_of.iso(moment) if moment else as_of.NOW


def _candidate(db: sa.Connection, tki_id: str, at: datetime | None) -> dict[str, Any]:
    stood = [one for one in as_of.journey_at(db, tki_id, at) if one.state is not None]
    last = stood[-1].state if stood else None
    return {"tki_id": tki_id, "label": LABELS[last.status] if last else None}


def _hops(db: sa.Connection, at: datetime) -> list[dict[str, Any]]:
    rows = {row["hop"]: row for row in many(db, _HOPS, at=at)}
    names = ("batches", "sent", "received", "in_transit")
    return [
        {"label": HOP_LABELS[hop], **{name: int(rows[hop.value][name] or 0) for name in names}}
        for hop in Hop
        if hop.value in rows
    ]


def _state(text: str | None, change: Row | None) -> Row | None:
    """Return a row as a change left it; None: it was not there."""
    if text is None:
        return None
    when = None if change is None else change["changed_at"].isoformat()
    return {**json.loads(text), "changed_at": when, "changed_by": None if change is None else change["changed_by"]}


def _was_changed(row: Row | None) -> bool:
    return row is not None and row["changed_at"] is not None


def _holds(row: Row, wanted: str) -> bool:
    return any(wanted in str(value).casefold() for value in row.values() if value is not None)
