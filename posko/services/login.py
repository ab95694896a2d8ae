"""Sign-in: identification number and finger, never a password (§8.2, §12.5 Gambar 1-3, §13.1; R-042..R-049, X3, X4).

Whatever is wrong, unknown number, wrong finger, suspended, locked, no proof at all, the answer is the same and the same work is done;
the true reason stands in the log alone. A rejected sign-in is a stored row, not an error.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from posko.domain.audit import Actor
from posko.domain.errors import Refused
from posko.domain.matrix import Role
from posko.domain.proof import FingerProof, Purpose
from posko.services import deviation_register, inputs, login_locks, sessions
from posko.services.office import act
from posko.services.proofs import use_proof
from posko.services.rows import Row, add, one

if TYPE_CHECKING:
    from posko.services.office import Tx

ACCEPTED, LOCKED = "OK", "LOCKED"
NOTED = frozenset({"PROOF_FORGED", "SAMPLE_REPLAYED", "PROOF_UNKNOWN_STATION"})
"""Refusals of a proof that are attacks or strangers' readers, and deviations at once; the others count towards DV-X02."""


@act("staff.login", None)
def login(tx: Tx, *, id_as_typed: str, station_code: str, proof: object) -> Row:
    """Sign one person in, or reject her; the caller is the system's desk, because nobody is signed in yet.

    Args:
        tx: the act; not under an idempotency key, which would keep the token.
        id_as_typed: what was typed as identification number.
        station_code: the station, as the station says.
        proof: her finger, for the purpose LOGIN; whatever is no proof is a rejection.

    Returns:
        `ok`, `token` (given once, only its digest is kept), `role`, and `reason`, which is always None.
    """
    if tx.desk.key is not None:
        raise ValueError("a sign-in is not done under an idempotency key, because its answer would be kept")
    number, station = typed(id_as_typed), typed(station_code)
    tx.about("login", number)
    tx.permit()
    locks = login_locks.take(tx, number=number, station=station)
    person = one(
        tx.db,
        "select person_id, role, state, enrolled_at, tuk_code from posko.staff where person_id = :id for update",
        id=number,
    )
    is_locked = locks.is_closed(tx)
    outcome = _judge(tx, person, number, station, proof, note=not is_locked)
    if is_locked:
        outcome = LOCKED
    used = one(
        tx.db,
        "select proof_id from posko.finger_proof where proof_id = :id and used_for = :act and used_at = :at",
        id=proof.proof_id if isinstance(proof, FingerProof) else "-",
        act=tx.meta.name,
        at=tx.at,
    )
    proof_id = used["proof_id"] if used else None
    add(
        tx.db,
        "login_attempt",
        {
            "attempted_at": tx.at,
            "id_as_typed": number,
            "station_code": station,
            "outcome": outcome,
            "proof_id": proof_id,
        },
    )
    if outcome != ACCEPTED or person is None or proof_id is None:
        return _reject(tx, locks, number, station, outcome, is_known=person is not None)
    return _accept(tx, locks, person, station, proof_id)


def typed(value: object) -> str:
    """Return what was typed as it may be stored: short, plain, and never a NIK; else a mark made of its digest."""
    known = inputs.person_number_or_none(value)
    if known is not None:
        return known
    if not isinstance(value, str):
        return "?"
    if inputs.looks_like_nik(value[:200]):
        return "?nik"
    return f"?{sha256(value.encode('utf-8', 'replace')).hexdigest()[:15]}"


def _judge(tx: Tx, person: Row | None, number: str, station: str, proof: object, *, note: bool) -> str:
    """Return the true outcome; every path asks the same of the database."""
    try:
        used = use_proof(tx, proof, kind="STAFF", person_id=number, purpose=Purpose.LOGIN, must_match=False)
    except Refused as refusal:
        tx.context.clear()
        if note and refusal.code in NOTED and refusal.rule is not None:
            told = {"code": refusal.code, "act": tx.meta.name, "station": station}
            deviation_register.note(tx, refusal.rule, told, mode="P", subject_kind="login", subject_code=number)
        return refusal.code.removeprefix("PROOF_")[:20]
    if used.station_code != station:
        return "WRONG_PLACE"
    if person is None:
        return "UNKNOWN_ID"
    if not used.is_match:
        return "NO_MATCH"
    if person["state"] != "ACTIVE":
        return "SUSPENDED"
    return ACCEPTED if used.captured_at >= person["enrolled_at"] else "OLD_FINGER"


def _reject(tx: Tx, locks: login_locks.Locks, number: str, station: str, outcome: str, *, is_known: bool) -> Row:
    closed: list[str] = []
    if outcome == LOCKED:
        login_locks.keep(tx, locks)
    else:
        closed = login_locks.count_failure(tx, locks, is_known=is_known)
    told = {"reason": outcome, "station": station, "closed": closed}
    public = Actor("public", "umum", Role.PUBLIC)
    tx.record_many([replace(tx.event("login", number, told, outcome="failed"), actor=public)])
    return {"ok": False, "token": None, "role": None, "reason": None}


def _accept(tx: Tx, locks: login_locks.Locks, person: Row, station: str, proof_id: str) -> Row:
    login_locks.forget_failures(tx, locks)
    herself = Actor("person", person["person_id"], person["role"])
    told = {"station": station, "proof": proof_id}
    auth_event = tx.record_many([replace(tx.event("login", person["person_id"], told), actor=herself)])
    token = sessions.begin(tx, person_id=person["person_id"], station=station, proof_id=proof_id, auth_event=auth_event)
    return {"ok": True, "token": token, "role": person["role"], "reason": None}
