"""DV-T04 (§4.2): an assessor who is lenient for one company alone.

Within one assessor, the candidates of a PPTKIS and all others make a table of two by two. Its law, given the margins, is Fisher's
noncentral hypergeometric one with the odds ratio that the company's candidates show under all other assessors: a strong company, or a
lenient assessor, explains itself, and only what both together do not explain is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from checks.deviations.funnel import discoveries
from checks.deviations.told import chance, percent, short
from posko.domain.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from checks.deviations.frames import Frames
    from checks.deviations.limits import Limits

RULE = "DV-T04"
WEIGHT = 50
"""As many results of all companies a company's own are drawn to."""
_WORTH_A_LOOK = 0.05
"""Central chance above which the exact one, which costs more, cannot become a finding."""


def judge(frames: Frames, limits: Limits) -> Iterator[Finding]:
    """Yield the pairs of an assessor and a company that pass too often together."""
    tests = frames.tests[frames.tests["pptkis"] != ""]
    pairs = pair_table(tests, limits.least(RULE))
    pairs = pairs.assign(p=_chances(pairs))
    pairs = pairs.assign(q=discoveries(pairs["p"].to_numpy(float)))
    for row in pairs[pairs["q"] <= limits.rate].itertuples():
        own = tests[(tests["met"] == row.met) & (tests["pptkis"] == row.pptkis)]
        told = {
            "pptkis": row.pptkis,
            "jumlah": row.n,
            "teramati": row.k,
            "diharapkan": short(row.expected),
            "persen": percent(row.k / row.n),
            "persen_peserta_lain_asesor_ini": percent((row.met_k - row.k) / (row.met_n - row.n)),
            "persen_pptkis_pada_asesor_lain": percent(row.share),
            "pasangan_dibandingkan": len(pairs),
            "nilai_p": chance(row.p),
            "nilai_q": chance(row.q),
        }
        yield Finding(RULE, "asesor", str(row.met), str(row.pptkis)[:120], told, own["at"].max().to_pydatetime())


def pair_table(tests: pd.DataFrame, least: int) -> pd.DataFrame:
    """Return one row a pair with enough results, in and outside of it.

    Columns: `n`, `k` (passed) of the pair, `met_n`, `met_k` of the assessor, `share` of the company under others, `odds` (ratio against
    all) and `expected`.
    """
    pairs = tests.groupby(["met", "pptkis"], observed=True)["passed"].agg(n="size", k="sum").reset_index()
    for body in ("met", "pptkis"):
        pairs[[f"{body}_n", f"{body}_k"]] = pairs.groupby(body, observed=True)[["n", "k"]].transform("sum")
    usual = float(np.clip(tests["passed"].mean(), 0.001, 0.999))
    pairs["share"] = (pairs["pptkis_k"] - pairs["k"] + WEIGHT * usual) / (pairs["pptkis_n"] - pairs["n"] + WEIGHT)
    pairs["odds"] = pairs["share"] / (1 - pairs["share"]) / (usual / (1 - usual))
    pairs = pairs[(pairs["n"] >= least) & (pairs["met_n"] - pairs["n"] >= least)]
    return pairs.assign(expected=pairs["n"] * pairs["met_k"] / pairs["met_n"])


def _chances(pairs: pd.DataFrame) -> NDArray[np.float64]:
    """Return for each pair the chance of at least as many passes, given the assessor's and the company's rates."""
    k, whole, passed, n = (pairs[name].to_numpy(int) for name in ("k", "met_n", "met_k", "n"))
    p = np.asarray(stats.hypergeom.sf(k - 1, whole, passed, n), float)
    odds = pairs["odds"].to_numpy(float)
    near = p <= _WORTH_A_LOOK * np.maximum(1, 1 / odds)
    if near.any():
        p[near] = stats.nchypergeom_fisher.sf(k[near] - 1, whole[near], passed[near], n[near], odds[near])
    return p.clip(0.0, 1.0)
