"""A pass rate that jumped after a tie of ownership began: both sides of the tie, against the same peers before and after (DV-T03).

The odds of a body against what its peers make expected may differ for honest reasons; a tie must not raise them. The step is compared with
the sampling of both spans, widened by how much bodies of the kind waver from month to month.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import special, stats

from checks.deviations.funnel import discoveries, scale
from checks.deviations.peers import of_cells
from checks.deviations.told import chance, percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from checks.deviations.frames import Frames
    from checks.deviations.limits import Limits

_FEW_EXPECTED = 5
"""A month of a body with fewer expected failures says nothing of how it wavers."""


def jumps(
    frames: Frames, limits: Limits, rule_id: str, peers: Mapping[str, tuple[Sequence[str], Sequence[str]]]
) -> Iterator[tuple[str, str, int, dict[str, object], datetime]]:
    """Yield kind and code of each body that jumped, the number of the tie, the evidence, and the time of its last result."""
    ties = _sides(frames.ties)
    steps: list[dict[str, Any]] = []
    for kind, own in ties.groupby("kind"):
        tests = frames.tests[frames.tests[kind] != ""]
        cells = of_cells(tests, kind, *peers[str(kind)])
        keys = [str(kind), *peers[str(kind)][0]]
        rows = tests[tests[kind].isin(own["code"])]
        rows = rows.assign(share=rows[keys].merge(cells[[*keys, "share"]], how="left", on=keys)["share"].to_numpy())
        waver = _waver(cells, str(kind))
        for tie in own.to_dict("records"):
            found = _step(rows[rows[kind] == tie["code"]], tie, limits.least(rule_id), waver)
            steps += [found] if found else []
    if steps:
        q = discoveries(np.array([step["p"] for step in steps]))
        for step, each in zip(steps, q, strict=True):
            if each <= limits.rate:
                yield step["kind"], step["code"], step["tie_id"], _evidence(step, each, len(steps)), step["at"]


def _sides(ties: pd.DataFrame) -> pd.DataFrame:
    """Return each tie twice: once for the party, once for the body that it owns; `kind`, `code`, `tie_id`, `began`."""
    party = ties.rename(columns={"party_kind": "kind", "party_code": "code"})[["kind", "code", "tie_id", "began"]]
    body = ties.rename(columns={"body_kind": "kind", "body_code": "code"})[["kind", "code", "tie_id", "began"]]
    both = pd.concat([party, body], ignore_index=True)
    return both.assign(kind=both["kind"].str.lower())


def _waver(cells: pd.DataFrame, kind: str) -> float:
    """Return by what factor the results of bodies vary more from month to month than chance does, at least 1."""
    monthly = cells.assign(expected=cells["n"] * cells["share"]).groupby([kind, "month"], observed=True)
    table = monthly[["n", "k", "expected"]].sum()
    whole = table.groupby(level=0, observed=True)[["n", "k", "expected"]].transform("sum")
    usual = (table["expected"] / table["n"]).clip(0.001, 0.999)
    own = special.logit(((whole["k"] + 0.5) / (whole["n"] + 1)).clip(0.001, 0.999)) - special.logit(
        (whole["expected"] / whole["n"]).clip(0.001, 0.999)
    )
    rate = special.expit(special.logit(usual) + own)
    variance = table["n"] * rate * (1 - rate)
    told = (variance >= _FEW_EXPECTED) & (whole["n"] > table["n"])
    residuals = ((table["k"] - table["n"] * rate) / np.sqrt(variance))[told]
    return max(1.0, scale(residuals.to_numpy(float))) if told.sum() >= 10 else 1.0


def _step(rows: pd.DataFrame, tie: dict[str, Any], least: int, waver: float) -> dict[str, Any] | None:
    """Return what changed for one body when a tie began; None where one of the spans has too few results."""
    is_after = (rows["day"] >= tie["began"]).to_numpy(bool)
    after, before = rows[is_after], rows[~is_after]
    if min(len(after), len(before)) < least:
        return None
    seen = [(float(span["passed"].sum()) + 0.5) / (len(span) + 1) for span in (before, after)]
    usual = [float(span["share"].mean()) for span in (before, after)]
    expected = float(special.expit(special.logit(usual[1]) + special.logit(seen[0]) - special.logit(usual[0])))
    error = waver * np.sqrt(expected * (1 - expected) * (1 / len(before) + 1 / len(after)))
    p = float(stats.norm.sf((seen[1] - expected) / error))
    counts = {"n_before": len(before), "n_after": len(after), "before": seen[0], "after": seen[1]}
    return {**tie, **counts, "expected": expected, "p": p, "at": after["at"].max().to_pydatetime()}


def _evidence(step: dict[str, Any], q: float, family: int) -> dict[str, object]:
    return {
        "ikatan_pemilik": int(step["tie_id"]),
        "berlaku_sejak": f"{step['began']:%Y-%m-%d}",
        "jumlah_sebelum": step["n_before"],
        "jumlah_sesudah": step["n_after"],
        "persen_sebelum": percent(step["before"]),
        "persen_sesudah": percent(step["after"]),
        "persen_sesudah_diharapkan": percent(step["expected"]),
        "kelompok_dibandingkan": family,
        "nilai_p": chance(step["p"]),
        "nilai_q": chance(q),
    }
