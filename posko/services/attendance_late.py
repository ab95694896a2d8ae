"""Attendance that was taken while the line to the server was cut, sent later in its order and marked late (§6.2, §13.3; R-185, DV-S07).

The session was opened before the line was cut. The TUK's own server compares and seals as ever; each finger counts by its own time and
not by the few minutes of a proof, and only on the session's day. The session cannot end before what was taken has arrived, because the
TUK ends it on the same line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.calendar import local_day
from posko.domain.matrix import Command
from posko.domain.proof import FingerProof, is_sealed
from posko.domain.refusals import refuse
from posko.domain.session_status import ATTENDANCE_OPEN
from posko.services import deviation_register
from posko.services.attendance_scan import check_in
from posko.services.office import act
from posko.services.proofs import CLOCK_SKEW
from posko.services.rows import one
from posko.services.session_rows import ENTITY, session_at, state_of

if TYPE_CHECKING:
    from posko.services.office import Tx
    from posko.services.rows import Row

VERY_LATE = 24 * 60 * 60
"""Seconds after which a late row is a deviation (requirements section 9.2)."""
ACT = "attendance.record_late"


@act(ACT, Command.ATTEND)
def record_late(tx: Tx, *, session_id: int, tki_id: str, proof: FingerProof) -> dict[str, Any]:
    """Record a finger that was taken offline; as `attendance.record_attendance`, with `late_seconds` in the answer.

    Raises:
        Refused: the session is not open (DV-S02), the finger was not taken in its time (DV-S02), one that was taken later at this
            station arrived before (R-185: in order), or as `record_attendance`.
    """
    session = session_at(tx, session_id, scope=("tuk_code",))
    if session["status"] not in ATTENDANCE_OPEN:
        raise refuse("SESSION_NOT_OPEN", session_id=session["session_id"], state=state_of(session))
    if not isinstance(proof, FingerProof):
        raise refuse("PROOF_MISSING")
    if not is_sealed(proof, tx.desk.office.keys["finger-proof"]):
        raise refuse("PROOF_FORGED")
    _check_time(tx, session, proof)
    seconds = max(0, int((tx.at - proof.captured_at).total_seconds()))
    if seconds > VERY_LATE:
        told = {"late_seconds": seconds, "station": proof.station_code, "proof": proof.proof_id}
        number = session["session_id"]
        event = tx.record(ENTITY, number, told)
        deviation_register.note(
            tx, "DV-S07", told, mode="P", subject_kind=ENTITY, subject_code=str(number), audit_event=event
        )
    return {**check_in(tx, session, tki_id, proof, late_seconds=seconds), "late_seconds": seconds}


def _check_time(tx: Tx, session: Row, proof: FingerProof) -> None:
    """Refuse a finger from before the opening, from another day, from the future, or out of its order."""
    if proof.captured_at - tx.at > CLOCK_SKEW:
        raise refuse("PROOF_EARLY")
    if proof.captured_at < session["opened_at"] or local_day(proof.captured_at) != session["exam_on"]:
        raise refuse("LATE_OUTSIDE", session_id=session["session_id"])
    last = one(
        tx.db,
        "select max(proof.captured_at) as captured_at from posko.allocation as allocation"
        " join posko.journey as journey on journey.journey_id = allocation.journey_id"
        " join posko.finger_proof as proof on proof.person_kind = 'TKI' and proof.person_id = journey.tki_id"
        " and proof.captured_at >= :opened and proof.station_code = :station and proof.used_for = :act"
        " where allocation.session_id = :session",
        opened=session["opened_at"],
        station=proof.station_code,
        act=ACT,
        session=session["session_id"],
    )
    if last and last["captured_at"] is not None and proof.captured_at < last["captured_at"]:
        raise refuse("LATE_OUT_OF_ORDER", station=proof.station_code)
