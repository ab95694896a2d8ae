"""Fingers of the exam day: compare, then record through the service, in this order and in one call (§13.1-13.7; R-120..R-128, F18-F22).

    attend(verifier, desk, session_id=7, tki_id="9264729", sample=sample, station_code="ST-1")

What the comparison found stands in `finger_attempt` before the act is asked; the act decides what it means: present, again, the other
finger, turned away. A finger that nobody registered decides nothing by itself: the operator states it (13.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from biometrics.verification import Outcome
from posko.domain.audit import Place
from posko.domain.proof import Purpose
from posko.services import asesor_check, attendance, attendance_exit, attendance_late, login

if TYPE_CHECKING:
    from biometrics.types import Sample
    from biometrics.verification import Verification, Verifier
    from posko.services.office import Desk


@dataclass(frozen=True, slots=True)
class Scanned:
    """What became of one finger: the comparison, and the answer of the act (None: no proof came of it, so no act was asked)."""

    verification: Verification
    answer: dict[str, Any] | None

    @property
    def outcome(self) -> str:
        """What the act says, else what the comparison found: NOT_REGISTERED or READER_ERROR."""
        return str(self.answer["outcome"]) if self.answer else self.verification.outcome.value


def attend(
    verifier: Verifier,
    desk: Desk,
    *,
    session_id: int,
    tki_id: str,
    sample: Sample,
    station_code: str,
    asked_finger: int = 0,
    is_late: bool = False,
) -> Scanned:
    """Check one candidate in (13.3-13.6).

    Args:
        verifier: compares.
        desk: of the TUK administrator at the reader.
        session_id: the exam session at this TUK today.
        tki_id: ID TKI as typed or read.
        sample: what the reader gave.
        station_code: where it was captured.
        asked_finger: which finger was asked for (0: any).
        is_late: it was captured while the line was cut, and comes now in its order (R-185).

    Returns:
        `outcome` is PRESENT, TRY_AGAIN, TRY_OTHER_FINGER, POOR_QUALITY, TURNED_AWAY_NO_MATCH, NOT_REGISTERED or READER_ERROR.

    Raises:
        Refused: as `Verifier.verify`, `attendance.record_attendance` and `attendance_late.record_late`.
    """
    found = verifier.verify(
        "TKI",
        tki_id,
        Purpose.ATTEND,
        sample,
        station_code=station_code,
        asked_finger=asked_finger,
        is_late=is_late,
    )
    if found.proof is None:
        return Scanned(found, None)
    act = attendance_late.record_late if is_late else attendance.record_attendance
    return Scanned(found, desk.do(act, session_id=session_id, tki_id=tki_id, proof=found.proof))


def leave(
    verifier: Verifier, desk: Desk, *, session_id: int, tki_id: str, sample: Sample, station_code: str
) -> Scanned:
    """Record the finger of a candidate who leaves the test (F20); `outcome` is EXIT, TRY_AGAIN, NOT_REGISTERED or READER_ERROR.

    Raises:
        Refused: as `Verifier.verify` and `attendance_exit.record_exit`.
    """
    found = verifier.verify("TKI", tki_id, Purpose.EXIT, sample, station_code=station_code)
    if found.proof is None:
        return Scanned(found, None)
    return Scanned(found, desk.do(attendance_exit.record_exit, session_id=session_id, tki_id=tki_id, proof=found.proof))


def verify_asesor(
    verifier: Verifier, desk: Desk, *, session_id: int, person_id: str, sample: Sample, station_code: str
) -> Scanned:
    """Verify the appointed assessor before the test (R-125); `outcome` is VERIFIED, TRY_AGAIN, NOT_REGISTERED or READER_ERROR.

    Raises:
        Refused: as `Verifier.verify` and `asesor_check.verify_asesor`.
    """
    found = verifier.verify("STAFF", person_id, Purpose.VERIFY_ASESOR, sample, station_code=station_code)
    if found.proof is None:
        return Scanned(found, None)
    return Scanned(found, desk.do(asesor_check.verify_asesor, session_id=session_id, proof=found.proof))


def sign_in(verifier: Verifier, *, person_id: str, sample: Sample, station_code: str) -> dict[str, Any]:
    """Sign one of the staff in with her finger (8.2); the answer of `login.login`, which never says what was wrong.

    Raises:
        Refused: the sample came before (DV-I10), or is a file in production; that tells nothing of the number.
    """
    found = verifier.verify("STAFF", person_id, Purpose.LOGIN, sample, station_code=station_code)
    desk = verifier.office.desk(None, place=Place(device=station_code[:80]))
    proof = None if found.outcome is Outcome.READER_ERROR else found.proof
    return desk.do(login.login, id_as_typed=person_id, station_code=station_code, proof=proof)
