"""What BNSP does with a package that arrived and is whole: a receipt, or the Konsorsium's allocation (§12.6-12.11; R-100, R-104, R-105).

The acts are those that exist: `distribution.acknowledge` and `distribution.refuse` in the name of the officer whom the receipt names,
`distribution.forward` by the system. What they refuse stays refused and recorded; the package counts as received all the same, so that
its sender can send the next one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exports.package_receipt import LOADED, check_rows, receipt_row
from exports.package_schemas import ALLOCATED, RECEIPT
from posko.domain.audit import Place
from posko.domain.errors import Refused
from posko.domain.matrix import Role
from posko.domain.refusals import refuse
from posko.domain.roles import Principal
from posko.services import distribution, package_refusal, packages, packages_keys, packages_received

if TYPE_CHECKING:
    import datetime as dt

    from apps.packages import Packages
    from exports.package import Opened
    from exports.package_keys import Keys
    from exports.package_manifest import Manifest
    from posko.services.office import Desk

SYSTEM = "posko"
"""Who loads at BNSP: nobody clicks (§12.9)."""


def take_in(here: Packages, opened: Opened, keys: Keys) -> dict[str, Any]:
    """Do what a package asks for, answer it where it is no receipt itself, and enter it into the register.

    Args:
        here: the packages of BNSP.
        opened: found good, and the next of its chain.
        keys: BNSP's.

    Returns:
        `kind`, `sender`, `sequence`, `batch_id`, `rows`, and `receipt`: the file that answers it, None for a receipt.

    Raises:
        Refused: by one of the acts; recorded, and the package is entered as received.
    """
    manifest = opened.manifest
    kinds = {RECEIPT: _receipt, ALLOCATED: _allocation}
    told: dict[str, Any] = {"receipt": None}
    try:
        if manifest.schema not in kinds:
            raise refuse("PACKAGE_SCHEMA_UNKNOWN", schema=manifest.schema)
        told |= kinds[manifest.schema](here, opened, keys)
    except Refused as refusal:
        if refusal.reference is None:
            here.record(refusal, opened.sha256)
        _enter(here, manifest, opened.sha256)
        raise
    _enter(here, manifest, opened.sha256)
    return {"kind": manifest.schema, "sender": manifest.sender, "sequence": manifest.sequence, **told}


def entry_of(manifest: Manifest, file_sha256: str) -> dict[str, Any]:
    """Return a package as the registers hold it."""
    batch_id = manifest.facts.get("batch_id")
    return {
        **{
            name: getattr(manifest, name)
            for name in ("sender", "recipient", "sequence", "previous_sha256", "schema_version")
        },
        "schema_name": manifest.schema,
        "manifest_sha256": manifest.link.manifest_sha256,
        "file_sha256": file_sha256,
        "row_count": sum(file.rows for file in manifest.files),
        "batch_id": batch_id if isinstance(batch_id, int) else None,
    }


def _enter(here: Packages, manifest: Manifest, file_sha256: str) -> None:
    here.office.desk(None).do(packages_received.note_received, entry=entry_of(manifest, file_sha256))


def _receipt(here: Packages, opened: Opened, _keys: Keys) -> dict[str, Any]:
    """Acknowledge a package at its LSP or TUK, or refuse it there, as the officer who gives the receipt."""
    rows = opened.tables[RECEIPT].to_pylist()
    if len(rows) != 1:
        raise refuse("PACKAGE_CONTENT", what="jumlah tanda terima")
    row = rows[0]
    receipt = {name: row[name] for name in ("batch_id", "rows", "rows_sha256", "status", "reason", "person_id")}
    who = here.office.desk(None).do(packages_received.check_receipt, sender=opened.manifest.sender, receipt=receipt)
    told = {"batch_id": row["batch_id"], "rows": row["rows"], "status": row["status"]}
    if who["role"] == Role.KONSORSIUM.value or (who["is_taken_over"] and row["status"] == LOADED):
        # The Konsorsium has its rows as soon as they are sent (§12.4), and whoever took over on the screen has done it.
        return told
    desk = _desk_of(here, who).once(f"package:{opened.manifest.link.manifest_sha256}")
    if row["status"] == LOADED:
        desk.do(distribution.acknowledge, batch_id=row["batch_id"])
    else:
        desk.do(package_refusal.refuse_package, batch_id=row["batch_id"], reason=row["reason"])
    return told


def _desk_of(here: Packages, who: dict[str, Any]) -> Desk:
    """Return the desk of an officer who spoke with her body's key; the event of the check stands for her sign-in."""
    by = Principal(Role(who["role"]), who["person_id"], lsp_code=who["lsp_code"], tuk_code=who["tuk_code"])
    return here.office.desk(by, place=Place(device="paket"), auth_event=who["auth_event"])


def _allocation(here: Packages, opened: Opened, keys: Keys) -> dict[str, Any]:
    """Let the Konsorsium's batch go on as it would have without a package, and send it the receipt."""
    manifest = opened.manifest
    check_rows(opened)
    told: dict[str, Any] = {name: manifest.facts.get(name) for name in ("batch_id", "rows", "rows_sha256")}
    system = here.office.desk(None)
    arrived = system.do(packages_received.check_allocation, sender=manifest.sender, **told)
    refusal: Refused | None = None
    try:
        if not arrived["is_taken_over"]:
            system.do(distribution.forward, batch_id=told["batch_id"])
    except Refused as found:
        refusal = found
    path = _answer(here, manifest, keys, None if refusal is None else str(refusal))
    if refusal is not None:
        raise refusal
    return {"batch_id": told["batch_id"], "rows": told["rows"], "receipt": path}


def _answer(here: Packages, manifest: Manifest, keys: Keys, reason: str | None) -> Any:
    with here.office.engine.connect() as db:
        last = packages.last_sent(db, manifest.recipient, manifest.sender)
        key = packages_keys.recipient_key(db, manifest.sender)
        at: dt.datetime = here.office.clock(db)
    row = receipt_row(manifest, SYSTEM, at, reason)
    told = {
        "sender": manifest.recipient,
        "recipient": manifest.sender,
        "age_recipient": key,
        "facts": {"batch_id": row["batch_id"], "status": row["status"]},
        "sequence": last.sequence,
        "manifest_sha256": last.manifest_sha256,
    }
    return here.send(RECEIPT, [row], told, keys)[0]
