"""A sample of sessions to visit: systematic, chance proportional to risk, drawn again by anybody who has the seed (§4.2; R-190).

    draw({101: 120, 102: 700, 103: 100}, 1, seed)  ->  [102]

Whole numbers only, so that every machine draws the same. The sessions stand in an order that the seed shuffles, each as long as its
weight, on a line of the length of all weights; from a place that the seed chooses every n-th part of the line is marked, and whoever
is marked is picked. So a session of twice the weight has twice the chance, and one that would be marked twice is picked for sure.
"""

from __future__ import annotations

from fractions import Fraction
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SEED_BYTES = 32


def chances(weights: Mapping[int, int], wanted: int) -> dict[int, Fraction]:
    """Return for each number the chance to be picked; they add up to how many are wanted, or to all there are.

    Args:
        weights: number -> weight, above zero.
        wanted: how many are to be picked, above zero.
    """
    sure = _sure(weights, wanted)
    left, total = wanted - len(sure), sum(weights.values()) - sum(weights[one] for one in sure)
    return {one: Fraction(1) if one in sure else Fraction(left * weight, total) for one, weight in weights.items()}


def draw(weights: Mapping[int, int], wanted: int, seed: bytes) -> list[int]:
    """Return the numbers that are picked, in ascending order; the same for the same weights and seed.

    Args:
        weights: number -> weight, above zero.
        wanted: how many are to be picked, above zero; all of them if there are no more.
        seed: 32 random bytes.
    """
    sure = _sure(weights, wanted)
    line = sorted(weights.keys() - sure, key=lambda one: sha256(seed + b"order" + str(one).encode()).digest())
    left, total = wanted - len(sure), sum(weights[one] for one in line)
    picked, end, mark = set(sure), 0, _start(seed, total)
    for one in line:
        # The marks stand at (start + k * total) / left; both sides are multiplied by `left`.
        end += weights[one] * left
        if mark < end:
            picked.add(one)
            mark += total
    return sorted(picked)


def _sure(weights: Mapping[int, int], wanted: int) -> set[int]:
    """Return those whose share of the weights is so large that they are picked whatever the seed."""
    sure: set[int] = set()
    while True:
        rest = {one: weight for one, weight in weights.items() if one not in sure}
        left, total = wanted - len(sure), sum(rest.values())
        more = {one for one, weight in rest.items() if weight * left >= total}
        if not more:
            return sure
        sure |= more


def _start(seed: bytes, total: int) -> int:
    return int.from_bytes(sha256(seed + b"start").digest(), "big") % total if total else 0
