"""What BNP2TKI says in `hasil_uji_konfirmasi` of each row: taken over, rejected and why, or of one that nobody sent (§14.5; R-168, F32).

A confirmation closes nothing: only BNP2TKI's own table, read back, does (`return_acknowledge`). So a confirmation that lies is harmless,
and one without an update shows as silence. A rejection and a forged confirmation are deviations (DV-C07). What was confirmed and is
confirmed otherwise later is another row; nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from posko.domain.calendar import local_day
from posko.domain.refusals import refuse
from posko.services import deviation_register
from posko.services.office import act
from posko.services.parameter_values import number_on
from posko.services.return_acknowledge import shortened
from posko.services.rows import Row, add_many, chunks, many, many_among

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from posko.services.office import Tx

ACCEPTED, REJECTED, UNREADABLE, FORGED = "ACCEPTED", "REJECTED", "UNREADABLE", "FORGED"
VERDICTS = {"DITERIMA": ACCEPTED, "DITOLAK": REJECTED}
"""What BNP2TKI writes into `status` -> what it means; any other word means nothing."""
WORDS = {
    REJECTED: "ditolak BNP2TKI",
    UNREADABLE: "konfirmasi BNP2TKI tidak terbaca",
    FORGED: "konfirmasi atas baris yang tidak pernah dikirim",
}
_FIELDS = {"id_kiriman": 64, "id_tki": 255, "status": 20, "alasan": 500}
_EXPECTED = (
    "select batch.dispatch_id, batch.return_batch_id, box.journey_id, box.tki_id, box.source_version"
    " from posko.return_batch as batch join posko.return_outbox as box on box.return_batch_id = batch.return_batch_id"
    " where batch.dispatch_id in :ids"
)
_SEEN = (
    "select dispatch_id, tki_id, source_version, received_at, status, reason from posko.return_confirmation"
    " where dispatch_id in :ids order by confirmation_id"
)


def listened_for(db: sa.Connection, at: datetime) -> tuple[list[str], set[str]]:
    """Return the sendings whose confirmations are to be read now, and all that were ever made.

    Listened for: what is open, and what was acknowledged within the days that BNP2TKI has.
    """
    days = number_on(db, "acknowledge_days", local_day(at))
    rows = many(
        db,
        "select dispatch_id, acknowledged_at is null or made_at > :since as is_due from posko.return_batch"
        " where dispatch_id is not null order by return_batch_id",
        since=at - timedelta(days=days),
    )
    return [row["dispatch_id"] for row in rows if row["is_due"]], {row["dispatch_id"] for row in rows}


@act("return.confirmed", None)
def confirmed(tx: Tx, *, rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Write down what BNP2TKI confirmed and was not written down before; note rejections and forged ones (DV-C07).

    Args:
        tx: the act.
        rows: of `hasil_uji_konfirmasi`: id_kiriman, id_tki, versi, diterima_pada, status, alasan.

    Returns:
        New ones by verdict: `ACCEPTED`, `REJECTED`, `UNREADABLE`, `FORGED`.

    Raises:
        Refused: a row has no key.
    """
    tx.about("return", "confirmations")
    tx.permit()
    if not isinstance(rows, list | tuple):
        raise refuse("CONFIRMATION_UNREADABLE")
    read = [_checked(row) for row in rows]
    names = sorted({row["dispatch_id"] for row in read})
    sent = {_key(row): row for row in many_among(tx.db, _EXPECTED, names)}
    last = {_key(row): _said(row) for row in many_among(tx.db, _SEEN, names)}
    new = []
    for row in read:
        if last.get(_key(row)) == _said(row):
            continue
        line = sent.get(_key(row))
        verdict = FORGED if line is None else VERDICTS.get((row["status"] or "").strip().upper(), UNREADABLE)
        own = {"return_batch_id": line and line["return_batch_id"], "journey_id": line and line["journey_id"]}
        new.append({**row, **own, "verdict": verdict, "seen_at": tx.at})
    add_many(tx.db, "return_confirmation", new)
    counts = {verdict: sum(row["verdict"] == verdict for row in new) for verdict in (ACCEPTED, *WORDS)}
    event = tx.record("return", "confirmations", {**counts, "rows": len(read)})
    _note(tx, [row for row in new if row["verdict"] in WORDS], event)
    return counts


def newest(db: sa.Connection, keys: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Row]:
    """Return (return_batch_id, journey_id) -> the newest confirmation of that line: status, reason, verdict, received_at."""
    sql = (
        "select return_batch_id, journey_id, status, reason, verdict, received_at from posko.return_confirmation"
        " where journey_id in :ids order by confirmation_id"
    )
    found: dict[tuple[int, int], Row] = {}
    for some in chunks(sorted({journey_id for _, journey_id in keys})):
        for row in many(db, sql, ids=some):
            found[int(row["return_batch_id"]), int(row["journey_id"])] = row
    return {key: found[key] for key in keys if key in found}


def _key(row: Mapping[str, Any]) -> tuple[str, str, int]:
    return row["dispatch_id"], row["tki_id"], int(row["source_version"])


def _said(row: Mapping[str, Any]) -> tuple[object, ...]:
    return row["received_at"], row["status"], row["reason"]


def _checked(row: Mapping[str, Any]) -> Row:
    """Return one row of BNP2TKI's under our names; whatever else it holds is not taken over."""
    if not isinstance(row, Mapping):
        raise refuse("CONFIRMATION_UNREADABLE")
    texts = {name: row.get(name) for name in _FIELDS}
    version, received = row.get("versi"), row.get("diterima_pada")
    is_keyed = all(isinstance(texts[name], str) and texts[name] for name in ("id_kiriman", "id_tki"))
    is_text = all(
        text is None or (isinstance(text, str) and len(text) <= _FIELDS[name]) for name, text in texts.items()
    )
    if not (is_keyed and is_text and isinstance(version, int) and isinstance(received, datetime | None)):
        raise refuse("CONFIRMATION_UNREADABLE")
    return {
        "dispatch_id": texts["id_kiriman"],
        "tki_id": texts["id_tki"],
        "source_version": version,
        "received_at": received,
        "status": texts["status"],
        "reason": texts["alasan"],
    }


def _note(tx: Tx, rows: Sequence[Row], event: str) -> None:
    for row in rows:
        code = f"{row['dispatch_id']}/{row['tki_id']}/{row['source_version']}"
        why = f": {shortened(row['reason'])}" if row["reason"] else ""
        deviation_register.note(
            tx,
            "DV-C07",
            {
                "differs": f"{WORDS[row['verdict']]}{why}",
                "status": shortened(row["status"] or "-"),
                "line": shortened(code, 120),
            },
            mode="D",
            subject_kind="return",
            subject_code=str(row["return_batch_id"] or shortened(code, 120)),
            journey_id=row["journey_id"],
            tki_id=row["tki_id"] if row["journey_id"] else None,
            audit_event=event,
        )
