"""Scores of the assessor, each unit K or BK, under a fresh finger (§13.7, Gambar 10; R-064, R-128..R-132, X2).

Only the appointed assessor scores, only after the TUK released the session, and only who sat the test. A score stands; a correction is
a version of its own with its reason, and the one before is kept. With the last score the result table goes to the LSP by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.journey import ENTITY
from posko.domain.matrix import Command
from posko.domain.proof import FingerProof, Purpose
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.domain.session_status import SessionStatus
from posko.domain.status import Status
from posko.services import deviation_register, inputs, journeys, results
from posko.services.assessment_sheet import Scores, read_notes, read_results, read_scores, result_of, units_on
from posko.services.office import act
from posko.services.proofs import use_proof
from posko.services.rows import Row, add_many, many, one
from posko.services.session_rows import ENTITY as SESSION
from posko.services.session_rows import ids_of, move_session, on_list, session_at, state_of

if TYPE_CHECKING:
    from posko.services.office import Tx

SCORED = frozenset({SessionStatus.SCORED, SessionStatus.CLOSED})
RELEASED = SCORED | {SessionStatus.SCORING_OPEN}


@act("assessment.score", Command.SCORE)
def score(
    tx: Tx, *, session_id: int, scores: dict[int, dict[str, str]], notes: Any = None, proof: FingerProof
) -> dict[str, int]:
    """Score some candidates of the session, or all; return how many were scored now and how many are left.

    Args:
        tx: the act of the appointed assessor.
        session_id: the session, released for scoring by the TUK.
        scores: journey_id -> unit -> `K` or `BK`, every unit of the scheme that was in force on the exam day.
        notes: journey_id -> unit -> text, where the assessor wrote any.
        proof: the assessor's finger, taken again for this at the TUK.

    Raises:
        NotPermitted: who acts is not the appointed assessor.
        Refused: before the release (DV-N02), no fresh proof (DV-N01), who did not sit (DV-S05), scored before, or incomplete.
    """
    session = session_at(tx, session_id, scope=("session_id",))
    if session["status"] in SCORED:
        raise refuse("SESSION_SCORED", session_id=session["session_id"])
    if session["status"] != SessionStatus.SCORING_OPEN:
        raise refuse("SCORING_NOT_OPEN", session_id=session["session_id"], state=state_of(session))
    units = [str(row["unit_code"]) for row in units_on(tx, session)]
    filled = read_scores(scores, units)
    noted = read_notes(notes, filled)
    listed = {int(row["journey_id"]): row for row in on_list(tx, session["session_id"])}
    _check_tested(tx, session, filled, listed)
    taken = _prove(tx, session, proof)
    rows = [listed[number] for number in sorted(filled)]
    journeys.hold_part(tx, list(filled), "ASESOR")
    write_assessments(tx, session, filled, taken, notes=noted)
    told = {
        number: {"session": session["session_id"], "result": result_of(found), "proof": taken.proof_id, "version": 1}
        for number, found in filled.items()
    }
    journeys.advance_many(tx, rows, Status.ASSESSED, told)
    left = sum(row["status"] == Status.TESTED for row in listed.values()) - len(rows)
    if left == 0:
        scored = many(
            tx.db, "select distinct journey_id from posko.assessment where session_id = :id", id=session["session_id"]
        )
        move_session(tx, session, SessionStatus.SCORED, {"scored": len(scored)})
        results.send(tx, session, ids_of(scored))
    return {"scored": len(rows), "left": left}


def _check_tested(tx: Tx, session: Row, filled: Scores, listed: dict[int, Row]) -> None:
    """Refuse a score for somebody who did not sit: by her state, and by the attendance that proves it (R-129, DV-S05)."""
    present = many(
        tx.db,
        "select journey_id from posko.attendance where session_id = :id and outcome = 'PRESENT'",
        id=session["session_id"],
    )
    came = set(ids_of(present))
    for number in sorted(filled):
        row = listed.get(number)
        if row is not None:
            tx.context.update(journey_id=number, tki_id=row["tki_id"])
        if row is not None and row["status"] == Status.ASSESSED:
            raise refuse("SCORED_ALREADY", journey_id=number)
        if row is None or row["status"] != Status.TESTED or number not in came:
            raise refuse("SCORE_NOT_TESTED", journey_id=number)
    for name in ("journey_id", "tki_id"):
        tx.context.pop(name, None)


def _prove(tx: Tx, session: Row, proof: object) -> FingerProof:
    """Take the assessor's own finger, asked for again at the session's TUK (R-128)."""
    person_id, tuk_code = tx.person_id, session["tuk_code"]
    return use_proof(tx, proof, kind="STAFF", person_id=person_id, purpose=Purpose.SCORE, tuk_code=tuk_code)


def write_assessments(
    tx: Tx,
    session: Row,
    filled: Scores,
    proof: FingerProof,
    *,
    version: int = 1,
    reason: str | None = None,
    notes: Scores | None = None,
) -> None:
    """Write one assessment and its units for each candidate; the caller holds the session's lock."""
    number = session["session_id"]
    shared = {
        "session_id": number,
        "version": version,
        "met_no": session["met_no"],
        "proof_id": proof.proof_id,
        "reason": reason,
        "assessed_at": tx.at,
        "assessed_by": tx.person_id,
    }
    add_many(
        tx.db,
        "assessment",
        [{**shared, "journey_id": key, "result": result_of(found)} for key, found in filled.items()],
    )
    made = many(
        tx.db,
        "select assessment_id, journey_id from posko.assessment"
        " where session_id = :session and version = :version and journey_id in :ids",
        session=number,
        version=version,
        ids=list(filled),
    )
    items = [
        {
            "assessment_id": row["assessment_id"],
            "unit_code": unit,
            "result": result,
            "note": (notes or {}).get(row["journey_id"], {}).get(unit),
        }
        for row in made
        for unit, result in filled[row["journey_id"]].items()
    ]
    add_many(tx.db, "score_item", items)


@act("assessment.correct", Command.CORRECT_SCORE)
def correct_score(
    tx: Tx, *, session_id: int, journey_id: int, scores: dict[str, str], reason: str, proof: FingerProof
) -> dict[str, Any]:
    """Correct the scores of one candidate with a reason and a fresh finger; the old ones are kept (R-131).

    Args:
        tx: the act of the appointed assessor.
        session_id: the session.
        journey_id: the candidate.
        scores: unit -> `K` or `BK`, all units again.
        reason: why.
        proof: as for `score`.

    Returns:
        `version`, `result`, and `batch_id` where the result table was sent before and a new version of this line goes after it.

    Raises:
        Refused: not scored yet, decided by the LSP already (DV-N04), nothing differs, or no fresh proof (DV-N01).
    """
    session = session_at(tx, session_id, scope=("session_id",))
    number, why = inputs.number(journey_id, "Nomor peserta"), inputs.reason(reason)
    if session["status"] not in RELEASED:
        raise refuse("SCORING_NOT_OPEN", session_id=session["session_id"], state=state_of(session))
    row, old = _scored(tx, session, number)
    filled = read_results(number, scores, [str(unit["unit_code"]) for unit in units_on(tx, session)])
    if filled == old["units"]:
        raise refuse("NOTHING_CORRECTED")
    taken = _prove(tx, session, proof)
    journeys.hold_part(tx, [number], "ASESOR")
    version = int(old["version"]) + 1
    write_assessments(tx, session, {number: filled}, taken, version=version, reason=why)
    told = {
        "session": session["session_id"],
        "version": version,
        "before": old["result"],
        "after": result_of(filled),
        "units_changed": sorted(unit for unit in filled if filled[unit] != old["units"].get(unit)),
        "reason": why,
        "proof": taken.proof_id,
    }
    event = tx.record(ENTITY, journeys.name_of(row), told)
    _note_seen(tx, session, row, told, event)
    batch_id = results.send(tx, session, [number]) if session["status"] in SCORED else None
    return {"version": version, "result": result_of(filled), "batch_id": batch_id}


def _scored(tx: Tx, session: Row, journey_id: int) -> tuple[Row, Row]:
    """Return a candidate's journey and her newest assessment in this session, if the LSP has not decided yet."""
    found = [row for row in results.newest_of(tx.db, [journey_id]) if row["session_id"] == session["session_id"]]
    if not found:
        raise refuse("NOT_SCORED", journey_id=journey_id)
    row = journeys.read(tx, journey_id)
    if row["status"] != Status.ASSESSED:
        raise refuse("CORRECTION_TOO_LATE", journey_id=journey_id)
    return row, found[0]


def _note_seen(tx: Tx, session: Row, row: Row, told: dict[str, Any], event: str) -> None:
    """Note a correction of what the LSP had seen (DV-N04): it holds the result until a case is closed."""
    if session["status"] == SessionStatus.CLOSED:
        name = journeys.name_of(row)
        deviation_register.note(tx, "DV-N04", told, mode="D", subject_kind=ENTITY, subject_code=name, audit_event=event)


@act("assessment.sheet", Command.SCORE)
def sheet(tx: Tx, *, session_id: int) -> dict[str, Any]:
    """Return the scoring form of a released session for its assessor (Gambar 10): who sat, the units, and what stands so far.

    Raises:
        Refused: the TUK has not released the session.
    """
    session = session_at(tx, session_id, scope=("session_id",), how=Act.READ, lock="")
    if session["status"] not in RELEASED:
        raise refuse("SHEET_NOT_OPEN", session_id=session["session_id"], state=state_of(session))
    units = units_on(tx, session)
    people = _who_sat(tx, session)
    standing = {row["journey_id"]: row for row in results.newest_of(tx.db, ids_of(people))}
    tx.record(SESSION, session["session_id"], {"candidates": len(people)})
    names = one(
        tx.db,
        "select tuk.tuk_name, asesor.asesor_name from posko.tuk as tuk, posko.asesor as asesor"
        " where tuk.tuk_code = :tuk and asesor.met_no = :met",
        tuk=session["tuk_code"],
        met=session["met_no"],
    )
    return {
        "session": {
            **{
                name: session[name]
                for name in ("session_id", "tuk_code", "lsp_code", "scheme_code", "status", "met_no")
            },
            **(names or {}),
            "exam_on": session["exam_on"].isoformat(),
        },
        "units": units,
        "candidates": [_line(row, standing.get(row["journey_id"])) for row in people],
    }


def _who_sat(tx: Tx, session: Row) -> list[Row]:
    return many(
        tx.db,
        "select attendance.journey_id, candidate.tki_id, candidate.full_name from posko.attendance as attendance"
        " join posko.candidate as candidate on candidate.journey_id = attendance.journey_id"
        " where attendance.session_id = :id and attendance.outcome = 'PRESENT' order by candidate.full_name,"
        " attendance.journey_id",
        id=session["session_id"],
    )


def _line(row: Row, standing: Row | None) -> dict[str, Any]:
    return {
        "journey_id": int(row["journey_id"]),
        "tki_id": row["tki_id"],
        "full_name": row["full_name"],
        "units": standing["units"] if standing else {},
        "result": standing["result"] if standing else None,
        "proof_id": standing["proof_id"] if standing else None,
        "version": int(standing["version"]) if standing else 0,
    }
