"""What a rule finds, held against what it found before: new, changed, gone, again; nothing is deleted (§5.2, R-020; requirements 7).

One rule is one act in one transaction: the findings with their history, a deviation for each that is new or came back, the cases, and the
row that says up to when the rule has judged. A process that is killed leaves the rule as it was, and the next run judges it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from posko.domain.finding import Finding
from posko.domain.refusals import refuse
from posko.domain.rules import RULES
from posko.services import finding_cases, finding_rows, inputs
from posko.services.finding_rows import Sorted
from posko.services.office import act
from posko.services.rows import add, many

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    import sqlalchemy as sa

    from posko.services.office import Tx

ENTITY = "rule"


@dataclass(frozen=True)
class Judged:
    """How a rule was judged: in which run, from when on (None: everything), when that began (server's clock), on what definition."""

    run_id: str
    since: datetime | None
    started_at: datetime
    definition: bytes


@act("finding.sync", None)
def sync(
    tx: Tx, *, rule_id: str, found: Sequence[Finding], judged: Judged, fence: Callable[[Any], None] | None = None
) -> dict[str, int]:
    """Hold what a rule found against what it had found; return how many are found, new, changed, gone, again, and cases opened.

    Args:
        tx: the act of the system.
        rule_id: `DV-...`, judged by a view or a module.
        found: everything that the rule finds now, or what it finds in the rows touched since `judged.since`.
        judged: how it was judged.
        fence: called with a cursor of the transaction; raises when another process took over meanwhile.

    Raises:
        Refused: there is no such rule, or these are no findings.
        ValueError: a finding breaks the shape that all rules share; a mistake of the rule, never of a user.
    """
    tx.permit()
    tx.about(ENTITY, inputs.choice(rule_id, "Aturan", tuple(RULES)))
    if not isinstance(found, list | tuple) or not all(isinstance(each, Finding) for each in found):
        raise refuse("NOT_A_LIST", what="Daftar temuan")
    if fence is not None:
        fence(tx.db.connection.cursor())
    fresh = finding_rows.fresh(rule_id, found)
    known = finding_rows.known(tx.db, rule_id, fresh, since=judged.since, until=judged.started_at)
    sorted_ = Sorted.of(fresh, known)
    counts = {"found": len(fresh), **sorted_.counts()}
    told = {**counts, "run": judged.run_id, "since": judged.since.isoformat() if judged.since else None}
    event = tx.record(ENTITY, rule_id, told)
    rows = finding_rows.write(tx, rule_id, sorted_, event)
    finding_rows.mark_seen(tx, rule_id, None if judged.since is None else sorted_.open_ids())
    cases = finding_cases.gather(tx, rows)
    finding_cases.tell_gone(tx, rule_id, sorted_.gone)
    row = {"run_id": judged.run_id, "rule_id": rule_id, "print": judged.definition, "since_at": judged.since}
    row |= {"started_at": judged.started_at, "finished_at": finding_rows.server_time(tx.db)}
    add(tx.db, "deviation_run", {**row, **{f"{name}_count": count for name, count in counts.items()}})
    return {**counts, "cases": cases}


@act("finding.gather", None)
def gather_noted(tx: Tx) -> int:
    """Open cases on what services noted, by rule and subject as on what is found; return how many were opened.

    An attempt that was refused did not happen: it is counted, and a person opens a case on it. What the Pedoman lets pass is judged by
    what it adds up to (`finding_cases.LET_PASS`).
    """
    tx.permit()
    rows = finding_cases.noted(tx.db)
    opened = finding_cases.gather(tx, rows)
    tx.record(ENTITY, "noted", {"deviations": len(rows), "cases": opened})
    return opened


def last_judged(db: sa.Connection) -> dict[str, tuple[datetime, bytes]]:
    """Return rule -> when its last run that finished began (server's clock, UTC), and on what definition."""
    rows = many(
        db,
        "select last.rule_id, last.started_at, last.print from posko.deviation_run as last where last.deviation_run_id in"
        " (select max(deviation_run_id) from posko.deviation_run group by rule_id)",
    )
    return {row["rule_id"]: (row["started_at"], row["print"]) for row in rows}
