"""The finger at the end: a candidate who was present scans once more when she leaves the test (§13.6; F20).

It shows that she stayed, not only that she came. It is information: who has none is listed for the TUK and the reviewers, and nothing
is decided by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from posko.domain.journey import ENTITY
from posko.domain.matrix import Command
from posko.domain.proof import FingerProof, Purpose
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.domain.status import Status
from posko.services import inputs, journeys
from posko.services.attendance_rows import check_open, listed
from posko.services.office import act
from posko.services.proofs import use_proof
from posko.services.rows import add, many
from posko.services.session_rows import ENTITY as SESSION
from posko.services.session_rows import NONE, SHARE, session_at

if TYPE_CHECKING:
    from posko.services.office import Tx
    from posko.services.rows import Row

DONE, AGAIN = "EXIT", "TRY_AGAIN"


@act("attendance.exit", Command.ATTEND)
def record_exit(tx: Tx, *, session_id: int, tki_id: str, proof: FingerProof) -> dict[str, str]:
    """Record the finger of a candidate who leaves the test; once each.

    Args:
        tx: the act.
        session_id: the exam session at this TUK today, still under way.
        tki_id: ID TKI as typed or read.
        proof: outcome of one comparison at a station of this TUK, taken for the exit; it need not match.

    Returns:
        `outcome`: EXIT, or TRY_AGAIN where the finger did not match, which is stored too.

    Raises:
        Refused: the session is not open (DV-S02), she was not present or has left already, or it is no proof (DV-N01).
    """
    session = session_at(tx, session_id, scope=("tuk_code",), lock=SHARE)
    check_open(tx, session)
    row = listed(tx, session, inputs.typed_id(tki_id))
    if row is None:
        raise refuse("NOT_ON_LIST", session_id=session["session_id"])
    if row["status"] != Status.PRESENT:
        raise refuse("EXIT_NOT_PRESENT")
    taken = use_proof(
        tx,
        proof,
        kind="TKI",
        person_id=row["tki_id"],
        purpose=Purpose.EXIT,
        tuk_code=session["tuk_code"],
        must_match=False,
    )
    journeys.hold_part(tx, [row["journey_id"]], "TUK")
    told = {"session": session["session_id"], "proof": taken.proof_id, "score": taken.score}
    told |= {"threshold": taken.threshold, "quality": taken.quality, "station": taken.station_code}
    outcome = DONE if taken.is_match else AGAIN
    if taken.is_match:
        _add(tx, session["session_id"], row["journey_id"], taken)
    tx.record(ENTITY, journeys.name_of(row), {"outcome": outcome, **told})
    return {"outcome": outcome}


@act("attendance.without_exit", Command.ATTEND)
def without_exit(tx: Tx, *, session_id: int) -> list[dict[str, Any]]:
    """Return who was present in a session and has no finger at the end, for the TUK's own view; no names (R-123)."""
    session = session_at(tx, session_id, scope=("tuk_code",), how=Act.READ, lock=NONE)
    found = rows_without_exit(tx.db, session["session_id"])
    tx.record(SESSION, session["session_id"], {"without_exit": len(found)})
    return found


def rows_without_exit(db: sa.Connection, session_id: int) -> list[Row]:
    """Return journey and ID TKI of who was present in a session and has no finger at the end."""
    return many(
        db,
        "select attendance.journey_id, attendance.id_as_typed as tki_id from posko.attendance as attendance"
        " left join posko.exit_scan as scan on scan.session_id = attendance.session_id"
        " and scan.journey_id = attendance.journey_id"
        " where attendance.session_id = :id and attendance.outcome = 'PRESENT' and scan.journey_id is null"
        " order by attendance.journey_id",
        id=session_id,
    )


def _add(tx: Tx, session_id: int, journey_id: int, proof: FingerProof) -> None:
    row = {
        "session_id": session_id,
        "journey_id": journey_id,
        "proof_id": proof.proof_id,
        "score": proof.score,
        "threshold": proof.threshold,
        "quality": proof.quality,
        "station_code": proof.station_code,
        "scanned_at": proof.captured_at,
        "recorded_by": tx.person_id,
    }
    try:
        with tx.db.begin_nested():
            add(tx.db, "exit_scan", row)
    except sa.exc.IntegrityError as error:
        raise refuse("EXIT_RECORDED") from error
