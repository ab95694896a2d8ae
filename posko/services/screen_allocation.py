"""What the Konsorsium's pages ask before they act: who waits, what the proposals would load, what goes back (§12.5-12.6; R-089..R-099).

Reads a page of rows at a time. The one writing act gives several TKI the same place, all or none, by the act for one TKI.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from posko.domain.calendar import local_day
from posko.domain.errors import Refused
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.domain.status import LABELS, Status
from posko.services import inputs, journeys, placing, scheduling
from posko.services.office import act
from posko.services.parameters import number_on
from posko.services.pipeline_results import built
from posko.services.proposals_plan import make_plan
from posko.services.rows import Row, many, one

if TYPE_CHECKING:
    from datetime import date

    from posko.services.office import Tx
    from posko.services.proposals_plan import Plan

PAGE = 20
"""Rows of one page."""
MOST_AT_ONCE = 100
"""TKI that one window schedules at most."""
SEARCH_MOST = 64
_WAITING = """
    from posko.journey as journey
    join posko.candidate as candidate on candidate.journey_id = journey.journey_id
    left join posko_model.fct_tuk_proposal as proposal
        on proposal.tki_id = journey.tki_id and proposal.scheme_code = journey.scheme_code
    where journey.status in ('REGISTERED', 'ABSENT', 'TURNED_AWAY_NOT_REGISTERED', 'TURNED_AWAY_NO_MATCH')
        and (:search is null or locate(:search, journey.tki_id) = 1 or locate(upper(:search), upper(candidate.full_name)) > 0)"""
_LEFT = """
    select journey.journey_id, journey.tki_id, candidate.full_name, journey.status, candidate.payment_status,
        unplaced.reason as unplaced_reason, proposal.proposed_on, proposal.lsp_code, proposal.tuk_code
    from posko.journey as journey
    join posko.candidate as candidate on candidate.journey_id = journey.journey_id
    left join posko_model.fct_tki_unplaced as unplaced on unplaced.tki_id = journey.tki_id
    left join posko_model.fct_tuk_proposal as proposal
        on proposal.tki_id = journey.tki_id and proposal.scheme_code = journey.scheme_code
    where journey.status in ('REGISTERED', 'SCHEDULED')
    order by journey.journey_id limit :most offset :before"""
_LEFT_IDS = "select tki_id from posko.journey where status in ('REGISTERED', 'SCHEDULED') order by journey_id"
_READY = """
    select session.lsp_code, session.tuk_code, tuk.tuk_name, session.exam_on, count(*) as tki
    from posko.journey as journey
    join posko.allocation as allocation
        on allocation.journey_id = journey.journey_id and allocation.attempt_no = journey.attempt_no
    join posko.exam_session as session on session.session_id = allocation.session_id
    join posko.tuk as tuk on tuk.tuk_code = session.tuk_code
    where journey.status = 'ALLOCATED'
    group by session.lsp_code, session.tuk_code, tuk.tuk_name, session.exam_on
    order by session.exam_on, session.lsp_code, session.tuk_code"""
_DAYS = """
    select proposal.proposed_on as exam_on, count(*) as tki
    from posko.journey as journey
    join posko_model.fct_tuk_proposal as proposal
        on proposal.tki_id = journey.tki_id and proposal.scheme_code = journey.scheme_code
    where journey.status = 'REGISTERED' and proposal.proposed_on > :today
    group by proposal.proposed_on order by proposal.proposed_on"""


@act("screen.waiting_for_place", Command.REGISTER)
def waiting_for_place(tx: Tx, *, page: int, search: str | None = None) -> dict[str, Any]:
    """Return one page of those who may be scheduled: registered, or absent or turned away before.

    Args:
        tx: the act.
        page: from 1.
        search: how an ID TKI begins, or a part of a name; None or blank: everybody.

    Returns:
        `total`, and `rows`: journey_id, tki_id, full_name, label, payment_status, lsp_code, tuk_code, proposed_on (of the proposal).

    Raises:
        Refused: the page is no number, or the search no text of one line.
    """
    page, wanted = inputs.number(page, "Halaman", inputs.MOST_ROWS), _searched(search)
    tx.about("schedule", "waiting")
    tx.permit(how=Act.READ)
    with built():
        total = one(tx.db, f"select count(*) as rows_found {_WAITING}", search=wanted)
        rows = many(
            tx.db,
            "select journey.journey_id, journey.tki_id, candidate.full_name, journey.status, candidate.payment_status,"
            f" proposal.lsp_code, proposal.tuk_code, proposal.proposed_on {_WAITING}"
            " order by journey.journey_id limit :most offset :before",
            search=wanted,
            most=PAGE,
            before=(page - 1) * PAGE,
        )
    found = int(total["rows_found"]) if total else 0
    tx.record("schedule", "waiting", {"page": page, "rows": len(rows), "is_searched": wanted is not None})
    return {"total": found, "rows": [_labelled(row) for row in rows]}


@act("scheduling.schedule_many", Command.REGISTER)
def schedule_many(
    tx: Tx,
    *,
    journey_ids: list[int],
    exam_on: date | str,
    lsp_code: str,
    tuk_code: str,
    met_no: str,
    slot: int = 1,
    reason: str | None = None,
) -> dict[str, Any]:
    """Give several TKI the same place, all or none; return `scheduled` and the `session_id`. Arguments as `scheduling.schedule`.

    Raises:
        Refused: as `scheduling.schedule`; a note on the refusal is the ID TKI of whom it is about, when there are several.
    """
    ids = inputs.numbers(journey_ids, "Daftar peserta")
    tx.permit()
    if len(ids) > MOST_AT_ONCE:
        raise refuse("LIST_TOO_LONG", what="Daftar peserta", most=MOST_AT_ONCE)
    # Every journey is locked before any day of a TUK is, as everywhere (`placing`).
    tki = {int(row["journey_id"]): str(row["tki_id"]) for row in journeys.read_many(tx, ids)}
    place: dict[str, Any] = {"exam_on": exam_on, "lsp_code": lsp_code, "tuk_code": tuk_code, "met_no": met_no}
    session_id = 0
    for journey_id in ids:
        try:
            session_id = scheduling.schedule(tx, journey_id=journey_id, slot=slot, reason=reason, **place)
        except Refused as refusal:
            if len(ids) > 1 and journey_id in tki:
                refusal.add_note(tki[journey_id])
            raise
    return {"scheduled": len(ids), "session_id": session_id}


@act("screen.proposal_days", Command.REGISTER)
def proposal_days(tx: Tx) -> list[dict[str, Any]]:
    """Return the days to come for which the rule proposes places to registered TKI: `exam_on` (a date) and `tki`."""
    tx.about("proposals", "days")
    tx.permit(how=Act.READ)
    with built():
        rows = many(tx.db, _DAYS, today=local_day(tx.at))
    tx.record("proposals", "days", {"days": len(rows)})
    return [{"exam_on": row["exam_on"], "tki": int(row["tki"])} for row in rows]


@act("screen.proposal_loads", Command.REGISTER)
def proposal_loads(tx: Tx, *, exam_on: date | str | None, most: int) -> dict[str, Any]:
    """Show how full TUK and assessors would be after accepting the proposals of a day (None: of all days); nothing is changed.

    Returns:
        `placed`; `tuk` and `asesor`: code, name, exam_on, capacity, before, added, after; `skipped`: code of the refusal, `tki`
        (how many) and `first` (an ID TKI), the most frequent first.

    Raises:
        Refused: no such day or number, or the pipeline never ran.
    """
    day = None if exam_on is None else inputs.day(exam_on)
    most = inputs.number(most, "Banyaknya", inputs.MOST_ROWS)
    tx.about("proposals", "all" if day is None else day.isoformat())
    tx.permit(how=Act.READ)
    plan = make_plan(tx, day, most)
    tx.record(*tx.subject, {"step": "loads", "rows": plan.placed, "unplaced": len(plan.skipped)})
    return {
        "placed": plan.placed,
        "tuk": _tuk_loads(tx, plan),
        "asesor": _asesor_loads(tx, plan),
        "skipped": _skipped(plan),
    }


@act("screen.send_overview", Command.SEND_ALLOCATION)
def send_overview(tx: Tx, *, page: int) -> dict[str, Any]:
    """Return what would go back to BNSP, and one page of the registered who have no place, with why (R-089, R-100).

    Returns:
        `ready`: lsp_code, tuk_code, tuk_name, exam_on, tki. `left`: tki_id, full_name, label, payment_status, unplaced_reason,
        proposed_on, lsp_code, tuk_code. `left_ids`: all of them, so that a reason can be given for exactly those who were seen.

    Raises:
        Refused: the page is no number, or the pipeline never ran.
    """
    page = inputs.number(page, "Halaman", inputs.MOST_ROWS)
    tx.about("allocation", "overview")
    tx.permit(how=Act.READ)
    ready = many(tx.db, _READY)
    ids = [str(row["tki_id"]) for row in many(tx.db, _LEFT_IDS)]
    with built():
        left = many(tx.db, _LEFT, most=PAGE, before=(page - 1) * PAGE)
    tx.record(
        "allocation", "overview", {"page": page, "ready": sum(int(row["tki"]) for row in ready), "left": len(ids)}
    )
    return {"ready": ready, "left": [_labelled(row) for row in left], "left_ids": ids}


def _searched(search: str | None) -> str | None:
    if search is None or (isinstance(search, str) and not search.strip()):
        return None
    return inputs.text(search, "Pencarian", SEARCH_MOST)


def _labelled(row: Row) -> Row:
    return {**row, "label": LABELS[Status(row["status"])]}


def _tuk_loads(tx: Tx, plan: Plan) -> list[dict[str, Any]]:
    added: Counter[tuple[str, date]] = Counter()
    for (seat, _), members in plan.rooms.items():
        added[seat.tuk_code, seat.exam_on] += len(members)
    codes, days = sorted({code for code, _ in added}), sorted({day for _, day in added})
    if not codes:
        return []
    tuk = {
        row["tuk_code"]: row
        for row in many(
            tx.db, "select tuk_code, tuk_name, capacity_per_day from posko.tuk where tuk_code in :codes", codes=codes
        )
    }
    booked = {
        (row["tuk_code"], row["exam_on"]): int(row["booked"])
        for row in many(
            tx.db,
            "select tuk_code, exam_on, booked from posko.tuk_day where tuk_code in :codes and exam_on in :days",
            codes=codes,
            days=days,
        )
    }
    return [
        _load(code, tuk[code]["tuk_name"], day, int(tuk[code]["capacity_per_day"]), booked.get((code, day), 0), new)
        for (code, day), new in sorted(added.items(), key=lambda item: (item[0][1], item[0][0]))
    ]


def _asesor_loads(tx: Tx, plan: Plan) -> list[dict[str, Any]]:
    added: Counter[tuple[str, date]] = Counter()
    for (seat, met_no), members in plan.rooms.items():
        added[met_no, seat.exam_on] += len(members)
    mets, days = sorted({met_no for met_no, _ in added}), sorted({day for _, day in added})
    if not mets:
        return []
    names = {
        row["met_no"]: row["asesor_name"]
        for row in many(tx.db, "select met_no, asesor_name from posko.asesor where met_no in :mets", mets=mets)
    }
    booked = {day: placing.load_of_day(tx, day) for day in days}
    limit = {day: number_on(tx.db, "asesor_per_day", day) for day in days}
    return [
        _load(met_no, names[met_no], day, limit[day], booked[day].get(met_no, 0), new)
        for (met_no, day), new in sorted(added.items(), key=lambda item: (item[0][1], item[0][0]))
    ]


def _load(code: str, name: str, day: date, capacity: int, before: int, added: int) -> dict[str, Any]:
    told: dict[str, Any] = {"code": code, "name": name, "exam_on": day, "capacity": capacity}
    return {**told, "before": before, "added": added, "after": before + added}


def _skipped(plan: Plan) -> list[dict[str, Any]]:
    first: dict[str, str] = {}
    for tki_id, code in plan.skipped:
        first.setdefault(code, tki_id)
    counts = Counter(code for _, code in plan.skipped)
    return [{"code": code, "tki": count, "first": first[code]} for code, count in counts.most_common()]
