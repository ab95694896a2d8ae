"""The register of deviations as a list: filtered, counted and paged in SQL; who sees only her own has it elsewhere (§5.2, §5.7; R-020)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.matrix import Command
from posko.domain.roles import Act
from posko.domain.rules import RULES
from posko.services import inputs
from posko.services.deviations import SEVERITIES
from posko.services.list_query import contains, counted, searched
from posko.services.office import act
from posko.services.paging import day_or_none, part
from posko.services.rows import Row, many

if TYPE_CHECKING:
    from posko.services.office import Tx

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
    conditions, values = ["true"], dict[str, object]()
    if rule_id:
        conditions.append("rule_id = :rule")
        values["rule"] = inputs.choice(rule_id, "Aturan", tuple(RULES))
    if severity:
        conditions.append("severity = :severity")
        values["severity"] = inputs.choice(severity, "Bobot", SEVERITIES)
    if mode:
        conditions.append(MODES[inputs.choice(mode, "Cara", tuple(MODES))])
    if case:
        conditions.append(CASES[inputs.choice(case, "Kasus", tuple(CASES))])
    if search:
        conditions.append(_SEARCHED)
        values["search"] = searched(search)
    for name, asked, what, condition in (
        ("since", since, "Tanggal awal", "occurred_at >= :since - interval 7 hour"),
        ("until", until, "Tanggal akhir", "occurred_at < :until + interval 17 hour"),
    ):
        day = day_or_none(asked, what)
        if day is not None:
            conditions.append(condition)
            values[name] = day
    where = " and ".join(conditions)
    total = counted(tx.db, f"select 1 from posko.deviation where {where}", **values)
    rows = many(
        tx.db,
        f"select {_COLUMNS} from posko.deviation where {where} order by deviation_id desc limit :most offset :before",
        **values,
        **part(limit, offset),
    )
    tx.record("deviation", "register", {"rows": len(rows), "filters": sorted(values)})
    return {"total": total, "rows": [_shown(row) for row in rows]}


def _shown(row: Row) -> dict[str, Any]:
    return {**row, "is_attempt": bool(row["is_attempt"]), "occurred_at": row["occurred_at"].isoformat()}
