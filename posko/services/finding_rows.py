"""The rows of findings: what is known of a rule, what came of it now, and its history, written some at a time (§5.2, R-020)."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from posko.domain.audit import canonical
from posko.domain.masking import mask_niks_in
from posko.domain.rules import RULES
from posko.services.rows import Row, add_many, change, chunks, many, many_among

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from posko.domain.finding import Finding
    from posko.services.office import Tx

Identity = tuple[str, str, str]
"""Kind and code of the subject, and the key: what tells a finding from the others of its rule."""
WIDEST = (12, 120, 120)
NOTHING = "{}"
"""The evidence of a finding that is gone."""
_BETWEEN = "t.touched_at >= :since and t.touched_at < :until"
_TOUCHED = {
    "journey": f"exists (select 1 from posko.journey as t where t.journey_id = f.journey_id and {_BETWEEN})",
    "session": f"exists (select 1 from posko.exam_session as t where t.session_id = f.session_id and {_BETWEEN})",
    "event": "false",
    "all": "true",
}
"""Scope of a rule -> which of its findings were judged again since a time; what was touched while it was read is left to the next run."""
_KNOWN = (
    "select f.finding_id, f.subject_kind, f.subject_code, f.finding_key, f.evidence_sha256, f.gone_at, f.deviation_id, {due} as is_due"
    " from posko.finding as f where f.rule_id = :rule"
)
_FRESH = ("tki_id", "journey_id", "session_id", "evidence_sha256", "observed_at", "last_seen_at")
_PUT = sa.text(
    "insert into posko.finding (rule_id, subject_kind, subject_code, finding_key, tki_id, journey_id, session_id, evidence_sha256,"
    " observed_at, first_seen_at, last_seen_at) values (:rule_id, :subject_kind, :subject_code, :finding_key, :tki_id, :journey_id,"
    " :session_id, :evidence_sha256, :observed_at, :at, :at) on duplicate key update gone_at = null, "
    + ", ".join(f"{name} = values({name})" for name in _FRESH)
)
_NEWEST = (
    "update posko.finding as f set deviation_id ="
    " (select max(d.deviation_id) from posko.deviation as d where d.finding_id = f.finding_id) where f.finding_id in :ids"
)


@dataclass(frozen=True, slots=True)
class Fresh:
    """One finding of now, its evidence as it is kept; `finding_id` is None while it is not known."""

    identity: Identity
    found: Finding
    evidence: str
    sha256: bytes
    finding_id: int | None = None


@dataclass(frozen=True, slots=True)
class Sorted:
    """The findings of one rule by what became of them; `same` are those that are as they were."""

    new: Sequence[Fresh]
    again: Sequence[Fresh]
    changed: Sequence[Fresh]
    same: Sequence[Fresh]
    gone: Sequence[Row]

    @classmethod
    def of(cls, found: Mapping[Identity, Fresh], known: Mapping[Identity, Row]) -> Sorted:
        """Hold what is found against what is known."""
        new: list[Fresh] = []
        again: list[Fresh] = []
        changed: list[Fresh] = []
        same: list[Fresh] = []
        for identity, each in found.items():
            row = known.get(identity)
            if row is None:
                new.append(each)
                continue
            one = Fresh(identity, each.found, each.evidence, each.sha256, int(row["finding_id"]))
            is_same = row["evidence_sha256"] == each.sha256
            (again if row["gone_at"] is not None else same if is_same else changed).append(one)
        gone = [
            row for identity, row in known.items() if row["is_due"] and row["gone_at"] is None and identity not in found
        ]
        return cls(new, again, changed, same, gone)

    def counts(self) -> dict[str, int]:
        """Return how many are new, changed, gone and there again."""
        return {"new": len(self.new), "changed": len(self.changed), "gone": len(self.gone), "again": len(self.again)}

    def open_ids(self) -> list[int]:
        """Return the numbers of those that were known and are found."""
        return [each.finding_id for some in (self.again, self.changed, self.same) for each in some if each.finding_id]


def fresh(rule_id: str, found: Iterable[Finding]) -> dict[Identity, Fresh]:
    """Return what a rule found by its identity, the evidence as canonical JSON with its SHA-256; a NIK in it is hidden.

    Raises:
        ValueError: two findings of one identity, or a text that is empty or too long; a mistake of the rule.
    """
    made: dict[Identity, Fresh] = {}
    for each in found:
        identity = (each.subject_kind.lower(), str(each.subject_code).strip(), str(each.finding_key).strip() or "-")
        if identity in made:
            raise ValueError(f"{rule_id} finds {identity} twice")
        if not all(identity) or any(len(text) > most for text, most in zip(identity, WIDEST, strict=True)):
            raise ValueError(f"{rule_id} has a finding whose subject or key is empty or too long: {identity}")
        evidence = canonical(_masked(dict(each.evidence)))
        made[identity] = Fresh(identity, each, evidence, sha256(evidence.encode()).digest())
    return made


def _masked(value: Any) -> Any:
    """Return evidence in which nothing could be a NIK; a number with so many digits behind its point is none, and stays a number."""
    if isinstance(value, dict):
        return {mask_niks_in(name): _masked(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(each) for each in value]
    if isinstance(value, int) and not isinstance(value, bool):
        shown = mask_niks_in(str(value))
        return value if shown == str(value) else shown
    return mask_niks_in(value) if isinstance(value, str) else value


def known(
    db: sa.Connection, rule_id: str, found: Mapping[Identity, Fresh], *, since: datetime | None, until: datetime
) -> dict[Identity, Row]:
    """Return the known findings of a rule that are found now, and those that were judged again: `is_due`.

    Args:
        db: open transaction.
        rule_id: the rule.
        found: what it finds now.
        since: from when on rows were judged again; None: all.
        until: when judging began, server's clock.
    """
    if since is None:
        rows = many(db, _KNOWN.format(due="true"), rule=rule_id)
    else:
        due = _TOUCHED[RULES[rule_id].scope]
        codes = sorted({code for _, code, _ in found})
        values: dict[str, Any] = {"rule": rule_id, "since": since, "until": until}
        rows = many(db, f"{_KNOWN.format(due=due)} and f.gone_at is null and {due}", **values)
        rows += many_among(db, f"{_KNOWN.format(due=due)} and f.subject_code in :ids", codes, **values)
    return {(row["subject_kind"], row["subject_code"], row["finding_key"]): row for row in rows}


def write(tx: Tx, rule_id: str, findings: Sorted, event: str) -> list[Row]:
    """Write what became of a rule's findings, and return the deviations of those that are new or there again, as cases take them in."""
    new = _add(tx, rule_id, findings.new)
    _put(tx, rule_id, [*findings.again, *findings.changed])
    for some in chunks(int(row["finding_id"]) for row in findings.gone):
        change(tx.db, "update posko.finding set gone_at = :at where finding_id in :ids", at=tx.at, ids=some)
    history = [
        *(("FOUND", each.finding_id, each.evidence) for each in new),
        *(("AGAIN", each.finding_id, each.evidence) for each in findings.again),
        *(("CHANGED", each.finding_id, each.evidence) for each in findings.changed),
        *(("GONE", int(row["finding_id"]), NOTHING) for row in findings.gone),
    ]
    changes = [
        {"finding_id": finding_id, "change_kind": kind, **_hashed(evidence), "changed_at": tx.at, "audit_event": event}
        for kind, finding_id, evidence in history
    ]
    add_many(tx.db, "finding_change", changes)
    return _deviations(tx, rule_id, [*new, *findings.again], event)


def mark_seen(tx: Tx, rule_id: str, ids: Sequence[int] | None) -> None:
    """Write down that findings are still there: these, or (None) all of the rule that are not gone."""
    if ids is None:
        change(
            tx.db,
            "update posko.finding set last_seen_at = :at where rule_id = :rule and gone_at is null",
            at=tx.at,
            rule=rule_id,
        )
    for some in chunks(ids or ()):
        change(tx.db, "update posko.finding set last_seen_at = :at where finding_id in :ids", at=tx.at, ids=some)


def server_time(db: sa.Connection) -> datetime:
    """Return the server's own time, UTC without zone: rows are touched by it, whatever time is played."""
    found: datetime = db.exec_driver_sql("select utc_timestamp(6)").scalar_one()
    return found


def _add(tx: Tx, rule_id: str, new: Sequence[Fresh]) -> list[Fresh]:
    """Insert findings and return them with their numbers."""
    if not new:
        return []
    _put(tx, rule_id, new)
    # Whatever was committed has its deviation.
    made = many(tx.db, f"{_KNOWN.format(due='true')} and f.deviation_id is null", rule=rule_id)
    numbers = {(row["subject_kind"], row["subject_code"], row["finding_key"]): int(row["finding_id"]) for row in made}
    return [Fresh(each.identity, each.found, each.evidence, each.sha256, numbers[each.identity]) for each in new]


def _put(tx: Tx, rule_id: str, found: Sequence[Fresh]) -> None:
    """Insert findings, or bring those that are known to what they are now; some at a time."""
    for some in chunks(found):
        rows = [
            {
                "rule_id": rule_id,
                **dict(zip(("subject_kind", "subject_code", "finding_key"), each.identity, strict=True)),
                **_about(each),
                "evidence_sha256": each.sha256,
                "observed_at": each.found.observed_at,
                "at": tx.at,
            }
            for each in some
        ]
        tx.db.execute(_PUT, rows)


def _about(each: Fresh) -> Row:
    """Return TKI, journey and session of a finding; where it is about one of them, its code says so."""
    kind, code, _ = each.identity
    tki_id = each.found.tki_id or (code if kind == "tki" else None)
    session_id = each.found.session_id or (int(code) if kind == "session" and code.isdecimal() else None)
    return {"tki_id": tki_id, "journey_id": each.found.journey_id, "session_id": session_id}


def _deviations(tx: Tx, rule_id: str, found: Sequence[Fresh], event: str) -> list[Row]:
    """Write one deviation for each finding, and return them with their numbers."""
    if not found:
        return []
    rows = [
        {
            "rule_id": rule_id, "severity": RULES[rule_id].found_as, "mode": "D", "is_attempt": 0, **_about(each),
            "subject_kind": each.identity[0], "subject_code": each.identity[1], **_hashed(each.evidence),
            "occurred_at": tx.at, "audit_event": event, "finding_id": each.finding_id,
        }
        for each in found
    ]  # fmt: skip
    add_many(tx.db, "deviation", rows)
    ids = [row["finding_id"] for row in rows]
    for some in chunks(ids):
        change(tx.db, _NEWEST, ids=some)
    numbers = {
        int(row["finding_id"]): int(row["deviation_id"])
        for row in many_among(tx.db, "select finding_id, deviation_id from posko.finding where finding_id in :ids", ids)
    }
    return [{**row, "deviation_id": numbers[int(str(row["finding_id"]))], "case_id": None} for row in rows]


def _hashed(evidence: str) -> Row:
    return {"evidence": evidence, "evidence_sha256": sha256(evidence.encode()).digest()}
