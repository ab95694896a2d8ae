"""The statements that a TUK made: who was turned away, who was let in by exception (§13.4-13.5; R-050, R-121, R-122)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.masking import mask_nik
from posko.domain.matrix import Command
from posko.domain.roles import Act
from posko.domain.status import LABELS, Status
from posko.services import inputs
from posko.services.list_query import contains, counted, searched
from posko.services.office import act
from posko.services.paging import part
from posko.services.rows import Row, many
from posko.services.session_rows import own_scope

if TYPE_CHECKING:
    from posko.services.office import Tx

KINDS = (Status.TURNED_AWAY_NO_MATCH.value, Status.TURNED_AWAY_NOT_REGISTERED.value, Status.PRESENT.value)
"""What a statement is about; PRESENT: an exception."""
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
    conditions, values = [""], dict[str, object](tuk=own)
    if outcome:
        conditions.append("attendance.outcome = :outcome")
        values["outcome"] = inputs.choice(outcome, "Hasil", KINDS)
    for name, sign, what in (("since", ">=", "Tanggal awal"), ("until", "<=", "Tanggal akhir")):
        asked = since if name == "since" else until
        if asked:
            conditions.append(f"session.exam_on {sign} :{name}")
            values[name] = inputs.day(asked, what)
    if search:
        conditions.append(contains("attendance.statement_no", "attendance.id_as_typed"))
        values["search"] = searched(search)
    where = _FROM + " and ".join(conditions)
    total = counted(tx.db, f"select 1 {where}", **values)
    rows = many(
        tx.db,
        "select attendance.statement_no, session.exam_on, session.tuk_code, session.session_id, attendance.id_as_typed,"
        f" attendance.outcome, attendance.reason, attendance.tries, attendance.recorded_at {where}"
        " order by attendance.attendance_id desc limit :most offset :before",
        **values,
        **part(limit, offset),
    )
    tx.record("statement", "register", {"rows": len(rows), "filters": sorted(set(values) - {"tuk"})})
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
