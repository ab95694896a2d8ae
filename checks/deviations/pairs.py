"""DV-A09 (§9.2): an assessor who meets the candidates of one BLKLN more often than a random rotation would let her.

Among the sessions of one LSP in one month the assessors are taken as dealt at random, wherever the test is: no BLKLN can choose who tests
its people. How many of an assessor's sessions hold candidates of a BLKLN is then a sum of hypergeometric counts, whose upper tail is never
above that of the Poisson law with the same mean, widened where pairs waver more than that. The BLKLN of one TUK come together, so an
assessor has one finding, under the pair that chance explains least.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from checks.deviations.funnel import discoveries, scale
from checks.deviations.told import chance, short
from posko.domain.finding import ONLY, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from checks.deviations.frames import Frames
    from checks.deviations.limits import Limits

RULE = "DV-A09"
_CELL = ["lsp", "month"]
TOLD = 5
"""So many further BLKLN are named."""
_WELL_KNOWN = 2
"""Pairs with at least so many expected meetings show how much pairs waver."""


def judge(frames: Frames, limits: Limits) -> Iterator[Finding]:
    """Yield the pairs that meet too often."""
    pairs = meetings(frames.tests[frames.tests["blkln"] != ""])
    pairs = pairs[pairs["sessions"] >= limits.least(RULE)]
    pairs = pairs.assign(p=_chances(pairs)).sort_values(["p", "blkln"])
    # One comparison an assessor: the least likely of all her pairs, for as many as there are.
    many = pairs.groupby("met", observed=True)["p"].transform("size")
    pairs = pairs.assign(best=(pairs["p"] * many).clip(upper=1.0))
    firsts = pairs.drop_duplicates("met")
    firsts = firsts.assign(q=discoveries(firsts["best"].to_numpy(float)))
    for row in firsts[firsts["q"] <= limits.rate].itertuples():
        own = pairs[(pairs["met"] == row.met) & (pairs["best"] <= limits.rate)]
        told = {
            "blkln": row.blkln,
            "sesi_bersama": row.met_times,
            "diharapkan": short(row.expected),
            "sesi_asesor": row.sessions,
            "blkln_lain": ", ".join(own["blkln"].iloc[1 : TOLD + 1]),
            "asesor_dibandingkan": len(firsts),
            "nilai_p": chance(row.best),
            "nilai_q": chance(row.q),
        }
        yield Finding(RULE, "asesor", str(row.met), ONLY, {**told, **frames.span}, row.at.to_pydatetime())


def meetings(tests: pd.DataFrame) -> pd.DataFrame:
    """Return one row a pair of assessor and BLKLN that could have met: `met_times`, `expected`, `sessions` of the assessor there, `at`.

    Cells with one assessor alone are left out: there is nothing to rotate.
    """
    held = tests.drop_duplicates("session_id")[["session_id", "met", *_CELL]]
    came = tests.drop_duplicates(["session_id", "blkln"])[["session_id", "met", "blkln", "at", *_CELL]]
    whole = held.groupby(_CELL, observed=True).size().rename("whole")
    own = held.groupby(["met", *_CELL], observed=True).size().rename("own").reset_index().join(whole, on=_CELL)
    own = own[own["own"] < own["whole"]]
    present = came.groupby(["blkln", *_CELL], observed=True).size().rename("present").reset_index()
    chances = own.merge(present, on=_CELL)
    chances["expected"] = chances["own"] * chances["present"] / chances["whole"]
    expected = chances.groupby(["met", "blkln"], observed=True).agg(
        expected=("expected", "sum"), sessions=("own", "sum")
    )
    seen = came.merge(own[["met", *_CELL]], on=["met", *_CELL]).groupby(["met", "blkln"], observed=True)
    counts = seen["at"].agg(met_times="size", at="max")
    return expected.join(counts).fillna({"met_times": 0}).astype({"met_times": int}).reset_index()


def _chances(pairs: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return for each pair the chance of at least as many meetings."""
    expected, seen = pairs["expected"].to_numpy(float), pairs["met_times"].to_numpy(float)
    known = expected >= _WELL_KNOWN
    residuals = (seen[known] - expected[known]) / np.sqrt(expected[known])
    widened = scale(residuals) ** 2 if known.sum() >= 20 else 1.0
    if widened <= 1.02:
        return np.asarray(stats.poisson.sf(seen - 1, expected), float)
    return np.asarray(stats.nbinom.sf(seen - 1, expected / (widened - 1), 1 / widened), float)
