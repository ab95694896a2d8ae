"""What every act of the exam day needs: the session's row in scope, its list, its moves (§13.1-13.9; R-068, R-124)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.domain.session_status import LABELS, SessionStatus, move
from posko.services import inputs, journeys
from posko.services.rows import Row, change, many, one

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posko.services.office import Tx

ENTITY = "session"
UPDATE, SHARE, NONE = "for update", "lock in share mode", ""
"""How a session's row is locked: alone, with other readers so that none can move it meanwhile, or not."""
_MOMENTS = {
    SessionStatus.OPEN: "opened_at",
    SessionStatus.RUNNING: "running_at",
    SessionStatus.ENDED: "ended_at",
    SessionStatus.SCORING_OPEN: "scoring_opened_at",
    SessionStatus.SCORED: "scored_at",
    SessionStatus.CLOSED: "closed_at",
    SessionStatus.CANCELLED: "cancelled_at",
}


def session_at(tx: Tx, session_id: object, *, scope: Sequence[str] = (), how: Act = Act.DO, lock: str = UPDATE) -> Row:
    """Return a session's row if who acts may do this act there.

    Args:
        tx: the act.
        session_id: its number, as it came in.
        scope: whose the session must be: names among `tuk_code`, `lsp_code` and `session_id`.
        how: do or only read.
        lock: UPDATE, SHARE or NONE.

    Raises:
        NotPermitted: the role may not, or the session is another's.
        Refused: no number, or no such session.
    """
    number = inputs.number(session_id, "Nomor sesi")
    tx.about(ENTITY, number)
    row = one(tx.db, f"select * from posko.exam_session where session_id = :id {lock}", id=number)
    if row is None:
        # Whose session does not exist cannot be told: only the role is asked.
        tx.permit(how=how, **own_scope(tx), session_id=number)
        raise refuse("UNKNOWN_SESSION", session_id=number)
    tx.context.update(session_id=number)
    named: dict[str, Any] = {name: row[name] for name in scope}
    tx.permit(how=how, **named)
    return row


def own_scope(tx: Tx) -> dict[str, Any]:
    """Return the own scope of who acts, for a question that is about the role alone."""
    return {} if tx.by is None else {"lsp_code": tx.by.lsp_code, "tuk_code": tx.by.tuk_code}


def move_session(tx: Tx, row: Row, to: SessionStatus, told: dict[str, Any] | None = None, **more: object) -> Row:
    """Move a session that the act has locked, and return it as it stands then; `more` are columns set with it.

    Raises:
        IllegalMove: the table of states does not name the move (DV-X01).
        Refused: somebody moved it meanwhile.
    """
    before = SessionStatus(row["status"])
    move(before, to)
    values: dict[str, object] = {"status": to.value, **more}
    if to in _MOMENTS:
        values[_MOMENTS[to]] = tx.at
    sets = ", ".join(f"{name} = :{name}" for name in values)
    touched = change(
        tx.db,
        f"update posko.exam_session set {sets} where session_id = :id and status = :before",
        **values,
        id=row["session_id"],
        before=before.value,
    )
    if touched != 1:
        raise refuse("CHANGED_MEANWHILE")
    tx.record(ENTITY, row["session_id"], {"from": before.value, "to": to.value, **(told or {})})
    return {**row, **values}


def state_of(row: Row) -> str:
    """Return a session's state as a sentence says it."""
    return f"berkeadaan {LABELS[SessionStatus(row['status'])]}"


def on_list(tx: Tx, session_id: int) -> list[Row]:
    """Return the journeys on a session's list, locked: those whose attempt under way was given to this session."""
    attempts = {
        row["journey_id"]: row["attempt_no"]
        for row in many(
            tx.db,
            "select journey_id, attempt_no from posko.allocation where session_id = :id and attempt_no is not null",
            id=session_id,
        )
    }
    return [row for row in journeys.read_many(tx, list(attempts)) if row["attempt_no"] == attempts[row["journey_id"]]]


def ids_of(rows: Sequence[Row]) -> list[int]:
    """Return the numbers of journeys."""
    return [int(row["journey_id"]) for row in rows]
