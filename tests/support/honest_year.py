"""A small honest year as frames: assessors of differing strictness, strong and weak BLKLN, people who are late, fingers that vary."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from checks.deviations.frames import Frames
from checks.deviations.limits import Limits

UNITS = 6
LIMITS = Limits(
    {
        ("statistic_months", "*"): 12,
        ("statistic_fdr_percent", "*"): 5,
        ("statistic_least", "*"): 50,
        ("statistic_least", "DV-T04"): 20,
        ("statistic_least", "DV-T05"): 20,
        ("statistic_least", "DV-T05-SESI"): 4,
        ("statistic_least", "DV-T06"): 10,
        ("statistic_least", "DV-T06-NILAI"): 20,
        ("statistic_least", "DV-A09"): 15,
        ("statistic_least", "DV-I11"): 10,
        ("statistic_least_ratio", "DV-T07"): 1.5,
    }
)
"""As the seed has them, but for what a smaller year needs."""


@lru_cache(maxsize=16)
def honest_year(seed: int, *, sessions: int = 1600, asesor: int = 50, tuk: int = 10, lsp: int = 2) -> Frames:
    """Return the frames of an honest year: 16 to 20 candidates a session, 8 BLKLN at each TUK, 20 PPTKIS."""
    rng = np.random.default_rng(seed)
    held = _sessions(rng, sessions, asesor, tuk, lsp)
    place = np.repeat(np.arange(sessions), rng.integers(16, 21, sessions))
    n = len(place)
    # A BLKLN sends its people to one TUK, eight to each.
    blkln, pptkis = 8 * held["tuk"].cat.codes.to_numpy()[place] + rng.integers(0, 8, n), rng.integers(0, 20, n)
    ability = 4.6 + 1.3 * rng.standard_normal(n) + 0.3 * rng.standard_normal(8 * tuk)[blkln]
    ability += 0.5 * rng.standard_normal(asesor)[held["met"].cat.codes.to_numpy()[place]]
    difficulty = np.array((-0.5, 0.4, 0.2, -0.3, -0.6, 0.6))
    lacks = rng.random((n, UNITS)) > 1 / (1 + np.exp(-(ability[:, None] + difficulty)))
    tests = held.iloc[place].reset_index(drop=True)[["session_id", "met", "tuk", "lsp", "scheme", "day", "month", "at"]]
    tests = tests.assign(
        journey_id=np.arange(n),
        blkln=_codes("BLKLN", blkln),
        pptkis=_codes("PT", pptkis),
        passed=(~lacks.any(axis=1)).astype("int8"),
    )
    weak = tests[tests["passed"] == 0].assign(
        units=lacks.sum(axis=1)[lacks.any(axis=1)],
        pattern=[",".join(f"U{unit}" for unit in np.flatnonzero(row)) for row in lacks[lacks.any(axis=1)]],
    )
    ties = pd.DataFrame(columns=["tie_id", "party_kind", "party_code", "body_kind", "body_code", "began"])
    return Frames(tests, weak, _doors(rng, tests), held.drop(columns=["month", "at"]), ties, {"bulan_dinilai": 12})


def _sessions(rng: np.random.Generator, count: int, asesor: int, tuk: int, lsp: int) -> pd.DataFrame:
    site, who = rng.integers(0, tuk, count), rng.integers(0, asesor, count)
    day = pd.Timestamp("2025-12-01") + pd.to_timedelta(np.sort(rng.integers(0, 350, count)), unit="D")
    frame = pd.DataFrame(
        {"session_id": np.arange(1, count + 1), "day": day, "scheme": pd.Categorical(["TLRT"] * count)}
    )
    return frame.assign(
        tuk=_codes("TUK", site), met=_codes("MET", who), lsp=_codes("LSP", who % lsp),
        month=frame["day"].dt.year * 100 + frame["day"].dt.month, at=day + pd.Timedelta(hours=9),
        scored_after=rng.integers(480, 2700, count), scored_at=day + pd.Timedelta(hours=9),
    )  # fmt: skip


def _doors(rng: np.random.Generator, tests: pd.DataFrame) -> pd.DataFrame:
    n = len(tests)
    is_exception = (rng.random(n) < 0.003).astype("int8")
    return tests[["session_id", "tuk", "day", "month", "at"]].assign(
        second=np.cumsum(11 + rng.gamma(1.6, 45, n)),
        score=np.where(is_exception, 0, np.clip(rng.normal(105, 32, n), 42, 300)).astype(int),
        quality=np.clip(rng.normal(68, 12, n), 25, 100).astype(int),
        is_exception=is_exception,
        station=("ST-" + tests["tuk"].astype(str)).astype("category"),
        staff=("ADM-" + tests["tuk"].astype(str)).astype("category"),
    )


def _codes(name: str, numbers: Any) -> pd.Categorical:
    return pd.Categorical([f"{name}-{number:02d}" for number in numbers])
