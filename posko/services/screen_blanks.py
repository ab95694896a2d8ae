"""The register of certificate blanks as its keeper sees it: each LSP's stock, every blank, a range before it is given out (§13.12; R-138).

What an LSP sees of its own stock is `printing.stock`, which goes with the right to print.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.services import inputs
from posko.services.audit_search import payload_of
from posko.services.list_query import Wanted, contains, page
from posko.services.office import act
from posko.services.printing import blank_range, last_blank, refuse_given
from posko.services.rows import many, many_among, one

if TYPE_CHECKING:
    from posko.services.office import Tx
    from posko.services.rows import Row

ENTITY = "blank"
STATES = ("FREE", "USED", "SPOILED")
_STOCK = """
    select lsp.lsp_code, lsp.lsp_name, coalesce(stock.free, 0) as free, coalesce(stock.used, 0) as used,
        coalesce(stock.spoiled, 0) as spoiled
    from posko.lsp as lsp left join (
        select lsp_code, sum(state = 'FREE') as free, sum(state = 'USED') as used, sum(state = 'SPOILED') as spoiled
        from posko.blank group by lsp_code) as stock on stock.lsp_code = lsp.lsp_code
    order by lsp.lsp_code"""
_COLUMNS = """
    blank.blank_no, blank.lsp_code, blank.state, blank.issued_at, blank.issued_by, certificate.certificate_no, printed.copy_no,
    printed.printed_at, printed.printed_by, printed.reason"""
_PRINTED = """
    from posko.blank as blank
    left join posko.print_event as printed on printed.blank_no = blank.blank_no
    left join posko.certificate as certificate on certificate.certificate_id = printed.certificate_id"""
_SPOILED = (
    "select entity_key, occurred_at, actor_id, payload from posko_audit.audit_event"
    " where entity = 'blank' and entity_key in :ids and action = 'blank.spoil' and outcome = 'ok'"
)
"""No table tells when and why a blank was spoiled; the log does."""


@act("screen.blank_stocks", Command.CHANGE_REGISTER)
def stocks(tx: Tx) -> list[Row]:
    """Return every LSP by code with its blanks: lsp_code, lsp_name, free, used, spoiled.

    Raises:
        NotPermitted: the role reads no registers.
    """
    tx.about(ENTITY, "*")
    tx.permit(how=Act.READ)
    rows = many(tx.db, _STOCK)
    tx.record(ENTITY, "*", {"lsp": len(rows)})
    return [{**row, **{name: int(row[name]) for name in ("free", "used", "spoiled")}} for row in rows]


@act("screen.blanks", Command.CHANGE_REGISTER)
def listed(
    tx: Tx,
    *,
    lsp_code: str | None = None,
    state: str | None = None,
    search: str | None = None,
    limit: int = 20,
    offset: int = 0,
) -> dict[str, Any]:
    """Return the blanks that fit all filters given, the highest number of a series first.

    Args:
        tx: the act.
        lsp_code: whose.
        state: one of `STATES`.
        search: part of a blank's number.
        limit: rows of this page.
        offset: rows before it.

    Returns:
        `total`, and `rows`: blank_no, lsp_code, state, issued_at (ISO), issued_by, certificate_no and copy_no (None: none), and
        changed_at (ISO), changed_by, reason: when, by whom and why it was used or spoiled (None: it is free, or no reason was needed).

    Raises:
        Refused: wrong values, or the role reads no registers.
    """
    tx.about(ENTITY, "*")
    tx.permit(how=Act.READ)
    wanted = Wanted()
    if lsp_code:
        wanted.add("blank.lsp_code = :lsp", lsp=inputs.code(lsp_code, "LSP", 20))
    wanted.equal("state", "blank.state", state, "Keadaan", STATES)
    wanted.search(search, contains("blank.blank_no"))
    # Counted without the certificates: there is a blank for every copy ever printed.
    total, rows = page(
        tx.db,
        _COLUMNS,
        f"{_PRINTED} where {wanted.where}",
        "blank.blank_no desc",
        wanted.values,
        limit=limit,
        offset=offset,
        counted_in=f"from posko.blank as blank where {wanted.where}",
    )
    tx.record(ENTITY, "*", {"rows": len(rows), "offset": offset, "filters": wanted.names})
    return {"total": total, "rows": _told(tx, rows)}


@act("screen.blank_plan", Command.CHANGE_REGISTER)
def plan(tx: Tx, *, lsp_code: str | None, first: str, last: str | None = None, count: int | None = None) -> Row:
    """Return what `printing.issue_blanks` would give out, for whoever is about to do it; nothing is written but the event.

    Args:
        tx: the act.
        lsp_code: to whom.
        first: first number of the range.
        last: its last number; None or blank: `count` says it.
        count: how many blanks, 1 to `printing.BLANKS_AT_ONCE`; None: `last` says it.

    Returns:
        lsp_code, lsp_name, first, last, `blanks` (how many) and `free` (how many the LSP has now).

    Raises:
        Refused: no such LSP, no range, both or none of `last` and `count`, or one of the numbers was given out before.
    """
    tx.permit()
    lsp = inputs.code(lsp_code, "LSP", 20)
    tx.about("lsp", lsp)
    start = inputs.text(first, "Blangko pertama", 30)
    has_last = last is not None and last != ""
    if has_last == (count is not None):
        raise refuse("BLANK_COUNT")
    numbers = blank_range(start, last if has_last else last_blank(start, count))
    known = one(
        tx.db,
        "select lsp_name, (select count(*) from posko.blank where lsp_code = :lsp and state = 'FREE') as free"
        " from posko.lsp where lsp_code = :lsp",
        lsp=lsp,
    )
    if known is None:
        raise refuse("UNKNOWN_LSP", lsp_code=lsp)
    refuse_given(tx.db, numbers)
    told = {"first": numbers[0], "last": numbers[-1], "blanks": len(numbers)}
    tx.record("lsp", lsp, told)
    return {"lsp_code": lsp, "lsp_name": known["lsp_name"], "free": int(known["free"]), **told}


def _told(tx: Tx, rows: list[Row]) -> list[Row]:
    """Return blanks with what became of them: printed on, or spoiled as the log tells it."""
    numbers = [row["blank_no"] for row in rows if row["state"] == "SPOILED"]
    spoiled = {row["entity_key"]: row for row in many_among(tx.db, _SPOILED, numbers)}
    found = []
    for row in rows:
        event = spoiled.get(row["blank_no"])
        kept = {name: value for name, value in row.items() if name not in {"printed_at", "printed_by"}}
        when, who = row["printed_at"], row["printed_by"]
        if event is not None:
            when, who = event["occurred_at"], event["actor_id"]
            kept["reason"] = payload_of(event["payload"]).get("reason")
        told = {"issued_at": row["issued_at"].isoformat(), "changed_at": when.isoformat() if when else None}
        found.append({**kept, **told, "changed_by": who})
    return found
