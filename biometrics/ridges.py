"""Whether a picture at 500 ppi shows ridges at all: before NIST's own look at it, which lets noise and printed text pass.

Three figures from the structure tensor, weighted by contrast. Ridges run side by side (`coherence`: prints of the synthetic set 0.9,
tripled disturbance 0.7, a smudged ink print 0.46; noise at most 0.22), they bend (`oneness` 0.1-0.8; lines of text 0.9 and more),
and they are not drawn with a ruler (`ruled`: at most 0.2; drawings and pages 0.6-1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import gaussian_filter

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEAST_SIDE = 48
"""Pixels; a tenth of an inch holds five ridges."""
_LEAST_COHERENCE = 0.30
_LEAST_COHERENCE_OF_ONE_WAY = 0.60
_MOST_ONENESS = 0.85
_MOST_RULED = 0.50
_NARROW, _WIDE, _NEAR = 0.75, 3.0, 4.0
"""Standard deviations in pixels of the halved picture: ridges are 4-5 of them apart."""
_EDGE = 4.0
"""Degrees around upright and level that count as ruled."""


@dataclass(frozen=True, slots=True)
class Flow:
    """How the lines of a picture run, each figure from 0 to 1.

    `coherence`: neighbouring lines are parallel; `oneness`: all lines have one direction; `ruled`: they are upright or level.
    """

    coherence: float
    oneness: float
    ruled: float

    @property
    def is_ridged(self) -> bool:
        """Whether this can be a fingerprint."""
        is_page = self.oneness > _MOST_ONENESS and self.coherence < _LEAST_COHERENCE_OF_ONE_WAY
        return self.coherence >= _LEAST_COHERENCE and self.ruled <= _MOST_RULED and not is_page


def flow_of(grey: bytes, width: int, height: int) -> Flow:
    """Return how the lines of a grey picture at 500 ppi run; nothing runs on one that is too small for ridges."""
    if min(width, height) < _LEAST_SIDE:
        return Flow(0.0, 0.0, 0.0)
    lines = _lines(np.frombuffer(grey, np.uint8).reshape(height, width))
    down, across = np.gradient(lines)
    energy = gaussian_filter(across * across + down * down, _NEAR)
    level = gaussian_filter(across * across - down * down, _NEAR)
    slant = gaussian_filter(2 * across * down, _NEAR)
    # Four fifths of a picture may be empty glass, so the contrast of the ridges is that of the best fiftieth.
    is_seen = energy > 0.1 * np.percentile(energy, 98)
    total = float(energy[is_seen].sum())
    if not total:
        return Flow(0.0, 0.0, 0.0)
    strength = np.hypot(level, slant)[is_seen]
    whole = float(strength.sum()) or 1.0
    degrees = np.degrees(np.arctan2(slant, level)[is_seen]) / 2
    is_ruled = np.abs((degrees + 45) % 90 - 45) < _EDGE
    one_way = float(np.hypot(level[is_seen].sum(), slant[is_seen].sum()))
    return Flow(whole / total, one_way / whole, float(strength[is_ruled].sum()) / whole)


def _lines(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the picture at half its size without what is wider than ridges: light, dirt, the edge of the finger."""
    rows, columns = (side - side % 2 for side in pixels.shape)
    whole = pixels[:rows, :columns].astype(np.float32)
    half = (whole[::2, ::2] + whole[1::2, ::2] + whole[::2, 1::2] + whole[1::2, 1::2]) / 4
    lines: NDArray[np.float32] = gaussian_filter(half, _NARROW) - gaussian_filter(half, _WIDE)
    return lines
