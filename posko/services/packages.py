"""Packages that leave: what one batch holds, and the register of what went out, in chains without a gap (§12.4, 12.6, 12.9; F09, R-103).

The act that handed over has already been done and permitted; a package only carries its batch, so the system makes it and nobody clicks.
Whoever makes it needs the sender's secret key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from posko.domain.handoff import Hop
from posko.domain.package import FIRST, Link, check_order
from posko.domain.package import body as checked_body
from posko.domain.refusals import refuse
from posko.services import inputs
from posko.services.office import act
from posko.services.package_rows import KINDS, batch_of, check_parts, rows_of
from posko.services.packages_keys import recipient_key
from posko.services.rows import Row, add, many, one

if TYPE_CHECKING:
    from posko.services.office import Tx

ENTITY = "package"
HERE = "BNSP"
"""The body whose register this is."""
_WAITING = """
    select batch.batch_id from posko.handoff_batch as batch
    join (select body, min(registered_at) as since from posko.package_key where revoked_at is null group by body) as known
        on known.body = batch.receiver and known.since <= batch.sent_at
    where batch.hop in :hops and batch.sender = :sender
        and (batch.loaded_at is null or batch.hop = 'BNSP_TO_KONSORSIUM')
        and not exists (select 1 from posko.package_sent as sent where sent.batch_id = batch.batch_id)
    order by batch.batch_id"""


@act("package.content", None)
def content(tx: Tx, *, batch_id: int, sender: str) -> dict[str, Any]:
    """Return what the package of one batch holds, proven to be what was sent.

    Args:
        tx: the act.
        batch_id: a batch BNSP -> Konsorsium, Konsorsium -> BNSP, BNSP -> LSP or BNSP -> TUK.
        sender: the body whose key will sign.

    Returns:
        `kind` of the rows and `rows`; `sender`, `recipient`, `age_recipient` (None: the sender is not BNSP); `facts` for the
        manifest; `sequence` and `manifest_sha256` of the package before it.

    Raises:
        Refused: no such batch, another's, its receiver has no key, its rows changed since, or its parts are not the whole (DV-A11).
    """
    number = inputs.number(batch_id, "Nomor kiriman")
    tx.about("handoff", number)
    tx.permit()
    batch = batch_of(tx, number)
    if batch["sender"] != checked_body(sender):
        raise refuse("PACKAGE_NOT_SENDER", batch_id=number, sender=batch["sender"])
    # Another body encrypts to the card that lies with its own keys.
    key = recipient_key(tx.db, batch["receiver"]) if sender == HERE else None
    check_parts(tx, batch)
    rows = rows_of(tx, batch)
    last = last_sent(tx.db, batch["sender"], batch["receiver"])
    kind = KINDS[Hop(batch["hop"])]
    tx.record("handoff", number, {"step": "packed", "to": batch["receiver"], "kind": kind, "rows": len(rows)})
    return {
        "kind": kind,
        "rows": rows,
        "sender": batch["sender"],
        "recipient": batch["receiver"],
        "age_recipient": key,
        "facts": facts_of(batch),
        "sequence": last.sequence,
        "manifest_sha256": last.manifest_sha256,
    }


@act("package.note_sent", None)
def note_sent(tx: Tx, *, entry: dict[str, Any]) -> dict[str, int]:
    """Enter a package into the register before it is given out; return `package_id`.

    Args:
        tx: the act.
        entry: `sender`, `recipient`, `sequence`, `previous_sha256` and `manifest_sha256` and `file_sha256` in hex, `schema_name`,
            `schema_version`, `row_count`, `batch_id` or None.

    Raises:
        Refused: another package took that place in the chain meanwhile; or no such entry.
    """
    row = checked_entry(entry)
    name = f"{row['sender']}>{row['recipient']}/{row['sequence']}"
    tx.about(ENTITY, name)
    tx.permit()
    return {"package_id": enter(tx, "package_sent", row, {"made_at": tx.at}, name)}


def waiting(db: sa.Connection, sender: str) -> list[int]:
    """Return the batches of a sender that no package carries yet, though their receiver had a key when they were sent."""
    hops = [hop.value for hop in KINDS]
    return [int(row["batch_id"]) for row in many(db, _WAITING, hops=hops, sender=sender)]


def facts_of(batch: Row) -> dict[str, str | int]:
    """Return what a manifest tells of a batch: number, hop, version, rows, SHA-256 over them in hex, when it was sent (ISO, UTC)."""
    return {
        "batch_id": int(batch["batch_id"]),
        "hop": batch["hop"],
        "version": int(batch["version"]),
        "rows": int(batch["row_count"]),
        "rows_sha256": batch["rows_sha256"].hex(),
        "sent_at": batch["sent_at"].isoformat() + "Z",
    }


def last_sent(db: sa.Connection, sender: str, recipient: str) -> Link:
    """Return the last package of a chain that went out."""
    return _last(db, "package_sent", sender, recipient)


def last_received(db: sa.Connection, recipient: str) -> dict[str, Link]:
    """Return sender -> last package that a body took over from it."""
    senders = many(db, "select distinct sender from posko.package_received where recipient = :to", to=recipient)
    return {row["sender"]: _last(db, "package_received", row["sender"], recipient) for row in senders}


def _last(db: sa.Connection, table: str, sender: str, recipient: str) -> Link:
    row = one(
        db,
        f"select sequence, manifest_sha256 from posko.{table} where sender = :sender and recipient = :recipient"
        " order by sequence desc limit 1",
        sender=sender,
        recipient=recipient,
    )
    return Link() if row is None else Link(int(row["sequence"]), row["manifest_sha256"].hex())


def checked_entry(entry: object) -> Row:
    """Return an entry of one of the two registers as its row.

    Raises:
        Refused: it is none.
    """
    told = inputs.named(entry, "Paket", _ENTRY)
    digests = {name: _digest(told.get(name)) for name in ("manifest_sha256", "file_sha256")}
    previous = told.get("previous_sha256")
    batch_id = told.get("batch_id")
    return {
        **{name: checked_body(told.get(name)) for name in ("sender", "recipient")},
        **digests,
        "previous_sha256": None if previous == FIRST else _digest(previous),
        "sequence": inputs.number(told.get("sequence"), "Nomor paket", 2**31 - 1),
        "schema_name": inputs.code(told.get("schema_name"), "Jenis isi"),
        "schema_version": inputs.number(told.get("schema_version"), "Versi isi", 2**31 - 1),
        "row_count": 0
        if told.get("row_count") == 0
        else inputs.number(told.get("row_count"), "Banyaknya baris", 2**31 - 1),
        "batch_id": None if batch_id is None else inputs.number(batch_id, "Nomor kiriman"),
    }


def enter(tx: Tx, table: str, row: Row, when: Row, name: str) -> int:
    """Add a package to one of the two registers if it is the next of its chain, and record it; return its number.

    Raises:
        Refused: it is not the next, or another took its place at the same moment.
    """
    last = _last(tx.db, table, row["sender"], row["recipient"])
    previous = row["previous_sha256"].hex() if row["previous_sha256"] else FIRST
    check_order(last, sender=row["sender"], sequence=row["sequence"], previous=previous)
    try:
        with tx.db.begin_nested():
            number = add(tx.db, table, {**row, **when})
    except sa.exc.IntegrityError as error:
        raise refuse("CHANGED_MEANWHILE") from error
    told = {"step": table.removeprefix("package_"), "kind": row["schema_name"], "rows": row["row_count"]}
    tx.record(ENTITY, name, {**told, "batch_id": row["batch_id"], "manifest_sha256": row["manifest_sha256"].hex()})
    return number


_ENTRY = (
    *("sender", "recipient", "sequence", "previous_sha256", "manifest_sha256", "file_sha256"),
    *("schema_name", "schema_version", "row_count", "batch_id"),
)


def _digest(value: object) -> bytes:
    try:
        found = bytes.fromhex(value) if isinstance(value, str) else b""
    except ValueError:
        found = b""
    if len(found) != 32:
        raise refuse("PACKAGE_CONTENT", what="SHA-256")
    return found
