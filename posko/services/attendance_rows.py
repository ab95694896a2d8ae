"""Rows behind attendance: who is expected here today, how often a finger missed, the statement's number (§13.3-13.6; R-120..R-124)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from posko.domain.calendar import local_day
from posko.domain.refusals import refuse
from posko.domain.session_status import ATTENDANCE_OPEN
from posko.domain.status import Status
from posko.services import journeys
from posko.services.rows import Row, add, many, one
from posko.services.session_rows import state_of

if TYPE_CHECKING:
    from posko.domain.proof import FingerProof
    from posko.services.office import Tx

POOR_QUALITY = 20
"""Quality (0-100) below which a finger that does not match was captured badly: it tells nothing of the person and counts as no try."""
_SHOWN = "tki_id, full_name, birth_place, born_on, sex, city, sector, destination, blkln_code, pptkis_name, training_ended_on"
_DONE = {
    Status.PRESENT: "ATTENDANCE_RECORDED",
    Status.TURNED_AWAY_NO_MATCH: "TURNED_AWAY_TODAY",
    Status.TURNED_AWAY_NOT_REGISTERED: "TURNED_AWAY_TODAY",
}


def check_open(tx: Tx, session: Row) -> None:
    """Refuse attendance outside the session's window: not opened, over, or another day (DV-S02)."""
    if session["status"] not in ATTENDANCE_OPEN:
        raise refuse("SESSION_NOT_OPEN", session_id=session["session_id"], state=state_of(session))
    if local_day(tx.at) != session["exam_on"]:
        raise refuse("NOT_THE_DAY", session_id=session["session_id"], day=session["exam_on"])


def listed(tx: Tx, session: Row, tki_id: str) -> Row | None:
    """Return the journey of a TKI on this session's list, locked; None: she is not on it."""
    found = many(
        tx.db,
        "select journey.journey_id, allocation.attempt_no from posko.allocation as allocation"
        " join posko.journey as journey on journey.journey_id = allocation.journey_id"
        " and journey.attempt_no = allocation.attempt_no"
        " where allocation.session_id = :session and journey.tki_id = :tki order by journey.journey_id desc limit 1",
        session=session["session_id"],
        tki=tki_id,
    )
    if not found:
        return None
    row = journeys.read(tx, found[0]["journey_id"])
    return row if row["attempt_no"] == found[0]["attempt_no"] else None


def expected(tx: Tx, session: Row, tki_id: str) -> Row:
    """Return the locked journey of a TKI who may be checked in here now.

    Raises:
        Refused: not on this list (DV-S01; another TUK is not named), not acknowledged, or her outcome stands already.
    """
    row = listed(tx, session, tki_id)
    if row is None:
        raise _not_here(tx, session, tki_id)
    check_waiting(row)
    return row


def check_waiting(row: Row) -> None:
    """Refuse a journey whose candidate is not waited for, in words that fit where it stands."""
    status = Status(row["status"])
    if status is not Status.ACKNOWLEDGED:
        raise refuse(_DONE.get(status, "NOT_ACKNOWLEDGED"))


def _not_here(tx: Tx, session: Row, tki_id: str) -> Exception:
    elsewhere = many(
        tx.db,
        "select journey.journey_id, journey.tki_id, session.session_id, session.tuk_code, session.exam_on"
        " from posko.journey as journey join posko.allocation as allocation"
        " on allocation.journey_id = journey.journey_id and allocation.attempt_no = journey.attempt_no"
        " join posko.exam_session as session on session.session_id = allocation.session_id"
        " where journey.tki_id = :tki and journey.status in ('DISTRIBUTED', 'ACKNOWLEDGED')"
        " order by session.exam_on, session.session_id limit 1",
        tki=tki_id,
    )
    number = session["session_id"]
    if not elsewhere:
        return refuse("NOT_ON_LIST", session_id=number)
    other = elsewhere[0]
    # For whoever reads the register; the TUK itself learns nothing of other TUK.
    tx.context.update(tki_id=other["tki_id"], journey_id=other["journey_id"], expected_session=other["session_id"])
    if other["tuk_code"] != session["tuk_code"]:
        return refuse("NOT_ON_LIST", session_id=number)
    return refuse("EXPECTED_ANOTHER_TIME", session_id=number, day=other["exam_on"], other=other["session_id"])


def misses(tx: Tx, session: Row, tki_id: str) -> int:
    """Return how often this finger did not match since the session was opened; the caller holds the journey's lock."""
    found = one(
        tx.db,
        "select count(*) as misses from posko.finger_proof as proof"
        " join posko.station as station on station.station_code = proof.station_code and station.tuk_code = :tuk"
        " where proof.person_kind = 'TKI' and proof.person_id = :tki and proof.purpose = 'ATTEND'"
        " and proof.is_match = 0 and proof.quality >= :least and proof.used_at >= :opened",
        tuk=session["tuk_code"],
        tki=tki_id,
        least=POOR_QUALITY,
        opened=session["opened_at"],
    )
    return int(found["misses"]) if found else 0


def new_statement_no(tx: Tx, session: Row) -> str:
    """Return a free number for a statement: drawn, so that it tells nothing of how many there are."""
    while True:
        number = f"BA/{session['tuk_code']}/{session['exam_on']:%Y%m%d}/{secrets.token_hex(3).upper()}"
        taken = one(tx.db, "select 1 as taken from posko.attendance where statement_no = :no", no=number)
        if taken is None:
            return number


def add_attendance(
    tx: Tx,
    session: Row,
    outcome: Status,
    *,
    id_as_typed: str,
    journey_id: int | None,
    tries: int = 0,
    proof: FingerProof | None = None,
    **more: Any,
) -> None:
    """Write the one attendance row of a candidate in a session; `more` are further columns, or others than the proof's.

    Raises:
        Refused: there is one already; the unique key says so.
    """
    row: dict[str, Any] = {
        "session_id": session["session_id"],
        "journey_id": journey_id,
        "id_as_typed": id_as_typed,
        "outcome": outcome.value,
        "tries": tries,
        "proof_id": proof and proof.proof_id,
        "score": proof and proof.score,
        "threshold": proof and proof.threshold,
        "quality": proof and proof.quality,
        "station_code": proof and proof.station_code,
        "recorded_at": tx.at,
        "recorded_by": tx.person_id,
        **more,
    }
    try:
        with tx.db.begin_nested():
            add(tx.db, "attendance", row)
    except sa.exc.IntegrityError as error:
        raise refuse("ATTENDANCE_RECORDED") from error


def shown_of(tx: Tx, journey_id: int) -> dict[str, Any] | None:
    """Return a candidate's registered data for the screen, as it survives JSON (Gambar 9)."""
    row = one(tx.db, f"select {_SHOWN} from posko.candidate where journey_id = :id", id=journey_id)
    if row is None:
        return None
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}
