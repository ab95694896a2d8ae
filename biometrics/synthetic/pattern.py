"""Where the ridges of a synthetic finger run: its class, and the orientation field of its cores and deltas.

Sherlock and Monro (1993): each core turns the field by half a turn, each delta turns it back. Arches have neither and are a
smooth bow.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from biometrics.synthetic.draws import Draws, Floats

WIDTH, HEIGHT = 357, 392
"""Pixels of every synthetic impression at 500 ppi: the window of a U are U 4500."""


class FingerClass(StrEnum):
    """Galton-Henry class of a finger."""

    LEFT_LOOP = "LEFT_LOOP"
    RIGHT_LOOP = "RIGHT_LOOP"
    WHORL = "WHORL"
    ARCH = "ARCH"
    TENTED_ARCH = "TENTED_ARCH"


_SHARES = (
    (0.338, FingerClass.LEFT_LOOP),
    (0.655, FingerClass.RIGHT_LOOP),
    (0.934, FingerClass.WHORL),
    (0.971, FingerClass.ARCH),
    (1.0, FingerClass.TENTED_ARCH),
)
"""Shares of the classes among people, summed up (Wilson, Candela, Watson 1994: 33.8, 31.7, 27.9, 3.7, 2.9 %)."""
DRAWS_OF_A_PATTERN = 16
_WAVES = 4


@dataclass(frozen=True)
class Pattern:
    """One finger's ridge flow; coordinates in pixels, origin in the upper left corner, y downwards.

    `waves` are rows of (amplitude in radians, x and y frequency in turns a pixel, phase): small bends of its own.
    """

    kind: FingerClass
    cores: tuple[complex, ...]
    deltas: tuple[complex, ...]
    waves: Floats

    def orientation(self, x: NDArray[np.floating], y: NDArray[np.floating]) -> Floats:
        """Return the direction of the ridges at points, radians counter-clockwise from the right, any half turn."""
        point = x + 1j * y
        turn = np.zeros(np.shape(point))
        for core in self.cores:
            turn -= np.angle((point - core) * -1j)
        for delta in self.deltas:
            turn += np.angle((point - delta) * -1j)
        if not self.cores:
            # A bow: level at both sides and at the base, steepest halfway up.
            steep = np.clip((y - 40) / 160, 0, 1) * np.clip((HEIGHT - y) / 120, 0, 1)
            turn = turn + 1.6 * steep * np.cos(np.pi * (x / WIDTH))
        theta = turn / 2
        for height, across, down, phase in self.waves:
            theta = theta + height * np.sin(2 * np.pi * (across * x + down * y + phase))
        return np.asarray(theta)


def pattern_of(draws: Draws) -> Pattern:
    """Return a pattern by chance; takes `DRAWS_OF_A_PATTERN` numbers and four for each of its waves."""
    taken = draws.take(DRAWS_OF_A_PATTERN)
    kind = next(kind for upto, kind in _SHARES if taken[0] < upto)
    shift = (taken[1:] - 0.5) * 2
    x, y = WIDTH / 2 + 18 * shift[0], HEIGHT / 2 - 25 + 22 * shift[1]
    spread, drop = 105 + 25 * shift[2], 95 + 25 * shift[3]
    cores: tuple[complex, ...] = (complex(x, y),)
    deltas: tuple[complex, ...] = ()
    if kind is FingerClass.LEFT_LOOP:
        deltas = (complex(x + spread, y + drop),)
    elif kind is FingerClass.RIGHT_LOOP:
        deltas = (complex(x - spread, y + drop),)
    elif kind is FingerClass.WHORL:
        apart, lean = 22 + 14 * shift[4], 10 * shift[5]
        cores = (complex(x - lean, y - apart), complex(x + lean, y + apart))
        deltas = (complex(x - spread, y + drop + 20), complex(x + spread + 12 * shift[6], y + drop + 20))
    elif kind is FingerClass.TENTED_ARCH:
        deltas = (complex(x + 8 * shift[4], y + 75 + 15 * shift[5]),)
    else:
        cores = ()
    rows = draws.take(4 * _WAVES).reshape(_WAVES, 4)
    waves = np.column_stack(
        (0.08 + 0.18 * rows[:, 0], (rows[:, 1] - 0.5) / 90, (rows[:, 2] - 0.5) / 90, rows[:, 3]),
    )
    return Pattern(kind, cores, deltas, waves)
