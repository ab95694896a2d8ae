"""The exam day of one session at a TUK: opened, ended, given to the assessor, or called off (§9.4, §13.1-13.7; R-046, R-063, R-127, X4).

The TUK administrator opens the day (X4: "administrator konsorsium" in 13.1 is a copying error) and ends the test. Who did not come is
ABSENT then, because presence has no default. Only when every candidate of the list is closed may the TUK let the assessor score.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.calendar import local_day
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.domain.session_status import LABELS, SessionStatus
from posko.domain.status import Status
from posko.services import inputs, journeys
from posko.services.attendance_exit import rows_without_exit
from posko.services.office import act
from posko.services.rows import Row, add_many, change, many, one
from posko.services.session_rows import ids_of, move_session, on_list, session_at, state_of

if TYPE_CHECKING:
    from posko.services.office import Tx

EARLY = frozenset({Status.SCHEDULED, Status.ALLOCATED, Status.RETURNED_TO_BNSP, Status.BALANCED, Status.DISTRIBUTED})
"""States in which a candidate is on the way to the TUK: nobody there may say yet whether she came."""
UNCLOSED = EARLY | {Status.ACKNOWLEDGED, Status.PRESENT}


@act("session.open", Command.ATTEND)
def open_day(tx: Tx, *, session_id: int) -> dict[str, Any]:
    """Open the day at the TUK (13.1), on the session's own day and only where TUK and LSP may test that day.

    Raises:
        Refused: another day, a closed day, or a licence not in force.
    """
    session = session_at(tx, session_id, scope=("tuk_code",))
    if local_day(tx.at) != session["exam_on"]:
        raise refuse("NOT_THE_DAY", session_id=session["session_id"], day=session["exam_on"])
    _check_day_is_no_holiday(tx, session)
    _check_bodies_in_force(tx, session)
    opened = move_session(tx, session, SessionStatus.OPEN)
    return {"session_id": int(session["session_id"]), "status": opened["status"]}


def _check_day_is_no_holiday(tx: Tx, session: Row) -> None:
    closed = many(
        tx.db,
        "select reason from posko.closed_day where closed_on = :day and tuk_code in ('*', :tuk)",
        day=session["exam_on"],
        tuk=session["tuk_code"],
    )
    if closed:
        raise refuse("TUK_CLOSED_TODAY", day=session["exam_on"], reason=closed[0]["reason"])


def _check_bodies_in_force(tx: Tx, session: Row) -> None:
    found = one(
        tx.db,
        "select 1 as is_in_force from posko.tuk as tuk join posko.lsp as lsp on lsp.lsp_code = :lsp"
        " where tuk.tuk_code = :tuk and :day between tuk.valid_from and tuk.valid_until"
        " and :day between lsp.valid_from and lsp.valid_until and exists (select 1 from posko.tuk_lsp as link"
        " where link.tuk_code = :tuk and link.lsp_code = :lsp and link.scheme_code = :scheme"
        " and :day between link.valid_from and link.valid_until)"
        " and not exists (select 1 from posko.suspension where ((party_kind = 'TUK' and party_code = :tuk)"
        " or (party_kind = 'LSP' and party_code = :lsp)) and suspended_from <= :day"
        " and (suspended_until is null or suspended_until >= :day))",
        tuk=session["tuk_code"],
        lsp=session["lsp_code"],
        scheme=session["scheme_code"],
        day=session["exam_on"],
    )
    if found is None:
        raise refuse("TUK_NOT_IN_FORCE", day=session["exam_on"])


@act("session.today", Command.ATTEND)
def today(tx: Tx, *, tuk_code: str) -> list[dict[str, Any]]:
    """Return today's sessions of a TUK with the number of candidates, of those present and of those turned away; no names (R-123)."""
    code = inputs.code(tuk_code, "Kode TUK", 20)
    tx.permit(how=Act.READ, tuk_code=code)
    if one(tx.db, "select 1 as found from posko.tuk where tuk_code = :code", code=code) is None:
        raise refuse("NO_SUCH_TUK")
    tx.about("tuk", code)
    found = many(
        tx.db,
        "select session.session_id, session.slot, session.lsp_code, session.scheme_code, session.met_no, session.status,"
        " (select count(*) from posko.allocation as allocation join posko.journey as journey"
        "  on journey.journey_id = allocation.journey_id and journey.attempt_no = allocation.attempt_no"
        "  where allocation.session_id = session.session_id) as candidates,"
        " (select count(*) from posko.attendance as attendance where attendance.session_id = session.session_id"
        "  and attendance.outcome = 'PRESENT') as present,"
        " (select count(*) from posko.attendance as attendance where attendance.session_id = session.session_id"
        "  and attendance.outcome like 'TURNED%') as turned_away"
        " from posko.exam_session as session where session.tuk_code = :tuk and session.exam_on = :day"
        " order by session.slot, session.session_id",
        tuk=code,
        day=local_day(tx.at),
    )
    tx.record("tuk", code, {"sessions": len(found)})
    return [{**row, "label": LABELS[SessionStatus(row["status"])]} for row in found]


@act("session.end", Command.END_SESSION)
def end_session(tx: Tx, *, session_id: int) -> dict[str, int]:
    """End the test: who was present is TESTED, who never came is ABSENT; return how many of each.

    Raises:
        Refused: somebody is present and no assessor was verified (DV-S04), or part of the list was never acknowledged.
        IllegalMove: the session is not open.
    """
    session = session_at(tx, session_id, scope=("tuk_code",))
    listed = on_list(tx, session["session_id"])
    _check_acknowledged(listed)
    present = [row for row in listed if row["status"] == Status.PRESENT]
    waiting = [row for row in listed if row["status"] == Status.ACKNOWLEDGED]
    if present and session["status"] == SessionStatus.OPEN:
        raise refuse("ASESOR_NOT_VERIFIED")
    told = {"tested": len(present), "absent": len(waiting)}
    left = [int(row["journey_id"]) for row in rows_without_exit(tx.db, session["session_id"])]
    ended = move_session(tx, session, SessionStatus.ENDED, {**told, "without_exit": left})
    _close_list(tx, session, present, waiting)
    if not present:
        move_session(tx, ended, SessionStatus.CLOSED, {"why": "nobody sat"})
    return told


def _check_acknowledged(listed: list[Row]) -> None:
    early = [row for row in listed if row["status"] in EARLY]
    if early:
        raise refuse("LIST_NOT_ACKNOWLEDGED", count=len(early))


def _close_list(tx: Tx, session: Row, present: list[Row], waiting: list[Row]) -> None:
    journeys.hold_part(tx, ids_of([*present, *waiting]), "TUK")
    number = session["session_id"]
    add_many(
        tx.db,
        "attendance",
        [
            {
                "session_id": number,
                "journey_id": row["journey_id"],
                "id_as_typed": row["tki_id"],
                "outcome": Status.ABSENT.value,
                "tries": 0,
                "recorded_at": tx.at,
                "recorded_by": tx.person_id,
            }
            for row in waiting
        ],
    )
    for rows, to in ((present, Status.TESTED), (waiting, Status.ABSENT)):
        journeys.advance_many(tx, rows, to, {row["journey_id"]: {"session": number} for row in rows})


@act("session.open_scoring", Command.END_SESSION)
def open_scoring(tx: Tx, *, session_id: int) -> dict[str, Any]:
    """Let the assessor score, when every candidate of the list is closed (R-127).

    Raises:
        Refused: somebody on the list is not closed (DV-N02).
        IllegalMove: the session has not ended.
    """
    session = session_at(tx, session_id, scope=("tuk_code",))
    unclosed = [row for row in on_list(tx, session["session_id"]) if row["status"] in UNCLOSED]
    if unclosed:
        raise refuse("LIST_NOT_CLOSED", count=len(unclosed))
    opened = move_session(tx, session, SessionStatus.SCORING_OPEN)
    return {"session_id": int(session["session_id"]), "status": opened["status"]}


@act("session.cancel", Command.REGISTER)
def cancel(tx: Tx, *, session_id: int, reason: str) -> dict[str, int]:
    """Call a session off before anybody was present; its candidates become ABSENT, so that they can be booked anew.

    There is no other way back from ACKNOWLEDGED (requirements section 6); their events tell that it was the session that failed them,
    and no attendance row says that they stayed away. The seats of TUK and assessor are free again.

    Raises:
        Refused: somebody was present, or part of the list is still on its way to the TUK.
        IllegalMove: the session is under way or over.
    """
    session = session_at(tx, session_id)
    why = inputs.reason(reason)
    number = session["session_id"]
    if one(
        tx.db,
        "select 1 as found from posko.attendance where session_id = :id and outcome = 'PRESENT' limit 1",
        id=number,
    ):
        raise refuse("SESSION_HAS_PRESENT", state=state_of(session))
    listed = on_list(tx, number)
    _check_acknowledged(listed)
    waiting = [row for row in listed if row["status"] == Status.ACKNOWLEDGED]
    move_session(tx, session, SessionStatus.CANCELLED, {"reason": why, "candidates": len(waiting)})
    journeys.hold_part(tx, ids_of(waiting), "KONSORSIUM")
    told = {row["journey_id"]: {"session": number, "cancelled": why} for row in waiting}
    journeys.advance_many(tx, waiting, Status.ABSENT, told)
    free_seats(tx, session, len(listed), tuk=True)
    return {"candidates": len(waiting)}


def free_seats(tx: Tx, session: Row, seats: int, *, tuk: bool) -> None:
    """Give back seats of the session's assessor for that day, and of its TUK if `tuk`; never below none."""
    values = {"seats": seats, "day": session["exam_on"]}
    change(
        tx.db,
        "update posko.asesor_day set booked = booked - least(booked, :seats) where met_no = :met and exam_on = :day",
        met=session["met_no"],
        **values,
    )
    if tuk:
        change(
            tx.db,
            "update posko.tuk_day set booked = booked - least(booked, :seats) where tuk_code = :tuk and exam_on = :day",
            tuk=session["tuk_code"],
            **values,
        )
