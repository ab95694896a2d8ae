"""What a station took while its line was cut, entry by entry: each number once, in order, with its outcome (§13.2-13.6; R-185, DV-I10).

`biometrics` has checked the signature and compared the finger again; here the entry, the attendance that comes of it and what is
recorded of a refusal are one transaction. An entry that came before gets its first answer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from posko.domain.calendar import local_day
from posko.domain.errors import Refused
from posko.domain.matrix import Role
from posko.domain.proof import FingerProof, Purpose
from posko.domain.refusals import refuse
from posko.domain.roles import Principal
from posko.services import deviation_register
from posko.services.attendance_late import ACT as LATE
from posko.services.attendance_late import record_late
from posko.services.office import ACTS, act
from posko.services.proofs import use_proof
from posko.services.rows import Row, add, one

if TYPE_CHECKING:
    import datetime as dt

    import sqlalchemy as sa

    from posko.services.office import Tx

ENTITY = "station"
OPERATOR, ATTEND = "OPERATOR", "ATTEND"
PROBE_BROKEN, NOT_COMPARED = "STATION_PROBE_BROKEN", "STATION_NOT_COMPARED"
"""Problems that `biometrics` finds with the finger of an entry, beside those of a comparison."""
KEPT = ("outcome", "statement_no", "tries", "late_seconds", "code", "sentence")
"""What is kept of an answer: nobody's data."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a station's chain, its signature and hash checked by `biometrics`.

    `kind` is OPERATOR (an administrator of the TUK signs for what follows) or ATTEND; `person_id` whose finger it was;
    `captured_at` by the station's clock, UTC; `local_score` what the station found, NBIS units.
    """

    key_id: str
    seq: int
    station_code: str
    tuk_code: str | None
    entry_sha256: bytes
    kind: str
    session_id: int | None
    person_id: str
    sample_sha256: bytes
    captured_at: dt.datetime
    local_score: int


def state_of(db: sa.Connection, key_id: str) -> Row:
    """Return `seq` and `entry_sha256` of the newest entry of a key, and `operator_id` and `auth_event` in force after it."""
    row = one(
        db,
        "select seq, entry_sha256, operator_id from posko.station_upload where key_id = :key order by seq desc limit 1",
        key=key_id,
    )
    return row or {"seq": 0, "entry_sha256": None, "operator_id": None}


def answered(db: sa.Connection, key_id: str, seq: int) -> Row | None:
    """Return `entry_sha256` and `answer` of an entry that is here; None: it is not."""
    row = one(
        db,
        "select entry_sha256, answer from posko.station_upload where key_id = :key and seq = :seq",
        key=key_id,
        seq=seq,
    )
    return None if row is None else {**row, "answer": json.loads(row["answer"])}


@act("station.take_entry", None)
def take(
    tx: Tx, *, entry: Entry, proof: FingerProof | None, problem: Refused | None = None, is_recorded: bool = False
) -> Row:
    """Take the next entry of a chain with all that comes of it, and return the answer.

    Args:
        tx: the act, of the system's desk at the station.
        entry: the entry; the caller has seen that it is the next one.
        proof: of the finger, compared again here; None where nothing was compared.
        problem: why it counts for nothing, found by `biometrics`.
        is_recorded: the deviation of that refusal stands in the register already.

    Returns:
        `seq`, `outcome` (of the attendance, ACCEPTED for an operator, REFUSED), and of a refusal `code` and `sentence`.

    Raises:
        Refused: it is not the next one any more.
    """
    tx.permit()
    if not isinstance(entry, Entry) or not isinstance(problem, Refused | None):
        raise refuse("STATION_MESSAGE")
    tx.about(ENTITY, entry.station_code)
    one(tx.db, "select key_id from posko.station_key where key_id = :key for update", key=entry.key_id)
    last = state_of(tx.db, entry.key_id)
    if last["seq"] != entry.seq - 1:
        raise refuse("STATION_GAP", expected=last["seq"] + 1, seq=entry.seq)
    answer, operator_id = _done(tx, entry, proof, problem, last["operator_id"], is_recorded=is_recorded)
    answer = {"seq": entry.seq, **{name: answer[name] for name in KEPT if answer.get(name) is not None}}
    row = {
        "key_id": entry.key_id,
        "seq": entry.seq,
        "station_code": entry.station_code,
        "entry_sha256": entry.entry_sha256,
        "kind": entry.kind,
        "session_id": entry.session_id,
        "person_id": entry.person_id,
        "sample_sha256": entry.sample_sha256,
        "captured_at": entry.captured_at,
        "local_score": entry.local_score,
        "score": proof and proof.score,
        "outcome": answer["outcome"],
        "answer": json.dumps(answer),
        "operator_id": operator_id,
        "received_at": tx.at,
    }
    add(tx.db, "station_upload", row)
    told = {"seq": entry.seq, "kind": entry.kind, "outcome": answer["outcome"], "local_score": entry.local_score}
    tx.record(ENTITY, entry.station_code, {**told, "proof": proof and proof.proof_id, "operator": operator_id})
    return answer


def _done(
    tx: Tx,
    entry: Entry,
    proof: FingerProof | None,
    problem: Refused | None,
    operator_id: str | None,
    *,
    is_recorded: bool,
) -> tuple[dict[str, Any], str | None]:
    """Do what the entry says, or record why not; return the answer and who answers for the entries after it."""
    try:
        with tx.db.begin_nested():
            if problem is not None:
                raise problem
            if entry.kind == OPERATOR:
                return _sign_in(tx, entry, proof), entry.person_id
            return _attend(tx, entry, proof, operator_id), operator_id
    except Refused as refusal:
        # A late operator who is refused answers for nothing; what follows waits for one who is not.
        _record(tx, entry, refusal, is_new=not (is_recorded and refusal is problem))
        told = {"outcome": "REFUSED", "code": refusal.code, "sentence": str(refusal)}
        return told, None if entry.kind == OPERATOR else operator_id


def _sign_in(tx: Tx, entry: Entry, proof: FingerProof | None) -> dict[str, Any]:
    """Let an administrator of this TUK answer for what follows, by her own finger (R-046)."""
    found = one(
        tx.db,
        "select 1 as found from posko.staff where person_id = :id and role = 'TUK' and tuk_code = :tuk and state = 'ACTIVE'",
        id=entry.person_id,
        tuk=entry.tuk_code,
    )
    if found is None:
        raise refuse("STATION_NOT_OPERATOR")
    use_proof(
        replace(tx, at=entry.captured_at),
        proof,
        kind="STAFF",
        person_id=entry.person_id,
        purpose=Purpose.LOGIN,
        tuk_code=entry.tuk_code,
    )
    return {"outcome": "ACCEPTED"}


def _attend(tx: Tx, entry: Entry, proof: FingerProof | None, operator_id: str | None) -> dict[str, Any]:
    if operator_id is None or not _signed_in_that_day(tx, entry, operator_id):
        raise refuse("STATION_NO_OPERATOR")
    if proof is None or entry.session_id is None:
        raise refuse("PROOF_MISSING")
    return record_late(
        _as(tx, operator_id, entry.tuk_code), session_id=entry.session_id, tki_id=entry.person_id, proof=proof
    )


def _signed_in_that_day(tx: Tx, entry: Entry, operator_id: str) -> bool:
    """Return whether the administrator gave her finger on the day of the entry, by the station's own clock."""
    found = one(
        tx.db,
        "select captured_at from posko.station_upload where key_id = :key and kind = 'OPERATOR' and outcome = 'ACCEPTED'"
        " and person_id = :operator order by seq desc limit 1",
        key=entry.key_id,
        operator=operator_id,
    )
    return found is not None and local_day(found["captured_at"]) == local_day(entry.captured_at)


def _as(tx: Tx, operator_id: str, tuk_code: str | None) -> Tx:
    """Return the act of the administrator who signed in at the station, in the same transaction."""
    by = Principal(Role.TUK, operator_id, None, tuk_code)
    return replace(tx, desk=replace(tx.desk, by=by), meta=ACTS[LATE], context={})


def _record(tx: Tx, entry: Entry, refusal: Refused, *, is_new: bool) -> None:
    """Write a refusal of one entry down, with its deviation; the entry itself is kept."""
    told: dict[str, Any] = {"code": refusal.code, "seq": entry.seq, "kind": entry.kind, "session": entry.session_id}
    event = tx.record(ENTITY, entry.station_code, told, outcome="refused")
    if is_new and refusal.rule is not None:
        deviation_register.note_refusal(tx, refusal, told, audit_event=event)
