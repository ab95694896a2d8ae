"""What the Konsorsium sees before it accepts proposals in bulk: the days, and what TUK and assessors would carry (§12.5; R-089, R-090)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from posko.domain.calendar import local_day
from posko.domain.matrix import Command
from posko.domain.roles import Act
from posko.services import inputs, placing
from posko.services.office import act
from posko.services.parameters import number_on
from posko.services.pipeline_results import built
from posko.services.proposals_plan import make_plan
from posko.services.rows import many

if TYPE_CHECKING:
    from datetime import date

    from posko.services.office import Tx
    from posko.services.proposals_plan import Plan

_DAYS = """
    select proposal.proposed_on as exam_on, count(*) as tki
    from posko.journey as journey
    join posko_model.fct_tuk_proposal as proposal
        on proposal.tki_id = journey.tki_id and proposal.scheme_code = journey.scheme_code
    where journey.status = 'REGISTERED' and proposal.proposed_on > :today
    group by proposal.proposed_on order by proposal.proposed_on"""


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
