"""What a count of few says about many: the interval of a share, a quantile, who stands out, a share drawn to its peers (§14.2, R-162)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LEVEL = 0.95
"""Level of the intervals that are shown."""
FUNNEL_LEVEL = 0.998
"""Level beyond which a body stands out: among some hundred bodies about one in five hundred would by chance alone."""


@dataclass(frozen=True)
class Prior:
    """What the shares of all bodies of a kind say of one before it is looked at: their common share, and as how many results it weighs."""

    share: float
    weight: float


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


def prior(counts: Iterable[tuple[int, int]]) -> Prior:
    """Return the prior of a beta-binomial from (part, whole) of each body, by moments; its weight is endless where they differ by chance.

    The spread of the shares beyond that of chance gives the correlation within a body, rho, and the weight is 1 / rho - 1
    (Kleinman 1973). Unlike the largest likelihood it needs no search, so the same counts give the same figure everywhere.
    """
    known = [(part, whole) for part, whole in counts if whole]
    total = sum(whole for _, whole in known)
    share = sum(part for part, _ in known) / total if total else 0.0
    chance = share * (1 - share)
    room = total - sum(whole * whole for _, whole in known) / total - (len(known) - 1) if total else 0.0
    if chance <= 0 or room <= 0:
        return Prior(share, inf)
    spread = sum(whole * (part / whole - share) ** 2 for part, whole in known)
    rho = (spread - chance * (len(known) - 1)) / (chance * room)
    return Prior(share, inf if rho <= 0 else max(0.0, 1 / min(rho, 1.0) - 1))


def shrunk(part: int, whole: int, before: Prior) -> float:
    """Return a body's share drawn towards the common one, the more the fewer results it has (empirical Bayes)."""
    if before.weight == inf or whole == 0:
        return before.share
    return (part + before.weight * before.share) / (whole + before.weight)
