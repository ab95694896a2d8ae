"""Deviation cases, from opening to closing by two persons (§5.1-5.2; R-020, requirements section 7.9).

Opening freezes the evidence under one SHA-256, starts the clock of the severity and, from severity H on, holds the results of its
journeys. Whoever is a subject of the case neither handles nor closes it. Nothing of a case is deleted; every step is a note, and
`seen` is the number of the last one that whoever acts has read: a later one is read first.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from posko.domain.case_status import CaseStatus, check_closers, move
from posko.domain.matrix import Command, Role
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.services import appeals, case_rows, case_subjects, deviation_register, inputs
from posko.services.case_rows import HOLDING, WORST_FIRST, add_note, due_at, take_in
from posko.services.office import act
from posko.services.proofs import second_person
from posko.services.rows import Row, add_many, change, many, one

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posko.services.office import Tx


@act("case.open", Command.TRIAGE_CASE)
def open_case(
    tx: Tx, *, deviation_ids: Sequence[int], title: str, subjects: Sequence[tuple[str, str]] | None = None
) -> int:
    """Open a case on deviations that are in none yet, and return its number.

    Args:
        tx: the act.
        deviation_ids: what it is opened on; the worst severity among them is the case's.
        title: one line.
        subjects: pairs of kind and code beside those that the deviations name.

    Raises:
        Refused: unknown deviation, one that is in a case, or one whose evidence was altered (DV-X05).
    """
    tx.permit()
    tx.about("case", "-")
    named = inputs.text(title, "Judul kasus", 255)
    rows = _deviations(tx, inputs.numbers(deviation_ids, "Daftar penyimpangan"))
    return case_rows.put(tx, rows, named, case_subjects.checked(tx.db, subjects))


@act("case.triage", Command.TRIAGE_CASE)
def triage(tx: Tx, *, case_id: int, note: str, seen: int | None = None) -> str:
    """Take a case up: it is worth a look, and who looks is clear; return the state."""
    return _step(tx, case_id, CaseStatus.TRIAGE, note, seen)


@act("case.review", Command.TRIAGE_CASE)
def review(tx: Tx, *, case_id: int, note: str, seen: int | None = None) -> str:
    """Begin the review of a case; return the state."""
    return _step(tx, case_id, CaseStatus.REVIEW, note, seen)


@act("case.confirm", Command.TRIAGE_CASE)
def confirm(tx: Tx, *, case_id: int, note: str, seen: int | None = None) -> str:
    """Find the deviation proven; return the state."""
    return _step(tx, case_id, CaseStatus.CONFIRMED, note, seen)


@act("case.dismiss", Command.TRIAGE_CASE)
def dismiss(tx: Tx, *, case_id: int, note: str, seen: int | None = None) -> str:
    """Find the deviation not proven; return the state. The share of these per rule feeds the thresholds."""
    return _step(tx, case_id, CaseStatus.DISMISSED, note, seen)


@act("case.sanction", Command.TRIAGE_CASE)
def sanction(tx: Tx, *, case_id: int, note: str, sanction: str | None = None, seen: int | None = None) -> str:
    """Write a sanction into a confirmed case; without one of its own the note says it. Return the state."""
    ordered = inputs.text(note if sanction is None else sanction, "Sanksi", lines=True)
    return _step(tx, case_id, CaseStatus.SANCTIONED, note, seen, sanction=ordered)


@act("case.close", Command.CLOSE_CASE)
def close(tx: Tx, *, case_id: int, note: str, second: object, seen: int | None = None) -> str:
    """Close a case with a second person, neither of them a subject of it; its results are free then. Return the state.

    Raises:
        NotPermitted: one of the two is a subject, or the second may not.
        IllegalMove: the case was neither confirmed, dismissed nor sanctioned (DV-X01).
    """
    tx.permit()
    row = _case(tx, case_id)
    said = inputs.text(note, "Catatan", 2000, lines=True)
    case_rows.check_seen(tx, row["case_id"], seen)
    before = CaseStatus(row["status"])
    move(before, CaseStatus.CLOSED)
    other = second_person(tx, second, Command.CLOSE_CASE)
    check_closers(frozenset({tx.person_id, other}), case_subjects.persons(tx.db, row["case_id"]))
    _write(tx, row, CaseStatus.CLOSED, closed_at=tx.at, closed_by=tx.person_id, seconded_by=other)
    add_note(tx, row["case_id"], said, before=before, to=CaseStatus.CLOSED)
    _tell(tx, row, CaseStatus.CLOSED, said, second=other)
    return CaseStatus.CLOSED.value


@act("case.reopen", Command.TRIAGE_CASE)
def reopen(
    tx: Tx, *, case_id: int, note: str, deviation_ids: Sequence[int] | None = None, seen: int | None = None
) -> str:
    """Open a closed case again, with new deviations if there are some: evidence is frozen anew and the clock starts anew."""
    tx.permit()
    row = _case(tx, case_id)
    said = inputs.text(note, "Catatan", 2000, lines=True)
    case_rows.check_seen(tx, row["case_id"], seen)
    before = CaseStatus(row["status"])
    move(before, CaseStatus.OPEN)
    new = [] if deviation_ids is None else _deviations(tx, inputs.numbers(deviation_ids, "Daftar penyimpangan"))
    take_in(tx, row["case_id"], new)
    rows = deviation_register.of_case(tx.db, row["case_id"])
    severity = min((each["severity"] for each in rows), key=WORST_FIRST.index, default=row["severity"])
    there = {(each["subject_kind"], each["subject_code"]) for each in _subjects(tx, row["case_id"])}
    add_many(
        tx.db,
        "case_subject",
        [
            {"case_id": row["case_id"], "subject_kind": kind, "subject_code": code}
            for kind, code in sorted(case_subjects.of_deviations(tx.db, new) - there)
        ],
    )
    _write(
        tx, row, CaseStatus.OPEN,
        closed_at=None, closed_by=None, seconded_by=None, severity=severity, holds_result=int(severity in HOLDING),
        due_at=due_at(tx, severity), evidence_sha256=deviation_register.evidence_hash(rows),
    )  # fmt: skip
    add_note(tx, row["case_id"], said, before=before, to=CaseStatus.OPEN)
    _tell(
        tx, row, CaseStatus.OPEN, said,
        rows=len(rows), evidence_sha256=deviation_register.evidence_hash(rows).hex(),
    )  # fmt: skip
    return CaseStatus.OPEN.value


@act("case.comment", Command.TRIAGE_CASE)
def comment(tx: Tx, *, case_id: int, note: str) -> int:
    """Comment on a case: BNSP, Konsorsium, auditor on any, an LSP or TUK on those that touch it; return the note's number."""
    wanted = inputs.number(case_id, "Nomor kasus")
    tx.about("case", wanted)
    by = tx.by
    lsp_codes, tuk_codes = case_subjects.bodies(tx.db, wanted)
    tx.permit(
        how=Act.COMMENT,
        lsp_code=by.lsp_code if by is not None and by.lsp_code in lsp_codes else None,
        tuk_code=by.tuk_code if by is not None and by.tuk_code in tuk_codes else None,
    )
    row = _case(tx, wanted)
    said = inputs.text(note, "Catatan", 2000, lines=True)
    note_id = add_note(tx, row["case_id"], said)
    tx.record("case", wanted, {"step": "comment", "note_id": note_id, "note_sha256": _digest(said)})
    return note_id


@act("case.complain", Command.TRIAGE_CASE)
def complain(
    tx: Tx, *, grounds: str, tki_id: str | None = None, lsp_code: str | None = None, tuk_code: str | None = None
) -> int:
    """Let the public complain of a deviation; it goes into the register of complaints with its clock, whose number is returned."""
    is_public = tx.by is not None and tx.by.role is Role.PUBLIC
    tx.about("appeal", "-")
    tx.permit(how=Act.COMPLAIN if is_public else Act.DO)
    return appeals.file(tx, appeals.COMPLAINT, grounds, appeals.complaint_facts(tx, tki_id, lsp_code, tuk_code))


def _step(tx: Tx, case_id: object, to: CaseStatus, note: object, seen: object, **columns: object) -> str:
    """Move a case one step, by somebody who is no subject of it and has read all its notes."""
    tx.permit()
    row = _case(tx, case_id)
    said = inputs.text(note, "Catatan", 2000, lines=True)
    case_rows.check_seen(tx, row["case_id"], seen)
    before = CaseStatus(row["status"])
    move(before, to)
    if tx.person_id in case_subjects.persons(tx.db, row["case_id"]):
        raise refuse("CASE_OWN", case_id=row["case_id"])
    _write(tx, row, to, **columns)
    add_note(tx, row["case_id"], said, before=before, to=to)
    _tell(tx, row, to, said)
    return to.value


def _case(tx: Tx, case_id: object) -> Row:
    wanted = inputs.number(case_id, "Nomor kasus")
    tx.about("case", wanted)
    row = one(tx.db, "select * from posko.deviation_case where case_id = :id for update", id=wanted)
    if row is None:
        raise refuse("UNKNOWN_CASE", case_id=wanted)
    return row


def _deviations(tx: Tx, ids: list[int]) -> list[Row]:
    """Return deviations that may go into a case, locked, their evidence proven unaltered."""
    rows = many(
        tx.db, "select * from posko.deviation where deviation_id in :ids order by deviation_id for update", ids=ids
    )
    unknown = set(ids) - {int(row["deviation_id"]) for row in rows}
    if unknown:
        raise refuse("UNKNOWN_DEVIATION", deviation_id=min(unknown))
    for row in rows:
        if row["case_id"] is not None:
            raise refuse("DEVIATION_IN_CASE", deviation_id=row["deviation_id"], case_id=row["case_id"])
        if deviation_register.is_altered(row):
            tx.context.update(deviation_id=int(row["deviation_id"]))
            raise refuse("EVIDENCE_ALTERED", deviation_id=row["deviation_id"])
    return rows


def _subjects(tx: Tx, case_id: int) -> list[Row]:
    return many(tx.db, "select subject_kind, subject_code from posko.case_subject where case_id = :id", id=case_id)


def _write(tx: Tx, row: Row, to: CaseStatus, **columns: object) -> None:
    sets = "".join(f", {name} = :{name}" for name in columns)
    touched = change(
        tx.db,
        f"update posko.deviation_case set status = :to{sets} where case_id = :case and status = :before",
        to=to.value,
        case=row["case_id"],
        before=row["status"],
        **columns,
    )
    if touched != 1:
        raise refuse("CHANGED_MEANWHILE")


def _tell(tx: Tx, row: Row, to: CaseStatus, note: str, **more: Any) -> None:
    told = {"from": row["status"], "to": to.value, "note_sha256": _digest(note), **more}
    tx.record("case", row["case_id"], told)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
