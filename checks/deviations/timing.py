"""DV-T06 (§4.2): fingers at the door, or scores after the release, at intervals too even for people.

At the door: the gaps between the candidates of one session. At the sheet: how long after the release an assessor scores, session by
session. Scores of a session carry one time, so the gaps between the candidates of one sheet cannot be judged; nor can decisions, which
an LSP makes for many at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from checks.deviations.funnel import discoveries
from checks.deviations.regular import too_even
from checks.deviations.told import chance, short
from posko.domain.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    import pandas as pd

    from checks.deviations.frames import Frames
    from checks.deviations.limits import Limits

RULE = "DV-T06"
SHEET = "nilai"
"""Key of the finding at the sheet; that at the door is `sesi-<number>`."""


def judge(frames: Frames, limits: Limits) -> Iterator[Finding]:
    """Yield TUK whose candidates arrived, and assessors who scored, like clockwork."""
    doors = frames.doors.sort_values(["session_id", "second"])
    gaps = doors["second"].diff().where(doors["session_id"] == doors["session_id"].shift())
    known = gaps.notna()
    arrivals = too_even(np.log1p(gaps[known]), doors.loc[known, "session_id"], limits.least(RULE))
    arrivals = arrivals.assign(q=discoveries(arrivals["p"].to_numpy(float)))
    facts = doors.groupby("session_id").agg(tuk=("tuk", "first"), at=("at", "max"), second=("second", "max"))
    typical = gaps[known].groupby(doors.loc[known, "session_id"]).median()
    for number, row in arrivals[arrivals["q"] <= limits.rate].iterrows():
        told = {
            "ukuran": "jarak antar kedatangan",
            "median_detik": short(typical[number]),
            **_evidence(row, len(arrivals)),
        }
        at = facts.loc[number, "at"].to_pydatetime()
        key = f"sesi-{number}"
        yield Finding(RULE, "tuk", str(facts.loc[number, "tuk"]), key, told, at, session_id=int(str(number)))
    yield from _sheets(frames.sessions, limits)


def _sheets(sessions: pd.DataFrame, limits: Limits) -> Iterator[Finding]:
    scored = sessions[sessions["scored_after"] >= 0]
    sheets = too_even(np.log1p(scored["scored_after"]), scored["met"], limits.least("DV-T06-NILAI"))
    sheets = sheets.assign(q=discoveries(sheets["p"].to_numpy(float)))
    by_met = scored.groupby("met", observed=True)
    typical, last = by_met["scored_after"].median(), by_met["scored_at"].max()
    for code, row in sheets[sheets["q"] <= limits.rate].iterrows():
        told = {"ukuran": "waktu dari pembukaan sampai pengisian nilai", "median_detik": short(typical[code])}
        yield Finding(
            RULE, "asesor", str(code), SHEET, {**told, **_evidence(row, len(sheets))}, last[code].to_pydatetime()
        )


def _evidence(row: Mapping[Any, Any], family: int) -> dict[str, object]:
    return {
        "jumlah": int(row["n"]),
        "simpangan_log": short(row["deviation"]),
        "simpangan_log_biasa": short(row["usual"]),
        "kelompok_dibandingkan": family,
        "nilai_p": chance(row["p"]),
        "nilai_q": chance(row["q"]),
    }
