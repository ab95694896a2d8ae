"""Notes on how an appeal or complaint goes on: by BNSP and Super Administrator on any, by the LSP on its own (R-189; truth table).

Notes only grow. `seen` is the number of the last one that whoever decides has read: a later one is read first.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from posko.domain.calendar import local_day
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.services import inputs
from posko.services.office import act
from posko.services.rows import Row, add, many, one
from posko.services.session_rows import own_scope

if TYPE_CHECKING:
    import sqlalchemy as sa

    from posko.services.office import Tx


@act("appeal.note", Command.DECIDE_APPEAL)
def note(tx: Tx, *, appeal_id: int, note: str) -> int:
    """Write how an appeal or complaint goes on, or what there is to say of it; return the note's number.

    Raises:
        NotPermitted: an LSP on what is not about it (DV-X04), or a role without a right to comment.
        Refused: no such appeal, it is decided, or no text.
    """
    wanted = inputs.number(appeal_id, "Nomor banding")
    tx.about("appeal", wanted)
    row = one(tx.db, "select lsp_code, decided_at from posko.appeal where appeal_id = :id for update", id=wanted)
    tx.permit(how=Act.COMMENT, lsp_code=row["lsp_code"] if row else own_scope(tx).get("lsp_code"))
    if row is None:
        raise refuse("UNKNOWN_APPEAL", appeal_id=wanted)
    said = inputs.text(note, "Catatan", 2000, lines=True)
    if row["decided_at"] is not None:
        raise refuse("APPEAL_DECIDED", appeal_id=wanted, decided_on=local_day(row["decided_at"]).isoformat())
    made = add(
        tx.db,
        "appeal_note",
        {
            "appeal_id": wanted,
            "note": said,
            "noted_at": tx.at,
            "noted_by": tx.person_id,
            "noted_role": tx.by.role.value if tx.by else "SYSTEM",
        },
    )
    tx.record("appeal", wanted, {"step": "note", "note_id": made, "note_sha256": sha256(said.encode()).hexdigest()})
    return made


def of_appeal(db: sa.Connection, appeal_id: int) -> list[Row]:
    """Return the notes of an appeal in their order."""
    return many(
        db,
        "select note_id, note, noted_at, noted_by, noted_role from posko.appeal_note where appeal_id = :id order by note_id",
        id=appeal_id,
    )


def check_seen(db: sa.Connection, appeal_id: int, seen: object) -> None:
    """Refuse a decision by who has not read the last note; the appeal is locked, 0 is no note yet, None was not asked.

    Raises:
        Refused: a note was written since, or it is no number.
    """
    if seen is None:
        return
    read = 0 if seen == 0 else inputs.number(seen, "Nomor catatan")
    last = one(
        db, "select coalesce(max(note_id), 0) as note_id from posko.appeal_note where appeal_id = :id", id=appeal_id
    )
    if last is not None and last["note_id"] != read:
        raise refuse("NOTED_MEANWHILE")
