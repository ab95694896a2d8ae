"""What the Konsorsium asks before it appoints another assessor: which sessions, who is free (§9.4, §13.6-13.7; R-125, R-126)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.calendar import local_day
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.domain.session_status import LABELS, SessionStatus
from posko.services import inputs
from posko.services.asesor_scoring import DUE
from posko.services.list_query import page
from posko.services.office import act
from posko.services.paging import PAGE_ROWS, code_or_none, day_or_none
from posko.services.parameters import number_on
from posko.services.rows import Row, many, one
from posko.services.session_rows import NONE, session_at, state_of

if TYPE_CHECKING:
    from datetime import date

    from posko.services.office import Tx

DAY = (SessionStatus.PLANNED, SessionStatus.OPEN, SessionStatus.RUNNING)
"""States in which a substitute tests and scores; in those of `DUE` she only scores."""
KINDS = {"DAY": DAY, "SCORING": tuple(sorted(DUE))}
_ENROLLED = "exists (select 1 from posko.staff as staff where staff.met_no = asesor.met_no and staff.state = 'ACTIVE')"
_KNOWN = "exists (select 1 from posko.staff as staff where staff.met_no = asesor.met_no)"
_REGISTERED = """asesor.lsp_code = session.lsp_code and :day between asesor.valid_from and asesor.valid_until
        and exists (select 1 from posko.asesor_scheme as scheme where scheme.met_no = asesor.met_no
            and scheme.scheme_code = session.scheme_code and :day between scheme.valid_from and scheme.valid_until)
        and not exists (select 1 from posko.suspension as held where held.party_kind = 'ASESOR'
            and held.party_code = asesor.met_no and held.suspended_from <= :day
            and (held.suspended_until is null or held.suspended_until >= :day))"""
"""Whether an assessor is registered for a session on a day; enrolled too she is in force as `asesor_check.check_in_force` asks it."""
# An assessor tests on the day of the exam and scores today: she must be in force on the later of both.
LAPSED = f"(not ({_REGISTERED.replace(':day', 'greatest(session.exam_on, :today)')}) or ({_KNOWN} and not {_ENROLLED}))"
"""Whether the assessor of a session is not in force; one whose finger is still to be enrolled has lost nothing."""
_SESSIONS = f"""
    from (select session.session_id, session.exam_on, session.slot, session.lsp_code, session.tuk_code, session.status,
            session.met_no, asesor.asesor_name, session.tested_met_no, {LAPSED} as is_lapsed, {_ENROLLED} as is_enrolled,
            (select count(*) from posko.allocation as allocation join posko.journey as journey
                on journey.journey_id = allocation.journey_id and journey.attempt_no = allocation.attempt_no
                where allocation.session_id = session.session_id) as tki
        from posko.exam_session as session left join posko.asesor as asesor on asesor.met_no = session.met_no
        where session.status in :states and (:lsp is null or session.lsp_code = :lsp) and (:tuk is null or session.tuk_code = :tuk)
            and (:since is null or session.exam_on >= :since) and (:until is null or session.exam_on <= :until)) as session
    where (:lapsed = 0 or session.is_lapsed)"""
_FREE = f"""
    select asesor.met_no, asesor.asesor_name, coalesce(booked.booked, 0) as booked, coalesce(booked.capacity, :most) as capacity,
        exists (select 1 from posko.exam_session as other join posko.tuk as there on there.tuk_code = other.tuk_code
            where other.appointed = asesor.met_no and other.exam_on = session.exam_on and other.session_id <> session.session_id
            and (other.slot = session.slot or there.city <> here.city)) as is_elsewhere
    from posko.exam_session as session join posko.tuk as here on here.tuk_code = session.tuk_code
    join posko.asesor as asesor on asesor.met_no <> session.met_no and {_REGISTERED} and {_ENROLLED}
    left join posko.asesor_day as booked on booked.met_no = asesor.met_no and booked.exam_on = session.exam_on
    where session.session_id = :id order by booked, asesor.met_no"""


@act("asesor.sessions", Command.REGISTER)
def sessions(
    tx: Tx,
    *,
    kind: str | None = None,
    lsp_code: str | None = None,
    tuk_code: str | None = None,
    since: object = None,
    until: object = None,
    only_lapsed: bool = False,
    limit: int = PAGE_ROWS,
    offset: int = 0,
) -> dict[str, Any]:
    """Return the sessions whose assessor may still be substituted, those first whose assessor is not in force.

    Args:
        tx: the act.
        kind: `DAY` before the end of the test, `SCORING` after it; None: both.
        lsp_code: only of this LSP.
        tuk_code: only at this TUK.
        since: exam on this day or later.
        until: exam on this day or earlier.
        only_lapsed: only those whose assessor is not in force.
        limit: rows of this part.
        offset: rows before it.

    Returns:
        `rows`: session_id, exam_on (ISO), slot, lsp_code, tuk_code, status, label, kind, met_no, asesor_name, tested_met_no,
        is_lapsed, is_enrolled (her finger), tki; and `total`.

    Raises:
        Refused: no such kind, code, day or part of the list.
    """
    tx.permit(how=Act.READ)
    wanted = inputs.choice(kind, "Jenis pergantian", tuple(KINDS)) if kind else None
    asked = {
        "states": [state.value for name, states in KINDS.items() if wanted in {None, name} for state in states],
        "lsp": code_or_none(lsp_code, "LSP", 20),
        "tuk": code_or_none(tuk_code, "TUK", 20),
        "since": day_or_none(since, "Tanggal"),
        "until": day_or_none(until, "Tanggal"),
        "lapsed": int(only_lapsed is True),
        "today": local_day(tx.at),
    }
    order = "session.is_lapsed desc, session.exam_on, session.session_id"
    total, found = page(tx.db, "session.*", _SESSIONS, order, asked, limit=limit, offset=offset)
    tx.record("session", "substitutes", {"rows": len(found)})
    return {"rows": [_shown(row) for row in found], "total": total}


@act("asesor.substitutes", Command.REGISTER)
def substitutes(tx: Tx, *, session_id: int) -> list[dict[str, Any]]:
    """Return who may be appointed to a session in the place of its assessor, the least booked first.

    Who only scores was not at the TUK: it does not matter where she tested that day, and no seat of hers is booked.

    Returns:
        met_no, asesor_name, booked, capacity, and `is_free`: neither full nor elsewhere.

    Raises:
        Refused: no such session, or its assessor can no longer be substituted.
    """
    session = session_at(tx, session_id, how=Act.READ, lock=NONE)
    status = SessionStatus(session["status"])
    if status not in {*DAY, *DUE}:
        raise refuse("SUBSTITUTION_TOO_LATE", session_id=session["session_id"], state=state_of(session))
    is_scoring = status in DUE
    day: date = local_day(tx.at) if is_scoring else session["exam_on"]
    most = number_on(tx.db, "asesor_per_day", session["exam_on"])
    found = many(tx.db, _FREE, id=session["session_id"], day=day, most=most)
    tki = _listed(tx, int(session["session_id"]))
    tx.record("session", session["session_id"], {"list": "substitutes", "rows": len(found)})
    return [
        {
            **{name: row[name] for name in ("met_no", "asesor_name", "booked", "capacity")},
            "is_free": is_scoring or (not row["is_elsewhere"] and row["booked"] + tki <= row["capacity"]),
        }
        for row in found
    ]


def _listed(tx: Tx, session_id: int) -> int:
    found = one(
        tx.db,
        "select count(*) as tki from posko.allocation as allocation join posko.journey as journey"
        " on journey.journey_id = allocation.journey_id and journey.attempt_no = allocation.attempt_no"
        " where allocation.session_id = :id",
        id=session_id,
    )
    return int(found["tki"]) if found else 0


def _shown(row: Row) -> Row:
    status = SessionStatus(row["status"])
    return {
        **row,
        "exam_on": row["exam_on"].isoformat(),
        "label": LABELS[status],
        "kind": "SCORING" if status in DUE else "DAY",
        "is_lapsed": bool(row["is_lapsed"]),
        "is_enrolled": bool(row["is_enrolled"]),
    }
