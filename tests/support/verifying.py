"""Comparisons of a finger with what is enrolled: a proof used once, and what was written of attempts."""

from __future__ import annotations

from posko.domain.proof import Purpose
from posko.services import proofs
from posko.services.office import act


@act("test.use_proof", None)
def use(tx, *, proof, purpose=Purpose.ATTEND, kind="TKI", person_id="T1"):
    tx.permit()
    used = proofs.use_proof(tx, proof, kind=kind, person_id=person_id, purpose=purpose)
    tx.record("test", "-")
    return used.proof_id


def attempts(world, columns: str = "outcome"):
    return world.ask(f"select {columns} from posko.finger_attempt order by attempt_id")
