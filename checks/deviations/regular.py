"""What is too even to be people: variances of groups against the variances of all groups (§4.2; DV-T06, DV-I11).

Under honest work the variance of a group of n values follows a scaled chi-square law. Its scale and its degrees of freedom, fewer than
n - 1 because people are no normal law, are estimated from all groups by the logarithms of their variances (G. K. Smyth's moderation of
variances, with medians in place of means, so that a few machines among them do not count).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, special, stats

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

LEAST_GROUPS = 20
"""With fewer groups nothing is judged."""
MOST_EVEN = 0.25
"""Where more than this share of all groups has no variance at all, the clock or the matcher is coarse: nothing is judged."""
_NORMAL_MEDIAN = float(stats.norm.ppf(0.75))
_LEAST_VARIANCE = 1e-12


def too_even(values: pd.Series[float], groups: pd.Series[int], least: int) -> pd.DataFrame:
    """Return one row a group (the index) with at least so many values: `n`, `deviation` (standard), `usual` and `p` (one-sided).

    Args:
        values: what should vary, such as the logarithm of a gap.
        groups: which group each belongs to.
        least: values at least.

    Returns:
        Empty when fewer than `LEAST_GROUPS` can be judged, or when most of them do not vary at all.
    """
    table = values.groupby(groups, observed=True).agg(n="size", variance="var")
    table = table[table["n"] >= least]
    if len(table) < LEAST_GROUPS or (table["variance"] <= _LEAST_VARIANCE).mean() > MOST_EVEN:
        return table.iloc[:0].assign(deviation=0.0, usual=0.0, p=1.0)
    logs = np.log(table["variance"].clip(lower=_LEAST_VARIANCE).to_numpy(float))
    plain = table["n"].to_numpy(float) - 1
    freedom = plain / _inflation(logs, plain)
    usual = float(np.median(logs - special.digamma(freedom / 2) + np.log(freedom / 2)))
    p = stats.chi2.cdf(freedom * np.exp(logs - usual), freedom)
    spread = {"deviation": np.sqrt(table["variance"]), "usual": float(np.exp(usual / 2))}
    return table.assign(**spread, p=p).drop(columns="variance")


def _inflation(logs: Numbers, plain: Numbers) -> float:
    """Return by what the degrees of freedom are fewer than those of a normal law, at least 1: the logs vary by so much more."""
    away = np.abs(logs - np.median(logs))

    def off(factor: float) -> float:
        return float(np.median(away / np.sqrt(special.polygamma(1, plain / factor / 2)))) - _NORMAL_MEDIAN

    return 1.0 if off(1.0) <= 0 else float(optimize.brentq(off, 1.0, 1000.0))
