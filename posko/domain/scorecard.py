"""Scorecards of LSP, TUK and assessors for a period: which figures, and how they follow from counts (§4.1, §14.2; R-162, requirements 8.3).

A scorecard counts what was written up to one moment, so the same rows give the same card whenever it is made. Shares stand in thousandths
and times in minutes, because a card is frozen as text of whole numbers.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from posko.domain.calendar import WIB, local_day
from posko.domain.estimates import Prior, prior, quantile, shrunk, standing, wilson

if TYPE_CHECKING:
    from collections.abc import Mapping

    Row = Mapping[str, Any]

WHOLE, ALL = "all", "SEMUA"
"""Kind and code of the one card that counts everything, also what is about no body."""
KINDS: Mapping[str, str] = {"lsp": "lsp_code", "tuk": "tuk_code", "asesor": "met_no"}
"""Kind of body -> column that names it in the rows that a card is made of."""
LEADS: Mapping[str, str] = {"lsp": "decide_minutes", "tuk": "release_minutes", "asesor": "score_minutes"}
"""Kind -> the time that it is responsible for: results to decision, end of the test to release, release to scores."""
COUNTED = ("tested", "passed", "retakes", "retakes_passed")
NOTED = ("happened", "prevented", "gone")
CASES = ("cases_open", "cases_closed", "cases_confirmed", "cases_dismissed")
MARKS = ("decision", "deviation", "note", "change")
"""Kinds of rows whose number says whether they were there: decisions, deviations, notes of cases, changes of findings."""
NO_MARK = 2**63 - 1
FIGURES = (*COUNTED, "sessions", "silent_days", "held", *NOTED, *CASES)
"""Figures of a card behind each of which a list stands."""
SILENT_KINDS = (WHOLE, "lsp", "tuk")
"""A session that never opened says nothing of its assessor, who may have been exchanged on the day."""


@dataclass(frozen=True, slots=True)
class Span:
    """What a scorecard counts: exam days from `since` to `until`, as written up to `at` (UTC); of fewer than `least` nothing is said.

    `marks` are the last row of each of `MARKS` that was there at that moment, because a played clock may stand still; where there is none
    the time alone says it. `lsp`: only what belongs to this LSP; its peers are then those of its own.
    """

    since: date
    until: date
    at: datetime
    least: int
    lsp: str | None = None
    marks: Mapping[str, int] = field(default_factory=dict)

    def values(self) -> dict[str, object]:
        """Return it as the values of a query; an Indonesian day begins at 17:00 UTC of the day before."""
        began = datetime.combine(self.since, time()) - WIB
        ended = datetime.combine(self.until + timedelta(days=1), time()) - WIB
        said: dict[str, object] = {"since": self.since, "until": self.until, "at": self.at, "lsp": self.lsp}
        marks = {f"last_{name}": self.marks.get(name, NO_MARK) for name in MARKS}
        return {**said, **marks, "began": began, "ended": ended, "today": local_day(self.at)}

    def told(self) -> dict[str, object]:
        """Return it as a frozen card says it."""
        said: dict[str, object] = {"since": self.since.isoformat(), "until": self.until.isoformat()}
        return {**said, "at": self.at.isoformat(), "least": self.least, "marks": dict(self.marks)}

    @classmethod
    def of(cls, told: Row, *, lsp: str | None = None) -> Span:
        """Return the span that a frozen card names."""
        days = (date.fromisoformat(told["since"]), date.fromisoformat(told["until"]))
        return cls(*days, datetime.fromisoformat(told["at"]), int(told["least"]), lsp, told["marks"])


@dataclass(slots=True)
class Sums:
    """What is counted of one body."""

    counts: Counter[str] = field(default_factory=Counter)
    leads: Counter[int] = field(default_factory=Counter)
    rules: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)

    def take_session(self, kind: str, row: Row) -> None:
        """Take the results of one session."""
        self.counts["sessions"] += 1
        self.counts.update({name: int(row[name]) for name in COUNTED})
        minutes = row[LEADS[kind]] if kind in LEADS else None
        if minutes is not None:
            self.leads[max(0, int(minutes))] += 1

    def take_deviations(self, row: Row) -> None:
        """Take the deviations of one rule."""
        found = Counter({name: int(row[name]) for name in NOTED})
        self.counts.update(found)
        self.rules.setdefault((row["rule_id"], row["severity"]), Counter()).update(found)

    def card(self, kind: str, code: str) -> dict[str, Any]:
        """Return the body's own figures."""
        made: dict[str, Any] = {"code": code, **{name: self.counts[name] for name in FIGURES}}
        if kind not in SILENT_KINDS:
            made["silent_days"] = None
        times = {"lead_median": quantile(self.leads, 0.5), "lead_p90": quantile(self.leads, 0.9)}
        lines = [
            {"rule_id": rule, "severity": severity, **{name: found[name] for name in NOTED}}
            for (rule, severity), found in sorted(self.rules.items())
        ]
        return {**made, **times, "rules": lines}


def cards(kind: str, bodies: Mapping[str, Sums], least: int) -> list[dict[str, Any]]:
    """Return the cards of all bodies of a kind in the order of their codes, each with its share, interval and place among its peers."""
    made = [sums.card(kind, code) for code, sums in sorted(bodies.items())]
    before = prior((card["passed"], card["tested"]) for card in made)
    tested, passed = (sum(card[name] for card in made) for name in ("tested", "passed"))
    return [{**card, **_compared(card, tested, passed, before, least)} for card in made]


def _compared(card: Row, tested: int, passed: int, before: Prior, least: int) -> dict[str, object]:
    """Return a card's share beside that of all others of its kind; None where there is nothing to share."""
    part, whole = int(card["passed"]), int(card["tested"])
    others, others_passed = tested - whole, passed - part
    low, high = wilson(part, whole)
    how = standing(part, whole, others_passed / others, least).value if others and whole else None
    return {
        "passed_permille": _permille(part, whole),
        "low_permille": round(1000 * low) if whole else None,
        "high_permille": round(1000 * high) if whole else None,
        "shrunk_permille": round(1000 * shrunk(part, whole, before)) if whole else None,
        "peers_permille": _permille(others_passed, others),
        "standing": how,
    }


def _permille(part: int, whole: int) -> int | None:
    return round(1000 * part / whole) if whole else None
