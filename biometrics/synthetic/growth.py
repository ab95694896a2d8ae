"""Ridges grown out of noise: each small block is filtered along its own ridge direction, again and again.

This is the idea of SFinGe (Cappelli, Maio, Maltoni 2000), where Gabor filters along the orientation field turn random dots into
ridges whose endings and forks lie where chance put them. Here the filters are drawn in the frequency plane of blocks that
overlap by half, so that one round costs one small Fourier transform a block instead of a bank of filters over the image.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import fft

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from biometrics.synthetic.draws import Floats
    from biometrics.synthetic.pattern import Pattern

    Grey = NDArray[np.float32]

BLOCK = 32
HALF = BLOCK // 2
_ROUNDS = 14
_RADIAL = 0.018
"""Width of the filter around the ridge frequency, turns a pixel."""


@dataclass(frozen=True)
class Canvas:
    """Where a finger is grown: rows and columns (multiples of `HALF`), and where the pattern's origin lies on it."""

    rows: int
    columns: int
    left: int
    top: int


def grown(noise: Floats, pattern: Pattern, distance: Floats, canvas: Canvas) -> Grey:
    """Return ridges in [-1, 1], positive on a ridge, of the canvas's shape.

    Args:
        noise: of the canvas's shape, what the finger's identity comes from.
        pattern: its ridge flow.
        distance: pixels from ridge to ridge at the centre of each block, shape (rows / HALF + 1, columns / HALF + 1).
        canvas: where it lies.
    """
    filters = _filters(pattern, distance, canvas)
    ramp = np.float32(0.5) - np.float32(0.5) * np.cos(2 * np.pi * (np.arange(BLOCK, dtype=np.float32) + 0.5) / BLOCK)
    window = np.outer(ramp, ramp).astype(np.float32)
    ridges = noise.astype(np.float32)
    for _ in range(_ROUNDS):
        ridges = _filtered(ridges, filters, window)
        ridges = np.tanh(ridges * (np.float32(1.6) / (np.std(ridges) + np.float32(1e-9))))
    return ridges


def _filtered(ridges: Grey, filters: Grey, window: Grey) -> Grey:
    rows, columns = ridges.shape
    blocks = sliding_window_view(np.pad(ridges, HALF, mode="reflect"), (BLOCK, BLOCK))[::HALF, ::HALF]
    waves = fft.rfft2(blocks * window)
    waves *= filters
    done = fft.irfft2(waves, s=(BLOCK, BLOCK))
    down, across = done.shape[:2]
    sums = np.zeros((down + 1, across + 1, HALF, HALF), dtype=np.float32)
    for i in (0, 1):
        for j in (0, 1):
            sums[i : i + down, j : j + across] += done[:, :, i * HALF : (i + 1) * HALF, j * HALF : (j + 1) * HALF]
    whole = sums.transpose(0, 2, 1, 3).reshape((down + 1) * HALF, (across + 1) * HALF)
    return whole[HALF : HALF + rows, HALF : HALF + columns]


def _filters(pattern: Pattern, distance: Floats, canvas: Canvas) -> Grey:
    """Return the transfer function of each block, shape (blocks down, blocks across, BLOCK, BLOCK // 2 + 1)."""
    centre_y = np.arange(0, canvas.rows + 1, HALF, dtype=np.float64)[:, None] - canvas.top
    centre_x = np.arange(0, canvas.columns + 1, HALF, dtype=np.float64)[None, :] - canvas.left
    around = np.array([-6.0, 0.0, 6.0])
    x = centre_x[:, :, None, None] + around[None, None, None, :]
    y = centre_y[:, :, None, None] + around[None, None, :, None]
    doubled = np.exp(2j * pattern.orientation(*np.broadcast_arrays(x, y))).mean(axis=(2, 3))
    theta, coherence = np.angle(doubled) / 2, np.abs(doubled)
    across, down = np.meshgrid(np.fft.rfftfreq(BLOCK), np.fft.fftfreq(BLOCK))
    length = np.hypot(across, down)
    length[0, 0] = 1.0
    # The waves run across the ridges: along (sin, cos) where the ridge runs along (cos, -sin) of a picture.
    along = np.abs(across * np.sin(theta)[..., None, None] + down * np.cos(theta)[..., None, None]) / length
    narrow = (2 + 10 * coherence**4)[..., None, None]
    radial = np.exp(-((length - 1 / distance[..., None, None]) ** 2) / (2 * _RADIAL**2))
    radial[..., 0, 0] = 0
    return np.asarray(radial * along**narrow, dtype=np.float32)
