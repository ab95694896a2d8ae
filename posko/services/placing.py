"""Seats, sessions and allocations: what only the database can decide (§12.5; R-090, DV-A01, A04, A06, A07).

A seat is taken with a conditional UPDATE of a counter that has a CHECK, an assessor is in one place by a unique key, and a TKI has one
place an attempt by another. Order of the locks, everywhere: journeys, days of the TUK, days of the assessors, sessions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from posko.domain.refusals import refuse
from posko.domain.session_status import LABELS, SessionStatus
from posko.domain.status import Status
from posko.services import deviation_register, journeys
from posko.services.rows import Row, add, add_many, change, many, many_among, one

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from posko.services.office import Tx
    from posko.services.scheduling_rules import Seat

HISTORY = """
    select own.journey_id, count(*) as made, max(session.exam_on) as last_on
    from posko.journey as own
    join posko.journey as other on other.tki_id = own.tki_id and other.scheme_code = own.scheme_code
    join posko.allocation as allocation on allocation.journey_id = other.journey_id and allocation.attempt_no is not null
    join posko.exam_session as session on session.session_id = allocation.session_id and session.status <> 'CANCELLED'
    where own.journey_id in :ids
    group by own.journey_id"""
_SESSION = """
    select session_id, status from posko.exam_session where tuk_code = :tuk and exam_on = :day and slot = :slot
    and appointed = :met and lsp_code = :lsp and scheme_code = :scheme for update"""
_FAR_AWAY = """
    select 1 as busy from posko.exam_session as session
    join posko.tuk as there on there.tuk_code = session.tuk_code
    join posko.tuk as here on here.tuk_code = :tuk
    where session.appointed = :met and session.exam_on = :day and there.city <> here.city limit 1"""


@dataclass(frozen=True, slots=True)
class Allotment:
    """One journey and the place it gets."""

    journey: Row
    session_id: int
    seat: Seat
    met_no: str
    proposal: Row | None = None
    reason: str | None = None

    @property
    def differs(self) -> bool:
        """Whether the LSP or TUK is another than the rule of the BLKLN proposed."""
        found = self.proposal
        return found is not None and (found["lsp_code"], found["tuk_code"]) != (self.seat.lsp_code, self.seat.tuk_code)


def open_tuk_days(tx: Tx, days: Iterable[tuple[str, date, int]]) -> None:
    """Make the counters of (TUK, day, capacity) and lock them; a capacity that the register changed is taken over."""
    _open(tx, "tuk_day", "tuk_code", days)


def open_asesor_days(tx: Tx, days: Iterable[tuple[str, date, int]]) -> None:
    """Make the counters of (MET, day, load) and lock them."""
    _open(tx, "asesor_day", "met_no", days)


def take_seats(tx: Tx, seat: Seat, seats: int) -> None:
    """Take seats of an opened TUK day.

    Raises:
        Refused: so many are not free (DV-A04).
    """
    if not _take(tx, "tuk_day", "tuk_code", seat.tuk_code, seat.exam_on, seats):
        full = one(
            tx.db,
            "select capacity from posko.tuk_day where tuk_code = :code and exam_on = :day",
            code=seat.tuk_code,
            day=seat.exam_on,
        )
        raise refuse(
            "TUK_FULL",
            tuk_code=seat.tuk_code,
            exam_on=seat.exam_on.isoformat(),
            capacity=full["capacity"] if full else 0,
        )


def take_load(tx: Tx, seat: Seat, met_no: str, seats: int) -> None:
    """Take a share of an assessor's opened day.

    Raises:
        Refused: so much is not free (DV-A07).
    """
    if not _take(tx, "asesor_day", "met_no", met_no, seat.exam_on, seats):
        full = one(
            tx.db,
            "select capacity from posko.asesor_day where met_no = :code and exam_on = :day",
            code=met_no,
            day=seat.exam_on,
        )
        day = seat.exam_on.isoformat()
        raise refuse("ASESOR_FULL", met_no=met_no, exam_on=day, capacity=full["capacity"] if full else 0)


def session_at(tx: Tx, seat: Seat, met_no: str) -> int:
    """Find or make the exam session with this assessor and return its number.

    Raises:
        Refused: the assessor is elsewhere then, or too far away that day (DV-A06), or the session has begun.
    """
    where = _where(seat, met_no)
    found = one(tx.db, _SESSION, **where)
    if found is None:
        if one(tx.db, _FAR_AWAY, tuk=seat.tuk_code, met=met_no, day=seat.exam_on):
            raise refuse("ASESOR_ELSEWHERE", met_no=met_no, exam_on=seat.exam_on.isoformat())
        return _make_session(tx, seat, met_no)
    if found["status"] != SessionStatus.PLANNED.value:
        raise refuse("SESSION_BEGUN", label=LABELS[SessionStatus(found["status"])])
    return int(found["session_id"])


def allot(tx: Tx, given: Sequence[Allotment]) -> None:
    """Write allocations and move their journeys to ALLOCATED, all or none.

    Raises:
        Refused: one of them got a place meanwhile (DV-A01), or the table of states forbids it (DV-X01).
    """
    ids = [int(one.journey["journey_id"]) for one in given]
    journeys.hold_part(tx, ids, "KONSORSIUM")
    by_id = {int(one.journey["journey_id"]): one for one in given}
    dated = {number: {"exam_on": one.seat.exam_on.isoformat()} for number, one in by_id.items()}
    scheduled = journeys.advance_many(tx, [one.journey for one in given], Status.SCHEDULED, dated)
    try:
        with tx.db.begin_nested():
            add_many(tx.db, "allocation", [_row(tx, by_id[int(row["journey_id"])], row) for row in scheduled])
    except sa.exc.IntegrityError as error:
        raise refuse("ALREADY_ALLOCATED", label="sudah dialokasikan") from error
    journeys.advance_many(tx, scheduled, Status.ALLOCATED, {number: _told(one) for number, one in by_id.items()})
    for one_given in given:
        if one_given.differs:
            _note_difference(tx, one_given)


def history_of(tx: Tx, journey_ids: Sequence[int]) -> Mapping[int, Row]:
    """Return journey_id -> how often its TKI was scheduled for the scheme, and the last day; none: never."""
    return {int(row["journey_id"]): row for row in many_among(tx.db, HISTORY, journey_ids)}


def load_of_day(tx: Tx, day: date) -> dict[str, int]:
    """Return how many TKI each assessor has on a day."""
    rows = many(tx.db, "select met_no, booked from posko.asesor_day where exam_on = :day", day=day)
    return {row["met_no"]: int(row["booked"]) for row in rows}


def elsewhere(tx: Tx, seat: Seat) -> frozenset[str]:
    """Return the assessors who cannot be at this place in this slot: in another session then, or in another city that day."""
    rows = many(
        tx.db,
        "select session.appointed from posko.exam_session as session"
        " join posko.tuk as there on there.tuk_code = session.tuk_code"
        " join posko.tuk as here on here.tuk_code = :tuk"
        " where session.exam_on = :day and session.appointed is not null and (there.city <> here.city"
        " or (session.slot = :slot and (session.tuk_code, session.lsp_code, session.scheme_code) <> (:tuk, :lsp, :scheme)))",
        **{name: value for name, value in _where(seat, "").items() if name != "met"},
    )
    return frozenset(row["appointed"] for row in rows)


def _open(tx: Tx, table: str, key: str, days: Iterable[tuple[str, date, int]]) -> None:
    rows = [{"code": code, "day": day, "capacity": capacity, "none": 0} for code, day, capacity in sorted(set(days))]
    if rows:
        tx.db.execute(
            sa.text(
                f"insert into posko.{table} ({key}, exam_on, capacity, booked) values (:code, :day, :capacity, :none)"
                " on duplicate key update capacity = greatest(booked, values(capacity))"
            ),
            rows,
        )


def _take(tx: Tx, table: str, key: str, code: str, day: date, seats: int) -> bool:
    touched = change(
        tx.db,
        f"update posko.{table} set booked = booked + :seats"
        f" where {key} = :code and exam_on = :day and booked + :seats <= capacity",
        seats=seats,
        code=code,
        day=day,
    )
    return touched == 1


def _where(seat: Seat, met_no: str) -> dict[str, object]:
    return {
        "tuk": seat.tuk_code,
        "day": seat.exam_on,
        "slot": seat.slot,
        "met": met_no,
        "lsp": seat.lsp_code,
        "scheme": seat.scheme_code,
    }


def _make_session(tx: Tx, seat: Seat, met_no: str) -> int:
    session = {
        "tuk_code": seat.tuk_code,
        "lsp_code": seat.lsp_code,
        "scheme_code": seat.scheme_code,
        "exam_on": seat.exam_on,
        "slot": seat.slot,
        "met_no": met_no,
        "status": SessionStatus.PLANNED.value,
        "made_at": tx.at,
        "made_by": tx.person_id,
    }
    try:
        with tx.db.begin_nested():
            session_id = add(tx.db, "exam_session", session)
    except sa.exc.IntegrityError as error:
        raise refuse("ASESOR_ELSEWHERE", met_no=met_no, exam_on=seat.exam_on.isoformat()) from error
    add(
        tx.db,
        "appointment",
        {"session_id": session_id, "met_no": met_no, "appointed_at": tx.at, "appointed_by": tx.person_id},
    )
    told = {name: session[name] for name in ("tuk_code", "lsp_code", "scheme_code", "slot", "met_no")}
    made = {"from": None, "to": SessionStatus.PLANNED.value, "exam_on": seat.exam_on.isoformat()}
    tx.record("session", session_id, {**made, **told})
    return session_id


def _row(tx: Tx, given: Allotment, journey: Row) -> dict[str, object]:
    proposal = given.proposal or {}
    return {
        "journey_id": journey["journey_id"],
        "attempt_no": journey["attempt_no"],
        "session_id": given.session_id,
        "proposed_on": proposal.get("proposed_on"),
        "proposed_tuk_code": proposal.get("tuk_code"),
        "proposed_lsp_code": proposal.get("lsp_code"),
        "reason": given.reason,
        "allocated_at": tx.at,
        "allocated_by": tx.person_id,
    }


def _told(given: Allotment) -> dict[str, object]:
    seat = given.seat
    told: dict[str, object] = {
        "session_id": given.session_id,
        "exam_on": seat.exam_on.isoformat(),
        "lsp_code": seat.lsp_code,
        "tuk_code": seat.tuk_code,
        "met_no": given.met_no,
        "slot": seat.slot,
    }
    return told | ({"reason": given.reason} if given.reason else {})


def _note_difference(tx: Tx, given: Allotment) -> None:
    """Let a place other than the rule's, which a reason allows, stand in the register for whoever reviews it (DV-A02)."""
    proposal = given.proposal or {}
    deviation_register.note(
        tx,
        "DV-A02",
        {**_told(given), "proposed_lsp": proposal.get("lsp_code"), "proposed_tuk": proposal.get("tuk_code")},
        mode="D",
        subject_kind="journey",
        subject_code=journeys.name_of(given.journey),
        journey_id=int(given.journey["journey_id"]),
        session_id=given.session_id,
        tki_id=given.journey["tki_id"],
    )
