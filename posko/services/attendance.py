"""Attendance of candidates at a TUK, proven by fingerprint before they enter the class (§13.2-13.6; R-050, R-120..R-124, X7).

A candidate of this session's list puts a finger on the reader. If it is hers she is PRESENT and may sit the test. If it is not, the
finger is stored; after the parameter `attendance_tries` misses the other finger is asked for, and after as many of each registered finger
she is turned away for the day, with a statement. A person who is not on the list is turned away with a statement too. Whoever has no row
was not there: presence has no default.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from posko.domain.journey import ENTITY
from posko.domain.matrix import Command, Role
from posko.domain.refusals import refuse
from posko.domain.roles import Principal
from posko.domain.status import Status
from posko.services import deviation_register, inputs, journeys
from posko.services.attendance_rows import (
    add_attendance,
    check_open,
    check_waiting,
    expected,
    listed,
    new_statement_no,
    shown_of,
)
from posko.services.attendance_scan import check_in
from posko.services.office import act
from posko.services.proofs import second_person
from posko.services.rows import one
from posko.services.session_rows import ENTITY as SESSION
from posko.services.session_rows import SHARE, session_at

if TYPE_CHECKING:
    from posko.domain.proof import FingerProof
    from posko.services.office import Tx
    from posko.services.rows import Row


@act("attendance.record", Command.ATTEND)
def record_attendance(tx: Tx, *, session_id: int, tki_id: str, proof: FingerProof) -> dict[str, Any]:
    """Record one finger check of a candidate and return what came of it.

    Args:
        tx: the act.
        session_id: the exam session at this TUK today.
        tki_id: ID TKI as typed or read.
        proof: outcome of one comparison at a station of this TUK, taken for attendance; it need not match.

    Returns:
        `outcome` (PRESENT, TURNED_AWAY_NO_MATCH, TRY_AGAIN, TRY_OTHER_FINGER, POOR_QUALITY), `statement_no` of who is turned away,
        `tries` so far, and the registered data as `candidate`, only after a match (R-123).

    Raises:
        Refused: the session is not open (DV-S02), she is not on its list (DV-S01), her outcome stands, or it is no proof (DV-N01).
    """
    session = session_at(tx, session_id, scope=("tuk_code",), lock=SHARE)
    check_open(tx, session)
    return check_in(tx, session, tki_id, proof)


@act("attendance.turn_away", Command.ATTEND)
def turn_away_unregistered(tx: Tx, *, session_id: int, id_as_typed: str, reason: str) -> dict[str, str]:
    """State that a person cannot sit, of whom nothing is known here (13.5, X7); return the statement's number.

    No TKI row is invented: the ID stands as it was typed, and never in the log. A TKI of this list of whom there is no finger to
    compare becomes TURNED_AWAY_NOT_REGISTERED.

    Raises:
        Refused: the session is not open (DV-S02), or the outcome of this TKI stands already.
    """
    session = session_at(tx, session_id, scope=("tuk_code",), lock=SHARE)
    typed, why = inputs.typed_id(id_as_typed), inputs.reason(reason)
    check_open(tx, session)
    outcome = Status.TURNED_AWAY_NOT_REGISTERED
    row = listed(tx, session, typed)
    statement_no = new_statement_no(tx, session)
    told = {"session": session["session_id"], "statement": statement_no, "reason": why}
    if row is not None:
        check_waiting(row)
        journeys.hold_part(tx, [row["journey_id"]], "TUK")
        journeys.advance(tx, row, outcome, told)
    else:
        tx.record(SESSION, session["session_id"], {"outcome": outcome.value, **told})
    add_attendance(
        tx,
        session,
        outcome,
        id_as_typed=typed,
        journey_id=row["journey_id"] if row else None,
        statement_no=statement_no,
        reason=why,
    )
    return {"statement_no": statement_no}


@act("attendance.exception", Command.BIOMETRIC_EXCEPTION)
def record_exception(tx: Tx, *, session_id: int, tki_id: str, reason: str, second: FingerProof) -> dict[str, Any]:
    """Let a candidate sit whose fingers cannot be read: two persons of two roles answer for it (R-050).

    It is always a deviation (DV-I09), and has a statement. The row holds the second person's proof and no score, because no finger of
    hers was compared.

    Returns:
        `outcome`, `statement_no`, and the registered data as `candidate`.

    Raises:
        Refused: as `record_attendance`, or the second person is of the same role, of another LSP or TUK, or has no proof.
    """
    session = session_at(tx, session_id, scope=("lsp_code", "tuk_code"), lock=SHARE)
    why = inputs.reason(reason)
    check_open(tx, session)
    row = expected(tx, session, inputs.typed_id(tki_id))
    by = _second_of_another_role(tx, session, second)
    for who in (tx.by, by):
        _hold_part_of(tx, row, who)
    statement_no = new_statement_no(tx, session)
    add_attendance(
        tx,
        session,
        Status.PRESENT,
        id_as_typed=row["tki_id"],
        journey_id=row["journey_id"],
        proof_id=second.proof_id,
        station_code=second.station_code,
        statement_no=statement_no,
        reason=why,
    )
    told = {"session": session["session_id"], "exception": why, "second": by.person_id, "proof": second.proof_id}
    told["statement"] = statement_no
    journeys.advance(tx, row, Status.PRESENT, told)
    name = journeys.name_of(row)
    event = tx.record(ENTITY, name, {"outcome": "EXCEPTION", **told})
    deviation_register.note(tx, "DV-I09", told, mode="D", subject_kind=ENTITY, subject_code=name, audit_event=event)
    return {
        "outcome": Status.PRESENT.value,
        "statement_no": statement_no,
        "candidate": shown_of(tx, row["journey_id"]),
    }


def _second_of_another_role(tx: Tx, session: Row, second: object) -> Principal:
    """Return the second person, who is of another role than the first and, if of an LSP or TUK, of this session's."""
    person_id = second_person(tx, second, Command.BIOMETRIC_EXCEPTION)
    found = one(tx.db, "select role, lsp_code, tuk_code from posko.staff where person_id = :id", id=person_id)
    if found is None:
        raise refuse("SECOND_PERSON_UNKNOWN")
    by = Principal(Role(found["role"]), person_id, found["lsp_code"], found["tuk_code"])
    if tx.by is not None and by.role is tx.by.role:
        raise refuse("SECOND_PERSON_SAME_ROLE")
    if by.lsp_code not in {None, session["lsp_code"]} or by.tuk_code not in {None, session["tuk_code"]}:
        raise refuse("SECOND_PERSON_ELSEWHERE")
    return by


def _hold_part_of(tx: Tx, row: Row, who: Principal | None) -> None:
    """Note the part of one of the two; BNSP and the Super Administrator have none of the four parts (R-070)."""
    if who is not None and who.role in {Role.LSP, Role.TUK}:
        journeys.hold_part(replace(tx, desk=replace(tx.desk, by=who)), [row["journey_id"]], who.role.value)
