"""What the page of appeals and complaints shows: the register, one of them, the results that may be appealed against (R-189).

An LSP or TUK sees its own; filters are counted in SQL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.calendar import local_day
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.services import appeal_notes, inputs
from posko.services.appeals import APPEAL, COMPLAINT
from posko.services.list_query import Wanted, contains, page
from posko.services.office import act
from posko.services.rows import Row, many, one
from posko.services.session_rows import own_scope

if TYPE_CHECKING:
    from datetime import date

    from posko.services.office import Tx

KINDS = (APPEAL, COMPLAINT)
OPEN, OVERDUE, DECIDED = "OPEN", "OVERDUE", "DECIDED"
STATES = {
    OPEN: "a.decided_at is null",
    OVERDUE: "a.decided_at is null and a.due_on < :today",
    DECIDED: "a.decided_at is not null",
}
"""State of an appeal -> its condition."""
_COLUMNS = (
    "a.appeal_id, a.kind, a.journey_id, a.tki_id, a.lsp_code, a.tuk_code, a.grounds, a.recorded_at, a.recorded_by, a.due_on,"
    " a.outcome, a.answer, a.decided_at, a.decided_by, a.seconded_by"
)
_SEARCHED = contains("a.tki_id", "a.lsp_code", "a.tuk_code")
_OWN = (
    "(:lsp is null and :tuk is null or a.lsp_code = :lsp or a.tuk_code = :tuk"
    " or (a.lsp_code is null and a.tuk_code is null and a.recorded_by = :me))"
)
"""What is about the own LSP or TUK, and what arrived at the own desk and names none."""
_RESULTS = """
    select decision.journey_id, journey.journey_no, journey.scheme_code, decision.lsp_code, session.tuk_code, session.exam_on,
        decision.result, decision.sk_no, decision.decided_at, journey.is_appealed
    from posko.journey as journey
    join posko.decision as decision on decision.journey_id = journey.journey_id
    join posko.exam_session as session on session.session_id = decision.session_id
    where journey.tki_id = :tki and (:lsp is null or decision.lsp_code = :lsp) and (:tuk is null or session.tuk_code = :tuk)
    order by journey.journey_no desc limit 20"""


@act("screen.appeals", Command.RECORD_APPEAL)
def listed(
    tx: Tx,
    *,
    kind: str | None = None,
    state: str | None = None,
    search: str | None = None,
    limit: int = 20,
    offset: int = 0,
) -> dict[str, Any]:
    """Return appeals and complaints that fit all filters given, those not decided first, the first due first.

    Args:
        tx: the act.
        kind: APPEAL or COMPLAINT.
        state: one of `STATES`.
        search: part of an ID TKI or of the code of an LSP or TUK.
        limit: rows of this page.
        offset: rows before it.

    Returns:
        `total`, and `rows`: appeal_id, kind, tki_id, lsp_code, tuk_code, recorded_at, due_on, decided_at (ISO), outcome, is_overdue.

    Raises:
        Refused: wrong values.
    """
    own = own_scope(tx)
    tx.about("appeal", "register")
    tx.permit(how=Act.READ, **own)
    today = local_day(tx.at)
    wanted = Wanted(_OWN, lsp=own.get("lsp_code"), tuk=own.get("tuk_code"), me=tx.person_id, today=today)
    wanted.equal("kind", "a.kind", kind, "Jenis", KINDS)
    wanted.kind(state, "Keadaan", STATES)
    wanted.search(search, _SEARCHED)
    source, order = f"from posko.appeal a where {wanted.where}", "a.decided_at is not null, a.due_on, a.appeal_id"
    total, rows = page(tx.db, _COLUMNS, source, order, wanted.values, limit=limit, offset=offset)
    tx.record("appeal", "register", {"rows": len(rows), "filters": wanted.names})
    return {"total": total, "rows": [_shown(row, today) for row in rows]}


@act("appeal.view", Command.RECORD_APPEAL)
def view(tx: Tx, *, appeal_id: int) -> dict[str, Any]:
    """Return one appeal or complaint with what was said, its notes and, if it is about a result, that result.

    `seen` is the number of its last note, 0 for none; a decision is made on that.

    Raises:
        NotPermitted: an LSP or TUK that it is not about (DV-X04).
        Refused: there is none.
    """
    wanted = inputs.number(appeal_id, "Nomor banding")
    tx.about("appeal", wanted)
    row = one(tx.db, f"select {_COLUMNS} from posko.appeal a where a.appeal_id = :id", id=wanted)
    if row is None:
        tx.permit(how=Act.READ, **own_scope(tx))
        raise refuse("UNKNOWN_APPEAL", appeal_id=wanted)
    is_here = row["lsp_code"] is None and row["tuk_code"] is None and row["recorded_by"] == tx.person_id
    tx.permit(how=Act.READ, **(own_scope(tx) if is_here else {name: row[name] for name in ("lsp_code", "tuk_code")}))
    notes = appeal_notes.of_appeal(tx.db, wanted)
    tx.record("appeal", wanted, {"step": "viewed"})
    results = many(tx.db, _RESULTS, tki=row["tki_id"], lsp=None, tuk=None) if row["journey_id"] is not None else []
    return {
        **_shown(row, local_day(tx.at)),
        "result": next((_told(one) for one in results if one["journey_id"] == row["journey_id"]), None),
        "notes": [{**note, "noted_at": note["noted_at"].isoformat()} for note in notes],
        "seen": int(notes[-1]["note_id"]) if notes else 0,
    }


@act("appeal.results", Command.RECORD_APPEAL)
def results(tx: Tx, *, tki_id: str) -> list[dict[str, Any]]:
    """Return the decided results of a TKI against which an appeal may be recorded here, the newest first.

    Each has journey_id, journey_no, scheme_code, lsp_code, tuk_code, exam_on, result, sk_no, decided_at, is_appealed.

    Raises:
        Refused: it can be no ID TKI.
    """
    wanted = inputs.tki(tki_id)
    own = own_scope(tx)
    tx.about("tki", wanted)
    tx.permit(**own)
    rows = many(tx.db, _RESULTS, tki=wanted, lsp=own.get("lsp_code"), tuk=own.get("tuk_code"))
    tx.record("tki", wanted, {"results": len(rows)})
    return [_told(row) for row in rows]


def _told(row: Row) -> dict[str, Any]:
    return {
        **row,
        "exam_on": row["exam_on"].isoformat(),
        "decided_at": row["decided_at"].isoformat(),
        "is_appealed": bool(row["is_appealed"]),
    }


def _shown(row: Row, today: date) -> dict[str, Any]:
    return {
        **row,
        "recorded_at": row["recorded_at"].isoformat(),
        "due_on": row["due_on"].isoformat(),
        "decided_at": row["decided_at"].isoformat() if row["decided_at"] else None,
        "is_overdue": row["decided_at"] is None and row["due_on"] < today,
    }
