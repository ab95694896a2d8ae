"""What a count of few says about many: the interval of a share, a quantile of a distribution, who stands out (§14.2, R-162)."""

from __future__ import annotations

from enum import StrEnum
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LEVEL = 0.95
"""Level of the intervals that are shown."""
FUNNEL_LEVEL = 0.998
"""Level beyond which a body stands out: among some hundred bodies about one in five hundred would by chance alone."""


class Standing(StrEnum):
    """How a body's share stands to that of all; the value is the key of its word."""

    TOO_FEW = "too_few"
    USUAL = "usual"
    BELOW = "below"
    ABOVE = "above"


def wilson(part: int, whole: int, level: float = LEVEL) -> tuple[float, float]:
    """Return Wilson's score interval of a share, from 0 to 1; (0, 1) where nothing was counted.

    Unlike the interval around the share itself it holds its level for small counts and never leaves 0 to 1.

    Raises:
        ValueError: the part is no part of the whole.
    """
    if not 0 <= part <= whole:
        raise ValueError(f"{part} of {whole} is no share")
    if whole == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, square = part / whole, z * z
    middle = share + square / (2 * whole)
    half = z * sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    low, high = (middle - half) / (1 + square / whole), (middle + half) / (1 + square / whole)
    # At 0 and 1 the bound is exact; the sum above misses it by a rounding.
    return (0.0 if part == 0 else low), (1.0 if part == whole else high)


def standing(part: int, whole: int, all_share: float, least: int) -> Standing:
    """Return how a body stands to all: nothing is said of fewer than `least`, and only what chance hardly makes stands out."""
    if whole < max(least, 1):
        return Standing.TOO_FEW
    low, high = wilson(part, whole, FUNNEL_LEVEL)
    if all_share > high:
        return Standing.BELOW
    return Standing.ABOVE if all_share < low else Standing.USUAL


def quantile(counts: Mapping[int, int], share: float) -> int | None:
    """Return the smallest value up to which at least this share of a distribution lies (value -> count); None where it is empty."""
    total = sum(counts.values())
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if seen > 0 and seen >= share * total:
            return value
    return None
