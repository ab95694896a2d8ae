"""The register of deviations: what was tried against a rule, with its evidence, never deleted (§5.2, R-020; requirements section 7)."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from posko.domain.audit import canonical
from posko.domain.rules import RULES
from posko.services.rows import add

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posko.domain.errors import Refused
    from posko.services.office import Tx


def note_refusal(tx: Tx, refusal: Refused, evidence: Mapping[str, Any], *, audit_event: str) -> int:
    """Write down that an act was refused under a rule; return the deviation's number."""
    entity, key = tx.subject
    told = {**evidence, "act": tx.meta.name, "by": tx.person_id, "entity": entity, "key": key}
    return note(
        tx, refusal.rule or "DV-X01", told, mode="P", subject_kind=entity, subject_code=key, audit_event=audit_event
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
    """
    text = canonical(dict(evidence))
    return add(
        tx.db,
        "deviation",
        {
            "rule_id": rule_id,
            "severity": RULES[rule_id].severity,
            "mode": mode,
            "tki_id": tki_id or tx.context.get("tki_id"),
            "journey_id": journey_id or tx.context.get("journey_id"),
            "session_id": session_id or tx.context.get("session_id"),
            "subject_kind": subject_kind[:12],
            "subject_code": subject_code[:120],
            "evidence": text,
            "evidence_sha256": sha256(text.encode()).digest(),
            "occurred_at": tx.at,
            "audit_event": audit_event,
        },
    )
