"""Who is signed in: sessions of a station, one a person, ended by idleness, age, suspension or a newer one (§8.2; R-045, R-049).

A token is 256 random bits, given out once; only its SHA-256 is kept. A token that is shown at another station is ended, because it
was carried away.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from posko.db.transaction import run_tx
from posko.domain.audit import Place
from posko.domain.calendar import local_day
from posko.domain.matrix import Command, Role
from posko.domain.refusals import refuse
from posko.domain.roles import Principal
from posko.services import inputs
from posko.services.office import act
from posko.services.parameter_values import number_on
from posko.services.rows import Row, add, change, one

if TYPE_CHECKING:
    import sqlalchemy as sa

    from posko.services.office import Desk, Office, Tx

ENTITY = "session"
TOKEN_BYTES = 32
_SEEN_AGAIN = dt.timedelta(seconds=5)
"""A session seen so shortly ago is not written again."""


def begin(tx: Tx, *, person_id: str, station: str, proof_id: str, auth_event: str) -> str:
    """Open a session for a person whose finger was just proven, ending her earlier one; return the token."""
    end_of(tx, person_id, "REPLACED")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    hours = number_on(tx.db, "session_hours", local_day(tx.at))
    add(
        tx.db,
        "login_session",
        {
            "token_sha256": digest(token),
            "person_id": person_id,
            "station_code": station,
            "proof_id": proof_id,
            "auth_event": auth_event,
            "opened_at": tx.at,
            "last_seen_at": tx.at,
            "expires_at": tx.at + dt.timedelta(hours=hours),
        },
    )
    return token


def end_of(tx: Tx, person_id: str, reason: str, *, auth_event: str | None = None) -> int:
    """End the open session of a person (only the one of this sign-in, if named); return how many were ended."""
    return change(
        tx.db,
        "update posko.login_session set ended_at = :at, end_reason = :reason where active_person = :person"
        " and (:event is null or auth_event = :event)",
        at=tx.at,
        reason=reason,
        person=person_id,
        event=auth_event,
    )


def principal_of(office: Office, token: object, station_code: object, *, ip: str | None = None) -> Desk:
    """Return the desk of whoever holds this token at this station, and note that she was seen.

    Raises:
        Refused: unknown, over, idle too long, of another station, or of somebody suspended; one sentence for all.
    """
    shown = token if isinstance(token, str) and len(token) <= 200 else ""
    station = inputs.person_number_or_none(station_code) or "-"
    found = run_tx(office.engine, lambda db: _seen(db, office.clock(db), shown, station))
    place = Place(device=station, ip=ip and ip[:45])
    if found["problem"]:
        refusal = refuse("SESSION_OVER")
        refusal.reference = office.desk(None, place=place).do(
            reject, token_sha256=digest(shown).hex(), station_code=station, reason=found["problem"]
        )
        raise refusal
    by = Principal(Role(found["role"]), found["person_id"], found["lsp_code"], found["tuk_code"])
    desk = office.desk(by, place=replace(place, tuk=found["station_tuk"]), auth_event=found["auth_event"])
    return replace(desk, seen_at=found["at"])


@act("session.reject", None)
def reject(tx: Tx, *, token_sha256: str, station_code: str, reason: str) -> str:
    """Write down that a token opened nothing, end its session where the reason is final, and return the event's name.

    Raises:
        Refused: it is no digest of a token.
    """
    tx.permit()
    if not isinstance(token_sha256, str) or not re.fullmatch(r"[0-9a-f]{64}", token_sha256):
        raise refuse("SESSION_OVER")
    ended = change(
        tx.db,
        "update posko.login_session set ended_at = :at, end_reason = :reason"
        " where token_sha256 = :token and ended_at is null",
        at=tx.at,
        reason=reason,
        token=bytes.fromhex(token_sha256),
    )
    told = {"reason": reason, "station": station_code, "ended": ended}
    return tx.record(ENTITY, token_sha256[:12], told, outcome="failed")


@act("session.logout", Command.LOGIN)
def logout(tx: Tx) -> int:
    """End the own session; return how many were ended."""
    tx.about(ENTITY, tx.person_id)
    tx.permit()
    ended = end_of(tx, tx.person_id, "LOGOUT", auth_event=tx.desk.auth_event)
    tx.record(ENTITY, tx.person_id, {"ended": ended})
    return ended


def digest(token: str) -> bytes:
    """Return what is kept of a token."""
    return sha256(token.encode("utf-8", "replace")).digest()


def _seen(db: sa.Connection, at: dt.datetime, token: str, station: str) -> Row:
    """Return the holder of an open session, marked as seen now (`at`), or the problem."""
    row = one(
        db,
        "select session.person_id, session.station_code, session.auth_event, session.last_seen_at, session.expires_at,"
        " session.ended_at, staff.role, staff.lsp_code, staff.tuk_code, staff.state, station.tuk_code as station_tuk"
        " from posko.login_session as session join posko.staff as staff on staff.person_id = session.person_id"
        " left join posko.station as station on station.station_code = session.station_code"
        " where session.token_sha256 = :token",
        token=digest(token),
    )
    if row is None:
        return {"problem": "UNKNOWN"}
    idle = dt.timedelta(minutes=number_on(db, "session_idle_minutes", local_day(at)))
    problem = _problem(row, at, station, idle)
    if problem is None and at - row["last_seen_at"] >= _SEEN_AGAIN:
        touched = change(
            db,
            "update posko.login_session set last_seen_at = :at where token_sha256 = :token and ended_at is null",
            at=at,
            token=digest(token),
        )
        problem = None if touched else "ENDED"
    return {**row, "problem": problem, "at": at}


def _problem(row: Row, at: dt.datetime, station: str, idle: dt.timedelta) -> str | None:
    if row["ended_at"] is not None:
        return "ENDED"
    if row["station_code"] != station:
        return "OTHER_STATION"
    if row["state"] != "ACTIVE":
        return "SUSPENDED"
    if at >= row["expires_at"]:
        return "EXPIRED"
    return "IDLE" if at - row["last_seen_at"] >= idle else None
