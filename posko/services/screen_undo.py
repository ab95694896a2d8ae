"""What the Konsorsium can still undo, and what it undid: the lists of the page Pembatalan (§12.5-12.6; R-096, R-097, F17)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.matrix import Command
from posko.domain.roles import Act
from posko.services import inputs
from posko.services.list_query import contains, counted, searched
from posko.services.office import act
from posko.services.paging import day_or_none, part
from posko.services.rows import many
from posko.services.undoing import PAYMENT, SCHEDULE, SENT

if TYPE_CHECKING:
    import datetime as dt

    from posko.services.office import Tx

KINDS = (SCHEDULE, PAYMENT)
_SEARCHED = contains("journey.tki_id", "candidate.full_name")
_PLACES = f"""
    from posko.journey as journey
    join posko.candidate as candidate on candidate.journey_id = journey.journey_id
    join posko.allocation as allocation
        on allocation.journey_id = journey.journey_id and allocation.attempt_no = journey.attempt_no
    join posko.exam_session as session on session.session_id = allocation.session_id
    where journey.status = 'ALLOCATED' and not {SENT} and {_SEARCHED}"""
# Where nothing is searched, count and page need no more than this: each allocation has one session and one candidate.
_PLACES_PLAIN = f"""
    from posko.journey as journey
    join posko.allocation as allocation
        on allocation.journey_id = journey.journey_id and allocation.attempt_no = journey.attempt_no
    where journey.status = 'ALLOCATED' and not {SENT}"""
_PAYMENTS = f"""
    from posko.payment_change as changed
    left join posko.undone as undone on undone.payment_change_id = changed.payment_change_id
    join posko.journey as journey on journey.journey_id = changed.journey_id and journey.open_scheme is not null
    join posko.candidate as candidate on candidate.journey_id = journey.journey_id
        and candidate.payment_status = changed.payment_after
    where undone.undone_id is null and not {SENT} and {_SEARCHED}
        and not exists (select 1 from posko.payment_change as newer
            left join posko.undone as gone on gone.payment_change_id = newer.payment_change_id
            where newer.journey_id = changed.journey_id and newer.payment_change_id > changed.payment_change_id
                and gone.undone_id is null)"""
_UNDONE = f"""
    from posko.undone as undone
    join posko.journey as journey on journey.journey_id = undone.journey_id
    join posko.candidate as candidate on candidate.journey_id = undone.journey_id
    left join posko.allocation as allocation on allocation.allocation_id = undone.allocation_id
    left join posko.exam_session as session on session.session_id = allocation.session_id
    left join posko.payment_change as changed on changed.payment_change_id = undone.payment_change_id
    where {_SEARCHED} and (:kind is null or undone.kind = :kind)
        and (:since is null or undone.undone_at >= :since - interval 7 hour)"""


@act("screen.undoable_schedules", Command.REGISTER)
def undoable_schedules(tx: Tx, *, limit: int, offset: int, search: str | None = None) -> dict[str, Any]:
    """Return places that were given and not sent, the newest first.

    Args:
        tx: the act.
        limit: rows at most.
        offset: rows that are left out before them.
        search: a part of an ID TKI or of a name; None or blank: all.

    Returns:
        `total`, and `rows`: number (of the allocation), tki_id, full_name, exam_on, lsp_code, tuk_code, met_no, done_at, done_by.

    Raises:
        Refused: no such search or number.
    """
    columns = (
        "allocation.allocation_id as number, journey.tki_id, candidate.full_name, session.exam_on, session.lsp_code,"
        " session.tuk_code, session.met_no, allocation.allocated_at as done_at, allocation.allocated_by as done_by"
    )
    return _page(tx, SCHEDULE, columns, _PLACES, "allocation.allocation_id", limit, offset, search=searched(search))


@act("screen.undoable_payments", Command.REGISTER)
def undoable_payments(tx: Tx, *, limit: int, offset: int, search: str | None = None) -> dict[str, Any]:
    """Return the last change of payment of each TKI whose attempt was not sent, the newest first. Arguments as `undoable_schedules`.

    Returns:
        `total`, and `rows`: number (of the change), tki_id, full_name, payment_before, payment_after, done_at, done_by.

    Raises:
        Refused: no such search or number.
    """
    columns = (
        "changed.payment_change_id as number, journey.tki_id, candidate.full_name, changed.payment_before,"
        " changed.payment_after, changed.changed_at as done_at, changed.changed_by as done_by"
    )
    return _page(tx, PAYMENT, columns, _PAYMENTS, "changed.payment_change_id", limit, offset, search=searched(search))


@act("screen.undone", Command.REGISTER)
def undone(
    tx: Tx,
    *,
    limit: int,
    offset: int,
    search: str | None = None,
    kind: str | None = None,
    since: dt.date | str | None = None,
) -> dict[str, Any]:
    """Return the register of what was undone, the newest first.

    Args:
        tx: the act.
        limit: rows at most.
        offset: rows that are left out before them.
        search: a part of an ID TKI or of a name; None or blank: all.
        kind: SCHEDULE or PAYMENT; None: both.
        since: first day in Indonesia; None: all.

    Returns:
        `total`, and `rows`: kind, tki_id, full_name, attempt_no, exam_on, lsp_code, tuk_code, payment_before, payment_after, done_at,
        done_by (of what was undone), undone_at, undone_by, reason.

    Raises:
        Refused: no such search, kind, day or number.
    """
    asked = {
        "search": searched(search),
        "kind": None if not kind else inputs.choice(kind, "Jenis", KINDS),
        "since": day_or_none(since, "Sejak"),
    }
    columns = (
        "undone.kind, journey.tki_id, candidate.full_name, undone.attempt_no, session.exam_on, session.lsp_code, session.tuk_code,"
        " changed.payment_before, changed.payment_after, coalesce(allocation.allocated_at, changed.changed_at) as done_at,"
        " coalesce(allocation.allocated_by, changed.changed_by) as done_by, undone.undone_at, undone.undone_by, undone.reason"
    )
    return _page(tx, "undone", columns, _UNDONE, "undone.undone_id", limit, offset, **asked)


def _page(
    tx: Tx, what: str, columns: str, source: str, newest: str, limit: int, offset: int, **asked: object
) -> dict[str, Any]:
    rows_of = part(limit, offset)
    tx.about("undo", what.lower())
    tx.permit(how=Act.READ)
    is_plain = source is _PLACES and asked["search"] is None
    total = (
        counted(tx.db, f"select 1 {_PLACES_PLAIN}")
        if is_plain
        else counted(tx.db, f"select {newest} {source}", **asked)
    )
    page = f"order by {newest} desc limit :most offset :before"
    if is_plain:
        among = f"select some.number from (select {newest} as number {_PLACES_PLAIN} {page}) as some"
        sql = f"select {columns} {source} and {newest} in ({among}) order by {newest} desc"
    else:
        sql = f"select {columns} {source} {page}"
    rows = many(tx.db, sql, **asked, **rows_of)
    tx.record(*tx.subject, {"rows": len(rows), "is_searched": asked["search"] is not None})
    return {"total": total, "rows": rows}
