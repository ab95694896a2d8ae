"""Results go back to BNP2TKI in two legs, and BNP2TKI's update closes the journey (§14.3-14.5; R-164, R-167, R-168, R-170, R-186).

    BNSP --BNSP_TO_RELAY--> BNSP server at BNP2TKI --RELAY_TO_BNP2TKI--> BNP2TKI, whose table is read back and compared

A certificate whose state changed after it was returned goes out again as a new version. For each TKI and scheme exactly one line is
the last state (`is_last`); a unique key sees to that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from posko.domain.handoff import Hop
from posko.domain.refusals import refuse
from posko.domain.status import Status
from posko.services import handoffs, holds, inputs, journeys, return_acknowledge, return_lines, return_outbox
from posko.services.office import act
from posko.services.rows import Row, add, add_many, change, many, many_among, one

if TYPE_CHECKING:
    from posko.services.office import Tx

MOST_A_BATCH = 10_000
_NEW = "select journey_id from posko.journey where status = 'PUBLISHED' order by journey_id limit :most"
_CHANGED = (
    "select c.journey_id from posko.certificate c join posko.return_line l on l.journey_id = c.journey_id"
    " where l.version = (select max(n.version) from posko.return_line n where n.journey_id = c.journey_id)"
    " and l.certificate_status <> c.status order by c.journey_id limit :most"
)
_RESULTS = (
    "select j.journey_id, j.tki_id, j.scheme_code, j.journey_no, j.attempt_no, j.status as state, d.result, d.lsp_code,"
    " c.certificate_no, c.certified_on, c.status as certificate_status,"
    " (select max(l.version) from posko.return_line l where l.journey_id = j.journey_id) as sent_version,"
    " (select l.certificate_status from posko.return_line l where l.journey_id = j.journey_id order by l.version desc limit 1)"
    " as sent_status,"
    " exists (select 1 from posko.return_line l join posko.journey k on k.journey_id = l.journey_id where l.tki_id = j.tki_id"
    " and l.scheme_code = j.scheme_code and k.journey_no > j.journey_no) as has_later"
    " from posko.journey j join posko.decision d on d.journey_id = j.journey_id"
    " left join posko.certificate c on c.journey_id = j.journey_id where j.journey_id in :ids order by j.journey_id"
)
_SHOWN = (
    "select id_tki, kode_lsp, no_sertifikasi_kompetensi,"
    " coalesce(cast(tanggal_sertifikasi_kompetensi_date as char), tanggal_sertifikasi_kompetensi)"
    " as tanggal_sertifikasi_kompetensi from posko_staging.tki_tlrt where id_tki in :ids"
)


@act("return.make", None)
def make_return(tx: Tx) -> dict[str, int | None]:
    """Make one return of all that is published and not yet returned, and of all that changed since; send it on its first leg.

    One return holds one row a TKI; a second one of the same TKI waits for the next. What a deviation case holds stays.

    Returns:
        `return_batch_id`, None when nothing is to be sent, and `rows`.
    """
    tx.permit()
    return send_due(tx)


def send_due(tx: Tx) -> dict[str, int | None]:
    """Make the return of `make_return` for an act that has its permission."""
    lines = _lines(tx)
    if not lines:
        tx.record("return", "-", {"rows": 0})
        return {"return_batch_id": None, "rows": 0}
    batch_id = handoffs.send(
        tx,
        Hop.BNSP_TO_RELAY,
        sender="BNSP",
        receiver="RELAY",
        lines=[_handed(line) for line in lines],
        version=max(int(line["version"]) for line in lines),
    )
    return_id = add(tx.db, "return_batch", {"relay_batch_id": batch_id, "row_count": len(lines), "made_at": tx.at})
    _write(tx, return_id, lines)
    return_outbox.put(tx, return_id, lines)
    fresh = [line["journey_id"] for line in lines if line["state"] == Status.PUBLISHED.value]
    rows = journeys.read_many(tx, fresh)
    told = {int(row["journey_id"]): {"return_batch_id": return_id} for row in rows}
    journeys.advance_many(tx, rows, Status.SENT_TO_BNP2TKI, told)
    tx.record("return", return_id, {"rows": len(lines), "versions": len(lines) - len(rows), "handoff_batch": batch_id})
    return {"return_batch_id": return_id, "rows": len(lines)}


@act("return.relay", None)
def relay(tx: Tx, *, return_batch_id: int) -> int:
    """Let the BNSP server at BNP2TKI take a return over and send it on its second leg; return that leg's batch (R-167).

    Raises:
        Refused: no such return, relayed before, or what arrived is not what was sent (DV-A11).
    """
    tx.permit()
    return pass_on(tx, return_batch_id)


def pass_on(tx: Tx, return_batch_id: int) -> int:
    """Relay a return as `relay` does, for an act that has its permission."""
    batch = _batch(tx, return_batch_id)
    lines = return_lines.of_batch(tx.db, batch["return_batch_id"])
    handoffs.take_over(tx, batch["relay_batch_id"], {row["tki_id"]: return_lines.line_hash(row) for row in lines})
    sent = handoffs.send(
        tx,
        Hop.RELAY_TO_BNP2TKI,
        sender="RELAY",
        receiver="BNP2TKI",
        lines=[_handed(line) for line in lines],
        version=max(int(line["version"]) for line in lines),
    )
    change(
        tx.db,
        "update posko.return_batch set source_batch_id = :sent where return_batch_id = :id",
        sent=sent,
        id=batch["return_batch_id"],
    )
    tx.record("return", batch["return_batch_id"], {"step": "relayed", "rows": len(lines), "handoff_batch": sent})
    return sent


@act("return.acknowledge", None)
def acknowledge(tx: Tx, *, return_batch_id: int, read_back: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Compare what BNP2TKI shows with what was returned; equal rows are acknowledged and their journeys closed (R-168).

    Args:
        tx: the act.
        return_batch_id: the return.
        read_back: ID TKI -> `kode_lsp`, `no_sertifikasi_kompetensi`, `tanggal_sertifikasi_kompetensi` (ISO or month/day/year)
            as BNP2TKI's table shows them now. It may be given again: what is equal by then completes the return.

    Returns:
        `closed`: rows acknowledged now; `different` and `missing`: ID TKI that are not.

    Raises:
        Refused: no such return, not relayed, wholly acknowledged before, or unreadable.
    """
    tx.permit()
    batch = _batch(tx, return_batch_id)
    return return_acknowledge.acknowledge(tx, batch, return_lines.checked_read_back(read_back))


@act("return.read_back", None)
def read_back_from_staging(tx: Tx, *, return_batch_id: int) -> dict[str, Any]:
    """Read BNP2TKI's update back from what it last delivered, and acknowledge; answers and refusals as `acknowledge`."""
    tx.permit()
    return look_again(tx, return_batch_id)


def look_again(tx: Tx, return_batch_id: int) -> dict[str, Any]:
    """Read BNP2TKI's update back as `read_back_from_staging` does, for an act that has its permission."""
    batch = _batch(tx, return_batch_id)
    ids = sorted(
        row["tki_id"]
        for row in many(
            tx.db,
            "select tki_id from posko.return_line where return_batch_id = :id",
            id=batch["return_batch_id"],
        )
    )
    shown = {row.pop("id_tki"): row for row in many_among(tx.db, _SHOWN, ids)}
    return return_acknowledge.acknowledge(tx, batch, return_lines.checked_read_back(shown))


def _batch(tx: Tx, return_batch_id: object) -> Row:
    wanted = inputs.number(return_batch_id, "Nomor pengembalian")
    tx.about("return", wanted)
    row = one(tx.db, "select * from posko.return_batch where return_batch_id = :id for update", id=wanted)
    if row is None:
        raise refuse("UNKNOWN_RETURN", return_batch_id=wanted)
    return row


def _lines(tx: Tx) -> list[Row]:
    """Return what is to be sent now, one row a TKI, the journeys locked."""
    ids = {int(row["journey_id"]) for sql in (_NEW, _CHANGED) for row in many(tx.db, sql, most=MOST_A_BATCH)}
    journeys.read_many(tx, sorted(ids))
    held = holds.held_by_case(tx.db, sorted(ids))
    lines: dict[str, Row] = {}
    for row in many_among(tx.db, _RESULTS, sorted(ids)):
        is_first = row["sent_version"] is None
        is_due = row["state"] == Status.PUBLISHED.value and row["journey_id"] not in held
        is_changed = row["sent_status"] != row["certificate_status"]
        if row["tki_id"] in lines or not (is_due if is_first else is_changed):
            continue
        _check(tx, row)
        lines[row["tki_id"]] = {
            **row,
            "version": int(row["sent_version"] or 0) + 1,
            "result": "KOMPETEN" if row["result"] == "K" else "BELUM",
            "is_last": int(not row["has_later"]),
        }
    return list(lines.values())


def _check(tx: Tx, row: Row) -> None:
    """Refuse a result that BNP2TKI could read in two ways (R-170)."""
    if (row["result"] == "K") != (row["certificate_no"] is not None):
        tx.about("journey", row["journey_id"])
        tx.context.update(journey_id=row["journey_id"])
        raise refuse("RESULT_DIFFERS", journey_id=row["journey_id"])


def _handed(line: Row) -> handoffs.Line:
    return handoffs.Line(
        line["tki_id"],
        return_lines.line_hash(line),
        int(line["journey_id"]),
        int(line["attempt_no"]),
        int(line["version"]),
    )


def _write(tx: Tx, return_id: int, lines: list[Row]) -> None:
    """Write the lines; those that they replace as last state are no longer the last."""
    for scheme in sorted({line["scheme_code"] for line in lines}):
        change(
            tx.db,
            "update posko.return_line set is_last = 0 where last_scheme = :scheme and tki_id in :tki",
            scheme=scheme,
            tki=[line["tki_id"] for line in lines if line["is_last"] and line["scheme_code"] == scheme] or [""],
        )
    columns = ("journey_id", *return_lines.HANDED_OVER, "is_last")
    rows = [{"return_batch_id": return_id, **{name: line[name] for name in columns}} for line in lines]
    try:
        with tx.db.begin_nested():
            add_many(tx.db, "return_line", rows)
    except sa.exc.IntegrityError as error:
        raise refuse("CHANGED_MEANWHILE") from error
