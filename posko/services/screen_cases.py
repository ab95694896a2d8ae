"""What the page of deviation cases lists: filtered and counted in SQL, an LSP or TUK only what touches it (§5.2, §5.7; R-020, R-066)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.case_status import LABELS, CaseStatus
from posko.domain.matrix import Command, Role
from posko.domain.roles import Act
from posko.domain.rules import RULES
from posko.services import inputs
from posko.services.deviations import SEVERITIES
from posko.services.list_query import Wanted, contains, page
from posko.services.office import act
from posko.services.rows import many_among

if TYPE_CHECKING:
    from posko.services.office import Tx
    from posko.services.rows import Row

ACTIVE = "ACTIVE"
"""All states but closed."""
STATES = (ACTIVE, *CaseStatus)
OVERDUE, DUE_SOON, OLD_WEEK, OLD_MONTH = "OVERDUE", "DUE_3", "OLD_7", "OLD_30"
AGES = {
    OVERDUE: "k.status <> 'CLOSED' and k.due_at < :at",
    DUE_SOON: "k.status <> 'CLOSED' and k.due_at between :at and :at + interval 3 day",
    OLD_WEEK: "k.status <> 'CLOSED' and k.opened_at < :at - interval 7 day",
    OLD_MONTH: "k.status <> 'CLOSED' and k.opened_at < :at - interval 30 day",
}
"""Age of a case -> its condition; what is closed has no age."""
_BODIES = frozenset({Role.LSP, Role.TUK})
_OWN = """k.case_id in (
    select c.case_id from posko.case_subject c join posko.allocation a on a.journey_id = cast(c.subject_code as unsigned)
        and a.attempt_no is not null join posko.exam_session s on s.session_id = a.session_id
        where c.subject_kind = 'journey' and (s.lsp_code = :lsp or s.tuk_code = :tuk)
    union select c.case_id from posko.case_subject c join posko.exam_session s
        on s.session_id = cast(c.subject_code as unsigned)
        where c.subject_kind = 'session' and (s.lsp_code = :lsp or s.tuk_code = :tuk)
    union select c.case_id from posko.case_subject c join posko.staff t on t.person_id = c.subject_code
        where c.subject_kind = 'staff' and (t.lsp_code = :lsp or t.tuk_code = :tuk)
    union select c.case_id from posko.case_subject c
        where (c.subject_kind = 'lsp' and c.subject_code = :lsp) or (c.subject_kind = 'tuk' and c.subject_code = :tuk))"""
_SEARCHED = (
    f"({contains('k.title')} or exists (select 1 from posko.case_subject c"
    f" where c.case_id = k.case_id and {contains('c.subject_code')}))"
)
_COLUMNS = "k.case_id, k.title, k.severity, k.status, k.holds_result, k.opened_at, k.due_at"
_RULES = """
    select case_id, group_concat(distinct rule_id order by rule_id separator ', ') as rules, count(*) as deviations
    from posko.deviation where case_id in :ids group by case_id"""
_BROKEN = "exists (select 1 from posko.deviation d where d.case_id = k.case_id and d.rule_id = :rule)"


@act("screen.cases", Command.TRIAGE_CASE)
def listed(
    tx: Tx,
    *,
    status: str | None = None,
    severity: str | None = None,
    rule_id: str | None = None,
    age: str | None = None,
    search: str | None = None,
    limit: int = 20,
    offset: int = 0,
) -> dict[str, Any]:
    """Return cases that fit all filters given, open ones first, the first due first.

    Args:
        tx: the act.
        status: one of `STATES`.
        severity: B, H, W or I.
        rule_id: a rule that one of its deviations breaks.
        age: one of `AGES`.
        search: part of the title or of a subject's code.
        limit: rows of this page.
        offset: rows before it.

    Returns:
        `total`, and `rows`: case_id, title, severity, status, label, holds_result, opened_at, due_at (ISO, UTC), days (whole days since
        it was opened), is_overdue, rules, deviations.

    Raises:
        Refused: wrong values.
    """
    by = tx.by
    tx.about("case", "register")
    tx.permit(how=Act.READ, lsp_code=by.lsp_code if by else None, tuk_code=by.tuk_code if by else None)
    wanted = Wanted(at=tx.at)
    if status == ACTIVE:
        wanted.add("k.status <> 'CLOSED'")
    else:
        wanted.equal("status", "k.status", status, "Keadaan kasus", STATES)
    wanted.equal("severity", "k.severity", severity, "Bobot", SEVERITIES)
    if rule_id:
        wanted.add(_BROKEN, rule=inputs.choice(rule_id, "Aturan", tuple(RULES)))
    wanted.kind(age, "Umur kasus", AGES)
    wanted.search(search, _SEARCHED)
    names = wanted.names
    if by is not None and by.role in _BODIES:
        wanted.add(_OWN, lsp=by.lsp_code, tuk=by.tuk_code)
    source, order = f"from posko.deviation_case k where {wanted.where}", "k.status = 'CLOSED', k.due_at, k.case_id"
    total, rows = page(tx.db, _COLUMNS, source, order, wanted.values, limit=limit, offset=offset)
    tx.record("case", "register", {"rows": len(rows), "filters": names})
    return {"total": total, "rows": _shown(tx, rows)}


def _shown(tx: Tx, rows: list[Row]) -> list[dict[str, Any]]:
    ids = [int(row["case_id"]) for row in rows]
    told = {int(row["case_id"]): row for row in many_among(tx.db, _RULES, ids)}
    return [
        {
            **row,
            "label": LABELS[CaseStatus(row["status"])],
            "holds_result": bool(row["holds_result"]) and row["status"] != CaseStatus.CLOSED.value,
            "opened_at": row["opened_at"].isoformat(),
            "due_at": row["due_at"].isoformat(),
            "days": max(0, (tx.at - row["opened_at"]).days),
            "is_overdue": row["status"] != CaseStatus.CLOSED.value and row["due_at"] < tx.at,
            "rules": told.get(int(row["case_id"]), {}).get("rules"),
            "deviations": int(told.get(int(row["case_id"]), {}).get("deviations", 0)),
        }
        for row in rows
    ]
