"""DV-T07 (§4.2): a break in the number of candidates of a TUK; it informs and accuses nobody.

Week by week a TUK has a share of all candidates, so that what all have in common, such as a season or holidays, is no break. For every
week the likelihood of one share is compared with that of two, one before and one after it; the best split is tested for being the best of
so many, and by how much the shares of TUK waver from one week to the next (candidates come by sessions, not one by one).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import special, stats

from checks.deviations.funnel import discoveries
from checks.deviations.told import chance, short
from posko.domain.finding import ONLY, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from checks.deviations.frames import Frames
    from checks.deviations.limits import Limits

    Numbers = NDArray[np.float64]

RULE = "DV-T07"
EDGE = 4
"""Weeks at least on each side of a break."""
SIDE = 12
"""Weeks at most that are compared on each side: a break is sudden, and a TUK that grows month by month has none."""


def judge(frames: Frames, limits: Limits) -> Iterator[Finding]:
    """Yield the TUK with a break."""
    weeks = weekly(frames.tests)
    totals = weeks.sum(axis=1).to_numpy(float)
    if len(weeks) < 2 * EDGE or weeks.shape[1] < 2:
        return
    breaks: list[dict[str, Any]] = []
    for code in weeks.columns:
        counts = weeks[code].to_numpy(float)
        if counts.sum() >= limits.least(RULE):
            breaks.append({"code": str(code), **best_break(counts, totals)})
    q = discoveries(np.array([one["p"] for one in breaks]))
    least_ratio = limits.number("statistic_least_ratio", RULE)
    last = frames.tests.groupby("tuk", observed=True)["at"].max()
    for one, each in zip(breaks, q, strict=True):
        if each > limits.rate or max(one["ratio"], 1 / one["ratio"]) < least_ratio:
            continue
        told = {
            "patah_pada": f"{weeks.index[one['week']]:%Y-%m-%d}",
            "seminggu_sebelum": short(one["before"]),
            "seminggu_sesudah": short(one["after"]),
            "kali_lipat_bagian": short(one["ratio"]),
            "minggu_dibandingkan": len(weeks),
            "tuk_dibandingkan": len(breaks),
            "nilai_p": chance(one["p"]),
            "nilai_q": chance(each),
        }
        yield Finding(RULE, "tuk", one["code"], ONLY, told, last[one["code"]].to_pydatetime())


def weekly(tests: pd.DataFrame) -> pd.DataFrame:
    """Return candidates of each TUK (column) in each week (index: its Monday); the first and last week, which may be cut, are left out."""
    monday = tests["day"].dt.to_period("W").dt.start_time
    table = tests.groupby([monday, "tuk"], observed=True).size().unstack(fill_value=0)
    return table.iloc[1:-1]


def best_break(counts: Numbers, totals: Numbers) -> dict[str, Any]:
    """Return the best split of a series of weeks: what `SIDE` weeks before and after it show.

    Args:
        counts: candidates of the TUK, week by week.
        totals: those of all TUK.

    Returns:
        `week` (the first after the break), `before` and `after` (mean counts a week), `ratio` (of the shares of all) and `p`, which allows
        for any week having been the one.
    """
    splits = np.arange(EDGE, len(counts) - EDGE + 1)
    upto, whole = (np.r_[0.0, np.cumsum(series)] for series in (counts, totals))
    first, last = np.maximum(splits - SIDE, 0), np.minimum(splits + SIDE, len(counts))
    k1, n1 = upto[splits] - upto[first], whole[splits] - whole[first]
    k2, n2 = upto[last] - upto[splits], whole[last] - whole[splits]
    gain = 2 * (_likelihood(k1, n1) + _likelihood(k2, n2) - _likelihood(k1 + k2, n1 + n2))
    best = int(np.argmax(gain))
    at = int(splits[best])
    # The waver is itself an estimate; squared differences of neighbours tell two thirds as much as that many weeks (von Neumann).
    p = min(1.0, len(splits) * float(stats.f.sf(gain[best] / _waver(counts, totals), 1, (len(counts) - 1) * 2 / 3)))
    ratio = float((k2[best] + 0.5) / (n2[best] + 1) / ((k1[best] + 0.5) / (n1[best] + 1)))
    before, after = k1[best] / (at - first[best]), k2[best] / (last[best] - at)
    return {"week": at, "before": before, "after": after, "ratio": ratio, "p": p}


def _likelihood(k: Numbers, n: Numbers) -> Numbers:
    """Return the log-likelihood of k of n under their own share."""
    return np.asarray(special.xlogy(k, k / n) + special.xlogy(n - k, 1 - k / n))


def _waver(counts: Numbers, totals: Numbers) -> float:
    """Return by what factor weeks next to each other differ more than chance makes them, at least 1; a break hardly enters it."""
    share = counts / np.maximum(totals, 1)
    usual = counts.sum() / totals.sum()
    variance = usual * (1 - usual) * (1 / np.maximum(totals[1:], 1) + 1 / np.maximum(totals[:-1], 1))
    return max(1.0, float(np.mean(np.diff(share) ** 2 / variance)))
