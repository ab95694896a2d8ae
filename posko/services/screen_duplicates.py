"""The finds of the 1:N search as a list: filtered and counted in SQL (§3.3; DV-I05, DV-I06)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.matrix import Command
from posko.domain.roles import Act
from posko.services import inputs
from posko.services.adjudication import ENTITY, VERDICTS
from posko.services.list_query import Wanted, contains, page
from posko.services.office import act

if TYPE_CHECKING:
    from posko.services.office import Tx
    from posko.services.rows import Row

WAITING = "WAITING"
"""Nobody decided yet, or not for good."""
STATES = (WAITING, *VERDICTS)
KINDS = {
    "TWO_TKI": "one_kind = 'TKI' and other_kind = 'TKI'",
    "WITH_STAFF": "one_kind <> other_kind",
    "TWO_STAFF": "one_kind = 'STAFF' and other_kind = 'STAFF'",
}
"""Whose fingers are alike -> its condition."""
_WAITING = "(verdict is null or verdict = 'UNSURE')"
_COLUMNS = (
    "candidate_id, one_kind, one_id, one_finger, other_kind, other_id, other_finger, fingers, score, threshold, origin, found_at,"
    f" case_id, verdict, judged_at, judged_by, seconded_by, {_WAITING} as is_waiting"
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
    wanted = Wanted()
    if state and inputs.choice(state, "Putusan", STATES) == WAITING:
        wanted.add(_WAITING)
    else:
        wanted.equal("verdict", "verdict", state, "Putusan", VERDICTS)
    wanted.kind(kind, "Jenis temuan", KINDS)
    wanted.search(search, contains("one_id", "other_id"))
    source = f"from posko.duplicate_candidate where {wanted.where}"
    order = "is_waiting desc, candidate_id desc"
    total, rows = page(tx.db, _COLUMNS, source, order, wanted.values, limit=limit, offset=offset)
    tx.record(ENTITY, "register", {"rows": len(rows), "filters": wanted.names})
    return {"total": total, "rows": [_shown(row) for row in rows]}


def _shown(row: Row) -> dict[str, Any]:
    return {
        **row,
        "is_waiting": bool(row["is_waiting"]),
        "found_at": row["found_at"].isoformat(),
        "judged_at": row["judged_at"].isoformat() if row["judged_at"] else None,
    }
