"""What the page of biometric exceptions shows: sessions under way, a candidate's tries, the exceptions made (§8.2; R-050, DV-I09).

An LSP or TUK sees its own sessions. A candidate's name is not told before she is let in (R-123).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.calendar import local_day
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.domain.session_status import ATTENDANCE_OPEN, LABELS, SessionStatus
from posko.services import inputs, templates
from posko.services.attendance_rows import check_open, listed
from posko.services.list_query import Wanted, contains, page
from posko.services.office import act
from posko.services.rows import Row, many
from posko.services.session_rows import NONE, own_scope, session_at

if TYPE_CHECKING:
    from posko.services.office import Tx

MOST_SESSIONS = 500
_OWN = "(:lsp is null or session.lsp_code = :lsp) and (:tuk is null or session.tuk_code = :tuk)"
_MADE = f"""
    from posko.attendance as attendance
    join posko.exam_session as session on session.session_id = attendance.session_id
    join posko.finger_proof as proof on proof.proof_id = attendance.proof_id and proof.person_kind = 'STAFF'
    where attendance.statement_no is not null and attendance.outcome = 'PRESENT' and attendance.score is null and {_OWN}"""
"""Every exception has a statement, and no other presence has: so the few are found without reading the many."""
_MADE_COLUMNS = (
    "session.exam_on, session.session_id, session.lsp_code, session.tuk_code, attendance.id_as_typed as tki_id, attendance.reason,"
    " attendance.recorded_at, attendance.recorded_by, proof.person_id as second_person, attendance.statement_no"
)
_SEARCHED = contains(
    "attendance.id_as_typed", "session.lsp_code", "session.tuk_code", "attendance.recorded_by", "proof.person_id"
)


@act("exception.sessions", Command.BIOMETRIC_EXCEPTION)
def sessions(tx: Tx) -> list[dict[str, Any]]:
    """Return today's sessions whose door is open: session_id, tuk_code, tuk_name, lsp_code, met_no, label."""
    own = own_scope(tx)
    tx.about("session", "today")
    tx.permit(how=Act.READ, **own)
    rows = many(
        tx.db,
        "select session.session_id, session.tuk_code, tuk.tuk_name, session.lsp_code, session.met_no, session.status"
        " from posko.exam_session as session join posko.tuk as tuk on tuk.tuk_code = session.tuk_code"
        f" where session.exam_on = :day and session.status in :open and {_OWN}"
        " order by session.tuk_code, session.slot, session.session_id limit :most",
        day=local_day(tx.at),
        open=sorted(state.value for state in ATTENDANCE_OPEN),
        most=MOST_SESSIONS,
        **_scope(own),
    )
    tx.record("session", "today", {"rows": len(rows)})
    return [{**row, "label": LABELS[SessionStatus(row["status"])]} for row in rows]


@act("exception.tries", Command.BIOMETRIC_EXCEPTION)
def tries(tx: Tx, *, session_id: int, tki_id: str) -> dict[str, Any]:
    """Return how the fingers of a candidate did today, before two persons let her in without one.

    Returns:
        `registered`: how many of her fingers are registered; `attempts`: at (ISO, UTC), outcome, finger, quality, score, threshold,
        station_code, the newest first.

    Raises:
        Refused: the session is not open, or she is not on its list.
    """
    session = session_at(tx, session_id, scope=("lsp_code", "tuk_code"), lock=NONE)
    wanted = inputs.typed_id(tki_id)
    check_open(tx, session)
    if listed(tx, session, wanted) is None:
        raise refuse("NOT_ON_LIST", session_id=session["session_id"])
    found = many(
        tx.db,
        "select received_at, outcome, asked_finger, quality, score, threshold, station_code from posko.finger_attempt"
        " where person_kind = 'TKI' and person_id = :tki and purpose = 'ATTEND' and received_at >= :since"
        " order by received_at desc, attempt_id desc limit 50",
        tki=wanted,
        since=session["opened_at"],
    )
    tx.record("session", session["session_id"], {"step": "tries", "rows": len(found)})
    return {
        "registered": templates.fingers_in_force(tx.db, "TKI", wanted),
        "attempts": [{**row, "at": row.pop("received_at").isoformat()} for row in found],
    }


@act("exception.list", Command.BIOMETRIC_EXCEPTION)
def made(
    tx: Tx,
    *,
    since: str | None = None,
    until: str | None = None,
    search: str | None = None,
    limit: int = 20,
    offset: int = 0,
) -> dict[str, Any]:
    """Return the exceptions that were made, the newest first.

    Args:
        tx: the act.
        since: exam days from this one on, ISO.
        until: up to and with this one.
        search: part of an ID TKI, of the code of an LSP or TUK, or of the number of one of the two persons.
        limit: rows of this page.
        offset: rows before it.

    Returns:
        `total`, and `rows`: exam_on (ISO), session_id, lsp_code, tuk_code, tki_id, reason, recorded_at (ISO), recorded_by, second_person,
        statement_no.

    Raises:
        Refused: wrong values.
    """
    own = own_scope(tx)
    tx.about("exception", "register")
    tx.permit(how=Act.READ, **own)
    wanted = Wanted(**_scope(own))
    wanted.days(since, until, "session.exam_on >= :since", "session.exam_on <= :until")
    wanted.search(search, _SEARCHED)
    source, order = f"{_MADE} and {wanted.where}", "attendance.attendance_id desc"
    total, rows = page(tx.db, _MADE_COLUMNS, source, order, wanted.values, limit=limit, offset=offset)
    tx.record("exception", "register", {"rows": len(rows), "filters": wanted.names})
    return {"total": total, "rows": [_shown(row) for row in rows]}


def _scope(own: dict[str, Any]) -> dict[str, object]:
    return {"lsp": own.get("lsp_code"), "tuk": own.get("tuk_code")}


def _shown(row: Row) -> dict[str, Any]:
    return {**row, "exam_on": row["exam_on"].isoformat(), "recorded_at": row["recorded_at"].isoformat()}
