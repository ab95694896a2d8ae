"""Shares of many bodies: who lies outside at the false discovery rate of the whole family, and what is told of it (§4.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checks.deviations.funnel import discoveries, funnel, judge_shares
from checks.deviations.told import chance, percent, short

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from checks.deviations.limits import Limits

BOTH, HIGH = "p", "p_high"
"""Which p value decides: of both sides, or of a share above its peers alone."""


def outside(
    table: pd.DataFrame, limits: Limits, rule_id: str, *, side: str = BOTH
) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the code of each body outside and the evidence of it.

    Args:
        table: one row a body as `peers.standardise` makes it.
        limits: of the day.
        rule_id: the rule; bodies with fewer results than its least are not judged.
        side: `BOTH` or `HIGH`.
    """
    known = table[table["comparable"] & (table["n"] >= limits.least(rule_id))]
    judged = judge_shares(known)
    judged = judged.assign(q=discoveries(judged[side].to_numpy(float)))
    for row in judged[judged["q"] <= limits.rate].reset_index(names="code").to_dict("records"):
        yield str(row["code"]), evidence(row, side, len(judged))


def evidence(row: Mapping[Any, Any], side: str, family: int) -> dict[str, object]:
    """Return what is told of a share: how many, how many are expected, the funnel limits, the shrunk share, p and q."""
    low, high = funnel(row["n"], row["a"], row["b"])
    return {
        "jumlah": int(row["n"]),
        "teramati": int(row["observed"]),
        "diharapkan": short(row["expected"]),
        "persen": percent(row["observed"] / row["n"]),
        "persen_sejawat": percent(row["expected"] / row["n"]),
        "persen_disusutkan": percent(row["shrunk"]),
        "batas_bawah": low,
        "batas_atas": high,
        "arah": "di atas sejawat" if row["p_high"] < row["p_low"] else "di bawah sejawat",
        "hasil_sejawat": int(row["peers"]),
        "kelompok_dibandingkan": family,
        "nilai_p": chance(row[side]),
        "nilai_q": chance(row["q"]),
    }
