"""Use of finger proofs: sealed by `biometrics`, fresh, for this person, purpose and place, and only once (§8.2, §13.3-13.7; R-128, X3)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from posko.domain.calendar import local_day
from posko.domain.matrix import Role
from posko.domain.proof import FingerProof, Purpose, is_sealed
from posko.domain.refusals import refuse
from posko.domain.roles import Principal, permit
from posko.services.parameter_values import number_on
from posko.services.rows import add, one
from posko.services.templates import version_in_force

if TYPE_CHECKING:
    from posko.domain.matrix import Command
    from posko.domain.proof import PersonKind
    from posko.services.office import Tx

CLOCK_SKEW = timedelta(seconds=5)


def use_proof(
    tx: Tx,
    proof: object,
    *,
    kind: PersonKind,
    person_id: str,
    purpose: Purpose,
    tuk_code: str | None = None,
    must_match: bool = True,
) -> FingerProof:
    """Take a proof for one act and keep it; return it.

    Args:
        tx: the act.
        proof: what `biometrics` gave; anything else is refused.
        kind: `TKI` or `STAFF`.
        person_id: whose finger it must be.
        purpose: what it must have been asked for.
        tuk_code: the TUK at whose station it must have been taken; None: any station in force.
        must_match: refuse a finger that does not match; otherwise the caller stores the outcome.

    Raises:
        Refused: it is no proof, not for this, too old, was used before, or her finger was replaced since (DV-N01, DV-I10, DV-I12).
    """
    if not isinstance(proof, FingerProof):
        raise refuse("PROOF_MISSING")
    _check_binding(tx, proof, kind, person_id, purpose)
    _check_place(tx, proof, tuk_code)
    _check_template(tx, proof)
    if must_match and not proof.is_match:
        tx.context.update(score=proof.score, threshold=proof.threshold, quality=proof.quality)
        raise refuse("NO_MATCH")
    _spend(tx, proof)
    return proof


def second_person(tx: Tx, proof: object, command: Command) -> str:
    """Return the number of the second person of a two-person act, proven by her own finger.

    Raises:
        Refused: no second person, the same one, not active, or the role may not.
    """
    if proof is None:
        raise refuse("SECOND_PERSON_MISSING")
    if not isinstance(proof, FingerProof):
        raise refuse("PROOF_MISSING")
    if tx.by is not None and proof.person_id == tx.by.person_id:
        raise refuse("SECOND_PERSON_SAME")
    found = one(
        tx.db,
        "select role, lsp_code, tuk_code from posko.staff where person_id = :id and state = 'ACTIVE'",
        id=proof.person_id,
    )
    if found is None:
        raise refuse("SECOND_PERSON_UNKNOWN")
    permit(
        Principal(Role(found["role"]), proof.person_id, found["lsp_code"], found["tuk_code"]),
        command,
        lsp_code=found["lsp_code"],
        tuk_code=found["tuk_code"],
    )
    use_proof(tx, proof, kind="STAFF", person_id=proof.person_id, purpose=Purpose.SECOND_PERSON)
    return proof.person_id


def _check_binding(tx: Tx, proof: FingerProof, kind: PersonKind, person_id: str, purpose: Purpose) -> None:
    if not is_sealed(proof, tx.desk.office.keys["finger-proof"]):
        raise refuse("PROOF_FORGED")
    if (proof.person_kind, proof.person_id) != (kind, person_id):
        raise refuse("PROOF_WRONG_PERSON")
    if proof.purpose is not purpose:
        raise refuse("PROOF_WRONG_PURPOSE")
    minutes = number_on(tx.db, "proof_minutes", local_day(tx.at))
    if tx.at - proof.captured_at > timedelta(minutes=minutes):
        raise refuse("PROOF_STALE", minutes=minutes)
    if proof.captured_at - tx.at > CLOCK_SKEW:
        raise refuse("PROOF_EARLY")


def _check_place(tx: Tx, proof: FingerProof, tuk_code: str | None) -> None:
    station = one(
        tx.db,
        "select tuk_code, reader_serial from posko.station where station_code = :code and valid_from <= :day"
        " and (valid_until is null or valid_until >= :day)",
        code=proof.station_code,
        day=local_day(tx.at),
    )
    if station is None or station["reader_serial"] != proof.reader_serial:
        raise refuse("PROOF_UNKNOWN_STATION", station=proof.station_code)
    if tuk_code is not None and station["tuk_code"] != tuk_code:
        raise refuse("PROOF_WRONG_PLACE")


def _check_template(tx: Tx, proof: FingerProof) -> None:
    """Refuse a proof that was compared with a set of templates that is no longer the person's; at enrolment it is not yet."""
    if proof.purpose is Purpose.ENROL:
        return
    version = version_in_force(tx.db, proof.person_kind, proof.person_id)
    if version is not None and version != proof.template_version:
        raise refuse("PROOF_OLD_TEMPLATE")


def _spend(tx: Tx, proof: FingerProof) -> None:
    row = {name: getattr(proof, name) for name in FingerProof.__slots__ if name not in {"seal", "purpose", "is_match"}}
    row |= {"purpose": proof.purpose.value, "is_match": int(proof.is_match), "used_for": tx.meta.name, "used_at": tx.at}
    try:
        with tx.db.begin_nested():
            add(tx.db, "finger_proof", row)
    except sa.exc.IntegrityError as error:
        again = one(tx.db, "select 1 as used from posko.finger_proof where proof_id = :id", id=proof.proof_id)
        raise refuse("SAMPLE_REPLAYED" if again is None else "PROOF_USED") from error
