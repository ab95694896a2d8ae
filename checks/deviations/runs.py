"""DV-T02 (§4.2): a run of candidates of one assessor who all passed, longer than chance makes one.

The chance is that of an assessor with the rate that the rest of his own results and his peers show (so a merely lenient one is DV-T01's),
over every place where the run could have begun: p^L (1 + (n - L)(1 - p)), which is exact where the run is all there is, integrated over
the beta law of what p may be. At a rate of 85 % that nobody doubts 43 in a row have p < 0.001, at 95 % 135.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from checks.deviations.funnel import discoveries, judge_shares
from checks.deviations.peers import of_cells, standardise
from checks.deviations.told import chance, percent
from posko.domain.finding import ONLY, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from checks.deviations.frames import Frames
    from checks.deviations.limits import Limits

RULE = "DV-T02"
_CELL, _BROAD = ["tuk", "lsp", "scheme", "month"], ["tuk", "lsp", "scheme"]


def judge(frames: Frames, limits: Limits) -> Iterator[Finding]:
    """Yield the assessors whose longest run of passes chance does not explain."""
    tests = frames.tests.sort_values(["met", "day", "session_id", "journey_id"], kind="stable")
    table = standardise(tests, "met", _CELL, _BROAD)
    table = table[table["comparable"] & (table["n"] >= limits.least(RULE))]
    judged = judge_shares(table)
    if judged.empty:
        return
    runs = longest_runs(tests, of_cells(tests, "met", _CELL, _BROAD)).loc[judged.index]
    # The run is compared with what peers make expected of just its candidates, so nothing may be moved here.
    rate, weight = _own_rates(judged.assign(expected=table["expected"]), runs)
    p = chance_of_run(runs["length"].to_numpy(float), judged["n"].to_numpy(float), rate, weight)
    told = runs.assign(n=judged["n"], observed=judged["observed"], rate=rate, p=p, q=discoveries(p))
    for code, row in told[told["q"] <= limits.rate].iterrows():
        evidence = {**_evidence(row, len(told)), **frames.span}
        yield Finding(RULE, "asesor", str(code), ONLY, evidence, row["at"].to_pydatetime())


def _own_rates(judged: pd.DataFrame, runs: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the rate of each assessor where her run took place, as the rest of the results show it, and as from how many it is known.

    As much of the run as the longest of an honest assessor would be is left with the rest: without it the rest would look too weak.
    """
    n, passed, length = (column.to_numpy(float) for column in (judged["n"], judged["observed"], runs["length"]))
    here = (runs["expected"] / runs["length"].clip(lower=1)).clip(0.001, 0.999).to_numpy(float)
    usual = (judged["expected"] / judged["n"]).clip(0.001, 0.999).to_numpy(float)
    beyond = length - np.minimum(length, np.log(np.maximum(n * (1 - usual), 1)) / -np.log(usual))
    prior = (judged["a"] + judged["b"]).to_numpy(float)
    weight = prior + n - beyond
    own = (usual * prior + passed - beyond) / weight
    rate: NDArray[np.float64] = special.expit(special.logit(own) + special.logit(here) - special.logit(usual))
    return rate, weight


def chance_of_run(
    length: NDArray[np.float64], n: NDArray[np.float64], rate: NDArray[np.float64], weight: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the chance of a run of passes at least so long among n, for rates of this mean that are known as from so many results."""
    a, b = rate * weight, (1 - rate) * weight
    all_pass = special.betaln(a + length, b) - special.betaln(a, b)
    one_fails = special.betaln(a + length, b + 1) - special.betaln(a, b)
    return np.asarray(np.exp(all_pass) + (n - length) * np.exp(one_fails)).clip(max=1.0)


def longest_runs(tests: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Return for each assessor the longest run of passes: `length`, `expected` passes in it, `first`, `last` (days) and `at`.

    Args:
        tests: results in the order of time, assessor by assessor.
        cells: what peers make expected in each cell of an assessor.
    """
    share = tests[["met", *_CELL]].merge(cells[["met", *_CELL, "share"]], how="left", on=["met", *_CELL])["share"]
    failed = 1 - tests["passed"].to_numpy()
    met = tests["met"].cat.codes.to_numpy()
    number = np.cumsum(failed + np.r_[0, met[1:] != met[:-1]])
    passed = tests.assign(run=number, share=share.to_numpy())[failed == 0]
    runs = passed.groupby(["met", "run"], observed=True).agg(
        length=("share", "size"), expected=("share", "sum"), first=("day", "min"), last=("day", "max"), at=("at", "max")
    )
    longest = runs.loc[runs.groupby("met", observed=True)["length"].idxmax()].reset_index(level="run", drop=True)
    return longest.reindex(tests["met"].cat.categories).fillna({"length": 0, "expected": 0.0})


def _evidence(row: pd.Series[float], family: int) -> dict[str, object]:
    usual = min(float(row["rate"]), 0.9999)
    return {
        "rentetan_lulus": int(row["length"]),
        "mulai": f"{row['first']:%Y-%m-%d}",
        "sampai": f"{row['last']:%Y-%m-%d}",
        "jumlah": int(row["n"]),
        "teramati": int(row["observed"]),
        "persen_dasar": percent(usual),
        "rentetan_peluang_1_per_1000": int(np.ceil(np.log(0.001) / np.log(usual))),
        "kelompok_dibandingkan": family,
        "nilai_p": chance(row["p"]),
        "nilai_q": chance(row["q"]),
    }
