"""Appeals against a result and complaints: a register, a clock, a decision of two persons (R-189; ISO/IEC 17024 9.8-9.9).

An appeal is about one decided result and sets the side state BANDING beside it until it is decided; a complaint may come from anybody
and name a TKI, an LSP or a TUK. What was said stays in the register; the log holds its SHA-256 only.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from posko.domain.calendar import local_day
from posko.domain.matrix import Command, Role
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.domain.status import SideStatus
from posko.services import appeal_notes, inputs, journeys
from posko.services.office import act
from posko.services.parameter_values import number_on
from posko.services.proofs import second_person
from posko.services.rows import Row, add, change, many, one

if TYPE_CHECKING:
    from posko.services.office import Tx

APPEAL, COMPLAINT = "APPEAL", "COMPLAINT"
GRANTED, REJECTED = "GRANTED", "REJECTED"
_DAYS = {APPEAL: "appeal_days", COMPLAINT: "complaint_days"}
_SCOPE = (
    "select d.lsp_code, s.tuk_code from posko.decision d join posko.exam_session s on s.session_id = d.session_id"
    " where d.journey_id = :id"
)


@act("appeal.record", Command.RECORD_APPEAL)
def record(
    tx: Tx,
    *,
    kind: str,
    grounds: str,
    journey_id: int | None = None,
    tki_id: str | None = None,
    lsp_code: str | None = None,
    tuk_code: str | None = None,
) -> int:
    """Record an appeal (of a TKI, against her result) or a complaint (of anybody), and start its clock; return its number.

    Raises:
        NotPermitted: an LSP or TUK for a result that is not its own (DV-X04); the public for anything but a complaint.
        Refused: wrong values, no decided result, or an appeal against it is pending.
    """
    is_public = tx.by is not None and tx.by.role is Role.PUBLIC
    tx.about("appeal", "-")
    how = Act.COMPLAIN if is_public and kind == COMPLAINT else Act.DO
    if is_public:
        tx.permit(how=how)
        _check_public(journey_id)
    wanted = None if journey_id is None else inputs.number(journey_id, "Nomor peserta")
    facts = _facts(tx, wanted, tki_id, lsp_code, tuk_code)
    if not is_public:
        scope = _own_scope(tx, facts)
        tx.permit(how=how, lsp_code=scope["lsp_code"], tuk_code=scope["tuk_code"])
    if facts["differs"]:
        raise refuse("APPEAL_DIFFERS", what=facts["differs"])
    return file(tx, inputs.choice(kind, "Jenis", tuple(_DAYS)), grounds, facts)


@act("appeal.decide", Command.DECIDE_APPEAL)
def decide(tx: Tx, *, appeal_id: int, outcome: str, answer: str, second: object, seen: int | None = None) -> str:
    """Decide an appeal or complaint with a second person, and lift BANDING; return the outcome.

    Args:
        tx: the act.
        appeal_id: which.
        outcome: GRANTED or REJECTED.
        answer: what is told to whoever appealed.
        second: the finger of the second person.
        seen: number of the last note that both have read, 0: there is none; None: not compared.

    Raises:
        Refused: no such appeal, decided before, noted meanwhile, wrong values, or no second person.
    """
    tx.permit()
    wanted = inputs.number(appeal_id, "Nomor banding")
    tx.about("appeal", wanted)
    chosen = inputs.choice(outcome, "Putusan", (GRANTED, REJECTED))
    said = inputs.text(answer, "Jawaban", 2000, lines=True)
    found = one(tx.db, "select journey_id from posko.appeal where appeal_id = :id", id=wanted)
    if found is None:
        raise refuse("UNKNOWN_APPEAL", appeal_id=wanted)
    journey = journeys.read(tx, int(found["journey_id"])) if found["journey_id"] is not None else None
    tx.about("appeal", wanted)
    row = one(tx.db, "select * from posko.appeal where appeal_id = :id for update", id=wanted) or found
    if row["decided_at"] is not None:
        raise refuse("APPEAL_DECIDED", appeal_id=wanted, decided_on=local_day(row["decided_at"]).isoformat())
    appeal_notes.check_seen(tx.db, wanted, seen)
    other = second_person(tx, second, Command.DECIDE_APPEAL)
    change(
        tx.db,
        "update posko.appeal set outcome = :outcome, answer = :answer, decided_at = :at, decided_by = :who,"
        " seconded_by = :other where appeal_id = :id and decided_at is null",
        outcome=chosen, answer=said, at=tx.at, who=tx.person_id, other=other, id=wanted,
    )  # fmt: skip
    if row["kind"] == APPEAL and journey is not None:
        journeys.set_side_of(tx, journey, SideStatus.APPEALED, stands=False, told={"appeal_id": wanted})
    told = {"outcome": chosen, "second": other, "answer_sha256": sha256(said.encode()).hexdigest()}
    tx.record("appeal", wanted, told)
    return chosen


@act("appeal.list", Command.RECORD_APPEAL)
def list_appeals(tx: Tx, *, is_open: bool | None = None) -> list[dict[str, Any]]:
    """Return the register of appeals and complaints with its clock; an LSP or TUK sees its own.

    Args:
        tx: the act.
        is_open: only those not decided, only those decided, or all.
    """
    lsp_code = tx.by.lsp_code if tx.by is not None else None
    tuk_code = tx.by.tuk_code if tx.by is not None else None
    tx.permit(how=Act.READ, lsp_code=lsp_code, tuk_code=tuk_code)
    rows = many(
        tx.db,
        "select appeal_id, kind, journey_id, tki_id, lsp_code, tuk_code, grounds, recorded_at, due_on, outcome, answer,"
        " decided_at from posko.appeal where (:lsp is null or lsp_code = :lsp) and (:tuk is null or tuk_code = :tuk)"
        " and (:is_open is null or (decided_at is null) = :is_open) order by appeal_id desc limit 1000",
        lsp=lsp_code, tuk=tuk_code, is_open=None if is_open is None else int(bool(is_open)),
    )  # fmt: skip
    today = local_day(tx.at)
    tx.record("appeal", "register", {"rows": len(rows)})
    return [
        {
            **row,
            "recorded_at": row["recorded_at"].isoformat(),
            "due_on": row["due_on"].isoformat(),
            "decided_at": row["decided_at"].isoformat() if row["decided_at"] else None,
            "is_overdue": row["decided_at"] is None and row["due_on"] < today,
        }
        for row in rows
    ]


def file(tx: Tx, kind: str, grounds: object, facts: Row) -> int:
    """Write an appeal or complaint down with its due day, set BANDING for an appeal, and record it; return its number."""
    said = inputs.text(grounds, "Alasan", 2000, lines=True)
    journey: Row | None = facts["journey"]
    if kind == APPEAL and (journey is None or facts["is_decided"] is False):
        raise refuse("APPEAL_NEEDS_RESULT")
    if kind == APPEAL and journey is not None and journey["is_appealed"]:
        raise refuse("APPEAL_PENDING", journey_id=journey["journey_id"])
    days = number_on(tx.db, _DAYS[kind], local_day(tx.at))
    row = {
        "kind": kind,
        "journey_id": journey["journey_id"] if journey else None,
        "tki_id": facts["tki_id"],
        "lsp_code": facts["lsp_code"],
        "tuk_code": facts["tuk_code"],
        "grounds": said,
        "recorded_at": tx.at,
        "recorded_by": tx.by.person_id if tx.by else None,
        "due_on": local_day(tx.at) + timedelta(days=days),
    }
    try:
        with tx.db.begin_nested():
            appeal_id = add(tx.db, "appeal", row)
    except sa.exc.IntegrityError as error:
        raise refuse("APPEAL_PENDING", journey_id=row["journey_id"]) from error
    if kind == APPEAL and journey is not None:
        journeys.set_side_of(tx, journey, SideStatus.APPEALED, stands=True, told={"appeal_id": appeal_id})
    told = {
        "kind": kind,
        "due_on": row["due_on"].isoformat(),
        "lsp_code": facts["lsp_code"],
        "tuk_code": facts["tuk_code"],
    }
    tx.record("appeal", appeal_id, {**told, "grounds_sha256": sha256(said.encode()).hexdigest()})
    return appeal_id


def complaint_facts(tx: Tx, tki_id: object, lsp_code: object, tuk_code: object) -> Row:
    """Return what a complaint of the public names; a TKI is kept as typed, so that nobody learns whom POSKO knows."""
    return _facts(tx, None, tki_id, lsp_code, tuk_code)


def _check_public(journey_id: object) -> None:
    if journey_id is not None:
        raise refuse("COMPLAINT_NAMES_PARTICIPANT")


def _facts(tx: Tx, journey_id: int | None, tki_id: object, lsp_code: object, tuk_code: object) -> Row:
    """Return journey (locked), TKI, LSP and TUK that an appeal is about, and what of it contradicts the journey."""
    facts: Row = {
        "journey": None,
        "is_decided": False,
        "differs": None,
        "tki_id": None if tki_id is None else inputs.tki(tki_id),
        "lsp_code": None if lsp_code is None else _registered(tx, "lsp", inputs.code(lsp_code, "Kode LSP", 20)),
        "tuk_code": None if tuk_code is None else _registered(tx, "tuk", inputs.code(tuk_code, "Kode TUK", 20)),
    }
    if journey_id is None:
        return facts
    journey = journeys.read(tx, journey_id)
    scope = one(tx.db, _SCOPE, id=journey_id)
    known = {"tki_id": journey["tki_id"], **(scope or {"lsp_code": None, "tuk_code": None})}
    for name, what in (("tki_id", "ID TKI"), ("lsp_code", "Kode LSP"), ("tuk_code", "Kode TUK")):
        if facts[name] is not None and known[name] is not None and facts[name] != known[name]:
            facts["differs"] = what
        facts[name] = known[name] or facts[name]
    return {**facts, "journey": journey, "is_decided": scope is not None}


def _registered(tx: Tx, register: str, code: str) -> str:
    if one(tx.db, f"select 1 as found from posko.{register} where {register}_code = :code", code=code) is None:
        raise refuse("NO_SUCH_CODE", what=f"Kode {register.upper()}")
    return code


def _own_scope(tx: Tx, facts: Row) -> Row:
    """Return the scope of what is recorded: the named body; where none is named, the desk at which it arrived."""
    by = tx.by
    is_named = facts["journey"] is not None
    return {
        "lsp_code": facts["lsp_code"] or (by.lsp_code if by and not is_named else None),
        "tuk_code": facts["tuk_code"] or (by.tuk_code if by and not is_named else None),
    }
