"""The rows that a package carries: those of one batch of the hand-off ledger, proven to be what was sent (§12.4, 12.6, 12.9; R-103).

A package is another carrier of the same hand-off: it holds what the ledger hashed, or it is not made. Of an allocation that BNSP split, the
packages of each kind must be the whole, TKI by TKI.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.db.staging_columns import TEXT_COLUMNS
from posko.domain.handoff import Hop, batch_hash
from posko.domain.refusals import refuse
from posko.services.handed_rows import allocated_hash, allocated_rows, delivered_hash
from posko.services.rows import Row, many, many_among, one

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlalchemy as sa

    from posko.services.office import Tx

KINDS: Mapping[Hop, str] = {
    Hop.BNSP_TO_KONSORSIUM: "delivered",
    Hop.KONSORSIUM_TO_BNSP: "allocated",
    Hop.BNSP_TO_LSP: "allocated",
    Hop.BNSP_TO_TUK: "allocated",
}
"""Hop that can travel as a package -> kind of its rows."""
NAMED_MOST = 5
_COLUMNS = ", ".join(("id_tki as tki_id", *TEXT_COLUMNS, "cast(updated_at as char) as updated_at", "row_crc"))
_VERSIONS = (
    f"select {_COLUMNS} from posko_staging.tki_tlrt where id_tki in :ids"
    f" union all select {_COLUMNS} from posko_staging.tki_tlrt_history where id_tki in :ids"
)
_LINES = "select tki_id, journey_id, attempt_no, row_hash from posko.handoff_line where batch_id = :id"
_PARTS = """
    select distribution.receiver_kind, line.journey_id, line.attempt_no
    from posko.distribution as distribution
    join posko.handoff_line as line on line.batch_id = distribution.batch_id
    where distribution.balance_check_id = :id"""


def batch_of(tx: Tx, batch_id: int) -> Row:
    """Return a batch that can travel as a package.

    Raises:
        Refused: there is none, or it belongs to another hop.
    """
    batch = one(tx.db, "select * from posko.handoff_batch where batch_id = :id", id=batch_id)
    if batch is None or batch["hop"] not in {hop.value for hop in KINDS}:
        raise refuse("PACKAGE_NO_BATCH", batch_id=batch_id)
    return batch


def rows_of(tx: Tx, batch: Row) -> list[Row]:
    """Return the rows of a batch as they were sent, by TKI.

    Raises:
        Refused: the rows are no longer those that were sent (DV-A11); it names the first TKI.
    """
    lines = {row["tki_id"]: row for row in many(tx.db, _LINES, id=batch["batch_id"])}
    kind = KINDS[Hop(batch["hop"])]
    found = _delivered(tx.db, lines) if kind == "delivered" else _allocated(tx.db, batch, lines)
    wrong = sorted(tki_id for tki_id in lines if tki_id not in found or found[tki_id][1] != lines[tki_id]["row_hash"])
    is_whole = (
        len(found) == batch["row_count"] and batch_hash(made for _, made in found.values()) == batch["rows_sha256"]
    )
    if wrong or not is_whole:
        tx.context.update(batch_berubah=wrong[:20], sent=batch["row_count"], found=len(found))
        named = ", ".join(wrong[:NAMED_MOST]) or f"{len(found)} baris"
        raise refuse("PACKAGE_ROWS_DIFFER", batch_id=batch["batch_id"], found=named)
    return [found[tki_id][0] for tki_id in sorted(found)]


def check_parts(tx: Tx, batch: Row) -> None:
    """Refuse a package of a split allocation whose parts are not the whole: of LSP and of TUK each TKI stands in exactly one."""
    part = one(
        tx.db,
        "select distribution.balance_check_id, found.batch_id from posko.distribution as distribution"
        " join posko.balance_check as found on found.balance_check_id = distribution.balance_check_id"
        " where distribution.batch_id = :id",
        id=batch["batch_id"],
    )
    if part is None:
        return
    whole = sorted((row["journey_id"], row["attempt_no"]) for row in many(tx.db, _LINES, id=part["batch_id"]))
    parts: dict[str, list[tuple[int, int]]] = {"LSP": [], "TUK": []}
    for row in many(tx.db, _PARTS, id=part["balance_check_id"]):
        parts[row["receiver_kind"]].append((row["journey_id"], row["attempt_no"]))
    if any(sorted(held) != whole for held in parts.values()):
        tx.context.update(whole=len(whole), parts={kind: len(held) for kind, held in parts.items()})
        raise refuse("PACKAGE_PARTS_DIFFER", batch_id=part["batch_id"])


def _delivered(db: sa.Connection, lines: Mapping[str, Row]) -> dict[str, tuple[Row, bytes]]:
    """Of all versions that BNP2TKI ever delivered, take the one that was sent."""
    found: dict[str, tuple[Row, bytes]] = {}
    for row in many_among(db, _VERSIONS, sorted(lines)):
        made = delivered_hash(row["tki_id"], row["row_crc"])
        if made == lines[row["tki_id"]]["row_hash"] or row["tki_id"] not in found:
            found[row["tki_id"]] = (row, made)
    return found


def _allocated(db: sa.Connection, batch: Row, lines: Mapping[str, Row]) -> dict[str, tuple[Row, bytes]]:
    attempts = {
        int(row["journey_id"]): int(row["attempt_no"]) for row in lines.values() if row["journey_id"] is not None
    }
    return {row["tki_id"]: (row, allocated_hash(row)) for row in allocated_rows(db, attempts, batch["sent_at"])}
