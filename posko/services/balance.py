"""Whether what came from the Konsorsium is balanced (§12.7-12.8; R-101, R-102, X6, DV-A01, A11, A12).

(a) Completeness blocks: what arrived is what was sent, and all who waited are allocated or justified. (b) Load across LSP, TUK
and assessors is compared with a tolerance; too much is noted as a deviation and blocks nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from posko.domain.calendar import local_day
from posko.domain.handoff import Hop
from posko.domain.refusals import CATALOGUE, refuse
from posko.domain.status import Status
from posko.services import deviation_register, handoffs, journeys
from posko.services import scheduling_rules as rules
from posko.services.allocation import UNALLOCATED, named
from posko.services.handed_rows import check_whole, recomputed
from posko.services.parameters import number_on
from posko.services.rows import Row, add, many, one

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from posko.services.office import Tx

NAMED_MOST = 20
_LINES = """
    select line.tki_id, line.journey_id, line.attempt_no, journey.status, journey.attempt_no as attempt_now,
        journey.scheme_code, session.session_id, session.status as session_status, session.exam_on, session.lsp_code,
        session.tuk_code, session.met_no, appointment.met_no as appointed,
        exists(select 1 from posko.handoff_line as sent where sent.journey_id = line.journey_id
            and sent.hop = 'BNSP_TO_KONSORSIUM' and sent.status = 'LOADED') as was_sent
    from posko.handoff_line as line
    left join posko.journey as journey on journey.journey_id = line.journey_id
    left join posko.allocation as allocation
        on allocation.journey_id = line.journey_id and allocation.attempt_no = line.attempt_no
    left join posko.exam_session as session on session.session_id = allocation.session_id
    left join posko.appointment as appointment
        on appointment.session_id = session.session_id and appointment.ended_at is null
    where line.batch_id = :id order by line.tki_id"""


@dataclass
class Findings:
    """What one check found: `told` for the screen and the row, `blocks` where one of it stops the batch."""

    told: list[dict[str, Any]] = field(default_factory=list)
    blocks: bool = False
    max_to_mean: float = 0.0

    def add(self, code: str, tki_ids: Sequence[str]) -> None:
        """Add a finding that blocks, if it names anybody."""
        if tki_ids:
            text = CATALOGUE[code].text.format(count=len(tki_ids), first=named(tki_ids))
            self.told.append({"code": code, "count": len(tki_ids), "tki_ids": list(tki_ids[:NAMED_MOST]), "text": text})
            self.blocks = True


def check(tx: Tx, batch_id: int) -> dict[str, Any]:
    """Take over a batch of the Konsorsium, check it, write the check down, and move its journeys if it is complete.

    Raises:
        Refused: no such batch of the Konsorsium, already balanced, withdrawn, or it did not arrive as it was sent (DV-A11).
    """
    tx.about("handoff", batch_id)
    batch = _batch(tx, batch_id)
    lines = many(tx.db, _LINES, id=batch_id)
    rows = journeys.read_many(tx, [int(line["journey_id"]) for line in lines if line["journey_id"] is not None])
    hashes = recomputed(tx.db, batch)
    if batch["loaded_at"] is None:
        handoffs.take_over(tx, batch_id, hashes)
    else:
        _compare_again(tx, batch_id, hashes)
    check_whole(tx, batch, hashes, Status.RETURNED_TO_BNSP)
    found = Findings()
    _completeness(tx, batch, lines, found)
    _load(tx, batch_id, lines, found)
    check_id = _write(tx, batch_id, lines, found)
    if not found.blocks:
        journeys.advance_many(
            tx, rows, Status.BALANCED, {row["journey_id"]: {"balance_check": check_id} for row in rows}
        )
    return {"balance_check_id": check_id, "is_complete": not found.blocks, "findings": found.told}


def _batch(tx: Tx, batch_id: int) -> Row:
    batch = handoffs.locked(tx, batch_id)
    if batch["hop"] != Hop.KONSORSIUM_TO_BNSP.value:
        raise refuse("NOT_AN_ALLOCATION", batch_id=batch_id)
    done = one(
        tx.db,
        "select 1 as done from posko.balance_check where batch_id = :id and is_complete = 1 limit 1",
        id=batch_id,
    )
    if done is not None:
        raise refuse("BALANCE_DONE", batch_id=batch_id)
    refuse_withdrawn(tx, batch_id)
    return batch


def refuse_withdrawn(tx: Tx, batch_id: int) -> None:
    """Refuse a batch that the Konsorsium withdrew: its TKI may be under way again in another. The caller holds the batch's lock."""
    found = one(tx.db, "select withdrawn_at from posko.allocation_withdrawal where batch_id = :id", id=batch_id)
    if found is not None:
        raise refuse("ALLOCATION_WITHDRAWN", batch_id=batch_id, day=local_day(found["withdrawn_at"]).isoformat())


def _compare_again(tx: Tx, batch_id: int, hashes: Mapping[str, bytes]) -> None:
    """Check a batch again that was taken over and not complete: its rows must still be what was sent."""
    sent = many(tx.db, "select tki_id, row_hash from posko.handoff_line where batch_id = :id", id=batch_id)
    differ = sorted(line["tki_id"] for line in sent if hashes.get(line["tki_id"]) != line["row_hash"])
    if differ or len(sent) != len(hashes):
        tx.context["batch_berubah"] = differ[:NAMED_MOST]
        raise refuse("BATCH_DIFFERS", batch_id=batch_id, found=f"berubah: {named(differ)}")


def _completeness(tx: Tx, batch: Row, lines: Sequence[Row], found: Findings) -> None:
    returned = Status.RETURNED_TO_BNSP.value

    def where(is_wrong: Any) -> list[str]:
        return [line["tki_id"] for line in lines if is_wrong(line)]

    found.add(
        "FOUND_STATUS", where(lambda line: (line["status"], line["attempt_now"]) != (returned, line["attempt_no"]))
    )
    found.add("FOUND_NO_PLACE", where(lambda line: line["session_status"] in {None, "CANCELLED"}))
    found.add("FOUND_NOT_SENT", where(lambda line: not line["was_sent"]))
    found.add("FOUND_NO_ASESOR", where(lambda line: line["met_no"] is not None and line["met_no"] != line["appointed"]))
    declared = one(tx.db, "select * from posko.allocation_return where batch_id = :id", id=batch["batch_id"])
    rest = many(tx.db, "select journey_id from posko.allocation_rest where batch_id = :id", id=batch["batch_id"])
    if declared is None or (declared["allocated_count"], declared["rest_count"]) != (len(lines), len(rest)):
        found.add("FOUND_COUNT", ["-"])
    if declared is not None and declared["is_whole"]:
        said = {row["journey_id"] for row in rest}
        left = [
            row["tki_id"]
            for row in many(tx.db, UNALLOCATED)
            if row["registered_at"] < batch["sent_at"] and row["journey_id"] not in said
        ]
        found.add("FOUND_REST", left)


def _load(tx: Tx, batch_id: int, lines: Sequence[Row], found: Findings) -> None:
    """Compare the heaviest load of each kind of body with the mean over all that could have had some."""
    placed = [line for line in lines if line["session_id"] is not None]
    bodies = _bodies(tx, placed)
    limit = number_on(tx.db, "balance_max_to_mean_percent", local_day(tx.at))
    least = number_on(tx.db, "balance_least_mean", local_day(tx.at))
    for scope, column in (("LSP", "lsp_code"), ("TUK", "tuk_code"), ("ASESOR", "met_no")):
        loads = Counter(line[column] for line in placed)
        able = len(bodies[scope] | loads.keys())
        if not loads:
            continue
        code, most = max(loads.items(), key=lambda pair: (pair[1], pair[0]))
        percent = 100 * most * able // len(placed)
        found.max_to_mean = max(found.max_to_mean, most * able / len(placed))
        # Eight TKI over seven LSP are three for one of them by chance alone: so few say nothing.
        if len(placed) < least * able or percent <= limit:
            continue
        text = CATALOGUE["FOUND_LOAD"].text.format(scope=scope, first=code, percent=percent)
        found.told.append({"code": "FOUND_LOAD", "scope": scope, "body": code, "percent": percent, "text": text})
        evidence = {
            "scope": scope,
            "body": code,
            "rows": most,
            "of": len(placed),
            "bodies": able,
            "percent": percent,
            "limit": limit,
        }
        deviation_register.note(
            tx, "DV-A12", evidence, mode="D", subject_kind="handoff", subject_code=f"{batch_id}/{scope}"
        )


def _bodies(tx: Tx, placed: Sequence[Row]) -> dict[str, set[str]]:
    """Return the LSP, TUK and assessors who could have tested on one of the days."""
    days = {line["exam_on"] for line in placed}
    schemes = {line["scheme_code"] for line in placed}
    links = many(tx.db, "select distinct tuk_code, lsp_code from posko.tuk_lsp")
    registers = rules.load(
        tx.db,
        lsp_codes=[link["lsp_code"] for link in links],
        tuk_codes=[link["tuk_code"] for link in links],
        days=days,
    )
    seats = [
        rules.Seat(day, lsp, tuk, scheme) for tuk, lsp, scheme in registers.links for day in days if scheme in schemes
    ]
    able = [seat for seat in seats if rules.refusal_of(rules.judge_place, registers, seat) is None]
    by_lsp = {(seat.lsp_code, seat.exam_on): seat for seat in able}
    fit = {
        met_no
        for (lsp_code, _), seat in by_lsp.items()
        for met_no, row in registers.asesor.items()
        if row["lsp_code"] == lsp_code and rules.refusal_of(rules.judge_asesor, registers, seat, met_no) is None
    }
    return {"LSP": {seat.lsp_code for seat in able}, "TUK": {seat.tuk_code for seat in able}, "ASESOR": fit}


def _write(tx: Tx, batch_id: int, lines: Sequence[Row], found: Findings) -> int:
    check_id = add(
        tx.db,
        "balance_check",
        {
            "batch_id": batch_id,
            "checked_at": tx.at,
            "checked_by": tx.person_id,
            "is_complete": int(not found.blocks),
            "sent_count": len(lines),
            "parts_count": sum(line["session_id"] is not None for line in lines),
            "max_to_mean": round(found.max_to_mean, 3),
            "findings": json.dumps(found.told, ensure_ascii=False),
        },
    )
    told = {
        "batch_id": batch_id,
        "is_complete": not found.blocks,
        "found": [one_found["code"] for one_found in found.told],
    }
    tx.record("balance", check_id, told)
    return check_id
