"""The finds of the 1:N search as a list: filtered and counted in SQL (§3.3; DV-I05, DV-I06)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.matrix import Command
from posko.domain.roles import Act
from posko.services import inputs
from posko.services.adjudication import ENTITY, VERDICTS
from posko.services.list_query import contains, counted, searched
from posko.services.office import act
from posko.services.paging import part
from posko.services.rows import many

if TYPE_CHECKING:
    from posko.services.office import Tx

WAITING = "WAITING"
"""Nobody decided yet, or not for good."""
STATES = (WAITING, *VERDICTS)
KINDS = {
    "TWO_TKI": "one_kind = 'TKI' and other_kind = 'TKI'",
    "WITH_STAFF": "one_kind <> other_kind",
    "TWO_STAFF": "one_kind = 'STAFF' and other_kind = 'STAFF'",
}
"""Whose fingers are alike -> its condition."""
_COLUMNS = (
    "candidate_id, one_kind, one_id, one_finger, other_kind, other_id, other_finger, fingers, score, threshold, origin, found_at,"
    " case_id, verdict, judged_at, judged_by, seconded_by"
)


@act("screen.duplicates", Command.JUDGE_DUPLICATE)
def listed(
    tx: Tx,
    *,
    state: str | None = None,
    kind: str | None = None,
    search: str | None = None,
    limit: int = 20,
    offset: int = 0,
) -> dict[str, Any]:
    """Return finds that fit all filters given, those that wait for a verdict first, then the newest.

    Args:
        tx: the act.
        state: one of `STATES`.
        kind: one of `KINDS`.
        search: part of an ID TKI or of the number of one of the staff.
        limit: rows of this page.
        offset: rows before it.

    Returns:
        `total`, and `rows`: the columns of a find without templates, times as ISO; `is_waiting`.

    Raises:
        Refused: wrong values.
    """
    tx.about(ENTITY, "register")
    tx.permit(how=Act.READ)
    waiting = "(verdict is null or verdict = 'UNSURE')"
    conditions, values = ["true"], dict[str, object]()
    if state and inputs.choice(state, "Putusan", STATES) == WAITING:
        conditions.append(waiting)
    elif state:
        conditions.append("verdict = :verdict")
        values["verdict"] = state
    if kind:
        conditions.append(KINDS[inputs.choice(kind, "Jenis temuan", tuple(KINDS))])
    if search:
        conditions.append(contains("one_id", "other_id"))
        values["search"] = searched(search)
    where = " and ".join(conditions)
    total = counted(tx.db, f"select 1 from posko.duplicate_candidate where {where}", **values)
    rows = many(
        tx.db,
        f"select {_COLUMNS}, {waiting} as is_waiting from posko.duplicate_candidate where {where}"
        " order by is_waiting desc, candidate_id desc limit :most offset :before",
        **values,
        **part(limit, offset),
    )
    tx.record(ENTITY, "register", {"rows": len(rows), "filters": sorted(values)})
    shown = [
        {
            **row,
            "is_waiting": bool(row["is_waiting"]),
            "found_at": row["found_at"].isoformat(),
            "judged_at": row["judged_at"].isoformat() if row["judged_at"] else None,
        }
        for row in rows
    ]
    return {"total": total, "rows": shown}
