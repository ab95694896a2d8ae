"""Receipts: what a receiver says of the rows that it got, after it computed their hash itself (§12.10-12.11; R-105, R-182)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exports.package_schemas import rows_hash
from posko.domain.refusals import refuse

if TYPE_CHECKING:
    import datetime as dt

    from exports.package import Opened
    from exports.package_manifest import Manifest

LOADED, REFUSED = "LOADED", "REFUSED"


def check_rows(opened: Opened) -> None:
    """Refuse rows that are not those whose hash the manifest tells: the one of the hand-off ledger.

    Raises:
        Refused: they are others, or it is not a package of rows.
    """
    kind, facts = opened.manifest.schema, opened.manifest.facts
    table = opened.tables[kind]
    if facts.get("rows") != table.num_rows or facts.get("rows_sha256") != rows_hash(kind, table):
        raise refuse("PACKAGE_CONTENT", what="baris bukan yang dicatat pengirim")


def receipt_row(manifest: Manifest, person_id: str, at: dt.datetime, reason: str | None) -> dict[str, Any]:
    """Return the row of a receipt for a package of rows; `reason`: why it was not loaded. `at` is UTC."""
    return {
        **{name: manifest.facts.get(name) for name in ("batch_id", "hop", "rows", "rows_sha256")},
        "manifest_sha256": manifest.link.manifest_sha256,
        "status": REFUSED if reason else LOADED,
        "reason": reason,
        "person_id": person_id,
        "loaded_at": iso(at),
    }


def iso(at: dt.datetime) -> str:
    """Return a UTC time as manifests write it."""
    return at.replace(tzinfo=None).isoformat() + "Z"
