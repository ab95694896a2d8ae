"""BNSP splits the balanced table and hands it to LSP and TUK; they acknowledge (§12.7-12.11, §9.3; R-101..R-106, X6, DV-A11).

One package for each LSP and one for each TUK; the packages of a kind sum to the whole. A TKI is acknowledged when both her LSP and her
TUK have loaded their package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.handoff import Hop
from posko.domain.matrix import Command, Role
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.domain.status import LABELS, Status
from posko.services import balance, handoffs, inputs, journeys
from posko.services.handed_rows import allocated_hash, allocated_rows, check_whole, recomputed
from posko.services.office import act
from posko.services.rows import Row, add, change, many, one

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from posko.services.office import Tx

KINDS = (("LSP", Hop.BNSP_TO_LSP), ("TUK", Hop.BNSP_TO_TUK))
BEFORE_DISTRIBUTION = frozenset({Status.SCHEDULED, Status.ALLOCATED, Status.RETURNED_TO_BNSP, Status.BALANCED})
_INBOX = """
    select distribution.batch_id, batch.sender, batch.row_count, batch.sent_at, distribution.acknowledged_at,
        distribution.acknowledged_by
    from posko.distribution as distribution
    join posko.handoff_batch as batch on batch.batch_id = distribution.batch_id
    where distribution.receiver_kind = :kind and distribution.receiver_code = :code
    order by distribution.batch_id desc"""
_BOTH = """
    select line.journey_id from posko.handoff_line as line
    join posko.handoff_line as other on other.journey_id = line.journey_id and other.batch_id <> line.batch_id
        and other.attempt_no = line.attempt_no
    join posko.distribution as own on own.batch_id = line.batch_id
    join posko.distribution as others on others.batch_id = other.batch_id
        and others.balance_check_id = own.balance_check_id and others.acknowledged_at is not null
    where line.batch_id = :id order by line.journey_id"""
_LIST = """
    select candidate.tki_id, candidate.full_name, candidate.sex, candidate.born_on, candidate.city,
        candidate.blkln_code, candidate.pptkis_name, allocation.journey_id, allocation.attempt_no, journey.status
    from posko.allocation as allocation
    join posko.journey as journey
        on journey.journey_id = allocation.journey_id and journey.attempt_no = allocation.attempt_no
    join posko.candidate as candidate on candidate.journey_id = journey.journey_id
    where allocation.session_id = :id order by candidate.full_name, candidate.tki_id"""


@act("distribution.check_balance", Command.BALANCE)
def check_balance(tx: Tx, *, batch_id: int) -> dict[str, Any]:
    """Take over what the Konsorsium sent and check it: completeness blocks, load is noted (X6).

    Returns:
        `balance_check_id`, `is_complete`, `findings` (code and text each).

    Raises:
        Refused: as `balance.check`.
    """
    batch_id = inputs.number(batch_id, "Nomor kiriman")
    tx.about("handoff", batch_id)
    tx.permit()
    return balance.check(tx, batch_id)


@act("distribution.release", Command.BALANCE)
def release(tx: Tx, *, balance_check_id: int) -> dict[str, Any]:
    """Split a balanced batch into one package for each LSP and each TUK, and send them.

    Returns:
        `batches`: batch_id, receiver_kind, receiver_code and rows of each.

    Raises:
        Refused: unknown check, not complete, released before, or the parts are not the whole (DV-A11).
    """
    balance_check_id = inputs.number(balance_check_id, "Nomor pemeriksaan")
    tx.about("balance", balance_check_id)
    tx.permit()
    return _release(tx, balance_check_id)


@act("distribution.forward", None)
def forward(tx: Tx, *, batch_id: int) -> dict[str, Any]:
    """Check a batch and forward it at once when it is complete; nobody clicks (§12.9, R-104).

    Returns:
        `balance_check_id`, `is_complete`, `findings`, `batches`.

    Raises:
        Refused: it is not complete (DV-A11), or as `check_balance` and `release`.
    """
    batch_id = inputs.number(batch_id, "Nomor kiriman")
    tx.about("handoff", batch_id)
    tx.permit()
    checked = balance.check(tx, batch_id)
    if not checked["is_complete"]:
        tx.context["found"] = [found["text"][:400] for found in checked["findings"]][:20]
        raise refuse("NOT_BALANCED", batch_id=batch_id, found="; ".join(found["text"] for found in checked["findings"]))
    return {**checked, **_release(tx, checked["balance_check_id"])}


@act("distribution.forward_balanced", None)
def forward_balanced(tx: Tx, *, balance_check_id: int) -> dict[str, Any]:
    """Split and send what BNSP checked and found complete; nobody clicks (§12.9, R-104). Answer and refusals as `release`."""
    balance_check_id = inputs.number(balance_check_id, "Nomor pemeriksaan")
    tx.about("balance", balance_check_id)
    tx.permit()
    return _release(tx, balance_check_id)


@act("distribution.inbox", Command.ACKNOWLEDGE)
def inbox(tx: Tx, *, receiver_kind: str, receiver_code: str) -> list[dict[str, Any]]:
    """Return the packages of one LSP or TUK, newest first, acknowledged or not."""
    receiver_kind = inputs.choice(receiver_kind, "Penerima", ("LSP", "TUK"))
    receiver_code = inputs.code(receiver_code, receiver_kind)
    tx.about("inbox", f"{receiver_kind}:{receiver_code}")
    lsp_code, tuk_code = scope_of(receiver_kind, receiver_code)
    tx.permit(how=Act.READ, lsp_code=lsp_code, tuk_code=tuk_code)
    rows = many(tx.db, _INBOX, kind=receiver_kind, code=receiver_code)
    tx.record("inbox", f"{receiver_kind}:{receiver_code}", {"rows": len(rows)})
    return [
        {**row, **{name: row[name] and row[name].isoformat() for name in ("sent_at", "acknowledged_at")}}
        for row in rows
    ]


@act("distribution.acknowledge", Command.ACKNOWLEDGE)
def acknowledge(tx: Tx, *, batch_id: int) -> dict[str, Any]:
    """Load one package at its LSP or TUK; whom both have loaded is acknowledged. Return `rows` of the package.

    Raises:
        Refused: not a package, taken over before, or it is not what was sent (DV-A11).
    """
    batch_id = inputs.number(batch_id, "Nomor kiriman")
    tx.about("handoff", batch_id)
    part = one(tx.db, "select * from posko.distribution where batch_id = :id", id=batch_id)
    lsp_code, tuk_code = scope_of(part["receiver_kind"], part["receiver_code"]) if part else (None, None)
    tx.permit(lsp_code=lsp_code, tuk_code=tuk_code)
    if part is None:
        raise refuse("NOT_A_PACKAGE", batch_id=batch_id)
    # The journeys are locked before anything is read of the other package: of two bodies at once the second sees the first.
    lines = many(tx.db, "select journey_id from posko.handoff_line where batch_id = :id", id=batch_id)
    rows = {int(row["journey_id"]): row for row in journeys.read_many(tx, [int(line["journey_id"]) for line in lines])}
    batch = one(tx.db, "select * from posko.handoff_batch where batch_id = :id", id=batch_id) or {}
    hashes = recomputed(tx.db, batch)
    handoffs.take_over(tx, batch_id, hashes)
    check_whole(tx, batch, hashes, Status.DISTRIBUTED)
    journeys.hold_part(tx, sorted(rows), part["receiver_kind"])
    change(
        tx.db,
        "update posko.distribution set acknowledged_at = :at, acknowledged_by = :who where batch_id = :id",
        at=tx.at,
        who=tx.person_id,
        id=batch_id,
    )
    both = [rows[int(row["journey_id"])] for row in many(tx.db, _BOTH, id=batch_id)]
    journeys.advance_many(tx, both, Status.ACKNOWLEDGED, {row["journey_id"]: {"batch_id": batch_id} for row in both})
    return {"rows": len(lines)}


@act("distribution.candidate_list", Command.PRINT_LIST)
def candidate_list(tx: Tx, *, session_id: int) -> list[dict[str, Any]]:
    """Return who is to be tested in a session, by name, for printing; an LSP or TUK sees those who were handed to it (R-106)."""
    session_id = inputs.number(session_id, "Nomor sesi")
    tx.about("session", session_id)
    session = one(tx.db, "select lsp_code, tuk_code from posko.exam_session where session_id = :id", id=session_id)
    where = session or {"lsp_code": None, "tuk_code": None}
    tx.permit(lsp_code=where["lsp_code"], tuk_code=where["tuk_code"], session_id=session_id)
    if session is None:
        raise refuse("UNKNOWN_SESSION", session_id=session_id)
    hidden = BEFORE_DISTRIBUTION if tx.by is not None and tx.by.role in {Role.LSP, Role.TUK} else frozenset()
    rows = [row for row in many(tx.db, _LIST, id=session_id) if Status(row["status"]) not in hidden]
    tx.record("session", session_id, {"list": "candidates", "rows": len(rows)})
    return [
        {**row, "no": number, "born_on": row["born_on"].isoformat(), "label": LABELS[Status(row["status"])]}
        for number, row in enumerate(rows, 1)
    ]


def _release(tx: Tx, check_id: int) -> dict[str, Any]:
    check = one(tx.db, "select * from posko.balance_check where balance_check_id = :id for update", id=check_id)
    if check is None:
        raise refuse("UNKNOWN_BALANCE", number=check_id)
    batch_id = int(check["batch_id"])
    if not check["is_complete"]:
        raise refuse("NOT_BALANCED", batch_id=batch_id, found="lihat temuan pemeriksaan")
    if check["released_at"] is not None:
        raise refuse("RELEASED", batch_id=batch_id)
    change(
        tx.db,
        "update posko.balance_check set released_at = :at, released_by = :who where balance_check_id = :id",
        at=tx.at,
        who=tx.person_id,
        id=check_id,
    )
    lines = many(tx.db, "select journey_id, attempt_no from posko.handoff_line where batch_id = :id", id=batch_id)
    attempts = {int(line["journey_id"]): int(line["attempt_no"]) for line in lines}
    rows = journeys.read_many(tx, sorted(attempts))
    placed = allocated_rows(tx.db, attempts, tx.at)
    batches = [made for kind, hop in KINDS for made in _send_parts(tx, check_id, kind, hop, placed)]
    sums = [sum(made["rows"] for made in batches if made["receiver_kind"] == kind) for kind, _ in KINDS]
    if sums != [len(lines)] * len(KINDS):
        tx.context.update(whole=len(lines), parts=sums)
        raise refuse("PARTS_DIFFER", batch_id=batch_id)
    journeys.advance_many(
        tx, rows, Status.DISTRIBUTED, {row["journey_id"]: {"balance_check": check_id} for row in rows}
    )
    tx.record("balance", check_id, {"step": "released", "batch_id": batch_id, "parts": len(batches)})
    return {"batches": batches}


def _send_parts(tx: Tx, check_id: int, kind: str, hop: Hop, placed: Sequence[Row]) -> list[dict[str, Any]]:
    parts: dict[str, list[handoffs.Line]] = {}
    for row in placed:
        line = handoffs.Line(row["tki_id"], allocated_hash(row), row["journey_id"], row["attempt_no"])
        parts.setdefault(row[f"{kind.lower()}_code"], []).append(line)
    made = []
    for code, lines in sorted(parts.items()):
        batch_id = handoffs.send(tx, hop, sender="BNSP", receiver=f"{kind}:{code}", lines=lines)
        part = {"batch_id": batch_id, "receiver_kind": kind, "receiver_code": code}
        add(tx.db, "distribution", {**part, "balance_check_id": check_id})
        made.append({**part, "rows": len(lines)})
    return made


def scope_of(kind: str, code: str) -> tuple[str | None, str | None]:
    """Return the LSP and the TUK to which a receiver's rows belong; one of them is None."""
    return (code, None) if kind == "LSP" else (None, code)
