"""Which exam sessions a screen offers: those that an assessor scores, and the last ones of a TUK (§9.4, §13.7; R-127, R-128)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from posko.domain.calendar import local_day
from posko.domain.matrix import Command, Role
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.domain.session_status import LABELS, SessionStatus
from posko.services import inputs, list_query, paging
from posko.services.assessment import RELEASED
from posko.services.office import act
from posko.services.rows import Row, many, one

if TYPE_CHECKING:
    from posko.services.office import Tx

BACK_DAYS = 14
"""So many days a TUK looks back: a session that nobody released yesterday must not be out of sight today."""
_COLUMNS = (
    "session.session_id, session.exam_on, session.slot, session.tuk_code, session.lsp_code, session.scheme_code, session.met_no,"
    " session.status"
)
_COUNTS = """
    (select count(*) from posko.attendance as attendance where attendance.session_id = session.session_id
        and attendance.outcome = 'PRESENT') as present,
    (select count(distinct assessment.journey_id) from posko.assessment as assessment
        where assessment.session_id = session.session_id) as scored"""
_DOOR_COUNTS = """
    (select count(*) from posko.allocation as allocation join posko.journey as journey
        on journey.journey_id = allocation.journey_id and journey.attempt_no = allocation.attempt_no
        where allocation.session_id = session.session_id) as listed,
    (select count(*) from posko.attendance as attendance where attendance.session_id = session.session_id
        and attendance.outcome like 'TURNED%') as turned_away,
    (select count(*) from posko.attendance as attendance left join posko.exit_scan as scan
        on scan.session_id = attendance.session_id and scan.journey_id = attendance.journey_id
        where attendance.session_id = session.session_id and attendance.outcome = 'PRESENT'
        and scan.journey_id is null) as without_exit"""
_OF_TUK = """
    from posko.exam_session as session
    where session.tuk_code = :tuk and session.exam_on between :first and :last and (:status is null or session.status = :status)"""
_UNDER_WAY_FIRST = (
    "session.status in ('OPEN', 'RUNNING', 'ENDED') desc, session.exam_on desc, session.slot, session.session_id"
)


@act("session.to_score", Command.SCORE)
def to_score(tx: Tx) -> list[dict[str, Any]]:
    """Return the released sessions of the assessor who asks, those with open scoring first, the newest first; 20 at most.

    Raises:
        NotPermitted: who asks is no assessor.
    """
    tx.about("staff", tx.person_id)
    found = many(
        tx.db,
        f"select {_COLUMNS}, tuk.tuk_name, {_COUNTS} from posko.exam_session as session"
        " join posko.staff as staff on staff.met_no = session.met_no and staff.state = 'ACTIVE'"
        " join posko.tuk as tuk on tuk.tuk_code = session.tuk_code"
        " where staff.person_id = :person and session.status in :released"
        " order by session.status = 'SCORING_OPEN' desc, session.exam_on desc, session.session_id desc limit :rows",
        person=tx.person_id,
        released=[status.value for status in RELEASED],
        rows=paging.PAGE_ROWS,
    )
    if tx.by is None or tx.by.role is not Role.ASESOR:
        tx.permit(how=Act.READ)
    for row in found:
        tx.permit(how=Act.READ, session_id=int(row["session_id"]))
    tx.record("staff", tx.person_id, {"sessions": len(found)})
    return [_shown(row) for row in found]


@act("session.of_tuk", Command.END_SESSION)
def of_tuk(
    tx: Tx, *, tuk_code: str, limit: int = paging.PAGE_ROWS, offset: int = 0, status: str | None = None
) -> dict[str, Any]:
    """Return a part of the sessions of a TUK of today and the last 14 days, those under way first: `rows`, `total`.

    Each row has `listed`, `present`, `turned_away`, `without_exit` and `scored`, numbers of people; no names (R-123).

    Args:
        tx: the act.
        tuk_code: the TUK.
        limit: rows at most.
        offset: rows before them.
        status: a state of a session; None: any.

    Raises:
        Refused: no such TUK, state or part.
    """
    code = inputs.code(tuk_code, "Kode TUK", 20)
    tx.about("tuk", code)
    tx.permit(how=Act.READ, tuk_code=code)
    state = None if status is None else inputs.choice(status, "Keadaan", [one.value for one in SessionStatus])
    if one(tx.db, "select 1 as found from posko.tuk where tuk_code = :code", code=code) is None:
        raise refuse("NO_SUCH_TUK")
    today = local_day(tx.at)
    values = {"tuk": code, "first": today - timedelta(days=BACK_DAYS), "last": today, "status": state}
    columns = f"{_COLUMNS}, {_COUNTS}, {_DOOR_COUNTS}"
    total, rows = list_query.page(tx.db, columns, _OF_TUK, _UNDER_WAY_FIRST, values, limit=limit, offset=offset)
    tx.record("tuk", code, {"sessions": len(rows), "offset": offset})
    return {"rows": [_shown(row) for row in rows], "total": total}


def _shown(row: Row) -> dict[str, Any]:
    return {**row, "exam_on": row["exam_on"].isoformat(), "label": LABELS[SessionStatus(row["status"])]}
