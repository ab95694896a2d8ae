"""The register of deviations: what was tried against a rule, with its evidence, never deleted (§5.2, R-020; requirements section 7).

The evidence of a deviation is one line of canonical JSON under its own SHA-256; a case freezes those of all its deviations under
one. Whoever changes a line past the application shows.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from posko.domain.audit import canonical
from posko.domain.rules import RULES
from posko.services.rows import Row, add, many

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import sqlalchemy as sa

    from posko.domain.errors import Refused
    from posko.domain.rules import Severity
    from posko.services.office import Tx


def note_refusal(tx: Tx, refusal: Refused, evidence: Mapping[str, Any], *, audit_event: str) -> int:
    """Write down that an act was refused under a rule; return the deviation's number."""
    entity, key = tx.subject
    told = {**evidence, "act": tx.meta.name, "by": tx.person_id, "entity": entity, "key": key}
    rule_id = refusal.rule or "DV-X01"
    return note(
        tx,
        rule_id,
        told,
        mode="P",
        subject_kind=entity,
        subject_code=key,
        audit_event=audit_event,
        is_attempt=True,
    )


def note(
    tx: Tx,
    rule_id: str,
    evidence: Mapping[str, Any],
    *,
    mode: str,
    subject_kind: str,
    subject_code: str,
    journey_id: int | None = None,
    session_id: int | None = None,
    tki_id: str | None = None,
    audit_event: str | None = None,
    severity: Severity | None = None,
    is_attempt: bool = False,
) -> int:
    """Write one deviation of the rule into the register and return its number.

    Args:
        tx: the act that found or was refused it.
        rule_id: `DV-...`; its severity is looked up in the table of rules.
        evidence: what shows it: texts and whole numbers, nobody's NIK or template; frozen with its SHA-256.
        mode: `P` prevented at entry, `D` detected later.
        subject_kind: what kind of thing it is about: journey, session, staff, tuk ...
        subject_code: which one.
        journey_id: the journey it is about, if one.
        session_id: the exam session, if one.
        tki_id: the TKI, if one.
        audit_event: the event that recorded it.
        is_attempt: it was refused and did not happen.
        severity: where the rule has two (DV-I07, DV-S02, DV-A07) and this one is not that of the moment of entry.
    """
    about: dict[str, object] = {"tki_id": tki_id, "journey_id": journey_id, "session_id": session_id}
    row: dict[str, object] = {name: value or tx.context.get(name) for name, value in about.items()}
    row |= {
        "rule_id": rule_id,
        "severity": severity or RULES[rule_id].severity,
        "mode": mode,
        "is_attempt": int(is_attempt),
    }
    row |= {"subject_kind": subject_kind[:12], "subject_code": subject_code[:120]}
    return add(tx.db, "deviation", {**row, **frozen(evidence), "occurred_at": tx.at, "audit_event": audit_event})


def frozen(evidence: Mapping[str, Any]) -> dict[str, object]:
    """Return evidence as it is kept: canonical JSON and its SHA-256."""
    text = canonical(dict(evidence))
    return {"evidence": text, "evidence_sha256": sha256(text.encode()).digest()}


def is_altered(row: Row) -> bool:
    """Return whether the evidence of a deviation no longer fits the hash that was written with it."""
    return bool(sha256(str(row["evidence"]).encode()).digest() != row["evidence_sha256"])


def evidence_hash(rows: Sequence[Row]) -> bytes:
    """Return SHA-256 over the evidence of deviations, in the order of their numbers: what a case freezes."""
    lines = sorted((int(row["deviation_id"]), row["rule_id"], row["evidence_sha256"].hex()) for row in rows)
    return sha256(canonical([list(line) for line in lines]).encode()).digest()


def of_case(db: sa.Connection, case_id: int) -> list[Row]:
    """Return the deviations of a case."""
    return many(db, "select * from posko.deviation where case_id = :id order by deviation_id", id=case_id)
