"""The outbox of the return: what goes into BNP2TKI's `hasil_uji`, exactly once for each TKI and version (§14.3-14.4; R-164, F32).

`returns.make_return` writes it in its own transaction. Whoever delivers reads it here, writes the rows where BNP2TKI reads them, reads
them again, and says with `return_delivery.delivered` what stands there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from posko.domain.handoff import batch_hash
from posko.domain.refusals import refuse
from posko.domain.source_result import SourceResult, dispatch_name, result_of
from posko.services.rows import Row, add_many, change, many, many_among

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from posko.services.office import Tx

_WAITING = (
    "select return_batch_id, dispatch_id, row_count, made_at from posko.return_batch"
    " where dispatch_id is not null and dispatched_at is null order by return_batch_id"
)
_ROWS = (
    "select line.tki_id, line.result, line.lsp_code, line.certificate_no, line.certified_on, line.certificate_status,"
    " box.source_version, box.row_sha256, batch.dispatch_id, batch.made_at from posko.return_outbox as box"
    " join posko.return_line as line on line.return_batch_id = box.return_batch_id and line.journey_id = box.journey_id"
    " join posko.return_batch as batch on batch.return_batch_id = box.return_batch_id"
    " where box.return_batch_id = :id order by box.tki_id"
)


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One return that waits in the outbox; `dispatch_id` is its `id_kiriman`."""

    return_batch_id: int
    dispatch_id: str
    row_count: int
    made_at: datetime


def put(tx: Tx, return_batch_id: int, lines: Sequence[Row]) -> str:
    """Write the outbox of a return in the transaction that makes it, and name the sending; return its `id_kiriman`.

    Raises:
        Refused: another return of one of these TKI was made meanwhile.
    """
    last = _last_versions(tx.db, [line["tki_id"] for line in lines])
    rows = []
    for line in lines:
        version = last.get(line["tki_id"], 0) + 1
        made = result_of(line, version=version, dispatch_id="", sent_at=tx.at)
        who = {"return_batch_id": return_batch_id, "journey_id": line["journey_id"], "tki_id": line["tki_id"]}
        rows.append({**who, "source_version": version, "row_sha256": made.digest})
    try:
        with tx.db.begin_nested():
            add_many(tx.db, "return_outbox", rows)
    except sa.exc.IntegrityError as error:
        raise refuse("CHANGED_MEANWHILE") from error
    name = dispatch_name(return_batch_id, batch_hash(bytes(row["row_sha256"]) for row in rows))
    change(
        tx.db,
        "update posko.return_batch set dispatch_id = :name where return_batch_id = :id",
        name=name,
        id=return_batch_id,
    )
    return name


def waiting(db: sa.Connection) -> list[Dispatch]:
    """Return the returns that nobody has delivered yet, the oldest first: a later version never overtakes an earlier one."""
    return [Dispatch(**row) for row in many(db, _WAITING)]


def rows_of(db: sa.Connection, return_batch_id: int) -> list[SourceResult]:
    """Return the rows of a return as BNP2TKI is to get them, in the order of ID TKI.

    Raises:
        Refused: a return line is no longer what was put into the outbox (DV-A11).
    """
    made = []
    for line in many(db, _ROWS, id=return_batch_id):
        row = result_of(
            line, version=int(line["source_version"]), dispatch_id=line["dispatch_id"], sent_at=line["made_at"]
        )
        if row.digest != line["row_sha256"]:
            raise refuse("OUTBOX_DIFFERS", return_batch_id=return_batch_id, tki_id=row.tki_id)
        made.append(row)
    return made


def _last_versions(db: sa.Connection, tki_ids: Sequence[str]) -> dict[str, int]:
    sql = "select tki_id, max(source_version) as last_no from posko.return_outbox where tki_id in :ids group by tki_id"
    return {row["tki_id"]: int(row["last_no"]) for row in many_among(db, sql, tki_ids)}
