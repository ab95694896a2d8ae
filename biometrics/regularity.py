"""Minutiae that are too alike, which a finger never has and which NIST's matcher never gets done with.

The matcher looks for pairs of minutiae that repeat: as far apart, turned alike. In a finger hardly any pair does. In a grid, a ring
or a stack of equal points each repeats so often that one comparison takes hours; such a record is forged or broken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from biometrics.minutiae import Minutia

_REACH = 125
"""Pixels: the matcher looks at no longer pairs."""
_GROWTH = 1.1
"""Lengths within a tenth are alike."""
_STEP = 11.25
"""Degrees: so are directions within this."""
_MOST = 1200
"""Pairs that are like another: synthetic prints have up to 254, a smudged ink print with 150 minutiae 822; patterns up to here
take a second at most, from 2,200 on some never end."""


def is_too_regular(points: Sequence[Minutia]) -> bool:
    """Whether the matcher could not end on these minutiae; half a millisecond for 150 of them."""
    return alike_pairs(points) > _MOST


def alike_pairs(points: Sequence[Minutia]) -> int:
    """Return how often a pair of minutiae is like another one, counted from both."""
    across = np.array([point.x for point in points], np.float64)
    up = -np.array([point.y for point in points], np.float64)
    angle = np.array([point.angle for point in points], np.float64)
    one, other = _pairs_within_reach(across, up)
    right, rise = across[other] - across[one], up[other] - up[one]
    line = np.degrees(np.arctan2(rise, right))
    length_class = np.log(np.maximum(np.hypot(right, rise), 1)) / np.log(_GROWTH)
    turn, other_turn = ((angle[end] - line) % 360 / _STEP for end in (one, other))
    kind = length_class.astype(int) * 1024 + turn.astype(int) * 32 + other_turn.astype(int)
    counts = np.unique(kind, return_counts=True)[1]
    return int((counts * (counts - 1)).sum())


def _pairs_within_reach(across: NDArray[np.float64], up: NDArray[np.float64]) -> tuple[NDArray[Any], NDArray[Any]]:
    one, other = np.triu_indices(len(across), 1)
    is_near = np.hypot(across[other] - across[one], up[other] - up[one]) <= _REACH
    return one[is_near], other[is_near]
