"""The statements that a TUK made: who was turned away, who was let in by exception (§13.4-13.5; R-050, R-121, R-122)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.masking import mask_nik
from posko.domain.matrix import Command
from posko.domain.roles import Act
from posko.domain.status import LABELS, Status
from posko.services import inputs
from posko.services.list_query import Wanted, contains, page
from posko.services.office import act
from posko.services.session_rows import own_scope

if TYPE_CHECKING:
    from posko.services.office import Tx
    from posko.services.rows import Row

KINDS = (Status.TURNED_AWAY_NO_MATCH.value, Status.TURNED_AWAY_NOT_REGISTERED.value, Status.PRESENT.value)
"""What a statement is about; PRESENT: an exception."""
_COLUMNS = (
    "attendance.statement_no, session.exam_on, session.tuk_code, session.session_id, attendance.id_as_typed, attendance.outcome,"
    " attendance.reason, attendance.tries, attendance.recorded_at"
)
_FROM = """
    from posko.attendance as attendance
    join posko.exam_session as session on session.session_id = attendance.session_id
    where attendance.statement_no is not null and (:tuk is null or session.tuk_code = :tuk)"""


@act("screen.statements", Command.ATTEND)
def listed(
    tx: Tx,
    *,
    outcome: str | None = None,
    since: str | None = None,
    until: str | None = None,
    search: str | None = None,
    limit: int = 20,
    offset: int = 0,
) -> dict[str, Any]:
    """Return the statements of the own TUK, the newest first; a Super Administrator sees all.

    Args:
        tx: the act.
        outcome: one of `KINDS`.
        since: exam days from this one on, ISO.
        until: up to and with this one.
        search: part of a statement's number or of an ID as it was brought; never a NIK.
        limit: rows of this page.
        offset: rows before it.

    Returns:
        `total`, and `rows`: statement_no, exam_on (ISO), tuk_code, session_id, id_as_typed (what looks like a NIK masked), outcome,
        label, reason, tries, recorded_at (ISO).

    Raises:
        Refused: wrong values.
    """
    own = own_scope(tx).get("tuk_code")
    tx.about("statement", "register")
    tx.permit(how=Act.READ, tuk_code=own)
    wanted = Wanted(tuk=own)
    wanted.equal("outcome", "attendance.outcome", outcome, "Hasil", KINDS)
    wanted.days(since, until, "session.exam_on >= :since", "session.exam_on <= :until")
    wanted.search(search, contains("attendance.statement_no", "attendance.id_as_typed"))
    source, order = f"{_FROM} and {wanted.where}", "attendance.attendance_id desc"
    total, rows = page(tx.db, _COLUMNS, source, order, wanted.values, limit=limit, offset=offset)
    tx.record("statement", "register", {"rows": len(rows), "filters": wanted.names})
    return {"total": total, "rows": [_shown(row) for row in rows]}


def _shown(row: Row) -> dict[str, Any]:
    typed = row["id_as_typed"]
    return {
        **row,
        "id_as_typed": mask_nik(typed) if inputs.looks_like_nik(typed) else typed,
        "label": LABELS[Status(row["outcome"])],
        "exam_on": row["exam_on"].isoformat(),
        "recorded_at": row["recorded_at"].isoformat(),
    }
