"""The register of deviations as a list: filtered, counted and paged in SQL; who sees only her own has it elsewhere (§5.2, §5.7; R-020)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.matrix import Command
from posko.domain.roles import Act
from posko.domain.rules import RULES
from posko.services.deviations import SEVERITIES
from posko.services.list_query import Wanted, contains, page
from posko.services.office import act

if TYPE_CHECKING:
    from posko.services.office import Tx
    from posko.services.rows import Row

IN_CASE, LOOSE = "IN_CASE", "LOOSE"
CASES = {IN_CASE: "case_id is not null", LOOSE: "case_id is null"}
"""Whether a deviation is in a case -> its condition."""
MODES = {"P": "mode = 'P'", "D": "mode = 'D'"}
_SEARCHED = contains("tki_id", "subject_code")
_COLUMNS = (
    "deviation_id, rule_id, severity, mode, is_attempt, tki_id, journey_id, session_id, subject_kind, subject_code, occurred_at,"
    " audit_event, case_id"
)


@act("screen.deviations", Command.READ_LOG)
def listed(
    tx: Tx,
    *,
    rule_id: str | None = None,
    severity: str | None = None,
    mode: str | None = None,
    case: str | None = None,
    since: str | None = None,
    until: str | None = None,
    search: str | None = None,
    limit: int = 20,
    offset: int = 0,
) -> dict[str, Any]:
    """Return deviations that fit all filters given, the newest first.

    Args:
        tx: the act.
        rule_id: `DV-...`.
        severity: B, H, W or I.
        mode: P prevented, D detected.
        case: one of `CASES`.
        since: from this day of western Indonesia on, ISO.
        until: up to and with this day.
        search: part of an ID TKI or of the code of what it is about.
        limit: rows of this page.
        offset: rows before it.

    Returns:
        `total`, and `rows` with the columns of the register but the evidence, `occurred_at` as ISO.

    Raises:
        NotPermitted: who sees only what is about herself.
        Refused: wrong values.
    """
    tx.about("deviation", "register")
    tx.permit(how=Act.READ)
    wanted = Wanted()
    wanted.equal("rule", "rule_id", rule_id, "Aturan", RULES)
    wanted.equal("severity", "severity", severity, "Bobot", SEVERITIES)
    wanted.kind(mode, "Cara", MODES)
    wanted.kind(case, "Kasus", CASES)
    wanted.search(search, _SEARCHED)
    # A day of western Indonesia begins at 17:00 UTC of the day before.
    wanted.days(since, until, "occurred_at >= :since - interval 7 hour", "occurred_at < :until + interval 17 hour")
    source = f"from posko.deviation where {wanted.where}"
    total, rows = page(tx.db, _COLUMNS, source, "deviation_id desc", wanted.values, limit=limit, offset=offset)
    tx.record("deviation", "register", {"rows": len(rows), "filters": wanted.names})
    return {"total": total, "rows": [_shown(row) for row in rows]}


def _shown(row: Row) -> dict[str, Any]:
    return {**row, "is_attempt": bool(row["is_attempt"]), "occurred_at": row["occurred_at"].isoformat()}
