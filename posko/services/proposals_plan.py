"""Which registered TKI would get which proposed place, and which assessor; nothing is written (§12.5; R-089, R-090, DV-A09).

Assessors take turns by a hash of day, TUK and MET number: the same question has the same answer, and no BLKLN can choose hers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from posko.domain.calendar import local_day
from posko.domain.errors import Refused
from posko.domain.refusals import refuse
from posko.domain.session_status import SessionStatus
from posko.domain.status import Status
from posko.services import placing
from posko.services import scheduling_rules as rules
from posko.services.parameters import number_on
from posko.services.pipeline_results import built
from posko.services.rows import Row, many, many_among
from posko.services.scheduling_rules import Registers, Seat, Terms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from posko.services.office import Tx

AGAIN = frozenset({Status.ABSENT, Status.TURNED_AWAY_NOT_REGISTERED, Status.TURNED_AWAY_NO_MATCH})
"""States from which the next attempt begins (R-183)."""
SEARCHED_DAYS = 60
"""So many days ahead a free place is looked for."""
SATURDAY = 5

# Days that are still to come first: a proposal whose day is over must not stand in the way of the others.
_PROPOSED = """
    select candidate.journey_id, journey.status, candidate.tki_id, candidate.born_on, candidate.sector, candidate.blkln_code,
        candidate.pptkis_name, candidate.payment_status, proposal.tuk_code, proposal.lsp_code, proposal.scheme_code,
        proposal.proposed_on, proposal.reason
    from posko.journey as journey
    join posko.candidate as candidate on candidate.journey_id = journey.journey_id
    join posko_model.fct_tuk_proposal as proposal
        on proposal.tki_id = journey.tki_id and proposal.scheme_code = journey.scheme_code
    where journey.status = 'REGISTERED' and (:day is null or proposal.proposed_on = :day)
    order by proposal.proposed_on <= :today, proposal.proposed_on, proposal.tuk_code, proposal.lsp_code, candidate.tki_id"""
# Who waits for another day: at the place that the rule proposes, else where she was to be tested last.
_WAITING = """
    select candidate.journey_id, journey.status, candidate.tki_id, candidate.born_on, candidate.sector, candidate.blkln_code,
        candidate.pptkis_name, candidate.payment_status, coalesce(proposal.tuk_code, last.tuk_code) as tuk_code,
        coalesce(proposal.lsp_code, last.lsp_code) as lsp_code, journey.scheme_code, proposal.proposed_on, proposal.reason
    from posko.journey as journey
    join posko.candidate as candidate on candidate.journey_id = journey.journey_id
    join posko.allocation as allocation
        on allocation.journey_id = journey.journey_id and allocation.attempt_no = journey.attempt_no
    join posko.exam_session as last on last.session_id = allocation.session_id
    left join posko_model.fct_tuk_proposal as proposal
        on proposal.tki_id = journey.tki_id and proposal.scheme_code = journey.scheme_code
    where journey.journey_id in :ids order by journey.journey_id"""
_SESSIONS = """
    select session.appointed, session.exam_on, session.slot, session.tuk_code, session.lsp_code, session.scheme_code,
        session.status, tuk.city
    from posko.exam_session as session join posko.tuk as tuk on tuk.tuk_code = session.tuk_code
    where session.exam_on in :days and session.appointed is not null"""


@dataclass
class Plan:
    """Who would get which place: `rooms` by place and assessor, `skipped` as [tki_id, code of the refusal]."""

    rooms: dict[tuple[Seat, str], list[Row]] = field(default_factory=dict)
    skipped: list[list[str]] = field(default_factory=list)
    placed: int = 0


@dataclass
class _Board:
    """What is free while places are given out: seats by TUK and day, load by assessor and day, where each assessor is."""

    registers: Registers
    terms: Terms
    history: Mapping[int, Row]
    load: dict[date, int]
    booked_seats: dict[tuple[str, date], int]
    booked_load: dict[tuple[str, date], int]
    where: dict[tuple[str, date], list[Seat]]
    begun: set[tuple[str, Seat]]
    verdicts: dict[Seat, Refused | None] = field(default_factory=dict)
    turns: dict[Seat, list[str]] = field(default_factory=dict)

    def place(self, seat: Seat, candidate: Row) -> str:
        """Take a seat for one candidate and return the assessor; raise the refusal that stands against it."""
        if seat not in self.verdicts:
            self.verdicts[seat] = rules.refusal_of(
                rules.judge_day, self.registers, seat, self.terms.today
            ) or rules.refusal_of(rules.judge_place, self.registers, seat)
        if (verdict := self.verdicts[seat]) is not None:
            raise verdict
        made = self.history.get(int(candidate["journey_id"]))
        rules.judge_candidate(self.registers, seat, candidate, self.terms, made)
        day, capacity = (seat.tuk_code, seat.exam_on), int(self.registers.tuk[seat.tuk_code]["capacity_per_day"])
        if self.booked_seats.get(day, 0) >= capacity:
            raise refuse("TUK_FULL", tuk_code=seat.tuk_code, exam_on=seat.exam_on.isoformat(), capacity=capacity)
        met_no = self._asesor(seat)
        self.booked_seats[day] = self.booked_seats.get(day, 0) + 1
        self.booked_load[met_no, seat.exam_on] = self.booked_load.get((met_no, seat.exam_on), 0) + 1
        return met_no

    def _asesor(self, seat: Seat) -> str:
        for met_no in self._turn(seat):
            day = (met_no, seat.exam_on)
            if self.booked_load.get(day, 0) < self.load[seat.exam_on] and self._may_go(met_no, seat):
                if seat not in self.where.setdefault(day, []):
                    self.where[day].append(seat)
                return met_no
        raise refuse("NO_ASESOR", lsp_code=seat.lsp_code, exam_on=seat.exam_on.isoformat())

    def _turn(self, seat: Seat) -> list[str]:
        """Return the assessors who may test there: those who are appointed there already, then the others in their turn."""
        if seat not in self.turns:
            fit = [
                met_no
                for met_no in self.registers.asesor
                if rules.refusal_of(rules.judge_asesor, self.registers, seat, met_no) is None
            ]
            name = f"{seat.exam_on.isoformat()}|{seat.tuk_code}|"
            self.turns[seat] = sorted(
                fit,
                key=lambda met_no: (
                    seat not in self.where.get((met_no, seat.exam_on), ()),
                    sha256(f"{name}{met_no}".encode()).digest(),
                ),
            )
        return self.turns[seat]

    def _may_go(self, met_no: str, seat: Seat) -> bool:
        if (met_no, seat) in self.begun:
            return False
        city = self.registers.tuk[seat.tuk_code]["city"]
        return all(
            there == seat or (there.slot != seat.slot and self._city(there) == city)
            for there in self.where.get((met_no, seat.exam_on), ())
        )

    def _city(self, seat: Seat) -> str | None:
        known = self.registers.tuk.get(seat.tuk_code)
        return None if known is None else str(known["city"])


def make_plan(tx: Tx, day: date | None, most: int) -> Plan:
    """Give out at most so many places of a day (None: of all days) to the registered TKI, in the order of the proposals."""
    today = local_day(tx.at)
    with built():
        rows = many(tx.db, _PROPOSED, day=day, today=today)
    board, plan = _board(tx, rows, today), Plan()
    for row in rows:
        if plan.placed >= most:
            break
        seat = Seat(row["proposed_on"], row["lsp_code"], row["tuk_code"], row["scheme_code"])
        try:
            met_no = board.place(seat, row)
        except Refused as refusal:
            plan.skipped.append([row["tki_id"], refusal.code])
            continue
        plan.rooms.setdefault((seat, met_no), []).append(row)
        plan.placed += 1
    return plan


def make_plan_again(tx: Tx, journey_ids: Sequence[int]) -> Plan:
    """Give those who were absent or turned away the first free day at their place, working days only."""
    today = local_day(tx.at)
    with built():
        rows = many_among(tx.db, _WAITING, journey_ids)
    days = [day for ahead in range(1, SEARCHED_DAYS + 1) if (day := today + timedelta(days=ahead)).weekday() < SATURDAY]
    board, plan = _board(tx, rows, today, days), Plan()
    known = {int(row["journey_id"]) for row in rows if Status(row["status"]) in AGAIN}
    plan.skipped += [[str(number), "NOT_WAITING"] for number in journey_ids if number not in known]
    for row in rows:
        if int(row["journey_id"]) not in known:
            continue
        refusal = _first_day(board, plan, row, days)
        if refusal is not None:
            plan.skipped.append([row["tki_id"], refusal.code])
    return plan


def _first_day(board: _Board, plan: Plan, row: Row, days: Sequence[date]) -> Refused | None:
    """Place one candidate on the first day that has room for her; return why the last day had none."""
    refusal: Refused | None = None
    for day in days:
        seat = Seat(day, row["lsp_code"], row["tuk_code"], row["scheme_code"])
        try:
            met_no = board.place(seat, row)
        except Refused as found:
            refusal = found
            continue
        plan.rooms.setdefault((seat, met_no), []).append(row)
        plan.placed += 1
        return None
    return refusal


def _board(tx: Tx, rows: Sequence[Row], today: date, days: Sequence[date] | None = None) -> _Board:
    days = sorted(days or {row["proposed_on"] for row in rows})
    terms = rules.terms_on(tx.db, today)
    is_counted = terms.attempts_most or terms.retake_days
    sessions = many(tx.db, _SESSIONS, days=days)
    where: dict[tuple[str, date], list[Seat]] = {}
    begun: set[tuple[str, Seat]] = set()
    for row in sessions:
        seat = Seat(row["exam_on"], row["lsp_code"], row["tuk_code"], row["scheme_code"], int(row["slot"]))
        where.setdefault((row["appointed"], row["exam_on"]), []).append(seat)
        if row["status"] != SessionStatus.PLANNED.value:
            begun.add((row["appointed"], seat))
    return _Board(
        registers=rules.load(
            tx.db,
            lsp_codes={row["lsp_code"] for row in rows},
            tuk_codes={row["tuk_code"] for row in rows} | {row["tuk_code"] for row in sessions},
            days=days,
        ),
        terms=terms,
        history=placing.history_of(tx, [int(row["journey_id"]) for row in rows]) if is_counted else {},
        load={day: number_on(tx.db, "asesor_per_day", day) for day in days},
        booked_seats=_booked(tx, "tuk_day", "tuk_code", days),
        booked_load=_booked(tx, "asesor_day", "met_no", days),
        where=where,
        begun=begun,
    )


def _booked(tx: Tx, table: str, key: str, days: list[date]) -> dict[tuple[str, date], int]:
    rows = many(tx.db, f"select {key} as code, exam_on, booked from posko.{table} where exam_on in :days", days=days)
    return {(row["code"], row["exam_on"]): int(row["booked"]) for row in rows}
