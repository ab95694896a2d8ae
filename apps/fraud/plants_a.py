"""Frauds and near misses of the allocation, DV-A01..DV-A13 (§12.5, §3.2, §3.4), as they stand in the tables past the services.

A place that is taken away, two places on one day, a suspension that everybody overlooked, an owner on both sides.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from apps.fraud.planting import Planted
from apps.fraud.rows_eia import (
    DAY,
    fill_up,
    halves,
    insert,
    many,
    more_seats,
    of_session,
    other_tuk,
    place_of,
    session_beside,
    value,
)

if TYPE_CHECKING:
    from apps.fraud.planting import Ground, Planter

SEATS_OF_ASESOR = 20
_PLACE = """
    insert into posko.allocation (journey_id, attempt_no, session_id, allocated_at, allocated_by)
    select :journey, :attempt, session_id, made_at, made_by from posko.exam_session where session_id = :session"""
_OF_DAY = """
    select session.session_id, count(allocation.allocation_id) as seated from posko.exam_session as session
    left join posko.allocation as allocation on allocation.session_id = session.session_id and allocation.attempt_no is not null
    where session.tuk_code = :tuk and session.exam_on = :day and session.status <> 'CANCELLED' group by session.session_id"""
_SEATS = "select capacity from posko.tuk_day where tuk_code = :tuk and exam_on = :day"
_SUSPENDED = """
    insert into posko.suspension (party_kind, party_code, suspended_from, suspended_until, reason)
    values (:kind, :code, :day, :day, 'Simulasi: pelanggaran')"""
_BUSY = "select count(*) from posko.exam_session where {column} = :code and exam_on = :day"
_FREE = """
    select asesor.met_no from posko.asesor as asesor where asesor.lsp_code = :lsp and asesor.met_no not in (
        select met_no from posko.exam_session where exam_on = :day) order by asesor.met_no limit 1"""
_SENT = """
    select min(batch.sent_at) as at from posko.handoff_line as line
    join posko.handoff_batch as batch on batch.batch_id = line.batch_id
    where line.hop = 'BNSP_TO_TUK' and line.journey_id = :journey and line.attempt_no = :attempt"""


def nowhere_or_twice(ground: Ground, k: int) -> list[Planted]:
    """DV-A01: tested without a place, or with places in two sessions of one day; near: the other session was called off."""
    made = []
    for place, (row, is_fraud) in enumerate(halves(ground.journeys(2 * k))):
        key = f"{place_of(row)} sesi {row['session_id']}"
        if is_fraud and place % 2:
            key = place_of(row)
            ground.run(
                "update posko.allocation set attempt_no = null where journey_id = :id and attempt_no = :attempt",
                {"id": row["journey_id"], "attempt": row["attempt_no"]},
            )
        else:
            status = "PLANNED" if is_fraud else "CANCELLED"
            other = session_beside(ground, row, tuk_code=row["tuk_code"], status=status)
            values = {"journey": row["journey_id"], "attempt": row["attempt_no"] + 20, "session": other}
            ground.run(_PLACE, values)
        made.append(Planted("DV-A01", "tki", row["tki_id"], key, is_fraud=is_fraud))
    return made


def diverted(ground: Ground, k: int) -> list[Planted]:
    """DV-A02: another TUK than the rule's, and nobody said why; near: with a reason."""
    made = []
    for row, is_fraud in halves(ground.journeys(2 * k)):
        ground.run(
            "update posko.allocation set proposed_tuk_code = :tuk, reason = :why where journey_id = :id and attempt_no = :attempt",
            {
                "tuk": other_tuk(ground, row["tuk_code"]),
                "why": None if is_fraud else "TUK usulan penuh",
                "id": row["journey_id"],
                "attempt": row["attempt_no"],
            },
        )
        made.append(Planted("DV-A02", "tuk", row["tuk_code"], place_of(row), is_fraud=is_fraud))
    return made


def suspended_tuk(ground: Ground, k: int) -> list[Planted]:
    """DV-A03: the TUK was suspended on the day; near: on a day on which it did not test."""
    made = []
    for row, is_fraud in halves(ground.sessions(2 * k)):
        day = row["exam_on"] if is_fraud else _idle_day(ground, "tuk_code", row["tuk_code"], row["exam_on"])
        ground.run(_SUSPENDED, {"kind": "TUK", "code": row["tuk_code"], "day": day})
        tested = many(ground, _OF_DAY, tuk=row["tuk_code"], day=row["exam_on"]) if is_fraud else [row]
        ground.keep([one["session_id"] for one in tested])
        made += [of_session("DV-A03", "tuk", row["tuk_code"], one["session_id"], is_fraud=is_fraud) for one in tested]
    return made


def _idle_day(ground: Ground, column: str, code: str, near: dt.date) -> dt.date:
    """Return a day close to another on which a body tests nobody."""
    day = near + DAY
    while value(ground, _BUSY.format(column=column), code=code, day=day):
        day += DAY
    return day


def overfull(ground: Ground, k: int) -> list[Planted]:
    """DV-A04: one candidate more than the TUK has seats that day; near: every seat taken."""
    made = []
    # Two sessions of one TUK and day would undo each other.
    days = {(row["tuk_code"], row["exam_on"]): row for row in ground.sessions(2 * k)}
    for row, is_fraud in halves(list(days.values())):
        day = {"tuk": row["tuk_code"], "day": row["exam_on"]}
        sessions = many(ground, _OF_DAY, **day)
        seats = int(value(ground, _SEATS, **day))
        fill_up(ground, row["session_id"], seats - sum(one["seated"] for one in sessions) + is_fraud)
        made += [of_session("DV-A04", "tuk", row["tuk_code"], one["session_id"], is_fraud=is_fraud) for one in sessions]
    return made


def suspended_asesor(ground: Ground, k: int) -> list[Planted]:
    """DV-A05: the assessor was suspended on the day; near: on a day on which she did not test."""
    made = []
    for row, is_fraud in halves(ground.sessions(2 * k)):
        day = row["exam_on"] if is_fraud else _idle_day(ground, "met_no", row["met_no"], row["exam_on"])
        ground.run(_SUSPENDED, {"kind": "ASESOR", "code": row["met_no"], "day": day})
        made.append(of_session("DV-A05", "asesor", row["met_no"], row["session_id"], is_fraud=is_fraud))
    return made


def in_two_places(ground: Ground, k: int) -> list[Planted]:
    """DV-A06: the assessor has another session that day in another city; near: at the same TUK, later."""
    made = []
    for row, is_fraud in halves(ground.sessions(2 * k)):
        tuk = other_tuk(ground, row["tuk_code"]) if is_fraud else row["tuk_code"]
        beside = session_beside(ground, row, tuk_code=tuk)
        both = (row["session_id"], beside)
        made += [of_session("DV-A06", "asesor", row["met_no"], one, is_fraud=is_fraud) for one in both]
    return made


def overloaded(ground: Ground, k: int) -> list[Planted]:
    """DV-A07: one candidate more than an assessor takes a day; near: as many as she takes."""
    made = []
    for row, is_fraud in halves(ground.sessions(2 * k)):
        seated = next(
            one["seated"]
            for one in many(ground, _OF_DAY, tuk=row["tuk_code"], day=row["exam_on"])
            if one["session_id"] == row["session_id"]
        )
        more_seats(ground, row["tuk_code"], row["exam_on"], SEATS_OF_ASESOR + is_fraud - seated)
        fill_up(ground, row["session_id"], SEATS_OF_ASESOR + is_fraud - seated)
        made.append(of_session("DV-A07", "asesor", row["met_no"], row["session_id"], is_fraud=is_fraud))
    return made


def same_owner(ground: Ground, k: int) -> list[Planted]:
    """DV-A08: the company that sends her owns the LSP or the TUK; near: it sold it the day before."""
    made = []
    for place, (row, is_fraud) in enumerate(halves(ground.journeys(2 * k))):
        kind = ("LSP", "TUK")[place % 2]
        code = row[f"{kind.lower()}_code"]
        company = f"PT JERUK {row['journey_id']}"
        ground.run(
            "update posko.candidate set pptkis_name = :name where journey_id = :id",
            {"name": company, "id": row["journey_id"]},
        )
        until = row["exam_on"] - (0 if is_fraud else 1) * DAY
        tie = insert(ground, _TIE, company=company, kind=kind, code=code, since=until - 100 * DAY, until=until)
        made.append(Planted("DV-A08", kind.lower(), code, f"{place_of(row)}:{tie}", is_fraud=is_fraud))
    return made


def changed_late(ground: Ground, k: int) -> list[Planted]:
    """DV-A10: a substitute after the data was sent, an assessor whom nobody appointed, a TUK that was not told; near: before."""
    made = []
    for place, (row, is_fraud) in enumerate(halves(ground.journeys(2 * k))):
        way = place % 3 if is_fraud else 0
        tuk, key = row["tuk_code"], f"asesor sesi {row['session_id']}"
        if way == 2:
            tuk = other_tuk(ground, tuk)
            key = f"{place_of(row)} kiriman {value(ground, _DELIVERY, journey=row['journey_id'], attempt=row['attempt_no'])}"
            more_seats(ground, tuk, row["exam_on"], 1)
            ground.run(
                "update posko.allocation set session_id = :session where journey_id = :id and attempt_no = :attempt",
                {
                    "session": session_beside(ground, row, tuk_code=tuk),
                    "id": row["journey_id"],
                    "attempt": row["attempt_no"],
                },
            )
        else:
            met = _substitute(ground, row)
            if way == 0:
                key = f"penunjukan {_appoint(ground, row, met, hours=5 if is_fraud else -5)}"
        made.append(Planted("DV-A10", "tuk", tuk, key, is_fraud=is_fraud))
    return made


def _substitute(ground: Ground, row: dict[str, Any]) -> str:
    """Let another assessor of the LSP stand at a session, and return who."""
    met = str(value(ground, _FREE, lsp=row["lsp_code"], day=row["exam_on"]))
    ground.run(
        "update posko.exam_session set met_no = :met where session_id = :id", {"met": met, "id": row["session_id"]}
    )
    return met


def _appoint(ground: Ground, row: dict[str, Any], met: str, *, hours: int) -> int:
    """Write the appointment of a substitute so many hours after the data went to the TUK, and return its number."""
    told = value(ground, _SENT, journey=row["journey_id"], attempt=row["attempt_no"])
    values = {"id": row["session_id"], "at": told + dt.timedelta(hours=hours)}
    ground.run("update posko.appointment set ended_at = :at where session_id = :id and ended_at is null", values)
    return insert(ground, _APPOINTED, met=met, **values)


def unpaid(ground: Ground, k: int) -> list[Planted]:
    """DV-A13: tested unpaid where only paid candidates may be; near: exempt, or paid before the test."""
    rows = ground.journeys(2 * k)
    ground.run(
        "insert into posko.parameter (parameter_name, valid_from, value, reason, set_by, seconded_by, set_at)"
        " values ('payment_gate', :day, '1', 'Simulasi', 'BNSP-003', 'BNSP-001', :day)",
        {"day": min(row["exam_on"] for row in rows)},
    )
    made = []
    for place, (row, is_fraud) in enumerate(halves(rows)):
        ground.run(
            "update posko.candidate set payment_status = :now where journey_id = :id",
            {"now": "BELUM" if is_fraud else ("LUNAS", "DIBEBASKAN")[place % 2], "id": row["journey_id"]},
        )
        if not is_fraud and place % 2 == 0:
            ground.run(_PAID, {"id": row["journey_id"], "at": row["recorded_at"] - 2 * DAY})
        key = f"{row['session_id']}:{row['journey_id']}"
        made.append(Planted("DV-A13", "lsp", row["lsp_code"], key, is_fraud=is_fraud))
    return made


_DELIVERY = "select batch_id from posko.handoff_line where hop = 'BNSP_TO_TUK' and journey_id = :journey and attempt_no = :attempt"
_TIE = """
    insert into posko.ownership_tie (party_kind, party_code, body_kind, body_code, valid_from, valid_until, evidence)
    values ('PPTKIS', :company, :kind, :code, :since, :until, 'Simulasi: saham yang sama')"""
_APPOINTED = """
    insert into posko.appointment (session_id, met_no, appointed_at, appointed_by, reason)
    values (:id, :met, :at, 'KONS-001', 'Asesor sakit')"""
_PAID = """
    insert into posko.payment_change (journey_id, payment_before, payment_after, changed_at, changed_by)
    values (:id, 'BELUM', 'LUNAS', :at, 'KONS-001')"""

PLANTERS: dict[str, Planter] = {
    "DV-A01": nowhere_or_twice,
    "DV-A02": diverted,
    "DV-A03": suspended_tuk,
    "DV-A04": overfull,
    "DV-A05": suspended_asesor,
    "DV-A06": in_two_places,
    "DV-A07": overloaded,
    "DV-A08": same_owner,
    "DV-A10": changed_late,
    "DV-A13": unpaid,
}
