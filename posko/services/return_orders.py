"""BNSP lets the system return results now, or look now what BNP2TKI shows, instead of waiting for the next run (§14.3-14.5).

The truth table gives publication and return one row: BNSP starts, the system does it, with the same gate and the same checks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.matrix import Command
from posko.domain.roles import Act
from posko.services import returns
from posko.services.office import act

if TYPE_CHECKING:
    from posko.services.office import Tx


@act("return.start", Command.PUBLISH)
def start(tx: Tx) -> dict[str, int | None]:
    """Make the return of all that is published and not yet returned; answers as `returns.make_return`.

    It waits in the outbox then: the next run of the system writes it at BNP2TKI, which alone relays it.

    Raises:
        Refused: a result does not fit its decision (DV-C06).
    """
    tx.about("return", "-")
    tx.permit(how=Act.START_STOP)
    return returns.send_due(tx)


@act("return.look", Command.PUBLISH)
def look(tx: Tx, *, return_batch_id: int) -> dict[str, Any]:
    """Compare a return with what BNP2TKI last delivered; answers and refusals as `returns.acknowledge`."""
    tx.permit(how=Act.START_STOP)
    return returns.look_again(tx, return_batch_id)
