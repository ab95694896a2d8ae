"""Who differs from peers more than honest people do: beta-binomial limits, shrinkage, false discovery rate (§4.2; DV-T01, T03, T05, I09).

Honest examiners differ: 12 % of the main-effect variance in MRCP PACES was the examiners' (BMC Med Educ 2006 6:42). So a count is compared
with a beta-binomial law whose spread is that of the bodies themselves, estimated so that a few cheats among them do not widen it (Huber's
proposal 2), and the share that is shown is drawn to the expected one by as much as the body's own results are few (empirical Bayes).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, special, stats

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

LEVEL = 0.998
"""Level of the funnel limits that are shown; what is a finding is decided by the false discovery rate."""
HUBER = 1.5
"""Standard deviations beyond which a residual counts no more for the spread."""
FEW = 20
"""With fewer bodies each is compared with the spread of the others alone: among few, one cheat is most of the spread."""
LEAST_BODIES = 4
_EVEN = 1e-6
_AGREED = float(stats.norm.expect(lambda z: min(z * z, HUBER * HUBER)))
"""What the cut squares of an honest residual are on average."""


def judge_shares(table: pd.DataFrame) -> pd.DataFrame:
    """Compare the shares of the bodies of one kind with what their peers make expected.

    Args:
        table: one row a body: `n`, `observed` (of n) and `expected` (of n, not whole).

    Returns:
        The table with `expected` moved so that half of the bodies lie above it (cheats among the peers move the mean), `a` and `b` (shapes
        of the beta law of honest shares), `p` (two-sided), `p_high`, `p_low` (one-sided) and `shrunk` (the share drawn to the expected
        one). Empty when there are fewer than `LEAST_BODIES`.
    """
    if len(table) < LEAST_BODIES:
        return table.iloc[:0].assign(a=1.0, b=1.0, p=1.0, p_high=1.0, p_low=1.0, shrunk=0.0)
    n, seen = table["n"].to_numpy(float), table["observed"].to_numpy(float)
    share = _centred(n, seen, table["expected"].to_numpy(float))
    is_high = seen > n * share
    if len(table) >= FEW:
        # Each side by its own: honest hawks reach farther than honest doves, whose share ends at 1.
        rho_high, rho_low = (np.full(len(n), spread(n[side], seen[side], share[side])) for side in (is_high, ~is_high))
        freedom = max(0.45 * len(n) - 2, 1)
    else:
        rho_high = rho_low = _spread_of_others(n, seen, share)
        freedom = max(len(n) - 2, 1)
    high, low = prior(share, rho_high), prior(share, rho_low)
    p_high = _unsure(stats.betabinom.sf(seen - 1, n, *high), freedom)
    p_low = _unsure(stats.betabinom.cdf(seen, n, *low), freedom)
    a, b = np.where(is_high, high, low)
    both = np.minimum(1.0, 2 * np.minimum(p_low, p_high))
    return table.assign(
        expected=n * share, a=a, b=b, p=both, p_low=p_low, p_high=p_high, shrunk=(seen + a) / (n + a + b)
    )


def funnel(n: float, a: float, b: float) -> tuple[int, int]:
    """Return the limits of the count of an honest body of this size: outside by chance in one of 500."""
    low, high = stats.betabinom.interval(LEVEL, n, a, b)
    return int(low), int(high)


def prior(share: Numbers | float, rho: Numbers | float) -> tuple[Numbers, Numbers]:
    """Return both shapes of the beta law of honest shares with this mean and this correlation inside a body."""
    weight = 1 / np.maximum(rho, _EVEN) - 1
    return np.asarray(share) * weight, (1 - np.asarray(share)) * weight


def spread(n: Numbers, seen: Numbers, share: Numbers) -> float:
    """Return the correlation inside a body that the residuals of all bodies show, not widened by a few far ones; 0 to 0.5."""
    squares = (seen - n * share) ** 2 / (n * share * (1 - share))
    if not len(squares):
        return 0.0

    def off(rho: float) -> float:
        return float(np.mean(np.minimum(squares / (1 + (n - 1) * rho), HUBER * HUBER))) - _AGREED

    if off(0.0) <= 0:
        return 0.0
    return 0.5 if off(0.5) > 0 else float(optimize.brentq(off, 0.0, 0.5, xtol=1e-7))


def discoveries(p: Numbers) -> Numbers:
    """Return the q value of each p value: the false discovery rate (Benjamini-Hochberg) at which it would be a finding."""
    return np.asarray(stats.false_discovery_control(p)) if len(p) else np.asarray(p, float)


def scale(residuals: Numbers) -> float:
    """Return the spread of residuals around 0 by Huber's proposal 2: a few far ones do not widen it; 1 for a standard normal law."""
    squares = np.square(residuals)
    if not np.median(squares) > 0:
        return 0.0

    def off(guess: float) -> float:
        return float(np.mean(np.minimum(squares / guess**2, HUBER * HUBER))) - _AGREED

    middle = float(np.sqrt(np.median(squares)))
    return float(optimize.brentq(off, middle / 100, middle * 100))


def _centred(n: Numbers, seen: Numbers, expected: Numbers) -> Numbers:
    """Return the expected shares, moved on the scale of log-odds so that half of the bodies lie above them."""
    usual = special.logit((expected + 0.5) / (n + 1))
    moved = usual + np.median(special.logit((seen + 0.5) / (n + 1)) - usual)
    return np.asarray(special.expit(moved)).clip(1e-6, 1 - 1e-6)


def _spread_of_others(n: Numbers, seen: Numbers, share: Numbers) -> Numbers:
    """Return for each of a few bodies the spread of all the others."""
    others = ~np.eye(len(n), dtype=bool)
    return np.array([spread(n[rest], seen[rest], share[rest]) for rest in others])


def _unsure(p: Numbers, freedom: float) -> Numbers:
    """Return one-sided p values that allow for a spread which is itself an estimate from so many bodies (Student's law)."""
    return np.asarray(stats.t.sf(stats.norm.isf(np.clip(p, 1e-300, 1 - 1e-16)), freedom))
