"""What BNSP watches of deviations: noted since yesterday, cases by their clocks, TUK that stay silent (§5.2, §5.6; R-003, R-020)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from posko.domain.calendar import WIB, local_day
from posko.domain.matrix import Command
from posko.domain.roles import Act
from posko.services import list_query, paging
from posko.services.office import act
from posko.services.rows import many, one
from posko.services.screen_cases import AGES, DUE_SOON, OVERDUE

if TYPE_CHECKING:
    from posko.services.office import Tx

SILENT_RULE = "DV-S08"
_CLOCKS = {"cases_open": "k.status <> 'CLOSED'", "overdue": AGES[OVERDUE], "due_soon": AGES[DUE_SOON]}
_RULES = """
    select rule_id, severity, sum(is_attempt = 0) as happened, sum(is_attempt) as prevented
    from posko.deviation where occurred_at >= :began group by rule_id, severity order by rule_id, severity"""
_FOUND = f"""
    select coalesce(session.tuk_code, finding.subject_code) as tuk_code, finding.observed_at, finding.first_seen_at,
        deviation.case_id
    from posko.finding as finding
    left join posko.exam_session as session
        on finding.subject_kind = 'session' and session.session_id = finding.session_id
    left join posko.deviation as deviation on deviation.deviation_id = finding.deviation_id
    where finding.rule_id = '{SILENT_RULE}' and finding.gone_at is null"""
_SILENT = f"""
    from ({_FOUND}) as found left join posko.tuk as tuk on tuk.tuk_code = found.tuk_code
    where {list_query.contains("found.tuk_code", "tuk.tuk_name")}
    group by found.tuk_code, tuk.tuk_name"""
_SILENT_COLUMNS = (
    "found.tuk_code, tuk.tuk_name, count(*) as findings, max(found.observed_at) as observed_at,"
    " min(found.first_seen_at) as first_seen_at, max(found.case_id) as case_id"
)


@act("monitoring.deviations", Command.BALANCE)
def deviations(tx: Tx) -> dict[str, Any]:
    """Return what was noted since yesterday began in western Indonesia, and how the cases stand.

    Returns:
        `since` (ISO day), `happened` and `prevented` in all, `rules`: rule_id, severity, happened, prevented; `cases_open`, `overdue`,
        `due_soon` (within three days), and `silent`: TUK with an open finding of DV-S08.
    """
    tx.permit(how=Act.READ)
    since = local_day(tx.at) - timedelta(days=1)
    rules = [
        {**row, "happened": int(row["happened"]), "prevented": int(row["prevented"])}
        for row in many(tx.db, _RULES, began=datetime.combine(since, time()) - WIB)
    ]
    sums = ", ".join(f"coalesce(sum({condition}), 0) as {name}" for name, condition in _CLOCKS.items())
    clocks = one(tx.db, f"select {sums} from posko.deviation_case k", at=tx.at) or {}
    silent = one(tx.db, f"select count(distinct tuk_code) as tuk from ({_FOUND}) as found") or {"tuk": 0}
    tx.record("monitoring", "deviations", {"rules": len(rules)})
    return {
        "since": since.isoformat(),
        **{name: sum(row[name] for row in rules) for name in ("happened", "prevented")},
        "rules": rules,
        **{name: int(count) for name, count in clocks.items()},
        "silent": int(silent["tuk"]),
    }


@act("monitoring.silent_tuk", Command.BALANCE)
def silent(tx: Tx, *, limit: int = paging.PAGE_ROWS, offset: int = 0, search: str | None = None) -> dict[str, Any]:
    """Return a part of the TUK that stay silent although they are licensed or a session was planned (DV-S08), the longest first.

    Args:
        tx: the act.
        limit: rows at most.
        offset: rows before them.
        search: part of a TUK's code or name; None or blank: all.

    Returns:
        `total`, and `rows`: tuk_code, tuk_name, findings, observed_at (the latest) and first_seen_at (ISO, UTC), case_id.

    Raises:
        Refused: no such search or part.
    """
    tx.permit(how=Act.READ)
    asked = {"search": list_query.searched(search)}
    order = "min(found.first_seen_at), found.tuk_code"
    total, rows = list_query.page(tx.db, _SILENT_COLUMNS, _SILENT, order, asked, limit=limit, offset=offset)
    tx.record("monitoring", "silent", {"rows": len(rows), "offset": offset})
    moments = ("observed_at", "first_seen_at")
    shown = [
        {**row, **{name: row[name].isoformat() for name in moments}, "findings": int(row["findings"])} for row in rows
    ]
    return {"rows": shown, "total": total}
