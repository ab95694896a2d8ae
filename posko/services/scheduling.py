"""The window "TLRT - Atur Jadwal Ujian": date, LSP, TUK, assessor (§12.5, Gambar 6; R-089, R-090, R-097..R-099, R-183).

One act schedules and allocates. The lists of the window depend on each other and hold only registered names; the act judges again what
was picked, and the seat is taken in the database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.calendar import local_day
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.status import LABELS, Status, move
from posko.services import inputs, journeys, placing
from posko.services import scheduling_rules as rules
from posko.services.office import act
from posko.services.parameters import number_on
from posko.services.pipeline_results import proposals_of, refuse_held_back
from posko.services.placing import Allotment
from posko.services.rows import Row, many, one
from posko.services.scheduling_rules import Registers, Seat

if TYPE_CHECKING:
    from datetime import date
    from typing import Any

    from posko.services.office import Tx

SLOTS = 9
"""Sessions that one TUK holds on a day at most."""
PLACED = frozenset(
    {
        Status.SCHEDULED,
        Status.ALLOCATED,
        Status.RETURNED_TO_BNSP,
        Status.BALANCED,
        Status.DISTRIBUTED,
        Status.ACKNOWLEDGED,
    }
)
"""States in which a TKI has a place that is still to come."""
CANDIDATE = (
    "select journey_id, tki_id, born_on, sector, blkln_code, pptkis_name, payment_status from posko.candidate"
    " where journey_id = :id"
)


@act("scheduling.choices", Command.REGISTER)
def choices(
    tx: Tx,
    *,
    exam_on: date | str,
    lsp_code: str | None = None,
    tuk_code: str | None = None,
    scheme_code: str = "TLRT",
) -> dict[str, list[dict[str, Any]]]:
    """Return what may be picked for a day: LSP, the TUK of the LSP, its assessors, each with what is free (R-098, R-099).

    Returns:
        `lsp`: lsp_code, lsp_name, free (seats at its TUK). `tuk`, empty without an LSP: tuk_code, tuk_name, city, capacity, free.
        `asesor`, empty without an LSP: met_no, asesor_name, free; with a TUK only those who are not in another place that day.
    """
    day = inputs.day(exam_on)
    lsp_code = None if lsp_code is None else inputs.code(lsp_code, "LSP")
    tuk_code = None if tuk_code is None else inputs.code(tuk_code, "TUK")
    scheme_code = inputs.code(scheme_code, "Skema")
    tx.about("schedule", day.isoformat())
    tx.permit()
    registers = _all_for(tx, day, scheme_code)
    today = local_day(tx.at)
    open_places = [
        Seat(day, lsp, tuk, scheme_code)
        for tuk, lsp, scheme in sorted(registers.links)
        if scheme == scheme_code and _is_open(registers, Seat(day, lsp, tuk, scheme), today)
    ]
    tx.record("schedule", day.isoformat(), {"lsp_code": lsp_code, "tuk_code": tuk_code, "scheme_code": scheme_code})
    free = _free_seats(tx, registers, day)
    return {
        "lsp": _lsp_list(registers, open_places, free),
        "tuk": [
            {
                **{name: registers.tuk[seat.tuk_code][name] for name in ("tuk_code", "tuk_name", "city")},
                "capacity": registers.tuk[seat.tuk_code]["capacity_per_day"],
                "free": free[seat.tuk_code],
            }
            for seat in open_places
            if seat.lsp_code == lsp_code
        ],
        "asesor": _asesor_list(tx, registers, Seat(day, lsp_code, tuk_code or "", scheme_code)) if lsp_code else [],
    }


@act("scheduling.schedule", Command.REGISTER)
def schedule(
    tx: Tx,
    *,
    journey_id: int,
    exam_on: date | str,
    lsp_code: str,
    tuk_code: str,
    met_no: str,
    slot: int = 1,
    reason: str | None = None,
) -> int:
    """Give one registered TKI her place and return the number of the exam session.

    Args:
        tx: the act.
        journey_id: her journey: registered, or absent or turned away before (the next attempt begins).
        exam_on: day of the test, after today.
        lsp_code: LSP.
        tuk_code: TUK of that LSP.
        met_no: assessor of that LSP.
        slot: session of the day, 1 to 9.
        reason: why LSP or TUK are not those that the rule proposes; obligatory then.

    Raises:
        Refused: as `scheduling_rules` and `placing` (DV-A01..A08, A13, E09, N08), or no reason was given.
    """
    journey_id, slot = inputs.number(journey_id, "Nomor peserta"), inputs.number(slot, "Sesi", SLOTS)
    day, met_no = inputs.day(exam_on), inputs.code(met_no, "Asesor")
    lsp_code, tuk_code, reason = (
        inputs.code(lsp_code, "LSP"),
        inputs.code(tuk_code, "TUK"),
        inputs.reason_or_none(reason),
    )
    tx.permit()
    row = journeys.read(tx, journey_id)
    _check_may_be_placed(row)
    seat = Seat(day, lsp_code, tuk_code, row["scheme_code"], slot)
    tx.context.update(exam_on=day.isoformat(), lsp_code=lsp_code, tuk_code=tuk_code, met_no=met_no)
    registers = rules.load(tx.db, lsp_codes=[lsp_code], tuk_codes=[tuk_code], days=[day])
    _judge(tx, registers, seat, met_no, row)
    given = Allotment(row, 0, seat, met_no, proposals_of(tx, [row["tki_id"]]).get(row["tki_id"]), reason)
    if given.differs and reason is None and given.proposal is not None:
        raise refuse("REASON_MISSING", lsp_code=given.proposal["lsp_code"], tuk_code=given.proposal["tuk_code"])
    session_id = _book(tx, registers, seat, met_no)
    placing.allot(tx, [Allotment(row, session_id, seat, met_no, given.proposal, reason)])
    return session_id


def _check_may_be_placed(row: Row) -> None:
    status = Status(row["status"])
    if status in PLACED:
        raise refuse("ALREADY_ALLOCATED", label=LABELS[status])
    if status is Status.SENT_TO_KONSORSIUM:
        raise refuse("NOT_REGISTERED_YET")
    move(status, Status.SCHEDULED)


def _judge(tx: Tx, registers: Registers, seat: Seat, met_no: str, journey: Row) -> None:
    today = local_day(tx.at)
    refuse_held_back(tx, journey["tki_id"])
    rules.judge_day(registers, seat, today)
    rules.judge_place(registers, seat)
    if met_no not in registers.asesor and one(
        tx.db, "select 1 as known from posko.asesor where met_no = :met", met=met_no
    ):
        raise refuse("ASESOR_OF_OTHER_LSP", met_no=met_no, lsp_code=seat.lsp_code)
    rules.judge_asesor(registers, seat, met_no)
    candidate = one(tx.db, CANDIDATE, id=journey["journey_id"])
    if candidate is None:
        raise refuse("NOT_REGISTERED_YET")
    terms = rules.terms_on(tx.db, today)
    made = placing.history_of(tx, [int(journey["journey_id"])]).get(int(journey["journey_id"]))
    rules.judge_candidate(registers, seat, candidate, terms, made)


def _book(tx: Tx, registers: Registers, seat: Seat, met_no: str) -> int:
    load = number_on(tx.db, "asesor_per_day", seat.exam_on)
    placing.open_tuk_days(tx, [(seat.tuk_code, seat.exam_on, registers.tuk[seat.tuk_code]["capacity_per_day"])])
    placing.take_seats(tx, seat, 1)
    placing.open_asesor_days(tx, [(met_no, seat.exam_on, load)])
    placing.take_load(tx, seat, met_no, 1)
    return placing.session_at(tx, seat, met_no)


def _all_for(tx: Tx, day: date, scheme_code: str) -> Registers:
    links = many(
        tx.db, "select distinct lsp_code, tuk_code from posko.tuk_lsp where scheme_code = :scheme", scheme=scheme_code
    )
    return rules.load(
        tx.db,
        lsp_codes=[link["lsp_code"] for link in links],
        tuk_codes=[link["tuk_code"] for link in links],
        days=[day],
    )


def _is_open(registers: Registers, seat: Seat, today: date) -> bool:
    refused = rules.refusal_of(rules.judge_day, registers, seat, today) or rules.refusal_of(
        rules.judge_place, registers, seat
    )
    return refused is None


def _free_seats(tx: Tx, registers: Registers, day: date) -> dict[str, int]:
    booked = many(tx.db, "select tuk_code, booked from posko.tuk_day where exam_on = :day", day=day)
    taken = {row["tuk_code"]: int(row["booked"]) for row in booked}
    return {code: max(0, int(row["capacity_per_day"]) - taken.get(code, 0)) for code, row in registers.tuk.items()}


def _lsp_list(registers: Registers, open_places: list[Seat], free: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "lsp_code": code,
            "lsp_name": registers.lsp[code]["lsp_name"],
            "free": sum(free[seat.tuk_code] for seat in open_places if seat.lsp_code == code),
        }
        for code in sorted({seat.lsp_code for seat in open_places})
    ]


def _asesor_list(tx: Tx, registers: Registers, seat: Seat) -> list[dict[str, Any]]:
    load = number_on(tx.db, "asesor_per_day", seat.exam_on)
    booked = placing.load_of_day(tx, seat.exam_on)
    elsewhere = placing.elsewhere(tx, seat) if seat.tuk_code else frozenset()
    return [
        {"met_no": met_no, "asesor_name": row["asesor_name"], "free": max(0, load - booked.get(met_no, 0))}
        for met_no, row in registers.asesor.items()
        if met_no not in elsewhere and rules.refusal_of(rules.judge_asesor, registers, seat, met_no) is None
    ]
