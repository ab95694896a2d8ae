"""One event of the audit log with all that proves it, and what auditors noted on it (§5.7; R-025, R-066, R-181).

A note is an event itself, so it is sealed like everything else and nobody can take it back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.services import inputs
from posko.services.audit_proof import Prover, held
from posko.services.audit_search import payload_of, shown_row
from posko.services.office import act
from posko.services.rows import Row, many, one

if TYPE_CHECKING:
    from posko.services.audit_notes import PublicKey
    from posko.services.audit_proof import Held
    from posko.services.office import Tx

ENTITY = "audit_event"
NOTES_MOST = 200
_ROW = (
    "select event_id, occurred_at, actor_id, actor_role, on_behalf_of, action, entity, entity_key, outcome, payload, device, ip,"
    " tuk, auth_event, writer_id, writer_seq, mac from posko_audit.audit_event where event_id = :id"
)
_NOTES = (
    "select occurred_at, actor_id, actor_role, payload, writer_id, writer_seq from posko_audit.audit_event"
    " where entity = :entity and entity_key = :name and action = 'audit.annotate' and outcome = 'ok'"
    " order by event_id limit :most"
)


@act("audit.view", Command.READ_LOG)
def view(tx: Tx, *, event: str, key: PublicKey | None = None) -> dict[str, Any]:
    """Return one event, its proofs checked now, and the notes on it.

    Args:
        tx: the act.
        event: its name, WRITER/NUMBER.
        key: the log's public key, to check the checkpoint's signature; None leaves that untold.

    Returns:
        The event as `audit_search.shown_row`, with `payload`, `auth` (event of the sign-in), `mac` and `prev` (hex), `index` (place
        in the log) and `leaf` (hex; both None while it waits for its seal), `size` and `root` (hex) of the checkpoint that
        covers it, `checks` as `audit_proof.Prover.check`, `proof` (a document for `posko audit verify --proof`), and `notes`.

    Raises:
        Refused: there is no such event, or it is another's and the role sees only her own.
    """
    found, row = _read(tx, event)
    prover = Prover(tx.db, key, tx.desk.office.audit.is_own)
    checks, document = prover.check(found), prover.document(found)
    sealing = None if found.place is None else prover.sealing_of(found.place)
    tx.record(ENTITY, found.name, {name: outcome for name, outcome in checks.items() if outcome is not True})
    return {
        **shown_row(row),
        "payload": payload_of(row["payload"]),
        "auth": row["auth_event"],
        "mac": row["mac"].hex(),
        "prev": found.prev.hex(),
        "index": found.place,
        "leaf": found.leaf.hex() if found.leaf else None,
        "size": sealing.size if sealing else None,
        "root": sealing.note.root.hex() if sealing and sealing.note else None,
        "checks": checks,
        "proof": document,
        "notes": [_note(one) for one in many(tx.db, _NOTES, entity=ENTITY, name=found.name, most=NOTES_MOST)],
    }


@act("audit.annotate", Command.TRIAGE_CASE)
def annotate(tx: Tx, *, event: str, note: str) -> str:
    """Write a note on an event down, for good; return the name of the note's own event.

    Whoever notes must be one who may both read the whole log and comment on cases: the auditor's cell is "read + annotate".

    Raises:
        Refused: no such event, no note, or the role may not.
    """
    found, _ = _read(tx, event)
    tx.permit(how=Act.COMMENT)
    said = inputs.text(note, "Catatan")
    return tx.record(ENTITY, found.name, {"note": said})


def _read(tx: Tx, name: object) -> tuple[Held, Row]:
    """Return an event that whoever acts may read."""
    tx.about(ENTITY, "-")
    found = held(tx.db, name)
    row = None if found is None else one(tx.db, _ROW, id=found.event_id)
    # The right is asked for first: whether an event exists is not told to whoever may not read it.
    tx.permit(how=Act.READ, person_id=row["actor_id"] if row else None, command=Command.READ_LOG)
    if found is None or row is None:
        raise refuse("UNKNOWN_EVENT")
    tx.about(ENTITY, found.name)
    return found, row


def _note(row: Row) -> dict[str, Any]:
    told = payload_of(row["payload"])
    return {
        "at": row["occurred_at"].isoformat(),
        "by": row["actor_id"],
        "role": row["actor_role"],
        "note": str(told.get("note", "")),
        "event": f"{row['writer_id'].hex()}/{row['writer_seq']}",
    }
