"""DV-T05 (§4.2): scores heaped at the pass mark, and score vectors of one session more alike than chance makes them.

Whoever passed has `K` in every unit, so only the vectors of those not yet competent can tell. At the pass mark: among an assessor's
failures the share that lack one unit alone, against peers (too few: near misses were lifted; too many: one unit is used to fail people).
In a session: how many share one vector, given how often it comes elsewhere and how difficult its units are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from checks.deviations.funnel import discoveries
from checks.deviations.peers import standardise
from checks.deviations.shares import outside
from checks.deviations.told import chance, short
from posko.domain.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from checks.deviations.frames import Frames
    from checks.deviations.limits import Limits

RULE = "DV-T05"
MARK = "batas-lulus"
"""Key of the finding at the pass mark; that of a session is `sesi-<number>`."""
SHARED_LEAST = 3
"""So many must share a vector before anybody asks."""
WEIGHT = 10
"""As many failures the frequency of a vector that the units' difficulties alone would give weighs."""


def judge(frames: Frames, limits: Limits) -> Iterator[Finding]:
    """Yield assessors with heaped scores, and sessions whose failures are too alike."""
    weak = frames.weak
    if weak.empty:
        return
    last = weak.groupby("met", observed=True)["at"].max()
    nearly = weak.assign(passed=(weak["units"] == 1).astype("int8"))
    table = standardise(nearly, "met", ["tuk", "lsp", "scheme"], ["scheme"])
    for code, told in outside(table, limits, RULE):
        about = {"ukuran": "hanya satu unit BK di antara yang belum kompeten", **told, **frames.span}
        yield Finding(RULE, "asesor", code, MARK, about, last[code].to_pydatetime())
    alike = alike_sessions(weak, limits.least("DV-T05-SESI"))
    alike = alike.assign(q=discoveries(alike["p"].to_numpy(float)))
    for row in alike[alike["q"] <= limits.rate].itertuples():
        told = {
            "belum_kompeten": row.failed,
            "vektor_sama": row.shared,
            "unit_bk": row.pattern,
            "diharapkan": short(row.failed * row.share),
            "sesi_dibandingkan": len(alike),
            "nilai_p": chance(row.p),
            "nilai_q": chance(row.q),
        }
        key, number = f"sesi-{row.session_id}", int(row.session_id)
        yield Finding(RULE, "asesor", str(row.met), key, told, row.at.to_pydatetime(), session_id=number)


def alike_sessions(weak: pd.DataFrame, least: int) -> pd.DataFrame:
    """Return one row a session with enough failures: its most unlikely shared vector, and the chance of it.

    Columns: `session_id`, `met`, `at`, `failed`, `shared`, `pattern`, `share` (of failures elsewhere with it) and `p`, which allows for
    any of all possible vectors having been the one.
    """
    inside = weak.groupby(["session_id", "pattern"], observed=True).agg(
        shared=("journey_id", "size"), met=("met", "first"), at=("at", "max")
    )
    inside = inside.reset_index()
    inside["failed"] = inside.groupby("session_id")["shared"].transform("sum")
    common = inside.groupby("pattern", observed=True)["shared"].transform("sum")
    usual = inside["pattern"].map(_by_difficulty(weak))
    elsewhere = len(weak) - inside["failed"]
    inside["share"] = (common - inside["shared"] + WEIGHT * usual) / (elsewhere + WEIGHT)
    inside = inside[inside["failed"] >= least]
    tail = stats.binom.sf(inside["shared"] - 1, inside["failed"], inside["share"])
    units = len(set("".join(weak["pattern"].unique() + ",").split(",")) - {""})
    p = np.where(inside["shared"] >= SHARED_LEAST, np.minimum(1.0, tail * (2**units - 1)), 1.0)
    inside = inside.assign(p=p)
    return inside.loc[inside.groupby("session_id")["p"].idxmin()]


def _by_difficulty(weak: pd.DataFrame) -> pd.Series[float]:
    """Return for each vector the share of failures that would have it if units failed independently of each other."""
    patterns = weak["pattern"].drop_duplicates()
    lacking = patterns.str.get_dummies(",").set_index(patterns)
    counts = weak["pattern"].value_counts().reindex(lacking.index)
    rates = lacking.mul(counts, axis=0).sum() / len(weak)
    each = np.where(lacking.to_numpy(bool), rates.to_numpy(float), 1 - rates.to_numpy(float)).prod(axis=1)
    nobody = float(np.prod(1 - rates.to_numpy(float)))
    return lacking.assign(share=each / max(1 - nobody, 1e-9))["share"]
