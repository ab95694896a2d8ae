"""The sessions of which lists may be printed: of all, or of the own LSP or TUK as far as they were handed to it (§9.3; R-106, R-134)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.matrix import Command, Role
from posko.domain.roles import Act
from posko.domain.session_status import LABELS, SessionStatus
from posko.services.distribution import BEFORE_DISTRIBUTION
from posko.services.list_query import Wanted, contains, page
from posko.services.office import act
from posko.services.paging import PAGE_ROWS
from posko.services.rows import many_among
from posko.services.session_rows import own_scope

if TYPE_CHECKING:
    from posko.services.office import Tx

_THERE = """
    from posko.allocation as allocation join posko.journey as journey
        on journey.journey_id = allocation.journey_id and journey.attempt_no = allocation.attempt_no
    where allocation.session_id = session.session_id and journey.status not in :hidden"""
_COLUMNS = (
    "session.session_id, session.exam_on, session.slot, session.tuk_code, tuk.tuk_name, session.lsp_code, asesor.asesor_name,"
    " session.status"
)
# Only of the page's rows: of every session it would be all allocations there are.
_LISTED = f"""
    select session.session_id, (select count(*) {_THERE}) as listed from posko.exam_session as session
    where session.session_id in :ids"""
_FROM = f"""
    from posko.exam_session as session
    join posko.tuk as tuk on tuk.tuk_code = session.tuk_code
    join posko.asesor as asesor on asesor.met_no = session.met_no
    where (:lsp is null or session.lsp_code = :lsp) and (:tuk is null or session.tuk_code = :tuk)
        and (not :is_own or exists (select 1 {_THERE}))"""
_SEARCHED = contains("session.session_id", "session.tuk_code", "tuk.tuk_name", "session.lsp_code", "asesor.asesor_name")
NOTHING_HIDDEN = ("-",)
"""A state that no journey has: an empty list is no SQL."""


@act("print.sessions", Command.PRINT_LIST)
def sessions(
    tx: Tx,
    *,
    search: str | None = None,
    status: str | None = None,
    since: str | None = None,
    until: str | None = None,
    limit: int = PAGE_ROWS,
    offset: int = 0,
) -> dict[str, Any]:
    """Return a part of the exam sessions that who acts may print lists of, the newest first.

    Args:
        tx: the act; an LSP or TUK sees its own sessions, and of them those of which somebody was handed to it.
        search: a part of the number, of code or name of the TUK, of the LSP or the assessor's name.
        status: a state of a session.
        since: held on this day or later, ISO.
        until: held on this day or earlier.
        limit: rows at most.
        offset: rows before them.

    Returns:
        `total`, and `rows`: session_id, exam_on (date), slot, tuk_code, tuk_name, lsp_code, asesor_name, label, listed (people).

    Raises:
        Refused: wrong values.
        NotPermitted: the role prints no lists.
    """
    tx.about("session", "all")
    own = own_scope(tx)
    tx.permit(how=Act.READ, **own)
    is_own = tx.by is not None and tx.by.role in {Role.LSP, Role.TUK}
    hidden = [one.value for one in BEFORE_DISTRIBUTION] if is_own else NOTHING_HIDDEN
    wanted = Wanted(lsp=own.get("lsp_code"), tuk=own.get("tuk_code"), is_own=is_own, hidden=hidden)
    wanted.equal("status", "session.status", status, "Keadaan", [one.value for one in SessionStatus])
    wanted.days(since, until, "session.exam_on >= :since", "session.exam_on <= :until")
    wanted.search(search, _SEARCHED)
    source, order = f"{_FROM} and {wanted.where}", "session.exam_on desc, session.session_id desc"
    total, rows = page(tx.db, _COLUMNS, source, order, wanted.values, limit=limit, offset=offset)
    tx.record("session", "all", {"sessions": len(rows), "offset": offset, "filters": wanted.names})
    found = many_among(tx.db, _LISTED, [row["session_id"] for row in rows], hidden=hidden)
    listed = {row["session_id"]: row["listed"] for row in found}
    shown = [
        {**row, "label": LABELS[SessionStatus(row["status"])], "listed": listed[row["session_id"]]} for row in rows
    ]
    return {"total": total, "rows": shown}
