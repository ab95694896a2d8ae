"""Numbers by chance that are the same on every machine and for every version of numpy: SHAKE-256 of a label.

numpy promises no stream of its generators beyond one version; a hash is the same for ever, so that a finger named by a word
can be made again when the file that it was kept in is gone.
"""

from __future__ import annotations

from hashlib import shake_256

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def uniforms(label: str, count: int) -> Floats:
    """Return `count` numbers in [0, 1), each of 32 bits of the hash of `label`."""
    return np.frombuffer(shake_256(label.encode()).digest(4 * count), dtype="<u4") * 2.0**-32


class Draws:
    """One stream of such numbers; each call takes the next ones."""

    def __init__(self, label: str, count: int) -> None:
        self._numbers = uniforms(label, count)
        self._at = 0

    def take(self, count: int) -> Floats:
        """Return the next `count` numbers in [0, 1).

        Raises:
            IndexError: fewer are left than asked for; the stream was made too short.
        """
        taken = self._numbers[self._at : self._at + count]
        if len(taken) < count:
            raise IndexError(f"only {len(taken)} of {count} numbers left in this stream")
        self._at += count
        return taken

    def one(self) -> float:
        """Return the next number in [0, 1)."""
        return float(self.take(1)[0])

    def between(self, low: float, high: float) -> float:
        """Return the next number in [low, high)."""
        return low + (high - low) * self.one()

    def normals(self, count: int) -> Floats:
        """Return `count` numbers of the normal distribution around 0 with deviation 1 (Box-Muller)."""
        radius = np.sqrt(-2 * np.log1p(-self.take(count)))
        return np.asarray(radius * np.cos(2 * np.pi * self.take(count)))
