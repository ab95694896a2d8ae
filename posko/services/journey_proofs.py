"""What proves each step of a TKI's way: the finger with its measures, and the event with its seals (§12.5, §13; R-025, R-124, R-181)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.matrix import Command
from posko.domain.roles import Act
from posko.services import as_of, inputs
from posko.services.audit_proof import Prover, held
from posko.services.audit_search import payload_of
from posko.services.office import act
from posko.services.rows import Row, many, many_among

if TYPE_CHECKING:
    from collections.abc import Iterable

    import sqlalchemy as sa

    from posko.services.audit_notes import PublicKey
    from posko.services.office import Tx

_PROOFS = """
    select proof.proof_id, proof.person_kind, proof.person_id, proof.purpose, proof.station_code, proof.is_match, proof.score,
        proof.threshold, proof.quality, proof.template_version, proof.reader_serial, proof.sample_sha256, proof.captured_at,
        proof.used_for, attempt.attempt_id, attempt.reader_kind, attempt.assurance
    from posko.finger_proof as proof left join posko.finger_attempt as attempt on attempt.proof_id = proof.proof_id
    where proof.proof_id in :ids"""
_LOGGED = (
    "select entity_key, payload from posko_audit.audit_event where entity = 'finger' and entity_key in :ids"
    " and action = 'finger.compare' and outcome in ('ok', 'failed')"
)
_COMPARED = ("score", "threshold", "quality", "template_version")
"""What the row of a proof and the log must tell alike."""


@act("journey.proofs", Command.READ_LOG)
def look(tx: Tx, *, tki_id: object, key: PublicKey | None = None) -> dict[str, Any]:
    """Return what proves the steps of a TKI's journeys.

    Args:
        tx: the act.
        tki_id: whose.
        key: the log's public key; None leaves signatures untold.

    Returns:
        `events`: name -> checks as `audit_proof.Prover.check`. `proofs`: number of a finger proof -> whose, purpose, station,
        is_match, score, threshold, quality (0-100), template_version, reader_serial, reader_kind, assurance, sample_sha256 (hex),
        captured_at (ISO, UTC), used_for, and `is_logged`: whether the log tells the same of it (None: it holds no event of it).

    Raises:
        Refused: no ID, or the role may not read the log.
    """
    tx.about("tki", "-")
    tx.permit(how=Act.READ)
    wanted = inputs.tki(tki_id)
    tx.about("tki", wanted)
    steps = [step for one in as_of.journey_at(tx.db, wanted) for step in one.history]
    prover = Prover(tx.db, key, tx.desk.office.audit.is_own)
    found = {step.event: held(tx.db, step.event) for step in steps}
    events = {name: prover.check(one) for name, one in found.items() if one is not None}
    proofs = _proofs(tx.db, {str(step.told["proof"]) for step in steps if step.told.get("proof")})
    broken = sorted(name for name, checks in events.items() if False in checks.values())
    tx.record("tki", wanted, {"events": len(events), "proofs": len(proofs), "broken": broken[:20]})
    return {"events": events, "proofs": proofs}


def _proofs(db: sa.Connection, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    rows = many_among(db, _PROOFS, sorted(ids))
    logged = _logged(db, [str(row["attempt_id"]) for row in rows if row["attempt_id"] is not None])
    return {row["proof_id"]: _proof(row, logged.get(str(row["attempt_id"]))) for row in rows}


def _logged(db: sa.Connection, numbers: list[str]) -> dict[str, dict[str, Any]]:
    """Return number of an attempt -> what the log told of it."""
    if not numbers:
        return {}
    return {row["entity_key"]: payload_of(row["payload"]) for row in many(db, _LOGGED, ids=numbers)}


def _proof(row: Row, logged: dict[str, Any] | None) -> dict[str, Any]:
    is_logged = None if logged is None else all(logged.get(name) == row[name] for name in _COMPARED)
    return {
        **{name: value for name, value in row.items() if name not in {"proof_id", "attempt_id"}},
        "is_match": bool(row["is_match"]),
        "sample_sha256": row["sample_sha256"].hex(),
        "captured_at": row["captured_at"].isoformat(),
        "is_logged": is_logged,
    }
