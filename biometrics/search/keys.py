"""Keys of an impression: small patterns of minutiae that stay when the finger is turned, shifted or partly off the glass (DV-I05, DV-I06).

A minutia and two of its nearest neighbours make one key. Each neighbour is told by its distance, by the direction in which it lies
and by the angle in which its ridge runs, both seen from the minutia's own angle: 8 x 16 x 8 classes, ten bits. Two of them, the
smaller first, are one of 2^20 keys. Two usual touches of one synthetic finger share a quarter of their keys, those of two fingers
one in fifty.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from biometrics.minutiae import Impression

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Keys = NDArray[np.uint32]

RECIPE = "triplets-1"
"""Name of this way to make keys; an index of another recipe is made anew."""
NEIGHBOURS = 6
SPACE = 1 << 20
_PIXELS = 12.0
_DISTANCES, _DIRECTIONS, _ANGLES = 8, 16, 8
_NEIGHBOUR_SPACE = _DISTANCES * _DIRECTIONS * _ANGLES
_NO_KEY = SPACE
_AT_ONCE = 64
_EDGES = (0.15, 0.225, 0.15)
"""How near, in parts of a class, the edge of a distance, direction or angle is for the next class to be looked up too."""
_LESS = 0.6
"""How much a key counts for each class of it that was changed."""
_FIRST, _SECOND = np.array(list(combinations(range(NEIGHBOURS), 2))).T


def keys_of(impression: Impression) -> Keys:
    """Return the different keys of one impression in ascending order; none where there are fewer than three minutiae."""
    return next(keys_of_each([impression]))


def keys_of_each(impressions: Sequence[Impression]) -> Iterator[Keys]:
    """Yield the keys of each impression; many at once cost a fraction of one after the other."""
    for start in range(0, len(impressions), _AT_ONCE):
        yield from _keys(impressions[start : start + _AT_ONCE])


def probes_of(impression: Impression) -> tuple[Keys, Floats]:
    """Return the keys to look an impression up with, ascending, and how much each counts, up to 1.

    A neighbour near the edge of a class may have fallen into the next one when the finger was enrolled. So keys with the next class are
    looked up too, and count less the more classes they change. The index itself need not grow for that.
    """
    measured = _measured(*_points([impression]))
    variants = list(_variants(measured))
    keys, weights = [], []
    for (one, is_one, less), (other, is_other, lesser) in product(variants, variants):
        both = (is_one[..., _FIRST] & is_other[..., _SECOND]).ravel()
        keys.append(_pair(one[..., _FIRST], other[..., _SECOND]).ravel()[both])
        weights.append(np.full(len(keys[-1]), less * lesser))
    found, weight = np.concatenate(keys), np.concatenate(weights)
    order = np.lexsort((-weight, found))
    there, first = np.unique(found[order], return_index=True)
    return there.astype(np.uint32), weight[order][first]


@dataclass(frozen=True)
class _Measured:
    """The nearest neighbours of each minutia: distance, direction and angle in classes, with the part behind the point."""

    distance: Floats
    direction: Floats
    angle: Floats
    is_there: Flags

    def codes(self, distance: Ints, direction: Ints, angle: Ints) -> Ints:
        """Return the number of these classes; those that turn begin anew after the last."""
        far = np.clip(distance, 0, _DISTANCES - 1)
        return (far * _DIRECTIONS + direction % _DIRECTIONS) * _ANGLES + angle % _ANGLES


def _keys(impressions: Sequence[Impression]) -> Iterator[Keys]:
    measured = _measured(*_points(impressions))
    codes, is_there = next(_variants(measured))[:2]
    both = _pair(codes[..., _FIRST], codes[..., _SECOND])
    both = np.where(is_there[..., _FIRST] & is_there[..., _SECOND], both, _NO_KEY)
    ordered = np.sort(both.reshape(len(impressions), -1), axis=1).astype(np.uint32)
    for row in ordered:
        is_new = np.append(True, row[1:] != row[:-1]) & (row != _NO_KEY)
        yield row[is_new]


def _pair(one: Ints, other: Ints) -> Ints:
    return np.minimum(one, other) * _NEIGHBOUR_SPACE + np.maximum(one, other)


def _variants(measured: _Measured) -> Iterator[tuple[Ints, Flags, float]]:
    """Yield the codes of the neighbours as measured, then with some classes changed: codes, which may be, how much they count."""
    parts = (measured.distance, measured.direction, measured.angle)
    classes = [np.floor(part).astype(np.int64) for part in parts]
    behind = [part - whole for part, whole in zip(parts, classes, strict=True)]
    beside = [whole + np.where(rest < 0.5, -1, 1) for whole, rest in zip(classes, behind, strict=True)]
    is_near = [np.minimum(rest, 1 - rest) < edge for rest, edge in zip(behind, _EDGES, strict=True)]
    for changed in product((False, True), repeat=len(parts)):
        is_there = measured.is_there.copy()
        for is_changed, near in zip(changed, is_near, strict=True):
            if is_changed:
                is_there &= near
        chosen = [beside[part] if is_changed else classes[part] for part, is_changed in enumerate(changed)]
        yield measured.codes(*chosen), is_there, _LESS ** sum(changed)


def _points(impressions: Sequence[Impression]) -> tuple[Floats, Floats, Floats]:
    """Return x, y and angle of all minutiae, a row an impression, filled up with NaN."""
    most = max(NEIGHBOURS + 1, *(len(each.minutiae) for each in impressions))
    points = np.full((len(impressions), most, 3), np.nan)
    for row, each in zip(points, impressions, strict=True):
        if each.minutiae:
            row[: len(each.minutiae)] = [(one.x, one.y, one.angle) for one in each.minutiae]
    return points[..., 0], points[..., 1], points[..., 2]


def _measured(x: Floats, y: Floats, angle: Floats) -> _Measured:
    """Return the nearest neighbours of each minutia, seen from its place and angle."""
    right, up = x[:, None, :] - x[:, :, None], y[:, :, None] - y[:, None, :]
    squared = right**2 + up**2
    squared[:, np.arange(x.shape[1]), np.arange(x.shape[1])] = np.inf
    squared[np.isnan(squared)] = np.inf
    # A stable order: whoever stands beside an impression in its batch must not change its keys.
    nearest = np.argsort(squared, axis=2, kind="stable")[:, :, :NEIGHBOURS]
    distance = np.sqrt(np.take_along_axis(squared, nearest, 2))
    is_there = np.isfinite(distance)
    lies = np.degrees(np.arctan2(np.take_along_axis(up, nearest, 2), np.take_along_axis(right, nearest, 2)))
    runs = np.take_along_axis(np.broadcast_to(angle[:, None, :], squared.shape), nearest, 2)
    far = np.where(is_there, distance, 0.0) / _PIXELS
    direction = np.where(is_there, lies - angle[..., None], 0.0) / 360 * _DIRECTIONS
    # Ridges near each other run nearly alike, so the classes of their angles lie around 0 and not beside it.
    turn = np.where(is_there, runs - angle[..., None], 0.0) / 360 * _ANGLES + 0.5
    return _Measured(far, direction, turn, is_there)
