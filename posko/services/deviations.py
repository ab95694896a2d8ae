"""Reading the register of deviations and proving that nobody altered it (§5.2, §5.7; R-020, DV-X05)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.matrix import Command, Role
from posko.domain.roles import Act
from posko.domain.rules import RULES
from posko.services import deviation_register, inputs
from posko.services.office import act
from posko.services.rows import Row, many

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableSequence, Sequence
    from datetime import date

    import sqlalchemy as sa

    from posko.services.office import Tx

MOST_SHOWN = 1000
MOST_AT_ONCE = 5000
SEVERITIES = ("B", "H", "W", "I")
_SHOWN = (
    "deviation_id, rule_id, severity, mode, is_attempt, tki_id, journey_id, session_id, subject_kind, subject_code, evidence,"
    " occurred_at, audit_event, case_id"
)
_JUDGED = """
select d.rule_id, count(*) as judged, sum(n.status_to = 'DISMISSED') as dismissed
from posko.deviation as d
join posko.case_note as n on n.case_id = d.case_id and n.status_to in ('CONFIRMED', 'DISMISSED')
where not exists (
    select 1 from posko.case_note as later
    where later.case_id = n.case_id and later.status_to in ('CONFIRMED', 'DISMISSED') and later.note_id > n.note_id
)
group by d.rule_id order by d.rule_id
"""
_OWN_ONLY = frozenset({Role.LSP, Role.TUK, Role.ASESOR})


@act("deviations.list", Command.READ_LOG)
def register(
    tx: Tx,
    *,
    rule_id: str | None = None,
    severity: str | None = None,
    mode: str | None = None,
    tki_id: str | None = None,
    journey_id: int | None = None,
    case_id: int | None = None,
    has_case: bool | None = None,
    since: date | None = None,
    until: date | None = None,
    before: int | None = None,
    limit: int = 200,
) -> Sequence[Mapping[str, Any]]:
    """Return deviations that fit all filters given, newest first; LSP, TUK and asesor see their own attempts only.

    Args:
        tx: the act.
        rule_id: `DV-...`.
        severity: B, H, W or I.
        mode: P prevented, D detected.
        tki_id: of this TKI.
        journey_id: of this journey.
        case_id: of this case.
        has_case: in a case already, or not.
        since: from this day on, UTC.
        until: up to and with this day, UTC.
        before: only numbers smaller than this one, to page on.
        limit: rows at most, up to 1,000.
    """
    own = tx.by.person_id if tx.by is not None and tx.by.role in _OWN_ONLY else None
    tx.permit(how=Act.READ, person_id=own)
    wanted: dict[str, object] = {
        "rule_id = :rule": rule_id if rule_id is None else inputs.choice(rule_id, "Aturan", tuple(RULES)),
        "severity = :severity": severity if severity is None else inputs.choice(severity, "Bobot", SEVERITIES),
        "mode = :mode": mode if mode is None else inputs.choice(mode, "Cara", ("P", "D")),
        "tki_id = :tki": tki_id if tki_id is None else inputs.tki(tki_id),
        "journey_id = :journey": journey_id if journey_id is None else inputs.number(journey_id, "Nomor peserta"),
        "case_id = :case": case_id if case_id is None else inputs.number(case_id, "Nomor kasus"),
        "(case_id is not null) = :has_case": has_case if has_case is None else int(bool(has_case)),
        "occurred_at >= :since": since if since is None else inputs.day(since, "Tanggal awal"),
        "occurred_at < :until + interval 1 day": until if until is None else inputs.day(until, "Tanggal akhir"),
        "deviation_id < :before": before if before is None else inputs.number(before, "Nomor penyimpangan"),
        "json_value(evidence, '$.by') = :own": own,
    }
    return _read(tx, wanted, min(inputs.number(limit, "Jumlah baris"), MOST_SHOWN))


@act("deviations.verify", Command.READ_LOG)
def verify(tx: Tx) -> dict[str, Any]:
    """Recompute the hash of every deviation and of every case; return how many and the numbers of those that were altered.

    What is found stands in the register too (DV-X05), once each.
    """
    tx.permit(how=Act.READ, person_id=None)
    checked, after = 0, 0
    altered: MutableSequence[int] = []
    while rows := many(
        tx.db,
        "select deviation_id, evidence, evidence_sha256 from posko.deviation where deviation_id > :after"
        " order by deviation_id limit :most",
        after=after,
        most=MOST_AT_ONCE,
    ):
        checked += len(rows)
        altered += [int(row["deviation_id"]) for row in rows if deviation_register.is_altered(row)]
        after = int(rows[-1]["deviation_id"])
    cases = _altered_cases(tx)
    for kind, codes in (("deviation", altered), ("case", cases)):
        for code in codes:
            _note_once(tx, kind, code)
    tx.record("deviation", "verify", {"checked": checked, "altered": altered[:100], "altered_cases": cases[:100]})
    return {"checked": checked, "altered": altered, "altered_cases": cases}


@act("deviations.dismissed", Command.READ_LOG)
def dismissed_share(tx: Tx) -> Sequence[Mapping[str, Any]]:
    """Return for each rule how many of its deviations were judged in a case, and how many dismissed; it feeds the thresholds.

    Each row has `rule_id`, `judged`, `dismissed` and `dismissed_permille`.
    """
    tx.permit(how=Act.READ, person_id=None)
    found = judged_by_rule(tx.db)
    tx.record("deviation", "dismissed", {"rules": len(found)})
    return [
        {
            "rule_id": rule_id,
            "judged": judged,
            "dismissed": dismissed,
            "dismissed_permille": round(1000 * dismissed / judged),
        }
        for rule_id, (judged, dismissed) in found.items()
    ]


def judged_by_rule(db: sa.Connection) -> dict[str, tuple[int, int]]:
    """Return rule -> how many of its deviations were judged in a case, and how many of those dismissed; the last word of a case counts."""
    return {row["rule_id"]: (int(row["judged"]), int(row["dismissed"])) for row in many(db, _JUDGED)}


def _read(tx: Tx, wanted: Mapping[str, object], most: int) -> Sequence[Row]:
    """Return the deviations under the conditions that have a value, and record that they were read."""
    asked = {condition: value for condition, value in wanted.items() if value is not None}
    rows = many(
        tx.db,
        f"select {_SHOWN} from posko.deviation where {' and '.join(['true', *asked])} order by deviation_id desc limit :most",
        most=most,
        **{_name(condition): value for condition, value in asked.items()},
    )
    tx.record("deviation", "register", {"rows": len(rows), "filters": sorted(_name(condition) for condition in asked)})
    return [{**row, "occurred_at": row["occurred_at"].isoformat()} for row in rows]


def _altered_cases(tx: Tx) -> Sequence[int]:
    """Return the cases whose deviations are no longer those that were frozen."""
    cases: Sequence[Row] = many(tx.db, "select case_id, evidence_sha256 from posko.deviation_case order by case_id")
    return [
        int(row["case_id"])
        for row in cases
        if deviation_register.evidence_hash(deviation_register.of_case(tx.db, row["case_id"])) != row["evidence_sha256"]
    ]


def _note_once(tx: Tx, kind: str, code: int) -> None:
    known = many(
        tx.db,
        "select 1 as found from posko.deviation where rule_id = 'DV-X05' and subject_kind = :kind and subject_code = :code"
        " limit 1",
        kind=kind,
        code=str(code),
    )
    if not known:
        told = {"altered": kind, "number": code}
        deviation_register.note(tx, "DV-X05", told, mode="D", subject_kind=kind, subject_code=str(code))


def _name(condition: str) -> str:
    return condition.partition(":")[2].split()[0]


list = register  # noqa: A001 - `deviations.list` is the name by which screens know it; nothing below uses the builtin
