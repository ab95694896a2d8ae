"""What BNSP sees of the balance: the Konsorsium's allocations, the newest check of each, its packages (§12.7-12.9; R-101..R-104)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from posko.domain.handoff import Hop
from posko.domain.matrix import Command
from posko.domain.roles import Act
from posko.services import inputs
from posko.services.office import act
from posko.services.rows import Row, many, one

if TYPE_CHECKING:
    from posko.services.office import Tx

PAGE_ROWS = 20
MOST_PAGES = 100_000
_BATCHES = """
    select batch.batch_id, batch.row_count, batch.sent_at, declared.rest_count, checked.balance_check_id, checked.checked_at,
        checked.is_complete, checked.max_to_mean, checked.findings, checked.released_at,
        (select count(*) from posko.distribution as part where part.balance_check_id = checked.balance_check_id) as packages,
        (select count(*) from posko.distribution as part where part.balance_check_id = checked.balance_check_id
            and part.acknowledged_at is not null) as acknowledged
    from posko.handoff_batch as batch
    left join posko.allocation_return as declared on declared.batch_id = batch.batch_id
    left join posko.balance_check as checked on checked.balance_check_id =
        (select max(newest.balance_check_id) from posko.balance_check as newest where newest.batch_id = batch.batch_id)
    where batch.hop = :hop order by checked.released_at is not null, batch.batch_id desc limit :rows offset :skipped"""
_PACKAGES = """
    select part.batch_id, part.receiver_kind, part.receiver_code, batch.row_count, part.acknowledged_at
    from posko.distribution as part join posko.handoff_batch as batch on batch.batch_id = part.batch_id
    where part.balance_check_id = :id order by part.receiver_kind, part.receiver_code"""


@act("distribution.waiting", Command.BALANCE)
def waiting(tx: Tx, *, page: int = 1) -> dict[str, Any]:
    """Return the batches of the Konsorsium with their newest check, those not forwarded first: `rows` of this page, `total`.

    Raises:
        Refused: no such page.
    """
    tx.permit(how=Act.READ)
    number = inputs.number(page, "Halaman", MOST_PAGES)
    hop = Hop.KONSORSIUM_TO_BNSP.value
    counted = one(tx.db, "select count(*) as total from posko.handoff_batch where hop = :hop", hop=hop) or {}
    rows = many(tx.db, _BATCHES, hop=hop, rows=PAGE_ROWS, skipped=PAGE_ROWS * (number - 1))
    tx.record("handoff", "balance", {"rows": len(rows), "page": number})
    return {"rows": [_shown(row) for row in rows], "total": int(counted.get("total", 0))}


@act("distribution.packages", Command.BALANCE)
def packages(tx: Tx, *, balance_check_id: int) -> list[dict[str, Any]]:
    """Return the packages that were made of one check, and which were acknowledged.

    Raises:
        Refused: it is no number.
    """
    tx.permit(how=Act.READ)
    number = inputs.number(balance_check_id, "Nomor pemeriksaan")
    tx.about("balance", number)
    rows = many(tx.db, _PACKAGES, id=number)
    tx.record("balance", number, {"packages": len(rows)})
    return [{**row, "acknowledged_at": _iso(row["acknowledged_at"])} for row in rows]


def _shown(row: Row) -> dict[str, Any]:
    state = "SENT"
    if row["balance_check_id"] is not None:
        state = "INCOMPLETE" if not row["is_complete"] else "COMPLETE" if row["released_at"] is None else "RELEASED"
    return {
        **row,
        "state": state,
        "max_to_mean": None if row["max_to_mean"] is None else float(row["max_to_mean"]),
        "findings": [] if row["findings"] is None else json.loads(row["findings"]),
        **{name: _iso(row[name]) for name in ("sent_at", "checked_at", "released_at")},
    }


def _iso(moment: Any) -> str | None:
    return None if moment is None else str(moment.isoformat())
