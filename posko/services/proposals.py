"""Bulk acceptance of the places that the agreed rule proposes (§12.5; R-089, R-090).

A preview shows what would happen; accepting does it, with the same judges and the same tables as a single schedule. Who does not fit is
skipped with the code of the refusal and stays registered, so she is on the list of those without a place.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from posko.domain.errors import Refused
from posko.domain.matrix import Command
from posko.domain.roles import Act
from posko.services import inputs, journeys, placing
from posko.services.office import act
from posko.services.parameters import number_on
from posko.services.placing import Allotment
from posko.services.proposals_plan import Plan, make_plan, make_plan_again
from posko.services.rows import Row, many

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from posko.services.office import Tx
    from posko.services.scheduling_rules import Seat

DEFAULT_MOST = 500


@act("proposals.preview", Command.REGISTER)
def preview(tx: Tx, *, exam_on: date | str | None = None, most: int = DEFAULT_MOST) -> dict[str, Any]:
    """Show what accepting would do, and change nothing.

    Args:
        tx: the act.
        exam_on: only proposals of this day; None: of all days, the nearest first.
        most: places given out at most.

    Returns:
        `rows`: tki_id, journey_id, place and the rule's reason; `sessions`: place, assessor, seats; `unplaced`: [tki_id, code].
    """
    day, most = _asked(tx, exam_on, most)
    tx.permit(how=Act.READ)
    plan = make_plan(tx, day, most)
    tx.record(*tx.subject, {"step": "preview", "rows": plan.placed, "unplaced": len(plan.skipped)})
    rows = [
        {"tki_id": row["tki_id"], "journey_id": row["journey_id"], "reason": row["reason"], **_shown(seat, met_no)}
        for (seat, met_no), members in plan.rooms.items()
        for row in members
    ]
    sessions = [{**_shown(seat, met_no), "seats": len(members)} for (seat, met_no), members in plan.rooms.items()]
    return {"rows": rows, "sessions": sessions, "unplaced": plan.skipped}


@act("proposals.accept", Command.REGISTER)
def accept(tx: Tx, *, exam_on: date | str | None = None, most: int = DEFAULT_MOST) -> dict[str, Any]:
    """Give registered TKI the places that the rule proposes; `exam_on` and `most` as in `preview`.

    Returns:
        `accepted`, and `skipped`: [tki_id, code of the refusal] of those who did not fit.
    """
    day, most = _asked(tx, exam_on, most)
    tx.permit()
    return _carry_out(tx, make_plan(tx, day, most))


def _carry_out(tx: Tx, plan: Plan) -> dict[str, Any]:
    given = _book(tx, plan)
    if given:
        placing.allot(tx, given)
    codes = Counter(code for _, code in plan.skipped)
    tx.record(*tx.subject, {"step": "accept", "accepted": len(given), "skipped": dict(sorted(codes.items()))})
    return {"accepted": len(given), "skipped": plan.skipped}


@act("proposals.accept_again", Command.REGISTER)
def accept_again(tx: Tx, *, journey_ids: list[int]) -> dict[str, Any]:
    """Book those who were absent or turned away again, each on the first free day at her place (R-183).

    Returns:
        `accepted`, and `skipped`: [tki_id, code of the refusal], or [journey_id, NOT_WAITING] of those who do not wait for it.
    """
    ids = inputs.numbers(journey_ids, "Daftar peserta")
    tx.about("proposals", "again")
    tx.permit()
    return _carry_out(tx, make_plan_again(tx, ids))


def _asked(tx: Tx, exam_on: object, most: object) -> tuple[date | None, int]:
    day = None if exam_on is None else inputs.day(exam_on)
    tx.about("proposals", "all" if day is None else day.isoformat())
    return day, inputs.number(most, "Banyaknya", inputs.MOST_ROWS)


def _shown(seat: Seat, met_no: str) -> dict[str, Any]:
    place = {"exam_on": seat.exam_on.isoformat(), "lsp_code": seat.lsp_code, "tuk_code": seat.tuk_code}
    return {**place, "slot": seat.slot, "met_no": met_no}


def _book(tx: Tx, plan: Plan) -> list[Allotment]:
    """Take seats, load and sessions room by room; a room that somebody else filled meanwhile is skipped as a whole."""
    free = _still_waiting(tx, plan)
    rooms = {room: [row for row in rows if row["journey_id"] in free] for room, rows in plan.rooms.items()}
    _open_days(tx, [room for room, rows in rooms.items() if rows])
    given: list[Allotment] = []
    for (seat, met_no), rows in sorted(
        rooms.items(), key=lambda item: (item[0][0].tuk_code, item[0][0].exam_on, item[0][1])
    ):
        if not rows:
            continue
        try:
            with tx.db.begin_nested():
                placing.take_seats(tx, seat, len(rows))
                placing.take_load(tx, seat, met_no, len(rows))
                session_id = placing.session_at(tx, seat, met_no)
        except Refused as refusal:
            plan.skipped += [[row["tki_id"], refusal.code] for row in rows]
            continue
        given += [
            Allotment(free[row["journey_id"]], session_id, seat, met_no, row if row["proposed_on"] else None)
            for row in rows
        ]
    return given


def _still_waiting(tx: Tx, plan: Plan) -> dict[int, Row]:
    """Lock the journeys of the plan and return those that stand where they stood; the others somebody placed meanwhile."""
    wanted = {int(row["journey_id"]): row for rows in plan.rooms.values() for row in rows}
    free = {
        int(row["journey_id"]): row
        for row in journeys.read_many(tx, list(wanted))
        if row["status"] == wanted[int(row["journey_id"])]["status"]
    }
    plan.skipped += [[row["tki_id"], "CHANGED_MEANWHILE"] for number, row in wanted.items() if number not in free]
    return free


def _open_days(tx: Tx, rooms: Sequence[tuple[Seat, str]]) -> None:
    """Make and lock the counters of all rooms at once, in order, so that two bulk acts do not lock each other out."""
    codes = sorted({seat.tuk_code for seat, _ in rooms})
    found = many(tx.db, "select tuk_code, capacity_per_day from posko.tuk where tuk_code in :codes", codes=codes)
    capacity = {row["tuk_code"]: int(row["capacity_per_day"]) for row in found}
    load = {day: number_on(tx.db, "asesor_per_day", day) for day in {seat.exam_on for seat, _ in rooms}}
    placing.open_tuk_days(tx, {(seat.tuk_code, seat.exam_on, capacity[seat.tuk_code]) for seat, _ in rooms})
    placing.open_asesor_days(tx, {(met_no, seat.exam_on, load[seat.exam_on]) for seat, met_no in rooms})
