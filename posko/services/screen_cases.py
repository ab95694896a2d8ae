"""What the page of deviation cases lists: filtered and counted in SQL, an LSP or TUK only what touches it (§5.2, §5.7; R-020, R-066)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.case_status import LABELS, CaseStatus
from posko.domain.matrix import Command, Role
from posko.domain.roles import Act
from posko.domain.rules import RULES
from posko.services import inputs
from posko.services.deviations import SEVERITIES
from posko.services.list_query import contains, counted, searched
from posko.services.office import act
from posko.services.paging import part
from posko.services.rows import Row, many, many_among

if TYPE_CHECKING:
    from posko.services.office import Tx

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
    where, values = _wanted(tx, status=status, severity=severity, rule_id=rule_id, age=age, search=search)
    total = counted(tx.db, f"select 1 from posko.deviation_case k where {where}", **values)
    rows = many(
        tx.db,
        "select k.case_id, k.title, k.severity, k.status, k.holds_result, k.opened_at, k.due_at from posko.deviation_case k"
        f" where {where} order by k.status = 'CLOSED', k.due_at, k.case_id limit :most offset :before",
        **values,
        **part(limit, offset),
    )
    tx.record("case", "register", {"rows": len(rows), "filters": sorted(set(values) - {"at", "lsp", "tuk"})})
    return {"total": total, "rows": _shown(tx, rows)}


def _wanted(tx: Tx, **asked: str | None) -> tuple[str, dict[str, object]]:
    """Return the conditions of what was asked, and their values."""
    conditions, values = ["true"], dict[str, object]()
    if asked["status"]:
        state = inputs.choice(asked["status"], "Keadaan kasus", STATES)
        conditions.append("k.status <> 'CLOSED'" if state == ACTIVE else "k.status = :status")
        values |= {} if state == ACTIVE else {"status": state}
    if asked["severity"]:
        conditions.append("k.severity = :severity")
        values["severity"] = inputs.choice(asked["severity"], "Bobot", SEVERITIES)
    if asked["rule_id"]:
        conditions.append(_BROKEN)
        values["rule"] = inputs.choice(asked["rule_id"], "Aturan", tuple(RULES))
    if asked["age"]:
        conditions.append(AGES[inputs.choice(asked["age"], "Umur kasus", tuple(AGES))])
        values["at"] = tx.at
    if asked["search"]:
        conditions.append(_SEARCHED)
        values["search"] = searched(asked["search"])
    by = tx.by
    if by is not None and by.role in _BODIES:
        conditions.append(_OWN)
        values |= {"lsp": by.lsp_code, "tuk": by.tuk_code}
    return " and ".join(conditions), values


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
