"""What the first screen reads: who is signed in, and what waits for her role and her own LSP, TUK or sessions (§9, §12-14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.calendar import local_day
from posko.domain.matrix import Command, Role
from posko.domain.refusals import refuse
from posko.domain.status import Status
from posko.services import inputs
from posko.services.office import act
from posko.services.rows import many, one

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlalchemy as sa

    from posko.services.office import Tx
    from posko.services.rows import Row

ENTITY = "staff"
_BNSP = (Status.RETURNED_TO_BNSP, Status.BALANCED, Status.RESULT_SENT, Status.ON_HOLD, Status.EVALUATED)
WAITING: Mapping[Role, tuple[Status, ...]] = {
    Role.SUPER: _BNSP,
    Role.BNSP: _BNSP,
    Role.AUDITOR: _BNSP,
    Role.KONSORSIUM: (
        Status.SENT_TO_KONSORSIUM,
        Status.REGISTERED,
        Status.SCHEDULED,
        Status.ALLOCATED,
        Status.ABSENT,
        Status.TURNED_AWAY_NO_MATCH,
        Status.TURNED_AWAY_NOT_REGISTERED,
    ),
    Role.LSP: (Status.DISTRIBUTED, Status.ASSESSED, Status.DECIDED),
    Role.TUK: (Status.DISTRIBUTED, Status.ACKNOWLEDGED, Status.PRESENT),
    Role.ASESOR: (Status.TESTED,),
}
"""Role -> states of a TKI in which the next act is that role's, in the order of the flow."""
CASES = frozenset({Role.SUPER, Role.BNSP, Role.AUDITOR})
"""Roles that see how many cases are open."""
MOST_COUNTED = 10_000
"""TKI of one state that the first screen counts: it says that much waits, the lists say what."""
_EVERYWHERE = (
    "select '{0}' as status, count(*) as tki from (select 1 from posko.journey where status = '{0}' limit {1}) as s{0}"
)
"""One state, counted only a little beyond `MOST_COUNTED`: with a year's register an exact count would take longer than the page."""
_OWN = """
    select journey.status, count(*) as tki from posko.exam_session as session
    join posko.allocation as allocation on allocation.session_id = session.session_id
    join posko.journey as journey on journey.journey_id = allocation.journey_id
        and journey.attempt_no = allocation.attempt_no
    where journey.status in :states and (:lsp is null or session.lsp_code = :lsp)
        and (:tuk is null or session.tuk_code = :tuk) and (:met is null or session.met_no = :met)
    group by journey.status"""
_SESSIONS = """
    select count(*) as sessions from posko.exam_session where exam_on = :day and status <> 'CANCELLED'
    and (:lsp is null or lsp_code = :lsp) and (:tuk is null or tuk_code = :tuk) and (:met is null or met_no = :met)"""
MOST_PAGE = 40


@act("screen.who", Command.LOGIN)
def who(tx: Tx) -> Row:
    """Return name and scope of whoever is signed in."""
    tx.about(ENTITY, tx.person_id)
    tx.permit()
    found = _staff(tx)
    tx.record(ENTITY, tx.person_id, {"screen": "who"})
    return found


@act("screen.home", Command.LOGIN)
def home(tx: Tx) -> Row:
    """Return what waits for whoever is signed in.

    Returns:
        `waiting`: state of a TKI -> how many (one more than `MOST_COUNTED`: more than that), every state of `WAITING` for the role;
        `sessions`: exam sessions today, of the own LSP, TUK or appointment; `cases`: open deviation cases, None for roles that do not
        treat them.
    """
    tx.about(ENTITY, tx.person_id)
    tx.permit()
    if tx.by is None:
        raise refuse("SESSION_OVER")
    states = [state.value for state in WAITING[tx.by.role]]
    scope = {"lsp": tx.by.lsp_code, "tuk": tx.by.tuk_code, "met": _staff(tx)["met_no"]}
    is_scoped = any(scope.values())
    everywhere = " union all ".join(_EVERYWHERE.format(state, MOST_COUNTED + 1) for state in states)
    found = many(tx.db, _OWN, states=states, **scope) if is_scoped else many(tx.db, everywhere)
    counts = {row["status"]: int(row["tki"]) for row in found}
    sessions = one(tx.db, _SESSIONS, day=local_day(tx.at), **scope)
    cases = None
    if tx.by.role in CASES:
        cases = one(tx.db, "select count(*) as cases from posko.deviation_case where closed_at is null")
    tx.record(ENTITY, tx.person_id, {"screen": "home"})
    return {
        "waiting": {state: counts.get(state, 0) for state in states},
        "sessions": int(sessions["sessions"]) if sessions else 0,
        "cases": int(cases["cases"]) if cases else None,
    }


@act("screen.turned_away", Command.LOGIN)
def turned_away(tx: Tx, *, page: str) -> None:
    """Write down that somebody came by address to a page that is not for her role; nothing else happens."""
    tx.about(ENTITY, tx.person_id)
    tx.permit()
    tx.record(
        "page",
        inputs.code(page, "Halaman", MOST_PAGE),
        {"role": tx.by.role.value if tx.by else None},
        outcome="refused",
    )


def has_staff(db: sa.Connection) -> bool:
    """Return whether anybody is enrolled who could sign in."""
    return one(db, "select 1 as found from posko.staff where state = 'ACTIVE' limit 1") is not None


def one_of_each(db: sa.Connection) -> list[Row]:
    """Return one active person of each role with the station where she sits: at her TUK, else at the first without one."""
    return many(
        db,
        "select staff.role, min(staff.person_id) as person_id, min(coalesce(own.station_code, office.station_code)) as station_code"
        " from posko.staff as staff left join posko.station as own on own.tuk_code = staff.tuk_code"
        " join (select min(station_code) as station_code from posko.station where tuk_code is null) as office"
        " where staff.state = 'ACTIVE' and (staff.tuk_code is null or staff.person_id = (select min(first.person_id)"
        " from posko.staff as first where first.role = staff.role and first.state = 'ACTIVE'))"
        " group by staff.role order by staff.role",
    )


def _staff(tx: Tx) -> Row:
    row = one(
        tx.db,
        "select person_id, full_name, role, lsp_code, tuk_code, met_no from posko.staff where person_id = :id",
        id=tx.person_id,
    )
    if row is None:
        raise refuse("UNKNOWN_STAFF")
    return row
