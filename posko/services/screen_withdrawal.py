"""What the Konsorsium sees of what it sent: BNSP's findings, and which batches were withdrawn (§12.6-12.8; R-100..R-102, X6)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from posko.domain.handoff import Hop
from posko.domain.matrix import Command
from posko.domain.roles import Act
from posko.services import inputs
from posko.services.list_query import page
from posko.services.office import act
from posko.services.paging import PAGE_ROWS

if TYPE_CHECKING:
    from posko.services.office import Tx
    from posko.services.rows import Row

STATES = ("SENT", "INCOMPLETE", "COMPLETE", "RELEASED", "WITHDRAWN")
"""How a batch of the Konsorsium stands; only INCOMPLETE may be withdrawn."""
_SENT = """
    from (select batch.batch_id, batch.row_count, batch.sent_at, checked.balance_check_id, checked.checked_at, checked.findings,
            back.back_batch_id, back.withdrawn_at, back.withdrawn_by, back.reason,
            case when back.batch_id is not null then 'WITHDRAWN' when checked.balance_check_id is null then 'SENT'
                when checked.is_complete = 0 then 'INCOMPLETE' when checked.released_at is null then 'COMPLETE'
                else 'RELEASED' end as state
        from posko.handoff_batch as batch
        left join posko.allocation_withdrawal as back on back.batch_id = batch.batch_id
        left join posko.balance_check as checked on checked.balance_check_id =
            (select max(newest.balance_check_id) from posko.balance_check as newest where newest.batch_id = batch.batch_id)
        where batch.hop = :hop) as sent
    where (:state is null or sent.state = :state)"""


@act("allocation.sent", Command.SEND_ALLOCATION)
def sent(tx: Tx, *, state: str | None = None, limit: int = PAGE_ROWS, offset: int = 0) -> dict[str, Any]:
    """Return the batches that the Konsorsium sent, those that may be withdrawn first.

    Args:
        tx: the act.
        state: one of `STATES`; None: all.
        limit: rows of this part.
        offset: rows before it.

    Returns:
        `rows`: batch_id, row_count, sent_at, state, balance_check_id, checked_at, findings (code and text each), withdrawn_at,
        withdrawn_by, reason, back_batch_id (times ISO, UTC); `total`.

    Raises:
        Refused: no such state or part of the list.
    """
    tx.permit(how=Act.READ)
    wanted = inputs.choice(state, "Keadaan", STATES) if state else None
    asked = {"hop": Hop.KONSORSIUM_TO_BNSP.value, "state": wanted}
    order = "sent.state = 'INCOMPLETE' desc, sent.batch_id desc"
    total, rows = page(tx.db, "sent.*", _SENT, order, asked, limit=limit, offset=offset)
    tx.record("handoff", "sent", {"rows": len(rows)})
    return {"rows": [_shown(row) for row in rows], "total": total}


def _shown(row: Row) -> Row:
    times = {name: row[name].isoformat() for name in ("sent_at", "checked_at", "withdrawn_at") if row[name] is not None}
    return {**row, **times, "findings": json.loads(row["findings"]) if row["findings"] else []}
