"""The assessor at the TUK: verified by finger before the test, and only the appointed one (§9.4, §13.6; R-125, R-126).

Only the Konsorsium appoints a substitute; the session then waits until the substitute's finger was verified too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from posko.domain.calendar import local_day
from posko.domain.matrix import Command
from posko.domain.proof import FingerProof, Purpose
from posko.domain.refusals import refuse
from posko.domain.session_status import ATTENDANCE_OPEN, SessionStatus, move
from posko.domain.status import Status
from posko.services import deviation_register, inputs, journeys
from posko.services.exam_session import EARLY, free_seats
from posko.services.office import act
from posko.services.parameters import number_on
from posko.services.proofs import use_proof
from posko.services.rows import Row, add, change, many, one
from posko.services.session_rows import (
    ENTITY,
    ids_of,
    move_session,
    on_list,
    session_at,
    state_of,
)

if TYPE_CHECKING:
    from datetime import date

    from posko.services.office import Tx

BEFORE_PACKAGE = EARLY - {Status.DISTRIBUTED}
"""States in which LSP and TUK have not heard of the assessor yet, so that a change is no late change (DV-A10)."""

_FAR_AWAY = (
    "select session.session_id from posko.exam_session as session"
    " join posko.tuk as there on there.tuk_code = session.tuk_code join posko.tuk as here on here.tuk_code = :tuk"
    " where session.appointed = :met and session.exam_on = :day and there.city <> here.city limit 1"
)


@act("asesor.verify", Command.VERIFY_ASESOR)
def verify_asesor(tx: Tx, *, session_id: int, proof: FingerProof) -> dict[str, Any]:
    """Verify the appointed assessor's finger at the TUK; the session runs from then on (R-125, R-126).

    Returns:
        `outcome`: VERIFIED, or TRY_AGAIN where the finger did not match: that is stored, and the session does not run.

    Raises:
        Refused: another assessor (DV-S04), one whose registration is not in force (DV-A05), or it is no proof (DV-N01).
        IllegalMove: the session is not open, or runs already.
    """
    session = session_at(tx, session_id, scope=("tuk_code",))
    move(SessionStatus(session["status"]), SessionStatus.RUNNING)
    if local_day(tx.at) != session["exam_on"]:
        raise refuse("NOT_THE_DAY", session_id=session["session_id"], day=session["exam_on"])
    appointed = one(
        tx.db, "select person_id from posko.staff where met_no = :met and state = 'ACTIVE'", met=session["met_no"]
    )
    if isinstance(proof, FingerProof) and (appointed is None or proof.person_id != appointed["person_id"]):
        raise refuse("ASESOR_NOT_APPOINTED", session_id=session["session_id"])
    check_in_force(tx, session, session["met_no"], session["exam_on"])
    taken = use_proof(
        tx,
        proof,
        kind="STAFF",
        person_id=appointed["person_id"] if appointed else "",
        purpose=Purpose.VERIFY_ASESOR,
        tuk_code=session["tuk_code"],
        must_match=False,
    )
    told = {
        "met_no": session["met_no"],
        "proof": taken.proof_id,
        "score": taken.score,
        "threshold": taken.threshold,
        "quality": taken.quality,
    }
    if taken.is_match:
        move_session(tx, session, SessionStatus.RUNNING, told, asesor_proof_id=taken.proof_id)
    else:
        tx.record(ENTITY, session["session_id"], {"outcome": "TRY_AGAIN", **told})
    outcome = "VERIFIED" if taken.is_match else "TRY_AGAIN"
    return {"outcome": outcome, "session_id": int(session["session_id"]), "met_no": session["met_no"]}


def check_in_force(tx: Tx, session: Row, met_no: str, day: date) -> None:
    """Refuse an assessor who on a day is not registered with the session's LSP for its scheme, or is suspended (DV-A05)."""
    found = one(
        tx.db,
        "select 1 as is_in_force from posko.asesor as asesor"
        " join posko.staff as staff on staff.met_no = asesor.met_no and staff.state = 'ACTIVE'"
        " where asesor.met_no = :met and asesor.lsp_code = :lsp"
        " and :day between asesor.valid_from and asesor.valid_until"
        " and exists (select 1 from posko.asesor_scheme as scheme where scheme.met_no = :met"
        " and scheme.scheme_code = :scheme and :day between scheme.valid_from and scheme.valid_until)"
        " and not exists (select 1 from posko.suspension where party_kind = 'ASESOR' and party_code = :met"
        " and suspended_from <= :day and (suspended_until is null or suspended_until >= :day))",
        met=met_no,
        lsp=session["lsp_code"],
        scheme=session["scheme_code"],
        day=day,
    )
    if found is None:
        raise refuse("ASESOR_LAPSED", met_no=met_no, day=day)


@act("asesor.substitute", Command.REGISTER)
def substitute_asesor(
    tx: Tx, *, session_id: int, met_no: str, reason: str, before: str | None = None
) -> dict[str, Any]:
    """Appoint another assessor to a session that is not over (R-126); the one before stays in the history.

    Args:
        tx: the act.
        session_id: the session.
        met_no: the substitute.
        reason: why.
        before: who was appointed when the form opened; None: whoever is.

    Raises:
        Refused: somebody else was appointed meanwhile, too late, the same assessor, not in force (DV-A05), in another
            place (DV-A06), full (DV-A07), or a tie of ownership with a candidate (DV-A08).
    """
    session = session_at(tx, session_id)
    met, why = inputs.code(met_no, "Nomor MET", 40), inputs.reason(reason)
    if session["status"] not in {*ATTENDANCE_OPEN, SessionStatus.PLANNED}:
        raise refuse("SUBSTITUTION_TOO_LATE", session_id=session["session_id"], state=state_of(session))
    if met == session["met_no"]:
        raise refuse("SUBSTITUTE_SAME", met_no=met)
    if before is not None and before != session["met_no"]:
        raise refuse("CHANGED_MEANWHILE")
    listed = on_list(tx, session["session_id"])
    check_in_force(tx, session, met, session["exam_on"])
    _check_ties(tx, session, ids_of(listed))
    journeys.hold_part(tx, ids_of(listed), "KONSORSIUM")
    _move_seats(tx, session, met, len(listed))
    _appoint(tx, session, met, why)
    told = {"before": session["met_no"], "after": met, "reason": why, "candidates": len(listed)}
    event = tx.record(ENTITY, session["session_id"], told)
    if any(row["status"] not in BEFORE_PACKAGE for row in listed):
        key = str(session["session_id"])
        deviation_register.note(tx, "DV-A10", told, mode="D", subject_kind=ENTITY, subject_code=key, audit_event=event)
    if session["status"] == SessionStatus.RUNNING:
        move_session(tx, session, SessionStatus.OPEN, {"why": "substitute"}, running_at=None, asesor_proof_id=None)
    return {"session_id": int(session["session_id"]), "met_no": met}


def _check_ties(tx: Tx, session: Row, journey_ids: list[int]) -> None:
    """Refuse a body that is tied to the PPTKIS or BLKLN of somebody on the list (DV-A08)."""
    tied = many(
        tx.db,
        "select candidate.journey_id from posko.candidate as candidate join posko.ownership_tie as tie"
        " on (tie.party_kind = 'PPTKIS' and tie.party_code = candidate.pptkis_name)"
        " or (tie.party_kind = 'BLKLN' and tie.party_code = candidate.blkln_code)"
        " where candidate.journey_id in :ids and ((tie.body_kind = 'LSP' and tie.body_code = :lsp)"
        " or (tie.body_kind = 'TUK' and tie.body_code = :tuk)) and tie.valid_from <= :day"
        " and (tie.valid_until is null or tie.valid_until >= :day) limit 1",
        ids=journey_ids,
        lsp=session["lsp_code"],
        tuk=session["tuk_code"],
        day=session["exam_on"],
    )
    if tied:
        tx.context.update(journey_id=tied[0]["journey_id"])
        raise refuse("SUBSTITUTE_TIED")


def _move_seats(tx: Tx, session: Row, met_no: str, seats: int) -> None:
    """Book the candidates with the substitute and free them with the one before; the CHECKed counter decides (DV-A07)."""
    day = session["exam_on"]
    tx.db.execute(
        sa.text("insert ignore into posko.asesor_day (met_no, exam_on, capacity) values (:met, :day, :most)"),
        {"met": met_no, "day": day, "most": number_on(tx.db, "asesor_per_day", day)},
    )
    booked = change(
        tx.db,
        "update posko.asesor_day set booked = booked + :seats where met_no = :met and exam_on = :day"
        " and booked + :seats <= capacity",
        seats=seats,
        met=met_no,
        day=day,
    )
    if seats and booked != 1:
        raise refuse("SUBSTITUTE_FULL", met_no=met_no, day=day)
    free_seats(tx, session, seats, tuk=False)


def _appoint(tx: Tx, session: Row, met_no: str, reason: str) -> None:
    """Write the appointment; that nobody is in two places is a unique key (DV-A06)."""
    number = session["session_id"]
    if many(tx.db, _FAR_AWAY, met=met_no, day=session["exam_on"], tuk=session["tuk_code"]):
        raise refuse("SUBSTITUTE_ELSEWHERE", met_no=met_no)
    try:
        with tx.db.begin_nested():
            change(tx.db, "update posko.exam_session set met_no = :met where session_id = :id", met=met_no, id=number)
    except sa.exc.IntegrityError as error:
        raise refuse("SUBSTITUTE_ELSEWHERE", met_no=met_no) from error
    follow(tx, number, met_no, reason)


def follow(tx: Tx, session_id: int, met_no: str, reason: str) -> None:
    """End the appointment that stands and write the next one; the one before stays in the history."""
    change(
        tx.db,
        "update posko.appointment set ended_at = :at where session_id = :id and ended_at is null",
        at=tx.at,
        id=session_id,
    )
    told = {"appointed_at": tx.at, "appointed_by": tx.person_id, "reason": reason}
    add(tx.db, "appointment", {"session_id": session_id, "met_no": met_no, **told})
