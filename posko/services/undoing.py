"""The Konsorsium undoes a schedule or a change of payment before the allocation is sent (§12.5-12.6; R-096, R-097, R-101, F17).

What was done stays: the allocation keeps its row and loses its attempt, the change of payment keeps its row, and both stand once in
`undone` with who, when and why. Whatever the ledger holds of an attempt has been sent, and is not undone here: BNSP finds it
unbalanced, or the session is called off.

Order of the locks: journeys, days of the TUK, sessions, days of the assessors. A session's seats are only given out under the day of
its TUK, so that this crosses nobody.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from posko.domain.calendar import local_day
from posko.domain.handoff import Hop
from posko.domain.journey import ENTITY
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.session_status import SessionStatus
from posko.domain.status import LABELS, Status
from posko.services import inputs, journeys, payments
from posko.services.office import act
from posko.services.parameters import number_on
from posko.services.rows import Row, add_many, change, many, one
from posko.services.session_rows import move_session

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from posko.domain.errors import Refused
    from posko.services.office import Tx

MOST_AT_ONCE = 100
"""Schedules or payments that are undone at once at most."""
SCHEDULE, PAYMENT = "SCHEDULE", "PAYMENT"
SENT = f"""exists (select 1 from posko.handoff_line as line where line.journey_id = journey.journey_id
    and line.attempt_no = journey.attempt_no and line.hop = '{Hop.KONSORSIUM_TO_BNSP.value}')"""
"""Condition: the attempt under way was sent to BNSP, also where it was withdrawn since."""
_PLACES = """
    select allocation.allocation_id, allocation.journey_id, allocation.attempt_no, session.session_id, session.exam_on,
        session.lsp_code, session.tuk_code, session.met_no
    from posko.allocation as allocation
    join posko.exam_session as session on session.session_id = allocation.session_id
    where allocation.allocation_id in :ids order by allocation.allocation_id"""
_CHANGES = """
    select payment_change_id, journey_id, payment_before, payment_after from posko.payment_change
    where payment_change_id in :ids order by payment_change_id"""
_NEWEST = """
    select changed.journey_id, max(changed.payment_change_id) as newest from posko.payment_change as changed
    left join posko.undone as undone on undone.payment_change_id = changed.payment_change_id
    where changed.journey_id in :ids and undone.undone_id is null group by changed.journey_id"""


@act("undo.schedule", Command.REGISTER)
def undo_schedule(tx: Tx, *, allocation_ids: list[int], reason: str) -> dict[str, Any]:
    """Take places back that were given and not sent: their TKI are registered again in the same attempt, the seats are free.

    Args:
        tx: the act.
        allocation_ids: the places, as the reader saw them; a place that was changed since is another one.
        reason: why.

    Returns:
        `undone`: how many; `cancelled`: sessions that nobody is left in, and whose assessor is free again.

    Raises:
        Refused: a place is not there, was undone before, or was sent; a note names the ID TKI. Nothing is undone then.
    """
    ids = inputs.numbers(allocation_ids, "Daftar jadwal")
    tx.permit()
    why = inputs.reason(reason)
    _check_number(ids)
    places = many(tx.db, _PLACES, ids=ids)
    if len(places) != len(ids):
        raise refuse("UNDO_UNKNOWN")
    rows = {int(row["journey_id"]): row for row in journeys.read_many(tx, [place["journey_id"] for place in places])}
    # Read again under the journeys' locks: whoever undid a place meanwhile held them.
    places = many(tx.db, _PLACES, ids=ids)
    sent = _sent_among(tx, list(rows))
    for place in places:
        _check_place(tx, rows[int(place["journey_id"])], place, sent)
    journeys.hold_part(tx, list(rows), "KONSORSIUM")
    _remember(tx, SCHEDULE, [(rows[int(place["journey_id"])], int(place["allocation_id"])) for place in places], why)
    change(tx.db, "update posko.allocation set attempt_no = null where allocation_id in :ids", ids=ids)
    told = {int(place["journey_id"]): _told(place, why) for place in places}
    journeys.advance_many(tx, list(rows.values()), Status.REGISTERED, told)
    cancelled = _give_back(tx, places, why)
    return {"undone": len(places), "cancelled": cancelled}


@act("undo.payment", Command.REGISTER)
def undo_payment(tx: Tx, *, payment_change_ids: list[int], reason: str) -> dict[str, Any]:
    """Put payment states back to what they were before their last change, as long as the attempt was not sent.

    Args:
        tx: the act.
        payment_change_ids: the changes, as the reader saw them: each the last of its TKI that was not undone.
        reason: why.

    Returns:
        `undone`: how many.

    Raises:
        Refused: no such change, undone or followed by another one since, sent, or the TKI has a place that only the payment allows
            (the payment gate); a note names the ID TKI. Nothing is undone then.
    """
    ids = inputs.numbers(payment_change_ids, "Daftar pembayaran")
    tx.permit()
    why = inputs.reason(reason)
    _check_number(ids)
    found = {int(row["journey_id"]): row for row in many(tx.db, _CHANGES, ids=ids)}
    if len(found) != len(ids):
        raise refuse("UNDO_UNKNOWN")
    rows = journeys.read_many(tx, list(found))
    states = payments.states_of(tx, list(found))
    newest = {int(row["journey_id"]): int(row["newest"]) for row in many(tx.db, _NEWEST, ids=list(found))}
    sent = _sent_among(tx, list(found))
    is_gated = bool(number_on(tx.db, "payment_gate", local_day(tx.at)))
    for row in rows:
        number = int(row["journey_id"])
        is_last = (
            newest.get(number) == found[number]["payment_change_id"]
            and states[number] == found[number]["payment_after"]
        )
        _check_payment(tx, row, found[number], is_last=is_last, is_sent=number in sent, is_gated=is_gated)
    after = {number: str(changed["payment_before"]) for number, changed in found.items()}
    payments.put(tx, rows, after)
    _remember(tx, PAYMENT, [(row, int(found[int(row["journey_id"])]["payment_change_id"])) for row in rows], why)
    told = {number: {"undone": int(row["payment_change_id"]), "reason": why} for number, row in found.items()}
    payments.note(tx, rows, states, after, told)
    return {"undone": len(rows)}


def _check_number(ids: list[int]) -> None:
    if len(ids) > MOST_AT_ONCE:
        raise refuse("LIST_TOO_LONG", what="Daftar", most=MOST_AT_ONCE)


def _sent_among(tx: Tx, journey_ids: list[int]) -> set[int]:
    sql = f"select journey.journey_id from posko.journey as journey where journey.journey_id in :ids and {SENT}"
    return {int(row["journey_id"]) for row in many(tx.db, sql, ids=journey_ids)}


def _check_place(tx: Tx, row: Row, place: Row, sent: set[int]) -> None:
    if int(row["journey_id"]) in sent:
        raise _refusal(tx, row, "UNDO_SENT", label=LABELS[Status(row["status"])])
    if place["attempt_no"] != row["attempt_no"] or row["status"] != Status.ALLOCATED.value:
        raise _refusal(tx, row, "UNDO_NO_PLACE")


def _check_payment(tx: Tx, row: Row, changed: Row, *, is_last: bool, is_sent: bool, is_gated: bool) -> None:
    if is_sent:
        raise _refusal(tx, row, "UNDO_SENT", label=LABELS[Status(row["status"])])
    if not is_last:
        raise _refusal(tx, row, "UNDO_NOT_LAST")
    if is_gated and row["status"] == Status.ALLOCATED.value and changed["payment_before"] == payments.BELUM:
        raise _refusal(tx, row, "UNDO_PAYMENT_PLACED")


def _refusal(tx: Tx, row: Row, code: str, **values: object) -> Refused:
    """Return a refusal that names in the log, and in a note for the screen, whom of several it is about."""
    tx.about(ENTITY, journeys.name_of(row))
    tx.context.update(journey_id=row["journey_id"], tki_id=row["tki_id"])
    refusal = refuse(code, tki_id=row["tki_id"], **values)
    refusal.add_note(str(row["tki_id"]))
    return refusal


def _remember(tx: Tx, kind: str, what: Sequence[tuple[Row, int]], reason: str) -> None:
    column = "allocation_id" if kind == SCHEDULE else "payment_change_id"
    add_many(
        tx.db,
        "undone",
        [
            {
                "kind": kind,
                "journey_id": row["journey_id"],
                "attempt_no": row["attempt_no"],
                column: number,
                "reason": reason,
                "undone_at": tx.at,
                "undone_by": tx.person_id,
            }
            for row, number in what
        ],
    )


def _told(place: Row, reason: str) -> dict[str, object]:
    told = {name: place[name] for name in ("session_id", "lsp_code", "tuk_code", "met_no")}
    return {"undone": int(place["allocation_id"]), **told, "exam_on": place["exam_on"].isoformat(), "reason": reason}


def _give_back(tx: Tx, places: Sequence[Row], reason: str) -> int:
    """Free the seats of TUK and assessors, and call sessions off that nobody is left in; return how many."""
    days = Counter((str(place["tuk_code"]), place["exam_on"]) for place in places)
    for (tuk_code, day), seats in sorted(days.items()):
        change(
            tx.db,
            "update posko.tuk_day set booked = booked - least(booked, :seats) where tuk_code = :tuk and exam_on = :day",
            seats=seats,
            tuk=tuk_code,
            day=day,
        )
    cancelled = 0
    for session_id, seats in sorted(Counter(int(place["session_id"]) for place in places).items()):
        # Locked before its assessor is read: a substitute may have taken over since.
        session = one(tx.db, "select * from posko.exam_session where session_id = :id for update", id=session_id)
        if session is not None:
            _free_asesor(tx, session, seats)
            cancelled += _cancel_if_empty(tx, session, reason)
    return cancelled


def _free_asesor(tx: Tx, session: Row, seats: int) -> None:
    change(
        tx.db,
        "update posko.asesor_day set booked = booked - least(booked, :seats) where met_no = :met and exam_on = :day",
        seats=seats,
        met=session["met_no"],
        day=session["exam_on"],
    )


def _cancel_if_empty(tx: Tx, session: Row, reason: str) -> bool:
    if session["status"] != SessionStatus.PLANNED.value:
        return False
    left = one(
        tx.db,
        "select 1 as found from posko.allocation where session_id = :id and attempt_no is not null limit 1 for update",
        id=session["session_id"],
    )
    if left is None:
        move_session(tx, session, SessionStatus.CANCELLED, {"reason": reason, "candidates": 0})
    return left is None
