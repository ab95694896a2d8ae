"""What a gate is: rules over the database, one of three outcomes for each and for the whole (§12.2, §12.8).

A rule that could not run says nothing about the data: it is never reported as bad data, nor lets anything pass.
This module knows no Great Expectations: `checks.engine` runs the rules, `checks.pages` shows the result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

Outcome = Literal["passed", "failed", "could_not_run"]

OUTCOME_WORDS: dict[Outcome, str] = {
    "passed": "lulus",
    "failed": "gagal",
    "could_not_run": "tidak dapat dijalankan",
}
"""Outcome -> the word that a person reads."""

SHOWN_PROBLEMS = 20
"""Problems that a rule names; whether there are more is said, not counted."""
_LONGEST_OBSERVED = 4_000


@dataclass(frozen=True)
class Limits:
    """What a gate tolerates; each is a setting of the installation.

    quarantine_share: part of the received rows that may be in quarantine.
    quarantine_from_rows: rows from which on that share is judged; of a few rows any may be bad.
    batch_age_hours: age of the newest batch beyond which staging is stale.
    unplaced_share: part of the eligible TKI without a seat above which the gate warns.
    """

    quarantine_share: float = 0.2
    quarantine_from_rows: int = 1_000
    batch_age_hours: int = 24
    unplaced_share: float = 0.5


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class Rule:
    """One thing that must hold: `sql` finds what does not, a sentence each, in its only column `problem`.

    The SQL may name the gate's table as `{batch}`; with a join it gives it an alias, without one it does not.
    A rule that `only_warns` is reported and never stops the run.
    """

    name: str
    description: str
    sql: str
    only_warns: bool = False


@dataclass(frozen=True)
class ExpectationResult:
    """Outcome of one rule; `observed` is what was seen, or why it could not run."""

    name: str
    description: str
    outcome: Outcome
    observed: str
    only_warns: bool = False


@dataclass(frozen=True)
class GateResult:
    """Outcome of a gate, `docs` the page that shows it, `checked_at` in UTC without zone."""

    gate: str
    outcome: Outcome
    expectations: tuple[ExpectationResult, ...]
    docs: Path
    checked_at: datetime
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        """Return the result for `--json`."""
        return {
            "gate": self.gate,
            "outcome": self.outcome,
            "checked_at": self.checked_at.isoformat(timespec="seconds"),
            "seconds": self.seconds,
            "docs": str(self.docs),
            "expectations": [vars(one) for one in self.expectations],
        }


def judge(
    rule: Rule, *, success: bool, observed: str | None, exception_info: Mapping[str, Any] | None
) -> ExpectationResult:
    """Tell what a rule's run means: success, a finding, or no answer at all.

    Args:
        rule: what was asked.
        success: as the engine reports it; also False when the rule could not run.
        observed: what was seen; None when nothing was.
        exception_info: of the engine, flat or one entry a metric.
    """
    error = raised(exception_info)
    if error is not None or observed is None:
        return could_not_ask(rule, error or "pemeriksaan tidak memberi jawaban")
    outcome: Outcome = "passed" if success else "failed"
    return ExpectationResult(rule.name, rule.description, outcome, observed, rule.only_warns)


def could_not_ask(rule: Rule, why: str) -> ExpectationResult:
    """Return the outcome of a rule that gave no answer, and why."""
    return ExpectationResult(rule.name, rule.description, "could_not_run", why, rule.only_warns)


def raised(exception_info: Mapping[str, Any] | None) -> str | None:
    """Return the first error of an `exception_info` in one line, or None when nothing was raised."""
    if not exception_info:
        return None
    entries = [exception_info] if "raised_exception" in exception_info else list(exception_info.values())
    for entry in entries:
        if isinstance(entry, dict) and entry.get("raised_exception"):
            return one_line(str(entry.get("exception_message") or "kesalahan tanpa pesan"))
    return None


def one_line(message: str) -> str:
    """Return the part of a database error that says what happened, without the SQL and the link behind it."""
    said = message.partition("[SQL:")[0].partition("(Background on")[0]
    return " ".join(said.split())[:500]


def outcome_of(results: Sequence[ExpectationResult]) -> Outcome:
    """Return the outcome of a gate: no verdict while a rule could not run, otherwise what the rules found."""
    if not results or any(one.outcome == "could_not_run" for one in results):
        return "could_not_run"
    return "failed" if any(one.outcome == "failed" and not one.only_warns for one in results) else "passed"


def name_problems(problems: Sequence[str]) -> str:
    """Return the problems as one text; the engine fetches one more than is shown."""
    shown = [*problems[:SHOWN_PROBLEMS], *(["dan seterusnya"] if len(problems) > SHOWN_PROBLEMS else [])]
    return "; ".join(shown)[:_LONGEST_OBSERVED] or "sesuai"


def sentence(result: GateResult) -> str:
    """Return what a person must know about a gate, in one sentence."""
    if result.outcome == "passed":
        warned = [one for one in result.expectations if one.outcome == "failed"]
        also = f", dengan peringatan {', '.join(one.name for one in warned)}" if warned else ""
        return f"Gerbang {result.gate} lulus: {len(result.expectations)} pemeriksaan{also}."
    if result.outcome == "could_not_run":
        return (
            f"Gerbang {result.gate} tidak dapat dijalankan, jadi belum ada putusan tentang datanya: "
            f"{_named(result, 'could_not_run')}. Perbaiki sebabnya, lalu ulangi."
        )
    found = _named(result, "failed")
    return f"Gerbang {result.gate} gagal: {found}. Tahap berikutnya tidak boleh jalan; rincian di {result.docs}."


def _named(result: GateResult, outcome: Outcome) -> str:
    stops = [one for one in result.expectations if one.outcome != "failed" or not one.only_warns]
    found = [one for one in stops if one.outcome == outcome]
    rest = f"; dan {len(found) - 3} lagi" if len(found) > 3 else ""
    return "; ".join(f"{one.name} ({one.observed[:300]})" for one in found[:3]) + rest
