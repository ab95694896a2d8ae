"""Rates with what their sample size allows to say: errors of so many trials, with the bounds of Clopper and Pearson."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scipy.stats import beta

from apps.cli.screen import number

if TYPE_CHECKING:
    from collections.abc import Sequence

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Rate:
    """`errors` of `trials`, both whole numbers; the rest follows."""

    errors: int
    trials: int

    @property
    def share(self) -> float:
        """Errors a trial, 0-1."""
        return self.errors / self.trials

    @property
    def bounds(self) -> tuple[float, float]:
        """The share that lies behind them, with 95 % confidence between these two (Clopper and Pearson 1934, two-sided)."""
        rest, right = (1 - CONFIDENCE) / 2, self.trials - self.errors
        low = float(beta.ppf(rest, self.errors, right + 1)) if self.errors else 0.0
        high = float(beta.ppf(1 - rest, self.errors + 1, right)) if right else 1.0
        return low, high

    def words(self, times: int) -> str:
        """Return sample size and bounds in words, the bounds `times` as large (100: in percent)."""
        low, high = (f"{times * bound:.2f}".replace(".", ",") for bound in self.bounds)
        return f"{number(self.errors)} dari {number(self.trials)}; 95 %: {low}-{high}"

    def as_dict(self) -> dict[str, float | int]:
        """Return everything for `--json`."""
        low, high = self.bounds
        return {"errors": self.errors, "trials": self.trials, "share": self.share, "low": low, "high": high}


def below(scores: Sequence[int], threshold: int) -> Rate:
    """Return how many genuine scores miss the threshold: false non-matches."""
    return Rate(sum(score < threshold for score in scores), len(scores))


def reaching(scores: Sequence[int], threshold: int) -> Rate:
    """Return how many impostor scores reach the threshold: false matches."""
    return Rate(sum(score >= threshold for score in scores), len(scores))
