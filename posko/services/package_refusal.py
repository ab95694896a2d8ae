"""An LSP or TUK refuses a package with a reason, instead of taking it over (§12.10-12.11; R-105, R-182).

Nothing of the package is loaded, its TKI stay DISTRIBUTED, and BNSP sees the reason on its list of open items. Whoever refused may take
the package over when what was wrong is settled; the refusal stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.services import handoffs, inputs
from posko.services.distribution import scope_of
from posko.services.office import act
from posko.services.rows import add, one

if TYPE_CHECKING:
    from posko.services.office import Tx

ENTITY = "handoff"


@act("distribution.refuse", Command.ACKNOWLEDGE)
def refuse_package(tx: Tx, *, batch_id: int, reason: str) -> dict[str, int]:
    """Write down that the receiver does not take a package over, and why; return `refusal_id`.

    Raises:
        Refused: not a package, another's, no reason, or taken over before.
    """
    number = inputs.number(batch_id, "Nomor kiriman")
    tx.about(ENTITY, number)
    part = one(tx.db, "select * from posko.distribution where batch_id = :id", id=number)
    lsp_code, tuk_code = scope_of(part["receiver_kind"], part["receiver_code"]) if part else (None, None)
    tx.permit(lsp_code=lsp_code, tuk_code=tuk_code)
    if part is None:
        raise refuse("NOT_A_PACKAGE", batch_id=number)
    why = inputs.reason(reason)
    # Locked, so that it is not taken over meanwhile.
    if handoffs.locked(tx, number)["loaded_at"] is not None:
        raise refuse("BATCH_TAKEN_OVER", batch_id=number)
    row = {"batch_id": number, "reason": why, "refused_at": tx.at, "refused_by": tx.person_id}
    refusal_id = add(tx.db, "package_refusal", row)
    receiver = f"{part['receiver_kind']}:{part['receiver_code']}"
    tx.record(ENTITY, number, {"step": "refused_by_receiver", "receiver": receiver, "reason": why})
    return {"refusal_id": refusal_id}
