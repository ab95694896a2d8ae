"""DV-I11 (§5.1): match scores or qualities of one session that are too even, or higher than fingers give: a copied template."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from checks.deviations.funnel import discoveries, scale
from checks.deviations.regular import LEAST_GROUPS, too_even
from checks.deviations.told import chance, short
from posko.domain.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    import pandas as pd

    from checks.deviations.frames import Frames
    from checks.deviations.limits import Limits

RULE = "DV-I11"
EVEN, HIGH = "rata", "tinggi"
"""First words of the keys: `rata-skor-<session>`, `rata-mutu-<session>`, `tinggi-skor-<session>`."""
NAMES = {"score": "skor", "quality": "mutu"}


def judge(frames: Frames, limits: Limits) -> Iterator[Finding]:
    """Yield sessions whose scores or qualities are too even, or whose scores are too high."""
    doors = frames.doors[frames.doors["score"] > 0]
    facts = doors.groupby("session_id").agg(station=("station", "first"), at=("at", "max"))
    least = limits.least(RULE)
    for column, name in NAMES.items():
        even = too_even(np.log(doors[column].clip(lower=1)), doors["session_id"], least)
        yield from _findings(even, facts, f"{EVEN}-{name}", limits.rate)
    yield from _findings(too_high(doors, least), facts, f"{HIGH}-skor", limits.rate)


def too_high(doors: pd.DataFrame, least: int) -> pd.DataFrame:
    """Return one row a session: `n`, `mean` of the logarithms of its scores, `usual` one, and `p` (one-sided).

    Means of sessions differ by more than their own scores explain, because readers do; the spread is that of all sessions.
    """
    table = np.log(doors["score"].clip(lower=1)).groupby(doors["session_id"]).agg(n="size", mean="mean")
    table = table[table["n"] >= least]
    if len(table) < LEAST_GROUPS:
        return table.iloc[:0].assign(usual=0.0, p=1.0)
    usual = float(table["mean"].median())
    away = (table["mean"] - usual).to_numpy(float)
    spread = scale(away)
    return table.assign(usual=usual, p=stats.norm.sf(away / spread) if spread > 0 else 1.0)


def _findings(table: pd.DataFrame, facts: pd.DataFrame, key: str, rate: float) -> Iterator[Finding]:
    table = table.assign(q=discoveries(table["p"].to_numpy(float)))
    for number, row in table[table["q"] <= rate].iterrows():
        told = {
            **_measure(row),
            "sesi_dibandingkan": len(table),
            "nilai_p": chance(row["p"]),
            "nilai_q": chance(row["q"]),
        }
        station, at = str(facts.loc[number, "station"]), facts.loc[number, "at"].to_pydatetime()
        yield Finding(RULE, "station", station, f"{key}-{number}", told, at, session_id=int(str(number)))


def _measure(row: Mapping[Any, Any]) -> dict[str, object]:
    if "mean" in row:
        return {
            "jumlah": int(row["n"]),
            "skor_tengah": short(np.exp(row["mean"])),
            "skor_biasa": short(np.exp(row["usual"])),
        }
    return {
        "jumlah": int(row["n"]),
        "simpangan_log": short(row["deviation"]),
        "simpangan_log_biasa": short(row["usual"]),
    }
