"""How a return is acknowledged by what BNP2TKI shows, line by line until it is whole (§14.5; R-168, R-169, DV-C07, DV-C08)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from posko.domain.calendar import local_day
from posko.domain.refusals import refuse
from posko.domain.status import Status
from posko.services import deviation_register, handoffs, journeys, return_lines
from posko.services.parameter_values import number_on
from posko.services.rows import Row, change, chunks, many, one

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from posko.services.office import Tx

MISSING = "belum dimutakhirkan BNP2TKI"
OVERDUE = "belum dimutakhirkan BNP2TKI setelah tenggat"


def acknowledge(tx: Tx, batch: Row, shown: Mapping[str, Row]) -> dict[str, Any]:
    """Acknowledge the lines of a return that BNP2TKI shows as they were sent; see `returns.acknowledge`."""
    return_id = int(batch["return_batch_id"])
    if batch["source_batch_id"] is None:
        raise refuse("NOT_RELAYED", return_batch_id=return_id)
    if batch["acknowledged_at"] is not None:
        raise refuse("RETURN_COMPLETE", return_batch_id=return_id)
    lines = return_lines.of_batch(tx.db, return_id)
    pending = [line for line in lines if line["acknowledged_at"] is None]
    replaced = [line for line in pending if line["newest"] > line["version"]]
    judged = [line for line in pending if line["newest"] == line["version"]]
    found = {line["tki_id"]: return_lines.difference(line, shown.get(line["tki_id"])) for line in judged}
    equal = [line for line in judged if found[line["tki_id"]] == ""]
    different = [line for line in judged if found[line["tki_id"]]]
    missing = [line for line in judged if found[line["tki_id"]] is None]
    rejected = {line["tki_id"]: (found[line["tki_id"]] or MISSING)[:200] for line in [*different, *missing]}
    _hand_over(tx, batch, lines, rejected, is_shown=bool(equal or different or replaced))
    _settle(tx, equal, None)
    _settle(tx, replaced, "digantikan versi yang lebih baru")
    _close(tx, equal, return_id)
    if not different and not missing:
        change(
            tx.db,
            "update posko.return_batch set acknowledged_at = :at where return_batch_id = :id",
            at=tx.at,
            id=return_id,
        )
    answer = {
        "closed": len(equal),
        "different": sorted(line["tki_id"] for line in different),
        "missing": sorted(line["tki_id"] for line in missing),
    }
    counts = {"closed": len(equal), "different": len(different), "missing": len(missing), "replaced": len(replaced)}
    event = tx.record("return", return_id, {"step": "acknowledged", **counts})
    late = missing if _is_late(tx, batch) else []
    overdue = dict.fromkeys((line["tki_id"] for line in late), OVERDUE)
    _note(tx, [*different, *late], {**rejected, **overdue}, shown, event)
    return answer


def _hand_over(tx: Tx, batch: Row, lines: Sequence[Row], rejected: Mapping[str, str], *, is_shown: bool) -> None:
    """Take the second leg over at the first read-back that shows any of its rows, and complete it at later ones.

    BNP2TKI's table tells what it loaded; a row that it shows otherwise, or not yet, is a rejected line until it does.
    """
    batch_id = batch["source_batch_id"]
    sent = one(tx.db, "select loaded_at from posko.handoff_batch where batch_id = :id for update", id=batch_id)
    if sent is None or sent["loaded_at"] is None:
        if is_shown:
            hashes = {line["tki_id"]: return_lines.line_hash(line) for line in lines}
            handoffs.take_over(tx, batch_id, hashes, rejected=rejected)
        return
    change(
        tx.db,
        "update posko.handoff_line set status = 'LOADED', reason = null where batch_id = :batch and status = 'REJECTED'",
        batch=batch_id,
    )
    handoffs.reject_lines(tx, batch_id, rejected)
    change(
        tx.db,
        "update posko.handoff_batch set rejected_count = :rejected where batch_id = :id",
        rejected=len(rejected),
        id=batch_id,
    )
    tx.record("handoff", batch_id, {"step": "completed", "rejected": len(rejected)})


def _settle(tx: Tx, lines: Sequence[Row], difference: str | None) -> None:
    for ids in chunks(int(line["journey_id"]) for line in lines):
        change(
            tx.db,
            "update posko.return_line set acknowledged_at = :at, read_back_no = certificate_no, difference = :difference"
            " where return_batch_id = :batch and journey_id in :ids and acknowledged_at is null",
            at=tx.at,
            difference=difference,
            batch=lines[0]["return_batch_id"],
            ids=ids,
        )


def _close(tx: Tx, equal: Sequence[Row], return_id: int) -> None:
    """Close the journeys whose result BNP2TKI shows; those of a later version were closed before."""
    rows = [
        row
        for row in journeys.read_many(tx, [int(line["journey_id"]) for line in equal])
        if row["status"] == Status.SENT_TO_BNP2TKI.value
    ]
    told = {int(row["journey_id"]): {"return_batch_id": return_id} for row in rows}
    journeys.advance_many(tx, rows, Status.CLOSED, told)


def _is_late(tx: Tx, batch: Row) -> bool:
    days = number_on(tx.db, "acknowledge_days", local_day(tx.at))
    return bool(tx.at - batch["made_at"] > timedelta(days=days))


def _note(tx: Tx, lines: Sequence[Row], what: Mapping[str, str], shown: Mapping[str, Row], event: str) -> None:
    """Note each difference and each row missing too long once (DV-C07), and numbers never issued to that TKI (DV-C08)."""
    strange = return_lines.strange_numbers(tx.db, shown)
    for line in lines:
        tki_id = line["tki_id"]
        number = shown[tki_id]["number"] if tki_id in shown else ""
        if _is_new(tx, line, what[tki_id], number):
            _deviate(tx, "DV-C07", line, {"differs": what[tki_id], "shown": shortened(number)}, event)
            if tki_id in strange:
                _deviate(tx, "DV-C08", line, {"shown": shortened(number)}, event)
    _note_others(tx, {tki: strange[tki] for tki in strange.keys() - {line["tki_id"] for line in lines}}, event)


def _note_others(tx: Tx, strange: Mapping[str, str], event: str) -> None:
    """Note numbers never issued beside TKI who are not in this return, each once."""
    if not strange:
        return
    known = many(
        tx.db,
        "select subject_code from posko.deviation where rule_id = 'DV-C08' and tki_id in :ids",
        ids=sorted(strange),
    )
    codes = {row["subject_code"] for row in known}
    for tki_id, number in sorted(strange.items()):
        code, told = f"{tki_id}/{shortened(number)}", {"shown": shortened(number)}
        if code not in codes:
            deviation_register.note(
                tx, "DV-C08", told, mode="D", subject_kind="tki", subject_code=code, tki_id=tki_id, audit_event=event
            )


def shortened(text: str, most: int = 40) -> str:
    """Return what BNP2TKI wrote as evidence shows it: short, and nothing that looks like a NIK."""
    return "16 angka atau lebih" if re.search(r"\d{16}", text) else text[:most]


def _is_new(tx: Tx, line: Row, what: str, number: str) -> bool:
    """Write what was read back beside the line, and return whether it was not written there before."""
    if (line["difference"], line["read_back_no"] or "") == (what, number):
        return False
    change(
        tx.db,
        "update posko.return_line set difference = :what, read_back_no = :number"
        " where return_batch_id = :batch and journey_id = :journey",
        what=what[:500],
        number=number or None,
        batch=line["return_batch_id"],
        journey=line["journey_id"],
    )
    return True


def _deviate(tx: Tx, rule_id: str, line: Row, told: dict[str, object], event: str) -> None:
    """Note what is wrong with a line: a fake about its TKI, all else about the return, so that one case gathers them."""
    number = str(line["return_batch_id"])
    deviation_register.note(
        tx,
        rule_id,
        {**told, "return_batch_id": int(line["return_batch_id"]), "version": int(line["version"])},
        mode="D",
        subject_kind="return",
        subject_code=number if rule_id == "DV-C07" else f"{number}/{line['tki_id']}",
        journey_id=int(line["journey_id"]),
        tki_id=line["tki_id"],
        audit_event=event,
    )
