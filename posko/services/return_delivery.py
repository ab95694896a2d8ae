"""A return has reached the place where BNP2TKI reads it: marked and relayed, or what is in its way (§14.3-14.4; R-164, R-167, DV-C07).

Only what stands there to the last row as the outbox says is marked; until then the next delivery goes on where this one was cut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.refusals import refuse
from posko.services import deviation_register, inputs, returns
from posko.services.office import act
from posko.services.return_outbox import rows_of
from posko.services.rows import change, many, many_among, one

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from posko.domain.source_result import SourceResult
    from posko.services.office import Tx

WAYS = ("TABLE", "FILE")
"""How a return left: into the table `hasil_uji` over the line, or as a package file."""


@act("return.take", None)
def take(tx: Tx, *, return_batch_id: int) -> list[SourceResult]:
    """Return the rows of a return that are to be written where BNP2TKI reads them, in the order of ID TKI.

    Raises:
        Refused: a line is no longer what was put into the outbox (DV-A11).
    """
    wanted = inputs.number(return_batch_id, "Nomor pengembalian")
    tx.about("return", wanted)
    tx.permit()
    rows = rows_of(tx.db, wanted)
    tx.record("return", wanted, {"step": "taken", "rows": len(rows)})
    return rows


@act("return.delivered", None)
def delivered(
    tx: Tx, *, return_batch_id: int, arrived: Mapping[str, bytes], way: str, note: str | None = None
) -> dict[str, int]:
    """Mark a return as sent when what stands at BNP2TKI, read again there, is what was to be sent; relay it (R-167).

    Saying it again of a return that is marked changes nothing.

    Args:
        tx: the act.
        return_batch_id: the return.
        arrived: ID TKI -> digest of the row as it stands where BNP2TKI reads it.
        way: `TABLE` or `FILE`.
        note: name of the file, or of the table's server.

    Returns:
        `rows` that are marked now.

    Raises:
        Refused: no such return, or what stands there is not what was to be sent (DV-A11).
    """
    wanted = inputs.number(return_batch_id, "Nomor pengembalian")
    tx.about("return", wanted)
    tx.permit()
    batch = one(tx.db, "select * from posko.return_batch where return_batch_id = :id for update", id=wanted)
    if batch is None or batch["dispatch_id"] is None:
        raise refuse("UNKNOWN_RETURN", return_batch_id=wanted)
    told = {"step": "delivered", "dispatch": batch["dispatch_id"], "way": inputs.choice(way, "Cara kirim", WAYS)}
    if batch["dispatched_at"] is not None:
        tx.record("return", wanted, {**told, "rows": 0})
        return {"rows": 0}
    boxed = many(tx.db, "select tki_id, row_sha256 from posko.return_outbox where return_batch_id = :id", id=wanted)
    expected = {row["tki_id"]: row["row_sha256"] for row in boxed}
    if dict(arrived) != expected:
        wrong = sorted(tki for tki in expected.keys() | arrived.keys() if expected.get(tki) != arrived.get(tki))
        tx.context["differing"] = wrong[:20]
        raise refuse("DELIVERY_DIFFERS", return_batch_id=wanted, tki_id=", ".join(wrong[:5]))
    change(
        tx.db,
        "update posko.return_batch set dispatched_at = :at, dispatched_by = :way, dispatch_note = :note"
        " where return_batch_id = :id",
        at=tx.at,
        way=way,
        note=(note or "")[:255] or None,
        id=wanted,
    )
    if batch["source_batch_id"] is None:
        returns.pass_on(tx, wanted)
    tx.record("return", wanted, {**told, "rows": len(expected)})
    return {"rows": len(expected)}


@act("return.occupied", None)
def occupied(tx: Tx, *, return_batch_id: int, tki_ids: Sequence[str]) -> int:
    """Note that under keys of a return BNP2TKI's table holds rows that POSKO did not send (DV-C07); return how many are new.

    Nobody but POSKO may write that table, so each is a row by another hand. They are left as they are: the return waits.
    """
    wanted = inputs.number(return_batch_id, "Nomor pengembalian")
    tx.about("return", wanted)
    tx.permit()
    codes = {f"hasil_uji/{wanted}/{tki_id}": tki_id for tki_id in sorted(tki_ids)}
    sql = "select subject_code from posko.deviation where rule_id = 'DV-C07' and subject_code in :ids"
    known = {row["subject_code"] for row in many_among(tx.db, sql, sorted(codes))}
    new = {code: tki_id for code, tki_id in codes.items() if code not in known}
    event = tx.record("return", wanted, {"step": "occupied", "rows": len(codes), "new": len(new)})
    for code, tki_id in new.items():
        told = {"differs": "hasil_uji di BNP2TKI berisi baris yang tidak dikirim POSKO", "return_batch_id": wanted}
        deviation_register.note(
            tx, "DV-C07", told, mode="D", subject_kind="return", subject_code=code, tki_id=tki_id, audit_event=event
        )
    return len(new)
