"""What BNSP sees of the balance: the Konsorsium's allocations, the newest check of each, its packages (§12.7-12.9; R-101..R-104)."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from posko.domain.calendar import WIB
from posko.domain.handoff import Hop
from posko.domain.matrix import Command
from posko.domain.roles import Act
from posko.services import inputs, list_query, paging
from posko.services.office import act
from posko.services.rows import Row, many

if TYPE_CHECKING:
    from posko.services.office import Tx

STATES = ("SENT", "INCOMPLETE", "COMPLETE", "RELEASED", "WITHDRAWN")
"""States of a batch on its way through the check; the Konsorsium withdraws one that was found incomplete."""
_STATE = """case when back.batch_id is not null then 'WITHDRAWN' when checked.balance_check_id is null then 'SENT'
    when not checked.is_complete then 'INCOMPLETE' when checked.released_at is null then 'COMPLETE' else 'RELEASED' end"""
_BATCHES = f"""
    from posko.handoff_batch as batch
    left join posko.allocation_withdrawal as back on back.batch_id = batch.batch_id
    left join posko.allocation_return as declared on declared.batch_id = batch.batch_id
    left join posko.balance_check as checked on checked.balance_check_id =
        (select max(newest.balance_check_id) from posko.balance_check as newest where newest.batch_id = batch.batch_id)
    where batch.hop = :hop and (:since is null or batch.sent_at >= :since) and (:until is null or batch.sent_at < :until)
        and (:state is null or :state = {_STATE})"""
_SHOWN = f"""
    batch.batch_id, batch.row_count, batch.sent_at, {_STATE} as state, back.withdrawn_at,
        back.reason as withdrawn_why, declared.rest_count, checked.balance_check_id, checked.checked_at,
        checked.is_complete, checked.max_to_mean, checked.findings, checked.released_at,
        (select count(*) from posko.distribution as part where part.balance_check_id = checked.balance_check_id) as packages,
        (select count(*) from posko.distribution as part where part.balance_check_id = checked.balance_check_id
            and part.acknowledged_at is not null) as acknowledged"""
_PACKAGES = """
    select part.batch_id, part.receiver_kind, part.receiver_code, batch.row_count, part.acknowledged_at,
        (select refusal.reason from posko.package_refusal as refusal where refusal.batch_id = part.batch_id
            order by refusal.refusal_id desc limit 1) as refusal
    from posko.distribution as part join posko.handoff_batch as batch on batch.batch_id = part.batch_id
    where part.balance_check_id = :id order by part.receiver_kind, part.receiver_code"""


@act("distribution.waiting", Command.BALANCE)
def waiting(
    tx: Tx,
    *,
    limit: int = paging.PAGE_ROWS,
    offset: int = 0,
    state: str | None = None,
    since: object = None,
    until: object = None,
) -> dict[str, Any]:
    """Return a part of the Konsorsium's batches with their newest check, those not forwarded first: `rows`, `total`.

    Args:
        tx: the act.
        limit: rows at most.
        offset: rows before them.
        state: one of `STATES`; None: any.
        since: sent on this day in Indonesia or later.
        until: sent on this day in Indonesia or earlier.

    Raises:
        Refused: no such state, day or part.
    """
    tx.permit(how=Act.READ)
    asked = {
        "hop": Hop.KONSORSIUM_TO_BNSP.value,
        "state": None if state is None else inputs.choice(state, "Keadaan", STATES),
        "since": _begin(paging.day_or_none(since, "Sejak")),
        "until": _begin(paging.day_or_none(until, "Sampai"), days=1),
    }
    order = "checked.released_at is not null or back.batch_id is not null, batch.batch_id desc"
    total, rows = list_query.page(tx.db, _SHOWN, _BATCHES, order, asked, limit=limit, offset=offset)
    tx.record("handoff", "balance", {"rows": len(rows), "offset": offset})
    return {"rows": [_shown(row) for row in rows], "total": total}


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
    return {
        **row,
        "max_to_mean": None if row["max_to_mean"] is None else float(row["max_to_mean"]),
        "findings": [] if row["findings"] is None else json.loads(row["findings"]),
        **{name: _iso(row[name]) for name in ("sent_at", "checked_at", "released_at", "withdrawn_at")},
    }


def _begin(day: object, *, days: int = 0) -> dt.datetime | None:
    """Return when a day of western Indonesia begins, in UTC; so many days later with `days`."""
    return dt.datetime.combine(day, dt.time()) + dt.timedelta(days=days) - WIB if isinstance(day, dt.date) else None


def _iso(moment: Any) -> str | None:
    return None if moment is None else str(moment.isoformat())
