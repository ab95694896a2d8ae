"""The statement (berita acara) of who was turned away or let in by exception, for the printer (§13.4-13.5; R-050, R-121, R-122)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.calendar import WIB
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.domain.status import LABELS, Status
from posko.services import inputs
from posko.services.office import act
from posko.services.rows import one
from posko.services.session_rows import own_scope

if TYPE_CHECKING:
    from posko.services.office import Tx


@act("attendance.statement", Command.ATTEND)
def statement(tx: Tx, *, statement_no: str) -> dict[str, Any]:
    """Return what a statement says: who was turned away or let in without a finger, where, when (WIB), why and by whom.

    `second_person` is who answered for an exception beside `recorded_by`, None for somebody who was turned away.

    Raises:
        Refused: no such statement.
        NotPermitted: it is another TUK's.
    """
    number = inputs.code(statement_no, "Nomor berita acara", 40)
    row = one(
        tx.db,
        "select attendance.statement_no, attendance.session_id, attendance.outcome, attendance.id_as_typed,"
        " attendance.reason, attendance.tries, attendance.score, attendance.threshold, attendance.quality,"
        " attendance.station_code, attendance.recorded_at, attendance.recorded_by, staff.full_name as recorded_by_name,"
        " candidate.full_name, session.exam_on, tuk.tuk_code, tuk.tuk_name, tuk.city as tuk_city,"
        " if(proof.person_kind = 'STAFF', proof.person_id, null) as second_person"
        " from posko.attendance as attendance"
        " join posko.exam_session as session on session.session_id = attendance.session_id"
        " join posko.tuk as tuk on tuk.tuk_code = session.tuk_code"
        " left join posko.staff as staff on staff.person_id = attendance.recorded_by"
        " left join posko.candidate as candidate on candidate.journey_id = attendance.journey_id"
        " left join posko.finger_proof as proof on proof.proof_id = attendance.proof_id"
        " where attendance.statement_no = :number",
        number=number,
    )
    if row is None:
        tx.permit(how=Act.READ, **own_scope(tx))
        raise refuse("UNKNOWN_STATEMENT")
    tx.about("statement", row["statement_no"])
    tx.permit(how=Act.READ, tuk_code=row["tuk_code"])
    tx.record("statement", row["statement_no"], {"session": row["session_id"]})
    return {
        **row,
        "label": LABELS[Status(row["outcome"])],
        "exam_on": row["exam_on"].isoformat(),
        "recorded_at": (row["recorded_at"] + WIB).isoformat(timespec="seconds"),
    }
