"""What BNSP sees of the returns to BNP2TKI: both legs, lines and versions, what differs or is not answered (§14.3-14.5; R-164..R-170).

A line is ACKNOWLEDGED when BNP2TKI shows what was sent, REPLACED when a later version went out first, DIFFERENT when it shows something
else, REJECTED when BNP2TKI says that it did not take it over, WAITING until the days of the parameter `acknowledge_days` are over, and
OVERDUE then (R-169).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from posko.domain.calendar import WIB, local_day
from posko.domain.matrix import Command
from posko.domain.roles import Act
from posko.services import inputs
from posko.services.list_query import counted
from posko.services.office import act
from posko.services.paging import PAGE_ROWS, day_or_none, part
from posko.services.parameter_values import number_on
from posko.services.return_acknowledge import MISSING, OVERDUE
from posko.services.return_confirmations import newest
from posko.services.rows import Row, many, one

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posko.services.office import Tx

STATES = ("DIFFERENT", "REJECTED", "OVERDUE", "WAITING", "REPLACED", "ACKNOWLEDGED")
_LINE_STATE = """case when line.acknowledged_at is not null and line.difference is null then 'ACKNOWLEDGED'
    when line.acknowledged_at is not null or exists (select 1 from posko.return_line as newer
        where newer.journey_id = line.journey_id and newer.version > line.version) then 'REPLACED'
    when line.difference is not null and line.difference not in (:missing, :late) then 'DIFFERENT'
    when (select told.verdict from posko.return_confirmation as told where told.journey_id = line.journey_id
        and told.return_batch_id = line.return_batch_id order by told.confirmation_id desc limit 1) in ('REJECTED', 'UNREADABLE')
        then 'REJECTED'
    when batch.made_at < :limit then 'OVERDUE' else 'WAITING' end"""
_LINES = f"""
    from (select line.return_batch_id, line.journey_id, line.tki_id, line.scheme_code, line.version, line.result, line.lsp_code,
            line.certificate_no, line.certified_on, line.certificate_status, line.is_last, line.acknowledged_at,
            line.read_back_no, line.difference, batch.made_at, {_LINE_STATE} as state
        from {{tables}} where (:id is null or line.return_batch_id = :id) and (:tki is null or line.tki_id = :tki)) as line
    where (:state is null or line.state = :state)"""
_NEWEST = """posko.return_line as line straight_join posko.return_batch as batch
    on batch.return_batch_id = line.return_batch_id"""
_PENDING = """posko.return_batch as batch straight_join posko.return_line as line
    on line.return_batch_id = batch.return_batch_id and batch.acknowledged_at is null and line.acknowledged_at is null"""
PENDING = frozenset({"DIFFERENT", "REJECTED", "OVERDUE", "WAITING"})
"""States of lines of which few remain: they are looked for in the returns that are open, all others from the newest on."""
_BATCHES = """
    from (select batch.return_batch_id, batch.row_count, batch.made_at, batch.acknowledged_at, batch.dispatch_id,
            batch.dispatched_at, batch.dispatched_by,
            relay.sent_at as relay_sent_at, relay.loaded_at as relay_loaded_at, relay.rows_sha256 as relay_sha256,
            source.sent_at as source_sent_at, source.loaded_at as source_loaded_at, source.rows_sha256 as source_sha256,
            source.rejected_count
        from posko.return_batch as batch
        join posko.handoff_batch as relay on relay.batch_id = batch.relay_batch_id
        left join posko.handoff_batch as source on source.batch_id = batch.source_batch_id) as batch
    where (:open = 0 or batch.acknowledged_at is null) and (:since is null or batch.made_at >= :since)"""


@act("return.batches", Command.PUBLISH)
def batches(
    tx: Tx, *, only_open: bool = False, since: object = None, limit: int = PAGE_ROWS, offset: int = 0
) -> dict[str, Any]:
    """Return the returns, the newest first.

    Args:
        tx: the act.
        only_open: only those that BNP2TKI has not wholly acknowledged.
        since: made on this day (UTC) or later.
        limit: rows of this part.
        offset: rows before it.

    Returns:
        `rows`: return_batch_id, row_count, made_at, acknowledged_at, sent_at and loaded_at of both legs (`relay_`, `source_`; ISO),
        their SHA-256 in hex, `left` (lines not acknowledged), `versions` (lines that are corrections), due_on,
        is_overdue; dispatch_id, dispatched_at (ISO), dispatched_by (TABLE or FILE); `total`.

    Raises:
        Refused: no such day or part of the list.
    """
    tx.permit(how=Act.READ)
    asked = {"open": int(only_open is True), "since": day_or_none(since, "Tanggal")}
    rows_of = part(limit, offset)
    total = one(tx.db, f"select count(*) as total {_BATCHES}", **asked) or {}
    rows = many(
        tx.db,
        f"select batch.* {_BATCHES} order by batch.return_batch_id desc limit :most offset :before",
        **asked,
        **rows_of,
    )
    counts = _counts(tx, [int(row["return_batch_id"]) for row in rows])
    days, today = number_on(tx.db, "acknowledge_days", local_day(tx.at)), local_day(tx.at)
    tx.record("return", "list", {"rows": len(rows)})
    shown = [_batch(row, counts.get(int(row["return_batch_id"]), {}), days, today) for row in rows]
    return {"rows": shown, "total": int(total.get("total", 0))}


@act("return.lines", Command.PUBLISH)
def lines(
    tx: Tx,
    *,
    return_batch_id: int | None = None,
    tki_id: str | None = None,
    state: str | None = None,
    limit: int = PAGE_ROWS,
    offset: int = 0,
) -> dict[str, Any]:
    """Return the lines of a return or of all, the newest first.

    Args:
        tx: the act.
        return_batch_id: only of this return.
        tki_id: only of this TKI, all versions of hers.
        state: one of `STATES`.
        limit: rows of this part.
        offset: rows before it.

    Returns:
        `rows`: the columns of a line, `state`, made_at and acknowledged_at (ISO), `verdict` and `reason` of BNP2TKI's last
        confirmation or None; `total`.

    Raises:
        Refused: no such number, ID, state or part of the list.
    """
    tx.permit(how=Act.READ)
    asked: dict[str, Any] = {
        "id": None if return_batch_id is None else inputs.number(return_batch_id, "Nomor pengembalian"),
        "tki": inputs.tki(tki_id) if tki_id else None,
        "state": inputs.choice(state, "Keadaan", STATES) if state else None,
        **_limits(tx),
    }
    rows_of = part(limit, offset)
    rows = _LINES.format(tables=_PENDING if asked["state"] in PENDING else _NEWEST)
    found = many(
        tx.db,
        f"select line.* {rows} order by line.return_batch_id desc, line.journey_id desc limit :most offset :before",
        **asked,
        **rows_of,
    )
    tx.record("return", asked["id"] or "all", {"lines": len(found)})
    told = newest(tx.db, [(int(row["return_batch_id"]), int(row["journey_id"])) for row in found])
    return {
        "rows": [_line(row, told) for row in found],
        "total": counted(tx.db, f"select line.journey_id {rows}", **asked),
    }


def open_counts(tx: Tx) -> dict[str, int]:
    """Return how many lines differ and how many are overdue, for an act that has its permission."""
    asked: dict[str, Any] = {"id": None, "tki": None, "state": None, **_limits(tx)}
    # Those that were acknowledged wholly need not be looked at, and they are nearly all.
    sql = f"""
        select count(case when state = 'DIFFERENT' then 1 end) as different, count(case when state = 'OVERDUE' then 1 end) as overdue
        from (select {_LINE_STATE} as state from posko.return_batch as batch
            join posko.return_line as line on line.return_batch_id = batch.return_batch_id
            where batch.acknowledged_at is null and line.acknowledged_at is null) as line"""
    return {name: int(value) for name, value in many(tx.db, sql, **asked)[0].items()}


def _limits(tx: Tx) -> dict[str, Any]:
    days = number_on(tx.db, "acknowledge_days", local_day(tx.at))
    first = local_day(tx.at) - dt.timedelta(days=days)
    # As the list of open items counts it: a return of the last of its days is not late yet.
    return {"missing": MISSING, "late": OVERDUE, "limit": dt.datetime.combine(first, dt.time()) - WIB}


def _counts(tx: Tx, ids: list[int]) -> dict[int, Row]:
    found = many(
        tx.db,
        "select return_batch_id, sum(acknowledged_at is null) as remaining, sum(version > 1) as versions"
        " from posko.return_line where return_batch_id in :ids group by return_batch_id",
        ids=ids or [0],
    )
    return {int(row["return_batch_id"]): row for row in found}


def _batch(row: Row, counts: Row, days: int, today: dt.date) -> dict[str, Any]:
    due = local_day(row["made_at"]) + dt.timedelta(days=days)
    times = {name: row[name] and row[name].isoformat() for name in row if name.endswith("_at")}
    hashes = {name: row[name] and row[name].hex() for name in ("relay_sha256", "source_sha256")}
    return {
        **row,
        **times,
        **hashes,
        "left": int(counts.get("remaining") or 0),
        "versions": int(counts.get("versions") or 0),
        "due_on": due.isoformat(),
        "is_overdue": row["acknowledged_at"] is None and today > due,
    }


def _line(row: Row, told: Mapping[tuple[int, int], Row]) -> dict[str, Any]:
    said = told.get((int(row["return_batch_id"]), int(row["journey_id"])), {})
    times = {name: row[name] and row[name].isoformat() for name in ("made_at", "acknowledged_at", "certified_on")}
    return {
        **row,
        **times,
        "is_last": bool(row["is_last"]),
        "verdict": said.get("verdict"),
        "reason": said.get("reason"),
    }
