"""Who is signed in where, and sessions that are ended from elsewhere: one's own, or another's in haste (§8.2; R-045, R-048, R-049)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from posko.domain.calendar import local_day
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.services import inputs, paging, sessions
from posko.services.office import act
from posko.services.parameter_values import number_on
from posko.services.rows import Row, many, one

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posko.services.office import Tx

OWN_SHOWN = 20
OPEN, IDLE, EXPIRED = "OPEN", "IDLE", "EXPIRED"
STATES = (OPEN, IDLE, EXPIRED)
"""A session that was not ended: in use, silent for longer than it may be, or older than it may be; the last two open nothing."""
_JOINED = """
    from posko.login_session as session join posko.staff as staff on staff.person_id = session.person_id
    left join posko.station as station on station.station_code = session.station_code"""
_ROW = """
    select session.person_id, staff.full_name, staff.role, staff.lsp_code, staff.tuk_code, session.station_code,
        station.station_name, session.opened_at, session.last_seen_at, session.expires_at, session.ended_at,
        session.end_reason, session.auth_event"""
_FILTER = """
    where session.ended_at is null and (:role is null or staff.role = :role) and (:search is null or session.person_id = :search
        or session.station_code = :search or staff.full_name like :like)
    and (:state is null or :state = case when session.expires_at <= :at then 'EXPIRED'
        when session.last_seen_at <= :idle_since then 'IDLE' else 'OPEN' end)"""


@act("session.list", Command.READ_LOG)
def signed_in(
    tx: Tx, *, asked: Mapping[str, str] | None = None, limit: int = paging.PAGE_ROWS, offset: int = 0
) -> dict[str, Any]:
    """Return the sessions that nobody ended, the last seen first: `rows` of this part and `total`.

    Args:
        tx: the act.
        asked: `search` (number, station or part of a name), `role`, `state` (one of `STATES`); blank or left out: all.
        limit: rows at most.
        offset: rows before them.

    Returns:
        Each row: person_id, full_name, role, lsp_code, tuk_code, station_code, station_name, opened_at, last_seen_at, expires_at
        (ISO, UTC), auth_event (its sign-in in the log), state, `is_own`.

    Raises:
        Refused: something asked for is no such thing, or the role may not read the log.
    """
    tx.about(sessions.ENTITY, "*")
    tx.permit(how=Act.READ)
    part, values = paging.part(limit, offset), _asked(tx, asked or {})
    counted = one(tx.db, f"select count(*) as total {_JOINED} {_FILTER}", **values)
    order = " order by session.last_seen_at desc, session.person_id limit :most offset :before"
    rows = many(tx.db, f"{_ROW} {_JOINED} {_FILTER} {order}", **values, **part)
    tx.record(sessions.ENTITY, "*", {"rows": len(rows), "before": part["before"]})
    return {
        "rows": [
            _shown(row, tx.at, values["idle_since"]) | {"is_own": row["person_id"] == tx.person_id} for row in rows
        ],
        "total": int(counted["total"]) if counted else 0,
    }


@act("session.own", Command.LOGIN)
def own(tx: Tx) -> list[dict[str, Any]]:
    """Return the own last 20 sessions, the newest first, also those that are over: as `signed_in`, with ended_at and end_reason."""
    tx.about(sessions.ENTITY, tx.person_id)
    tx.permit()
    rows = many(
        tx.db,
        f"{_ROW} {_JOINED} where session.person_id = :person order by session.opened_at desc limit :most",
        person=tx.person_id,
        most=OWN_SHOWN,
    )
    tx.record(sessions.ENTITY, tx.person_id, {"rows": len(rows)})
    idle_since = _idle_since(tx)
    return [
        {
            **_shown(row, tx.at, idle_since),
            "ended_at": None if row["ended_at"] is None else row["ended_at"].isoformat(),
            "end_reason": row["end_reason"],
            "is_own": row["auth_event"] == tx.desk.auth_event,
        }
        for row in rows
    ]


@act("session.end_own", Command.LOGIN)
def end_own(tx: Tx) -> int:
    """End every session of one's own, wherever it is open; return how many."""
    tx.about(sessions.ENTITY, tx.person_id)
    tx.permit()
    ended = sessions.end_of(tx, tx.person_id, "LOGOUT_ALL")
    tx.record(sessions.ENTITY, tx.person_id, {"ended": ended, "everywhere": True})
    return ended


@act("session.end_other", Command.SUSPEND_STAFF)
def end_other(tx: Tx, *, person_id: str, auth_event: str, reason: str) -> int:
    """End the session that one of the staff began with this sign-in; her finger still opens another one.

    Args:
        tx: the act.
        person_id: whose.
        auth_event: its sign-in, as the list showed it, so that a newer one is not ended unseen.
        reason: why; it stands in the log.

    Raises:
        Refused: no such number or reason, the session is over meanwhile, or the role may not.
    """
    tx.about(sessions.ENTITY, inputs.person_number_or_none(person_id) or "-")
    tx.permit()
    number, event = inputs.person_number(person_id), inputs.text(auth_event, "Sesi masuk", 40)
    why = inputs.reason(reason)
    ended = sessions.end_of(tx, number, "ENDED_BY_OTHER", auth_event=event)
    if not ended:
        raise refuse("SIGNED_OUT_MEANWHILE")
    tx.record(sessions.ENTITY, number, {"ended": ended, "reason": why, "sign_in": event})
    return ended


def _asked(tx: Tx, asked: object) -> dict[str, Any]:
    if not isinstance(asked, dict):
        raise refuse("NOT_A_LIST", what="Saringan")
    found = {name: asked.get(name) or None for name in ("search", "role", "state")}
    search = None if found["search"] is None else inputs.text(found["search"], "Pencarian", 64)
    escaped = None if search is None else search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    state = None if found["state"] is None else inputs.choice(found["state"], "Keadaan sesi", STATES)
    return {
        "search": search,
        "like": None if escaped is None else f"%{escaped}%",
        "role": None if found["role"] is None else inputs.code(found["role"], "Peran", 12),
        "state": state,
        "at": tx.at,
        "idle_since": _idle_since(tx),
    }


def _idle_since(tx: Tx) -> dt.datetime:
    """Return the time after which a session must have been seen to open anything."""
    return tx.at - dt.timedelta(minutes=number_on(tx.db, "session_idle_minutes", local_day(tx.at)))


def _shown(row: Row, at: dt.datetime, idle_since: dt.datetime) -> dict[str, Any]:
    times = ("opened_at", "last_seen_at", "expires_at")
    names = ("person_id", "full_name", "role", "lsp_code", "tuk_code", "station_code", "station_name", "auth_event")
    state = EXPIRED if row["expires_at"] <= at else IDLE if row["last_seen_at"] <= idle_since else OPEN
    return {
        **{name: row[name] for name in names},
        **{name: row[name].isoformat() for name in times},
        "state": state if row["ended_at"] is None else None,
    }
