"""All rules judged, over everything or over what was touched since the last time, and what they found taken into the register (§5.2).

What the rules find (`deviation_reading`) goes to `posko.services.findings`, one rule in one transaction. One run at a time; a rule that
cannot be judged stops no other, but fails the run.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
import structlog

from apps.deviation_reading import definitions, reading
from posko.db.lease import held_lease
from posko.domain.calendar import local_day
from posko.domain.errors import DataRefused
from posko.domain.rules import RULES
from posko.services import findings
from posko.services.case_rows import HOLDING
from posko.services.findings import Judged
from posko.services.office import server_time as office_time

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from apps.deviation_reading import Read
    from posko.db.engine import Server
    from posko.db.lease import Lease
    from posko.services.office import Office

log = structlog.get_logger()

LEASE = "deviations"
OVERLAP = timedelta(minutes=10)
"""What is judged again before the last run began: further back than any transaction of ours lasts (docs/adr/0012)."""


@dataclass
class DeviationSummary:
    """What one run did: counts and seconds of each rule, cases opened, why rules could not be judged, and seconds of the whole.

    Rules are read some at once, so the whole is less than their sum.
    """

    run_id: str
    is_full: bool
    rules: dict[str, dict[str, int]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    cases: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    elapsed: float = 0.0

    def total(self, name: str) -> int:
        """Return the sum of one count over all rules."""
        return sum(counts[name] for counts in self.rules.values())

    def as_dict(self) -> dict[str, Any]:
        """Return one document."""
        totals = {name: self.total(name) for name in ("found", "new", "changed", "gone", "again")}
        return {
            "run_id": self.run_id, "full": self.is_full, **totals, "cases": self.cases, "rules": self.rules,
            "seconds": self.seconds, "failed": self.failed, "elapsed": self.elapsed,
        }  # fmt: skip


def run_rules(
    office: Office,
    server: Server,
    *,
    full: bool = False,
    rules: Sequence[str] | None = None,
    again_today: bool = True,
    lease_seconds: int = 60,
    say: Callable[[str], None] = lambda _: None,
) -> DeviationSummary:
    """Judge the rules and take what they find into the register; open the cases.

    Args:
        office: whose system acts, and whose clock says which day is judged.
        server: POSKO's own.
        full: judge everything; else what was touched since each rule was last judged, on the definition that it has now. Where a time
            is played everything is judged: events of the played past would be missed.
        rules: only these; None: all that a view or a module judges.
        again_today: judge the statistics although they were judged today; they compare months, and hold no result.
        lease_seconds: length of the lease.
        say: hears the name of each rule before it is judged.

    Raises:
        LeaseHeld: another run is under way.
        RulesFailed: some rules could not be judged; all others were.
    """
    wanted = [rule_id for rule_id, rule in RULES.items() if rule.is_found and (rules is None or rule_id in rules)]
    summary = DeviationSummary(uuid.uuid4().hex[:12], full)
    began = time.monotonic()
    with held_lease(server, "posko_app", "posko", LEASE, seconds=lease_seconds) as lease:
        run = _Run(office, server, lease, summary, full=full or office.clock is not office_time)
        run.judge([rule_id for rule_id in wanted if again_today or not run.is_of_today(rule_id)], say)
        if rules is None:
            summary.cases += office.desk(None).do(findings.gather_noted)
    summary.elapsed = round(time.monotonic() - began, 3)
    if summary.failed:
        raise RulesFailed(summary)
    return summary


class RulesFailed(DataRefused):
    """Some rules could not be judged, all others were; `summary` tells of all."""

    def __init__(self, summary: DeviationSummary) -> None:
        told = "; ".join(f"{rule_id}: {why}" for rule_id, why in list(summary.failed.items())[:5])
        super().__init__(f"{len(summary.failed)} aturan tidak dapat dinilai: {told}")
        self.summary = summary

    @property
    def is_holding(self) -> bool:
        """Whether one of them would hold results: then none may go out unjudged."""
        return any(RULES[rule_id].found_as in HOLDING for rule_id in self.summary.failed)


def judge_before_publication(office: Office, server: Server, *, lease_seconds: int) -> dict[str, int]:
    """Judge all rules, statistics once a day, as a step of the run.

    Returns:
        `findings_new`, `findings_gone`, `cases_opened`, `rules_unjudged`.

    Raises:
        LeaseHeld: as `run_rules`.
        RulesFailed: a rule that would hold results could not be judged; of others only their number is told.
    """
    try:
        summary = run_rules(office, server, again_today=False, lease_seconds=lease_seconds)
    except RulesFailed as failed:
        if failed.is_holding:
            raise
        summary = failed.summary
    counts = {f"findings_{name}": summary.total(name) for name in ("new", "gone")}
    return {**counts, "cases_opened": summary.cases, "rules_unjudged": len(summary.failed)}


class _Run:
    """One run: what was judged before, and the definitions of now."""

    def __init__(self, office: Office, server: Server, lease: Lease, summary: DeviationSummary, *, full: bool) -> None:
        self.office, self.server, self.lease, self.summary, self.full = office, server, lease, summary, full
        with office.engine.connect() as db:
            self.before = findings.last_judged(db)
            self.definitions = definitions(db)
            self.day = local_day(office.clock(db))

    def judge(self, rules: Sequence[str], say: Callable[[str], None]) -> None:
        """Judge rules; they are read some at once, and what each finds is written as one act after the other."""
        since = {rule_id: self._since(rule_id) for rule_id in rules}
        with reading(self.office, self.server, self.day, since) as outcome:
            told: set[str] = set()
            for rule_id in rules:
                say(rule_id)
                began = time.monotonic()
                try:
                    read = outcome(rule_id)
                    began = time.monotonic()
                    self._write(rule_id, since[rule_id], read)
                except Exception as error:  # whatever one rule stumbles over stops no other, and the summary names it
                    if self.lease.lost.is_set():
                        raise
                    self._fail(rule_id, error)
                    continue
                # What rules share is counted with the first of them.
                shared = 0.0 if RULES[rule_id].judged_by in told else read.seconds
                told.add(RULES[rule_id].judged_by)
                self.summary.seconds[rule_id] = round(shared + time.monotonic() - began, 3)

    def is_of_today(self, rule_id: str) -> bool:
        """Return whether a statistical rule was judged today, as it is defined now."""
        last = self.before.get(rule_id)
        if self.full or last is None or not RULES[rule_id].is_statistical:
            return False
        return local_day(last[0]) == self.day and last[1] == self.definitions[rule_id]

    def _fail(self, rule_id: str, error: Exception) -> None:
        self.summary.failed[rule_id] = _reason(error)
        log.error("deviation_rule_failed", rule=rule_id, error=type(error).__name__)  # its text may quote data

    def _write(self, rule_id: str, since: datetime | None, read: Read) -> None:
        judged = Judged(self.summary.run_id, since, read.started_at, self.definitions[rule_id])
        counts = self.office.desk(None).do(
            findings.sync, rule_id=rule_id, found=read.of(rule_id), judged=judged, fence=self.lease.check_fence
        )
        self.summary.cases += counts.pop("cases")
        self.summary.rules[rule_id] = counts

    def _since(self, rule_id: str) -> datetime | None:
        """Return from when on a rule is to be judged: None is everything."""
        last = self.before.get(rule_id)
        if self.full or RULES[rule_id].scope == "all" or last is None or last[1] != self.definitions[rule_id]:
            return None
        return last[0] - OVERLAP


def _reason(error: Exception) -> str:
    """Return why a rule could not be judged: the server's own words where it was the server, without the statement."""
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) and error.orig is not None else error
    return " ".join(str(cause).split())[:300]
