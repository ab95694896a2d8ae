"""Packages that arrive: refused with their own sentence and recorded, or taken over through existing acts (§12.6, 12.10-12.11; R-105).

A receipt is said by a body with its key, and names the officer who loaded the package there. She must be an active officer of that body;
what follows is done in her name by `distribution.acknowledge`, with the truth table's own cell. The event of the check stands where
a sign-in with a finger stands otherwise, so that the log tells both apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.audit import LONGEST_TEXT
from posko.domain.errors import Refused
from posko.domain.handoff import Hop
from posko.domain.matrix import Role
from posko.domain.package import FILE_REFUSALS
from posko.domain.package import body as checked_body
from posko.domain.refusals import CATALOGUE, refuse
from posko.domain.short_digest import short_digest
from posko.services import inputs
from posko.services.office import act
from posko.services.package_rows import batch_of
from posko.services.packages import ENTITY, checked_entry, enter
from posko.services.rows import Row, one

if TYPE_CHECKING:
    from posko.services.office import Tx

STATES = ("LOADED", "REFUSED")
_ROLES = {"LSP": Role.LSP, "TUK": Role.TUK, "KONSORSIUM": Role.KONSORSIUM}


@act("package.note_refused", None)
def note_refused(tx: Tx, *, code: str, sentence: str, file_sha256: str) -> None:
    """Record that a file was refused before anything of it was looked at; always refuses, with that sentence.

    Args:
        tx: the act.
        code: one of `FILE_REFUSALS`.
        sentence: what whoever opened it read.
        file_sha256: which file, in hex.

    Raises:
        Refused: that code, always.
    """
    digest = inputs.sha256(file_sha256)
    tx.about(ENTITY, short_digest(digest))
    tx.permit()
    which = inputs.choice(code, "Kode", FILE_REFUSALS)
    tx.context.update(file_sha256=digest)
    raise Refused(inputs.text(sentence, "Alasan", LONGEST_TEXT), rule=CATALOGUE[which].rule, code=which)


@act("package.note_received", None)
def note_received(tx: Tx, *, entry: dict[str, Any]) -> dict[str, int]:
    """Enter a package that was taken over into the register; return `package_id`. `entry` is that of `packages.note_sent`.

    Raises:
        Refused: it is not the next of its chain, or no such entry.
    """
    row = checked_entry(entry)
    name = f"{row['sender']}>{row['recipient']}/{row['sequence']}"
    tx.about(ENTITY, name)
    tx.permit()
    if one(tx.db, "select 1 as found from posko.handoff_batch where batch_id = :id", id=row["batch_id"]) is None:
        row["batch_id"] = None  # its sender named one that never was; the log keeps what was refused
    return {"package_id": enter(tx, "package_received", row, {"received_at": tx.at}, name)}


@act("package.check_allocation", None)
def check_allocation(tx: Tx, *, sender: str, batch_id: int, rows: int, rows_sha256: str) -> dict[str, Any]:
    """Compare rows that arrived from the Konsorsium in a package with the batch that it says it carries; return `is_taken_over`.

    Raises:
        Refused: no such batch of that sender to BNSP, or other rows than the ledger's (DV-A11).
    """
    number = inputs.number(batch_id, "Nomor kiriman")
    tx.about("handoff", number)
    tx.permit()
    batch = batch_of(tx, number)
    if batch["hop"] != Hop.KONSORSIUM_TO_BNSP.value or batch["sender"] != checked_body(sender):
        raise refuse("PACKAGE_NO_BATCH", batch_id=number)
    _compare(batch, rows, rows_sha256)
    tx.record("handoff", number, {"step": "arrived_as_package", "rows": rows})
    return {"is_taken_over": batch["loaded_at"] is not None}


@act("package.check_receipt", None)
def check_receipt(tx: Tx, *, sender: str, receipt: dict[str, Any]) -> dict[str, Any]:
    """Compare a receipt with the batch that it acknowledges, and return who gives it.

    Args:
        tx: the act.
        sender: the body whose key signed it.
        receipt: `batch_id`, `rows`, `rows_sha256` in hex, `status` of `STATES`, `reason` or None, `person_id`.

    Returns:
        `role`, `lsp_code`, `tuk_code`, `person_id`, `auth_event`; `is_taken_over`: the batch was loaded before.

    Raises:
        Refused: no such batch to that body, other counts or hash than were sent (DV-A11), or no such officer.
    """
    told = inputs.named(receipt, "Tanda terima", ("batch_id", "rows", "rows_sha256", "status", "reason", "person_id"))
    number = inputs.number(told.get("batch_id"), "Nomor kiriman")
    tx.about("handoff", number)
    tx.permit()
    batch = batch_of(tx, number)
    name = checked_body(sender)
    if batch["receiver"] != name:
        raise refuse("PACKAGE_NO_BATCH", batch_id=number)
    state = inputs.choice(told.get("status"), "Keadaan", STATES)
    if state == "LOADED":
        _compare(batch, told.get("rows"), told.get("rows_sha256"))
    who = _officer(tx, name, told.get("person_id"))
    event = tx.record("handoff", number, {"step": "receipt", "from": name, "by": who["person_id"], "state": state})
    return {**who, "auth_event": event, "is_taken_over": batch["loaded_at"] is not None}


def _compare(batch: Row, rows: object, rows_sha256: object) -> None:
    """Refuse a count or a hash that is not the batch's."""
    found = inputs.number(rows, "Banyaknya baris")
    if found != batch["row_count"]:
        raise refuse(
            "PACKAGE_RECEIPT_WRONG", batch_id=batch["batch_id"], found=f"{found} dari {batch['row_count']} baris"
        )
    if rows_sha256 != batch["rows_sha256"].hex():
        raise refuse("PACKAGE_RECEIPT_WRONG", batch_id=batch["batch_id"], found="isi baris")


def _officer(tx: Tx, body: str, person_id: object) -> dict[str, Any]:
    """Return the active officer of a body whom a receipt names."""
    kind, _, code = body.partition(":")
    shown = inputs.person_number_or_none(person_id) or "?"
    row = one(
        tx.db,
        "select person_id, role, lsp_code, tuk_code from posko.staff where person_id = :person and state = 'ACTIVE'",
        person=shown,
    )
    role = _ROLES.get(kind)
    if (
        row is None
        or role is None
        or row["role"] != role.value
        or (code or None) != (row["lsp_code"] or row["tuk_code"])
    ):
        raise refuse("PACKAGE_RECEIPT_PERSON", person=shown, sender=body)
    return row
