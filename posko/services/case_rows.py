"""The rows of a case, as its acts and the 1:N search write them: opened on deviations, fed with more, noted (§5.2; requirements 7.9).

Every function here belongs to an act that was permitted already.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from posko.domain.calendar import local_day
from posko.domain.case_status import CaseStatus
from posko.domain.refusals import refuse
from posko.services import case_subjects, deviation_register, inputs
from posko.services.parameter_values import number_on
from posko.services.rows import Row, add, add_many, change, one

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from posko.services.office import Tx

WORST_FIRST = "BHWI"
HOLDING = frozenset("BH")


def put(tx: Tx, rows: Sequence[Row], title: str, subjects: set[case_subjects.Subject]) -> int:
    """Open a case on deviations that are in none and return its number.

    Args:
        tx: the act.
        rows: the deviations; the worst severity among them is the case's.
        title: one line.
        subjects: beside those that the deviations name.
    """
    severity = min((row["severity"] for row in rows), key=WORST_FIRST.index)
    about = case_subjects.of_deviations(tx.db, rows) | subjects
    case_id = add(
        tx.db,
        "deviation_case",
        {
            "title": title,
            "severity": severity,
            "status": CaseStatus.OPEN.value,
            "holds_result": int(severity in HOLDING),
            "opened_at": tx.at,
            "opened_by": tx.person_id,
            "due_at": due_at(tx, severity),
            "evidence_sha256": deviation_register.evidence_hash(rows),
        },
    )
    tx.about("case", case_id)
    take_in(tx, case_id, rows)
    add_many(
        tx.db,
        "case_subject",
        [{"case_id": case_id, "subject_kind": kind, "subject_code": code} for kind, code in sorted(about)],
    )
    add_note(tx, case_id, title, to=CaseStatus.OPEN)
    told: Row = {
        "severity": severity,
        "deviations": [int(row["deviation_id"]) for row in rows][:100],
        "rows": len(rows),
    }
    told["evidence_sha256"] = deviation_register.evidence_hash(rows).hex()
    tx.record("case", case_id, {"from": None, "to": CaseStatus.OPEN.value, **told})
    return case_id


def feed(tx: Tx, case_id: int, rows: Sequence[Row], note: str) -> None:
    """Take more deviations into a case that is not closed; its evidence is frozen anew."""
    one(tx.db, "select case_id from posko.deviation_case where case_id = :id for update", id=case_id)
    take_in(tx, case_id, rows)
    frozen = deviation_register.evidence_hash(deviation_register.of_case(tx.db, case_id))
    change(
        tx.db,
        "update posko.deviation_case set evidence_sha256 = :frozen where case_id = :id",
        frozen=frozen,
        id=case_id,
    )
    add_note(tx, case_id, note)
    told = {
        "deviations": [int(row["deviation_id"]) for row in rows],
        "rows": len(rows),
        "evidence_sha256": frozen.hex(),
    }
    tx.record("case", case_id, {"step": "feed", **told})


def take_in(tx: Tx, case_id: int, rows: Sequence[Row]) -> None:
    """Put deviations that are in no case into this one.

    Raises:
        Refused: one of them went into a case meanwhile.
    """
    if not rows:
        return
    ids = [int(row["deviation_id"]) for row in rows]
    taken = change(
        tx.db,
        "update posko.deviation set case_id = :case, case_at = :at where deviation_id in :ids and case_id is null",
        case=case_id,
        at=tx.at,
        ids=ids,
    )
    if taken != len(ids):
        raise refuse("CHANGED_MEANWHILE")


def due_at(tx: Tx, severity: str) -> datetime:
    """Return until when a case of this severity is to be closed, UTC without zone."""
    return tx.at + timedelta(days=number_on(tx.db, f"case_days_{severity}", local_day(tx.at)))


def check_seen(tx: Tx, case_id: int, seen: object) -> None:
    """Refuse a step by who has not read the last note of a case; the case is locked, and None was not asked.

    Raises:
        Refused: a note was written since, or it is no number.
    """
    if seen is None:
        return
    read = inputs.number(seen, "Nomor catatan")
    last = one(tx.db, "select max(note_id) as note_id from posko.case_note where case_id = :id", id=case_id)
    if last is not None and last["note_id"] != read:
        raise refuse("NOTED_MEANWHILE")


def add_note(tx: Tx, case_id: int, note: str, *, before: CaseStatus | None = None, to: CaseStatus | None = None) -> int:
    """Write one note into a case, with the step that it stands for if there is one; return its number."""
    row = {
        "case_id": case_id,
        "status_from": before.value if before else None,
        "status_to": to.value if to else None,
        "note": note,
        "noted_at": tx.at,
        "noted_by": tx.person_id,
        "noted_role": tx.by.role.value if tx.by else "SYSTEM",
    }
    return add(tx.db, "case_note", row)
