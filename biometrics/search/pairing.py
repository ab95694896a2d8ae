"""Which minutiae of two impressions lie on each other: for the eyes of those who decide, not for a score (DV-I05, DV-I06)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from biometrics.minutiae import Impression

    Floats = NDArray[np.float64]

_NEAR = 14.0
"""Pixels between two minutiae that count as one."""
_TURNED = 25.0
"""Degrees between their angles."""
_TRIED = 400


def paired(one: Impression, other: Impression) -> list[tuple[int, int]]:
    """Return pairs of places in `one.minutiae` and `other.minutiae` that fall together when one is laid upon the other.

    Each minutia is laid on each other with its angle; the turn and shift under which most fall together counts.
    """
    ours, theirs = _points(one), _points(other)
    if not len(ours) or not len(theirs):
        return []
    best: list[tuple[int, int]] = []
    for first, second in _likely(ours, theirs):
        moved = _laid(ours, ours[first], theirs[second])
        found = _together(moved, theirs)
        if len(found) > len(best):
            best = found
    return best


def _points(impression: Impression) -> Floats:
    return np.array([(each.x, each.y, each.angle) for each in impression.minutiae], np.float64).reshape(-1, 3)


def _likely(ours: Floats, theirs: Floats) -> list[tuple[int, int]]:
    """Return pairs to begin with: those whose turn and shift most other pairs agree with."""
    turn = np.radians(theirs[None, :, 2] - ours[:, None, 2])
    x, y = ours[:, None, 0], ours[:, None, 1]
    # Counter-clockwise on a picture whose y grows downwards.
    right = theirs[None, :, 0] - (np.cos(turn) * x + np.sin(turn) * y)
    down = theirs[None, :, 1] - (np.cos(turn) * y - np.sin(turn) * x)
    cells = np.stack([np.floor(np.degrees(turn) % 360 / 22.5), np.floor(right / 24), np.floor(down / 24)], axis=-1)
    _, cell, count = np.unique(cells.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    order = np.argsort(-count[cell.ravel()], kind="stable")[:_TRIED]
    return [(int(place) // len(theirs), int(place) % len(theirs)) for place in order]


def _laid(points: Floats, on: Floats, onto: Floats) -> Floats:
    """Return the points turned and shifted so that `on` falls on `onto`."""
    turn = np.radians(onto[2] - on[2])
    x, y = points[:, 0] - on[0], points[:, 1] - on[1]
    return np.column_stack(
        [
            onto[0] + np.cos(turn) * x + np.sin(turn) * y,
            onto[1] + np.cos(turn) * y - np.sin(turn) * x,
            points[:, 2] + onto[2] - on[2],
        ]
    )


def _together(ours: Floats, theirs: Floats) -> list[tuple[int, int]]:
    """Return pairs that are near and run alike, the nearest first, none used twice."""
    apart = np.hypot(ours[:, None, 0] - theirs[None, :, 0], ours[:, None, 1] - theirs[None, :, 1])
    turned = np.abs((ours[:, None, 2] - theirs[None, :, 2] + 180) % 360 - 180)
    first, second = np.nonzero((apart <= _NEAR) & (turned <= _TURNED))
    pairs: list[tuple[int, int]] = []
    used: tuple[set[int], set[int]] = (set(), set())
    for place in np.argsort(apart[first, second], kind="stable"):
        own, other = int(first[place]), int(second[place])
        if own not in used[0] and other not in used[1]:
            pairs.append((own, other))
            used[0].add(own)
            used[1].add(other)
    return pairs
