"""The cases of what rules found: one open case for each rule and subject gathers its findings (§5.2; requirements 7.9).

Severity I opens none. A case that was closed stays closed: what is found after it opens another one.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from posko.domain.case_status import CaseStatus
from posko.domain.finding import about
from posko.domain.rules import RULES
from posko.services import case_rows, case_subjects, deviation_register
from posko.services.rows import Row, add_many, change, chunks, many, many_among

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import sqlalchemy as sa

    from posko.domain.audit import Event
    from posko.services.office import Tx

Gathered = tuple[str, str, str]
"""Rule, kind and code of the subject that a case gathers."""
OPENING = frozenset("BHW")
MOST_DESCRIBED = 160
MOST_NAMED = 100
LET_PASS = ("DV-A02", "DV-I07", "DV-I09")
"""Rules whose warnings about a single candidate tell of what is allowed: another place with a reason, a second try of the finger, a
presence without a finger before two persons. One by one they are no case; a view or the statistics judge what they add up to."""
_OPEN = (
    "select case_id, rule_id, subject_kind, subject_code from posko.deviation_case"
    " where rule_id in :rules and status <> 'CLOSED' and subject_code in :ids order by case_id"
)
_TAKE_IN = (
    "update posko.deviation as d join posko.deviation_case as c on c.rule_id = d.rule_id and c.subject_kind = d.subject_kind"
    " and c.subject_code = d.subject_code and c.case_id >= :first and c.status <> 'CLOSED' set d.case_id = c.case_id, d.case_at = :at"
    " where d.deviation_id in :ids and d.case_id is null"
)
_NOTED = (
    "select * from posko.deviation where case_id is null and finding_id is null and is_attempt = 0 and severity <> 'I'"
    " and not (severity = 'W' and subject_kind = 'journey' and rule_id in :let_pass) order by deviation_id"
)
_GONE = (
    "select d.case_id, count(*) as findings from posko.finding as f join posko.deviation as d on d.deviation_id = f.deviation_id"
    " join posko.deviation_case as c on c.case_id = d.case_id and c.status <> 'CLOSED' where f.finding_id in :ids group by d.case_id"
)


def gather(tx: Tx, deviations: Sequence[Row]) -> int:
    """Take deviations into the open cases of their rules and subjects, and open what is missing; return how many were opened."""
    groups: dict[Gathered, list[Row]] = {}
    for row in deviations:
        if row["severity"] in OPENING:
            groups.setdefault((row["rule_id"], row["subject_kind"], row["subject_code"]), []).append(row)
    there = _open(tx.db, groups)
    for gathered in groups.keys() & there.keys():
        rows = groups[gathered]
        case_rows.feed(tx, there[gathered], rows, f"{len(rows)} temuan baru {gathered[0]} dari pemeriksaan otomatis.")
    missing = {gathered: rows for gathered, rows in groups.items() if gathered not in there}
    if missing:
        _put(tx, missing)
    return len(missing)


def noted(db: sa.Connection) -> list[Row]:
    """Return what services noted and is in no case: neither attempts that were refused, nor what the Pedoman lets pass (`LET_PASS`)."""
    return many(db, _NOTED, let_pass=list(LET_PASS))


def tell_gone(tx: Tx, rule_id: str, gone: Sequence[Row]) -> None:
    """Note in the open cases that findings are there no more; whether that ends the case, people decide."""
    counts: Counter[int] = Counter()
    for row in many_among(tx.db, _GONE, [int(each["finding_id"]) for each in gone]):
        counts[int(row["case_id"])] += int(row["findings"])
    if not counts:
        return
    notes = {
        case_id: f"{count} temuan {rule_id} tidak ditemukan lagi pada pemeriksaan otomatis; riwayatnya tetap tersimpan."
        for case_id, count in counts.items()
    }
    _note(tx, notes, None)
    tx.record_many([tx.event("case", number, {"step": "gone", "findings": count}) for number, count in counts.items()])


def _put(tx: Tx, groups: Mapping[Gathered, Sequence[Row]]) -> None:
    """Open a case for each group, as `case_rows.put` does for one, some at a time."""
    due = {
        severity: case_rows.due_at(tx, severity)
        for severity in {row["severity"] for rows in groups.values() for row in rows}
    }
    worst = {
        each: min((row["severity"] for row in rows), key=case_rows.WORST_FIRST.index) for each, rows in groups.items()
    }
    columns = ("rule_id", "subject_kind", "subject_code")
    add_many(
        tx.db,
        "deviation_case",
        [
            {
                "title": _title(*each), "severity": worst[each], "status": CaseStatus.OPEN.value,
                "holds_result": int(worst[each] in case_rows.HOLDING), "opened_at": tx.at, "opened_by": tx.person_id,
                "due_at": due[worst[each]], "evidence_sha256": deviation_register.evidence_hash(rows),
                **dict(zip(columns, each, strict=True)),
            }
            for each, rows in groups.items()
        ],
    )  # fmt: skip
    numbers = _open(tx.db, groups)
    for some in chunks(int(row["deviation_id"]) for rows in groups.values() for row in rows):
        change(tx.db, _TAKE_IN, ids=some, first=min(numbers.values()), at=tx.at)
    subjects = [
        {"case_id": numbers[each], "subject_kind": kind, "subject_code": code}
        for each, rows in groups.items()
        for kind, code in sorted(case_subjects.of_deviations(tx.db, rows))
    ]
    add_many(tx.db, "case_subject", subjects)
    _note(tx, {numbers[each]: _title(*each) for each in groups}, CaseStatus.OPEN)
    tx.record_many([_opened(tx, numbers[each], worst[each], rows) for each, rows in groups.items()])


def _opened(tx: Tx, case_id: int, severity: str, rows: Sequence[Row]) -> Event:
    named = [int(row["deviation_id"]) for row in rows][:MOST_NAMED]
    told: Row = {"severity": severity, "deviations": named, "rows": len(rows)}
    told["evidence_sha256"] = deviation_register.evidence_hash(rows).hex()
    return tx.event("case", case_id, {"from": None, "to": CaseStatus.OPEN.value, **told})


def _open(db: sa.Connection, groups: Iterable[Gathered]) -> dict[Gathered, int]:
    """Return the newest open case of each rule and subject among these."""
    wanted = set(groups)
    if not wanted:
        return {}
    rules, codes = sorted({rule for rule, _, _ in wanted}), sorted({code for _, _, code in wanted})
    found = {
        (row["rule_id"], row["subject_kind"], row["subject_code"]): int(row["case_id"])
        for row in many_among(db, _OPEN, codes, rules=rules)
    }
    return {gathered: case_id for gathered, case_id in found.items() if gathered in wanted}


def _note(tx: Tx, notes: Mapping[int, str], to: CaseStatus | None) -> None:
    """Write a note of the system into each case."""
    add_many(
        tx.db,
        "case_note",
        [
            {
                "case_id": case_id, "status_from": None, "status_to": to.value if to else None, "note": note,
                "noted_at": tx.at, "noted_by": tx.person_id, "noted_role": "SYSTEM",
            }
            for case_id, note in notes.items()
        ],
    )  # fmt: skip


def _title(rule_id: str, kind: str, code: str) -> str:
    description = RULES[rule_id].description
    said = description if len(description) <= MOST_DESCRIBED else description[: MOST_DESCRIBED - 1].rstrip() + "…"
    return f"{rule_id}, {about(kind, code[:60])}: {said}"[:255]
