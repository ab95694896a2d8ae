"""One finger check of a candidate: present, again, other finger, bad capture, turned away (§13.3-13.6; R-120..R-123, DV-I07)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from posko.domain.journey import ENTITY
from posko.domain.proof import FingerProof, Purpose
from posko.domain.status import Status
from posko.services import deviation_register, inputs, journeys, templates
from posko.services.attendance_rows import (
    POOR_QUALITY,
    add_attendance,
    expected,
    misses,
    new_statement_no,
    shown_of,
)
from posko.services.parameters import number_on
from posko.services.proofs import use_proof

if TYPE_CHECKING:
    from posko.services.office import Tx
    from posko.services.rows import Row


@dataclass(frozen=True)
class _Scan:
    """One finger of one candidate of a session; `tries` are those that counted, with this one."""

    session: Row
    row: Row
    proof: FingerProof
    tries: int
    late_seconds: int | None

    def told(self) -> dict[str, Any]:
        """Return what the log holds of it."""
        late = {} if self.late_seconds is None else {"late_seconds": self.late_seconds}
        return {
            "session": self.session["session_id"],
            "tries": self.tries,
            "score": self.proof.score,
            "threshold": self.proof.threshold,
            "quality": self.proof.quality,
            "proof": self.proof.proof_id,
            "station": self.proof.station_code,
            **late,
        }


def check_in(tx: Tx, session: Row, tki_id: object, proof: object, *, late_seconds: int | None = None) -> dict[str, Any]:
    """Check one candidate's finger and return what came of it; the caller has checked that the session is open.

    Args:
        tx: the act.
        session: its row, locked so that it stays open.
        tki_id: ID TKI as it came in.
        proof: what `biometrics` gave.
        late_seconds: how long ago the finger was taken, where the line to the server was cut; it then counts by its own time.

    Raises:
        Refused: she is not expected here (DV-S01), her outcome stands, or it is no proof (DV-N01).
    """
    row = expected(tx, session, inputs.typed_id(tki_id))
    at = proof.captured_at if isinstance(proof, FingerProof) and late_seconds is not None else tx.at
    taken = use_proof(
        replace(tx, at=at),
        proof,
        kind="TKI",
        person_id=row["tki_id"],
        purpose=Purpose.ATTEND,
        tuk_code=session["tuk_code"],
        must_match=False,
    )
    journeys.hold_part(tx, [row["journey_id"]], "TUK")
    missed = misses(tx, session, row["tki_id"])
    scan = _Scan(session, row, taken, missed + taken.is_match, late_seconds)
    if taken.is_match:
        return _present(tx, scan)
    if taken.quality < POOR_QUALITY:
        return _answer(tx, scan, "POOR_QUALITY")
    tries = number_on(tx.db, "attendance_tries", session["exam_on"])
    if missed >= tries * max(1, templates.fingers_in_force(tx.db, "TKI", row["tki_id"])):
        return _turn_away(tx, scan)
    return _answer(tx, scan, "TRY_AGAIN" if missed % tries else "TRY_OTHER_FINGER")


def _answer(tx: Tx, scan: _Scan, outcome: str, statement_no: str | None = None) -> dict[str, Any]:
    """Record the scan and return the answer without anybody's data; what a miss led to is noted with it (DV-I07)."""
    is_turned_away = outcome == Status.TURNED_AWAY_NO_MATCH
    told = {**scan.told(), "outcome": outcome, "statement": statement_no}
    name = journeys.name_of(scan.row)
    event = tx.record(ENTITY, name, told)
    if is_turned_away or (outcome == Status.PRESENT and scan.tries > 1):
        deviation_register.note(
            tx,
            "DV-I07",
            told,
            mode="P",
            subject_kind=ENTITY,
            subject_code=name,
            audit_event=event,
            severity="B" if is_turned_away else "W",
        )
    return {"outcome": outcome, "statement_no": statement_no, "tries": scan.tries, "candidate": None}


def _present(tx: Tx, scan: _Scan) -> dict[str, Any]:
    _add(tx, scan, Status.PRESENT)
    journeys.advance(tx, scan.row, Status.PRESENT, scan.told())
    return {**_answer(tx, scan, Status.PRESENT.value), "candidate": shown_of(tx, scan.row["journey_id"])}


def _turn_away(tx: Tx, scan: _Scan) -> dict[str, Any]:
    statement_no = new_statement_no(tx, scan.session)
    _add(tx, scan, Status.TURNED_AWAY_NO_MATCH, statement_no=statement_no, reason="Sidik jari tidak cocok")
    journeys.advance(tx, scan.row, Status.TURNED_AWAY_NO_MATCH, {**scan.told(), "statement": statement_no})
    return _answer(tx, scan, Status.TURNED_AWAY_NO_MATCH.value, statement_no)


def _add(tx: Tx, scan: _Scan, outcome: Status, **more: Any) -> None:
    add_attendance(
        tx,
        scan.session,
        outcome,
        id_as_typed=scan.row["tki_id"],
        journey_id=scan.row["journey_id"],
        tries=scan.tries,
        proof=scan.proof,
        late_seconds=scan.late_seconds,
        **more,
    )
