"""Reading deviation cases: the list with its clocks, one case with its evidence, and whose results it holds (§5.2, §5.7; R-020, R-066)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.case_status import LABELS, CaseStatus
from posko.domain.matrix import Command, Role
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.domain.status import LABELS as JOURNEY_LABELS
from posko.domain.status import Status
from posko.services import case_subjects, deviation_register, holds, inputs
from posko.services.office import act
from posko.services.rows import Row, many, one

if TYPE_CHECKING:
    from posko.services.office import Tx

MOST_SHOWN = 1000
_COLUMNS = "case_id, title, severity, status, holds_result, opened_at, opened_by, due_at, sanction, closed_at, closed_by, seconded_by"
_BODIES = frozenset({Role.LSP, Role.TUK})


@act("case.list", Command.TRIAGE_CASE)
def list_cases(tx: Tx, *, status: str | None = None) -> list[dict[str, Any]]:
    """Return cases, the first due first; an LSP or TUK sees those that touch it.

    Args:
        tx: the act.
        status: only those in this state; None: all but the closed ones.
    """
    by = tx.by
    tx.permit(how=Act.READ, lsp_code=by.lsp_code if by else None, tuk_code=by.tuk_code if by else None)
    wanted = None if status is None else inputs.choice(status, "Keadaan kasus", tuple(CaseStatus))
    rows = many(
        tx.db,
        f"select {_COLUMNS} from posko.deviation_case where (status = :status or (:status is null and status <> 'CLOSED'))"
        " order by due_at, case_id limit :most",
        status=wanted,
        most=MOST_SHOWN,
    )
    if by is not None and by.role in _BODIES:
        rows = [row for row in rows if _touches(tx, row["case_id"])]
    tx.record("case", "register", {"rows": len(rows)})
    return [_shown(tx, row) for row in rows]


@act("case.view", Command.TRIAGE_CASE)
def view(tx: Tx, *, case_id: int) -> dict[str, Any]:
    """Return one case with subjects, notes and deviations; `is_intact` says whether the frozen evidence is what it was.

    Raises:
        NotPermitted: an LSP or TUK that the case does not touch (DV-X04).
        Refused: no such case.
    """
    wanted = _permitted(tx, case_id)
    row = one(tx.db, f"select {_COLUMNS}, evidence_sha256 from posko.deviation_case where case_id = :id", id=wanted)
    if row is None:
        raise refuse("UNKNOWN_CASE", case_id=wanted)
    frozen = row.pop("evidence_sha256")
    found = deviation_register.of_case(tx.db, wanted)
    is_intact = deviation_register.evidence_hash(found) == frozen and not any(map(deviation_register.is_altered, found))
    notes = many(
        tx.db,
        "select note_id, status_from, status_to, note, noted_at, noted_by, noted_role from posko.case_note where case_id = :id"
        " order by note_id",
        id=wanted,
    )
    subjects = many(
        tx.db,
        "select subject_kind, subject_code from posko.case_subject where case_id = :id order by subject_kind, subject_code",
        id=wanted,
    )
    tx.record("case", wanted, {"step": "viewed", "intact": is_intact})
    return {
        **_shown(tx, row),
        "is_intact": is_intact,
        "subjects": [[each["subject_kind"], each["subject_code"]] for each in subjects],
        "notes": [{**note, "noted_at": note["noted_at"].isoformat()} for note in notes],
        "deviations": [
            {
                name: each[name]
                for name in ("deviation_id", "rule_id", "severity", "mode", "tki_id", "journey_id", "evidence")
            }
            for each in found
        ],
    }


@act("case.held", Command.TRIAGE_CASE)
def held(tx: Tx, *, case_id: int) -> list[dict[str, Any]]:
    """Return the TKI whose results wait for this case: journey_id, tki_id, label of where she stands; none where it holds nothing.

    Raises:
        NotPermitted: an LSP or TUK that the case does not touch (DV-X04).
    """
    wanted = _permitted(tx, case_id)
    rows = holds.held_by(tx.db, wanted, MOST_SHOWN)
    tx.record("case", wanted, {"step": "held", "rows": len(rows)})
    return [
        {"journey_id": row["journey_id"], "tki_id": row["tki_id"], "label": JOURNEY_LABELS[Status(row["status"])]}
        for row in rows
    ]


def _permitted(tx: Tx, case_id: object) -> int:
    """Return the number of a case that who asks may read."""
    wanted = inputs.number(case_id, "Nomor kasus")
    tx.about("case", wanted)
    is_own = _touches(tx, wanted)
    by = tx.by
    tx.permit(
        how=Act.READ, lsp_code=by.lsp_code if by and is_own else None, tuk_code=by.tuk_code if by and is_own else None
    )
    return wanted


def _touches(tx: Tx, case_id: int) -> bool:
    """Return whether a case touches the LSP or TUK of who asks."""
    lsp_codes, tuk_codes = case_subjects.bodies(tx.db, case_id)
    return tx.by is not None and (tx.by.lsp_code in lsp_codes or tx.by.tuk_code in tuk_codes)


def _shown(tx: Tx, row: Row) -> dict[str, Any]:
    is_open = row["status"] != CaseStatus.CLOSED.value
    return {
        **row,
        "label": LABELS[CaseStatus(row["status"])],
        "holds_result": bool(row["holds_result"]),
        "opened_at": row["opened_at"].isoformat(),
        "due_at": row["due_at"].isoformat(),
        "closed_at": row["closed_at"].isoformat() if row["closed_at"] else None,
        "is_overdue": is_open and row["due_at"] < tx.at,
    }
