"""The rules with what they are judged by and how they do, and one deviation explained with the history of its finding (§5.2, §5.7; R-020).

What is in force on a day are the dated rows of that day: those of dbt's seed, and those that BNSP sets with two persons (F44).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from posko.domain.calendar import local_day
from posko.domain.case_status import LABELS, CaseStatus
from posko.domain.matrix import Command
from posko.domain.parameters import DEFAULTS
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.domain.rules import RULES, Rule
from posko.services import inputs
from posko.services.deviation_register import is_altered
from posko.services.deviations import judged_by_rule
from posko.services.office import act
from posko.services.parameter_values import number_on
from posko.services.rows import Row, many, one

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from posko.services.office import Tx

MOST_SHOWN = 20
_SEED = (
    "select param_code as name, sub_key, value, valid_from, valid_until, legal_source as source from posko_model.parameter"
    " where :day between valid_from and coalesce(valid_until, '9999-12-31') order by param_code, sub_key"
)
_SET = (
    "select parameter_name, value, valid_from, reason from posko.parameter where valid_from <= :day order by valid_from"
)
_OPEN = "select rule_id, count(*) as open from posko.finding where gone_at is null group by rule_id"
_RUNS = (
    "select rule_id, run_id, since_at, started_at, finished_at, found_count, new_count, changed_count, gone_count, again_count"
    " from posko.deviation_run where rule_id = :rule order by deviation_run_id desc limit :most"
)
_FINDINGS = (
    "select finding_id, subject_kind, subject_code, finding_key, observed_at, first_seen_at, last_seen_at, gone_at, deviation_id"
    " from posko.finding where rule_id = :rule order by (gone_at is null) desc, finding_id desc limit :most"
)
_FILTERS: Mapping[str, str] = {
    "rule_id": "d.rule_id = :rule_id",
    "severity": "d.severity = :severity",
    "mode": "d.mode = :mode",
    "tki_id": "d.tki_id = :tki_id",
    "about": "d.subject_code = :about",
    "case_id": "d.case_id = :case_id",
    "since": "d.occurred_at >= :since",
    "until": "d.occurred_at < :until + interval 1 day",
}
"""Filter of the list -> its condition."""
_LISTED = (
    "select d.deviation_id, d.rule_id, d.severity, d.mode, d.is_attempt, d.tki_id, d.journey_id, d.session_id, d.subject_kind,"
    " d.subject_code, d.evidence, d.occurred_at, d.case_id, d.finding_id, f.gone_at from posko.deviation as d"
    " left join posko.finding as f on f.finding_id = d.finding_id"
)
_DEVIATION = (
    "select deviation_id, rule_id, severity, mode, is_attempt, tki_id, journey_id, session_id, subject_kind, subject_code, evidence,"
    " evidence_sha256, occurred_at, audit_event, case_id, finding_id from posko.deviation where deviation_id = :id"
)
_CHANGES = (
    "select change_id, change_kind, evidence, evidence_sha256, changed_at, audit_event from posko.finding_change where finding_id = :id"
    " order by change_id"
)


@act("deviations.rules", Command.READ_LOG)
def rules(tx: Tx) -> list[dict[str, Any]]:
    """Return all rules as they are in force today, as `rules_on`."""
    tx.about("rule", "*")
    tx.permit(how=Act.READ)
    found = rules_on(tx.db, local_day(tx.at))
    tx.record("rule", "*", {"rules": len(found)})
    return found


@act("deviations.explain", Command.READ_LOG)
def explain(tx: Tx, *, deviation_id: int) -> dict[str, Any]:
    """Return one deviation explained, as `explained`.

    Raises:
        Refused: there is no such deviation.
    """
    wanted = inputs.number(deviation_id, "Nomor penyimpangan")
    tx.about("deviation", wanted)
    tx.permit(how=Act.READ)
    found = explained(tx.db, wanted)
    if found is None:
        raise refuse("UNKNOWN_DEVIATION", deviation_id=wanted)
    tx.record("deviation", wanted, {"step": "explained"})
    return found


def rules_on(db: sa.Connection, day: date) -> list[dict[str, Any]]:
    """Return every rule of the catalogue with its parameters in force on a day, its open findings, and what became of its cases.

    Each has the columns of the catalogue, `in_force` (rows with name, sub_key, value, valid_from, valid_until, source), `open`,
    `judged`, `dismissed`, `dismissed_permille` (None: nothing was judged), `last_run` (ISO, UTC) and `needs_review`: so many were judged,
    and so large a part dismissed, that the threshold should be looked at.
    """
    seed, own = _seed(db, day), _own(db, day)
    judged, last = judged_by_rule(db), _last_runs(db)
    is_open = {row["rule_id"]: int(row["open"]) for row in many(db, _OPEN)}
    least, percent = (number_on(db, name, day) for name in ("rule_review_least", "rule_review_percent"))
    made = []
    for rule_id, rule in RULES.items():
        count, dismissed = judged.get(rule_id, (0, 0))
        made.append(
            {
                **_catalogue(rule_id, rule),
                "in_force": [row for name in rule.parameters for row in (*seed.get(name, ()), *own.get(name, ()))],
                "open": is_open.get(rule_id, 0),
                "judged": count,
                "dismissed": dismissed,
                "dismissed_permille": round(1000 * dismissed / count) if count else None,
                "last_run": last.get(rule_id),
                "needs_review": count >= max(least, 1) and 100 * dismissed > percent * count,
            }
        )
    return made


def explained(db: sa.Connection, deviation_id: int) -> dict[str, Any] | None:
    """Return one deviation with its rule, evidence, the history of its finding, and its case; None: there is none."""
    row = one(db, _DEVIATION, id=deviation_id)
    if row is None:
        return None
    rule = RULES[row["rule_id"]]
    is_intact = not is_altered(row)
    row.pop("evidence_sha256")
    return {
        **row,
        "evidence": json.loads(row["evidence"]) if is_intact else None,
        "is_intact": is_intact,
        "occurred_at": row["occurred_at"].isoformat(),
        "rule": _catalogue(row["rule_id"], rule),
        "history": [] if row["finding_id"] is None else history(db, int(row["finding_id"])),
        "case": _case(db, row["case_id"]),
    }


def history(db: sa.Connection, finding_id: int) -> list[dict[str, Any]]:
    """Return what became of a finding, oldest first: FOUND, CHANGED, GONE, AGAIN, with the evidence of then."""
    return [
        {
            "change": row["change_kind"],
            "changed_at": row["changed_at"].isoformat(),
            "audit_event": row["audit_event"],
            "is_intact": not is_altered(row),
            "evidence": json.loads(row["evidence"]) if not is_altered(row) else None,
        }
        for row in many(db, _CHANGES, id=finding_id)
    ]


def of_rule(db: sa.Connection, rule_id: str) -> dict[str, Any]:
    """Return the newest runs and findings of a rule, those that are still there first; times as ISO texts."""
    runs = many(db, _RUNS, rule=rule_id, most=MOST_SHOWN)
    found = many(db, _FINDINGS, rule=rule_id, most=MOST_SHOWN)
    return {"runs": [_iso(row) for row in runs], "findings": [_iso(row) for row in found]}


def listed(db: sa.Connection, *, limit: int, **asked: object) -> tuple[int, list[dict[str, Any]]]:
    """Return how many deviations fit all filters that are given (`_FILTERS`), and the newest of them; times as ISO texts, UTC."""
    given = {name: value for name, value in asked.items() if value is not None}
    where = " and ".join(["true", *(_FILTERS[name] for name in given)])
    total = one(db, f"select count(*) as total from posko.deviation as d where {where}", **given)
    rows = many(db, f"{_LISTED} where {where} order by d.deviation_id desc limit :most", most=limit, **given)
    return int(total["total"]) if total else 0, [_iso(row) for row in rows]


def to_do(found: Mapping[str, Any]) -> str:
    """Return what is to be done about a deviation that was explained, as the key of a sentence.

    `attempt`: refused; `closed`: so is its case; `loose`: W and in no case; `noted`: B, seen by the service itself; else its severity.
    """
    if found["is_attempt"]:
        return "attempt"
    if found["case"] is None:
        return "loose" if found["severity"] == "W" else str(found["severity"])
    if found["case"]["status"] == CaseStatus.CLOSED:
        return "closed"
    return "noted" if found["severity"] == "B" and found["mode"] == "P" else str(found["severity"])


def _catalogue(rule_id: str, rule: Rule) -> dict[str, Any]:
    names = ("paragraph", "severity", "found_as", "mode", "judged_by", "scope", "owner", "description")
    return {"rule_id": rule_id, **{name: getattr(rule, name) for name in names}, "parameters": list(rule.parameters)}


def _case(db: sa.Connection, case_id: int | None) -> dict[str, Any] | None:
    if case_id is None:
        return None
    row = one(
        db, "select case_id, title, status, severity, due_at from posko.deviation_case where case_id = :id", id=case_id
    )
    return None if row is None else {**_iso(row), "label": LABELS[CaseStatus(row["status"])]}


def _seed(db: sa.Connection, day: date) -> dict[str, list[dict[str, Any]]]:
    """Return name -> rows of dbt's parameters in force; none before the first run of dbt."""
    found: dict[str, list[dict[str, Any]]] = {}
    if not sa.inspect(db).has_table("parameter", schema="posko_model"):
        return found
    for row in many(db, _SEED, day=day):
        found.setdefault(row["name"], []).append({**_iso(row), "value": f"{row['value'].normalize():f}"})
    return found


def _own(db: sa.Connection, day: date) -> dict[str, list[dict[str, Any]]]:
    """Return name -> the one row of BNSP's own parameters in force."""
    rows = {row["parameter_name"]: row for row in many(db, _SET, day=day)}
    found = {}
    for name, default in DEFAULTS.items():
        row = rows.get(name)
        value, since = (str(row["value"]), row["valid_from"].isoformat()) if row else (str(default.value), None)
        source = row["reason"] if row else default.source
        told = {
            "name": name,
            "sub_key": "*",
            "value": value,
            "valid_from": since,
            "valid_until": None,
            "source": source,
        }
        found[name] = [told]
    return found


def _last_runs(db: sa.Connection) -> dict[str, str]:
    rows = many(db, "select rule_id, max(started_at) as last from posko.deviation_run group by rule_id")
    return {row["rule_id"]: row["last"].isoformat() for row in rows}


def _iso(row: Row) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}
