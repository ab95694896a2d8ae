"""The calendar of TUK capacity: seats, placed and left of each TUK and day, and the sessions behind it (§12.5-12.8; R-090, R-097, R-102).

The Konsorsium reads it to schedule, BNSP and the auditor to see whether the load is even (X6). A seat is the register's capacity of the
day; on a closed day, or where the licence or a suspension forbids it, there is none.
"""

from __future__ import annotations

import calendar
import datetime as dt
from typing import TYPE_CHECKING, Any

from posko.domain.calendar import local_day
from posko.domain.matrix import Command, Role
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.domain.session_status import LABELS, SessionStatus
from posko.services import inputs
from posko.services.list_query import contains, searched
from posko.services.office import act
from posko.services.paging import code_or_none, part
from posko.services.parameters import number_on
from posko.services.rows import Row, many, one

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from posko.services.office import Tx

_OF_MONTH = f"""
    from posko.tuk as tuk
    where tuk.valid_from <= :last and tuk.valid_until >= :first
        and {contains("tuk.tuk_code", "tuk.tuk_name", "tuk.city")}
        and (:lsp is null or exists (select 1 from posko.tuk_lsp as own where own.tuk_code = tuk.tuk_code
            and own.lsp_code = :lsp and own.valid_from <= :last and own.valid_until >= :first))"""
_PLACED = """
    select tuk_code, exam_on, booked from posko.tuk_day
    where tuk_code in :codes and exam_on between :first and :last and booked > 0"""
_LOAD = """
    select (select coalesce(sum(booked), 0) from posko.tuk_day where exam_on between :first and :last) as placed,
        (select count(*) from posko.tuk where valid_from <= :last and valid_until >= :first) as able"""
_CLOSED = """
    select closed_on, tuk_code, reason from posko.closed_day
    where closed_on between :first and :last and (tuk_code = '*' or tuk_code in :codes)"""
_SUSPENDED = """
    select party_code, suspended_from, suspended_until from posko.suspension
    where party_kind = 'TUK' and party_code in :codes and suspended_from <= :last
        and (suspended_until is null or suspended_until >= :first)"""
_SESSIONS = """
    select session.session_id, session.slot, session.lsp_code, session.scheme_code, session.met_no, asesor.asesor_name,
        session.status, coalesce(own.booked, 0) as asesor_booked,
        (select count(*) from posko.allocation as allocation join posko.journey as journey
            on journey.journey_id = allocation.journey_id and journey.attempt_no = allocation.attempt_no
            where allocation.session_id = session.session_id) as tki,
        (select count(*) from posko.allocation as allocation join posko.journey as journey
            on journey.journey_id = allocation.journey_id and journey.attempt_no = allocation.attempt_no
            where allocation.session_id = session.session_id and journey.status = 'ALLOCATED') as unsent
    from posko.exam_session as session
    join posko.asesor as asesor on asesor.met_no = session.met_no
    left join posko.asesor_day as own on own.met_no = session.met_no and own.exam_on = session.exam_on
    where session.tuk_code = :tuk and session.exam_on = :day and session.status <> 'CANCELLED'
    order by session.slot, session.session_id limit :most offset :before"""


@act("screen.capacity_month", Command.REGISTER)
def capacity_month(
    tx: Tx, *, month: str, limit: int, offset: int, search: str | None = None, lsp_code: str | None = None
) -> dict[str, Any]:
    """Return how full each TUK is on every day of a month.

    Args:
        tx: the act.
        month: ISO text YYYY-MM.
        limit: TUK at most.
        offset: TUK that are left out before them.
        search: a part of a code, name or city; None or blank: all.
        lsp_code: only the TUK of this LSP.

    Returns:
        `first`, `today` (ISO days); `total` TUK; `rows`: tuk_code, tuk_name, city, capacity, placed, seats (of the month), `is_uneven`
        (its share is above what BNSP's balance check accepts, DV-A12), and `days`: for each day of the month `day`, `seats`, `placed`,
        `left`, `is_over` (more placed than seats), `why` (None, or why there is no seat).

    Raises:
        Refused: no such month, code or search.
    """
    first, last = _month(month)
    lsp = code_or_none(lsp_code, "LSP", 20)
    asked = {"first": first, "last": last, "search": searched(search), "lsp": lsp}
    rows_of = part(limit, offset)
    tx.about("capacity", month)
    permit_reader(tx)
    total = one(tx.db, f"select count(*) as found {_OF_MONTH}", **asked)
    found = many(
        tx.db,
        f"select tuk.* {_OF_MONTH} order by tuk.tuk_code limit :most offset :before",
        **asked,
        **rows_of,
    )
    codes = [str(row["tuk_code"]) for row in found]
    told = _told(tx, codes, first, last) if codes else {}
    tx.record("capacity", month, {"rows": len(found), "is_searched": asked["search"] is not None, "lsp_code": lsp})
    return {
        "first": first.isoformat(),
        "today": local_day(tx.at).isoformat(),
        "total": int(total["found"]) if total else 0,
        "rows": [_month_of(row, told, first, last) for row in found],
    }


@act("screen.capacity_day", Command.REGISTER)
def capacity_day(tx: Tx, *, tuk_code: str, exam_on: dt.date | str, limit: int, offset: int) -> dict[str, Any]:
    """Return the sessions of one TUK and day: session_id, slot, lsp_code, scheme_code, met_no, asesor_name, label, tki, unsent.

    Beside them `asesor_booked` and `asesor_most`: what the assessor carries that day, everywhere, and may carry (DV-A07). `total`
    counts the sessions.

    Raises:
        Refused: no such TUK or day.
    """
    code, day = inputs.code(tuk_code, "TUK", 20), inputs.day(exam_on)
    rows_of = part(limit, offset)
    tx.about("capacity", f"{code}/{day.isoformat()}")
    permit_reader(tx)
    if one(tx.db, "select 1 as found from posko.tuk where tuk_code = :code", code=code) is None:
        raise refuse("NO_SUCH_TUK")
    total = one(
        tx.db,
        "select count(*) as found from posko.exam_session where tuk_code = :tuk and exam_on = :day and status <> 'CANCELLED'",
        tuk=code,
        day=day,
    )
    rows = many(tx.db, _SESSIONS, tuk=code, day=day, **rows_of)
    most = number_on(tx.db, "asesor_per_day", day)
    tx.record(*tx.subject, {"sessions": len(rows)})
    return {
        "total": int(total["found"]) if total else 0,
        "rows": [{**row, "label": LABELS[SessionStatus(row["status"])], "asesor_most": most} for row in rows],
    }


def permit_reader(tx: Tx) -> None:
    """Let the Konsorsium read what it registers, and BNSP and the auditor what they balance (§12.7-12.8)."""
    is_bnsp = tx.by is not None and tx.by.role in {Role.BNSP, Role.AUDITOR}
    tx.permit(how=Act.READ, command=Command.BALANCE if is_bnsp else Command.REGISTER)


def _month(value: object) -> tuple[dt.date, dt.date]:
    first = inputs.day(f"{value}-01" if isinstance(value, str) and len(value) == 7 else None, "Bulan")
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _told(tx: Tx, codes: list[str], first: dt.date, last: dt.date) -> dict[str, Any]:
    """Return what the registers and the counters say of these TUK days: placed, closed, suspended, and the even load of all."""
    asked: dict[str, Any] = {"codes": codes, "first": first, "last": last}
    load = one(tx.db, _LOAD, first=first, last=last) or {"placed": 0, "able": 0}
    return {
        "placed": {(row["tuk_code"], row["exam_on"]): int(row["booked"]) for row in many(tx.db, _PLACED, **asked)},
        "closed": {(row["tuk_code"], row["closed_on"]): row["reason"] for row in many(tx.db, _CLOSED, **asked)},
        "suspended": many(tx.db, _SUSPENDED, **asked),
        "all_placed": int(load["placed"]),
        "able": int(load["able"]),
        "percent": number_on(tx.db, "balance_max_to_mean_percent", first),
        "least": number_on(tx.db, "balance_least_mean", first),
    }


def _month_of(row: Row, told: Mapping[str, Any], first: dt.date, last: dt.date) -> dict[str, Any]:
    days = [_day_of(row, told, first + dt.timedelta(days=n)) for n in range((last - first).days + 1)]
    placed = sum(day["placed"] for day in days)
    # As in the balance check: so few TKI are uneven by chance alone.
    is_enough = told["all_placed"] >= told["least"] * told["able"]
    is_uneven = is_enough and 100 * placed * told["able"] > told["percent"] * told["all_placed"]
    return {
        **{name: row[name] for name in ("tuk_code", "tuk_name", "city")},
        "capacity": int(row["capacity_per_day"]),
        "placed": placed,
        "seats": sum(day["seats"] for day in days),
        "is_uneven": bool(placed) and is_uneven,
        "days": days,
    }


def _day_of(row: Row, told: Mapping[str, Any], day: dt.date) -> dict[str, Any]:
    code = str(row["tuk_code"])
    why = told["closed"].get(("*", day)) or told["closed"].get((code, day))
    if why is None and not row["valid_from"] <= day <= row["valid_until"]:
        why = "Izin TUK tidak berlaku"
    if why is None and _is_suspended(told["suspended"], code, day):
        why = "TUK dibekukan"
    seats, placed = 0 if why else int(row["capacity_per_day"]), told["placed"].get((code, day), 0)
    return {
        "day": day.isoformat(),
        "seats": seats,
        "placed": placed,
        "left": max(0, seats - placed),
        "is_over": placed > seats,
        "why": why,
    }


def _is_suspended(rows: Sequence[Row], code: str, day: dt.date) -> bool:
    return any(
        row["party_code"] == code
        and row["suspended_from"] <= day
        and (row["suspended_until"] is None or day <= row["suspended_until"])
        for row in rows
    )
