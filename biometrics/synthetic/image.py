"""Fingers as grey images, as a reader gives them: 357 x 392 pixels at 500 ppi (facts of the readers, section 6).

A master is the whole finger; an impression is one touch of it. Both are made of nothing but their names, so a file that was
kept can be made again; other machines may differ in the last digit of a sine, which is why a test allows a few grey levels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

from biometrics.synthetic.draws import Draws, uniforms
from biometrics.synthetic.growth import HALF, Canvas, grown
from biometrics.synthetic.pattern import DRAWS_OF_A_PATTERN, HEIGHT, WIDTH, FingerClass, pattern_of

if TYPE_CHECKING:
    from biometrics.synthetic.draws import Floats
    from biometrics.synthetic.growth import Grey

HARD = 1.6
"""A poor touch: wet or dry, twisted, partly off the glass."""
_CANVAS = Canvas(rows=480, columns=448, left=45, top=44)
_NEAR, _FAR = 8.3, 9.9
"""Pixels from ridge to ridge: 0.42 to 0.50 mm."""
_TURN = 20.0
_SHIFT = 18.0
_BEND = 4.2
_TORSION = 7.0
_DARK, _LIGHT, _GLASS = 45.0, 190.0, 245.0
"""Grey of a ridge, of a valley and of the empty glass."""
_STEP = 16
"""Grey levels are rounded to this: a reader's noise is larger, and the file half as long."""


@dataclass(frozen=True)
class Finger:
    """A whole finger: its name, class, and ridges in [-1, 1] on a canvas larger than the glass."""

    seed: str
    finger: int
    kind: FingerClass
    ridges: Grey


def master(seed: str, finger: int) -> Finger:
    """Return one finger (1-10) of the person that `seed` names; about half a second."""
    label = f"posko:image:{seed}:{finger}"
    draws = Draws(label, DRAWS_OF_A_PATTERN + 16 + 36)
    pattern = pattern_of(draws)
    blocks = (_CANVAS.rows // HALF + 1, _CANVAS.columns // HALF + 1)
    distance = _NEAR + (_FAR - _NEAR) * _smooth(draws.take(36), blocks)
    noise = uniforms(f"{label}:noise", _CANVAS.rows * _CANVAS.columns).reshape(_CANVAS.rows, _CANVAS.columns) - 0.5
    return Finger(seed, finger, pattern.kind, grown(noise, pattern, distance, _CANVAS))


def impression(master: Finger, seed: str, *, hard: float = 1.0) -> tuple[bytes, int, int]:
    """Return one touch as grey bytes, dark ridges on white, with its width and height; about a tenth of a second.

    Args:
        master: the finger.
        seed: names the touch.
        hard: how badly it lies, moves and prints; 1 is a usual touch, 2 a poor one.
    """
    label = f"posko:print:{master.seed}:{master.finger}:{seed}"
    draws = Draws(label, 600)
    x, y = _where(draws, hard)
    ridges = ndimage.map_coordinates(master.ridges, [y + _CANVAS.top, x + _CANVAS.left], order=1, mode="reflect")
    noise = uniforms(f"{label}:noise", HEIGHT * WIDTH).reshape(HEIGHT, WIDTH).astype(np.float32) - np.float32(0.5)
    ink = _ink(ridges, noise, draws, hard)
    touch = _contact(draws, hard)
    skin = _LIGHT + (_DARK - _LIGHT) * ink
    grey = _GLASS + (skin - _GLASS) * touch + 22 * hard * noise * (touch > 0.02)
    rounded = np.clip(np.rint(grey / _STEP) * _STEP, 0, 255).astype(np.uint8)
    return rounded.tobytes(), WIDTH, HEIGHT


def _where(draws: Draws, hard: float) -> tuple[Grey, Grey]:
    """Return which point of the finger lies on each pixel: turned, twisted, shifted and stretched."""
    turn = np.radians(draws.between(-_TURN, _TURN) * min(hard, 2.0))
    twist = np.radians(draws.between(-_TORSION, _TORSION) * hard)
    left, low = (_SHIFT * hard * draws.between(-1, 1) for _ in range(2))
    x, y = np.meshgrid(np.arange(WIDTH, dtype=np.float32), np.arange(HEIGHT, dtype=np.float32))
    waves = draws.take(24).reshape(2, 3, 4)
    moved = [x, y]
    for axis in (0, 1):
        for across, down, phase, share in waves[axis]:
            turns = (across - 0.5) * x / 110 + (down - 0.5) * y / 110 + phase
            moved[axis] = moved[axis] + (_BEND * hard * share * np.sin(2 * np.pi * turns)).astype(np.float32)
    across, down = moved[0] - WIDTH / 2 + left, moved[1] - HEIGHT / 2 + low
    angle = turn + twist * np.exp(-(across**2 + down**2) / 110**2)
    cos, sin = np.cos(angle), np.sin(angle)
    return (
        np.asarray(WIDTH / 2 + cos * across - sin * down, dtype=np.float32),
        np.asarray(HEIGHT / 2 + sin * across + cos * down, dtype=np.float32),
    )


def _ink(ridges: Grey, noise: Grey, draws: Draws, hard: float) -> Grey:
    """Return how dark each pixel prints, 0-1: wet skin closes the valleys, dry skin and scratches break the ridges."""
    wet = 1.25 * hard * (_smooth(draws.take(36), (HEIGHT, WIDTH)) - 0.5) + 0.2 * hard * draws.between(-1, 1)
    grain = ndimage.gaussian_filter(noise, 1.3) * 4.5
    level = ridges + wet + hard * 0.6 * grain
    ink = 0.5 + 0.5 * np.tanh(2.4 * level)
    for _ in range(int(draws.between(0, 1 + 3 * hard))):
        ink = ink * (1 - _scratch(draws))
    return np.asarray(ink, dtype=np.float32)


def _scratch(draws: Draws) -> Grey:
    """Return one straight cut as 0-1, two to three pixels wide."""
    x, y = np.meshgrid(np.arange(WIDTH, dtype=np.float32), np.arange(HEIGHT, dtype=np.float32))
    centre_x, centre_y = draws.between(60, WIDTH - 60), draws.between(60, HEIGHT - 60)
    turn, half, wide = draws.between(0, np.pi), draws.between(15, 60), draws.between(0.8, 1.5)
    along = (x - centre_x) * np.cos(turn) + (y - centre_y) * np.sin(turn)
    aside = (y - centre_y) * np.cos(turn) - (x - centre_x) * np.sin(turn)
    return np.asarray(np.exp(-((aside / wide) ** 2)) * (np.abs(along) < half), dtype=np.float32)


def _contact(draws: Draws, hard: float) -> Grey:
    """Return what touches the glass, 0-1: an ellipse with a ragged rim."""
    wide, tall = (1 - 0.18 * hard * draws.one() for _ in range(2))
    left, low = (12 * hard * draws.between(-1, 1) for _ in range(2))
    ragged = 0.16 * (_smooth(draws.take(100), (HEIGHT, WIDTH)) - 0.5)
    x, y = np.meshgrid(np.arange(WIDTH, dtype=np.float32), np.arange(HEIGHT, dtype=np.float32))
    distance = np.hypot((x - WIDTH / 2 - left) / (wide * 158), (y - HEIGHT / 2 - low) / (tall * 182)) + ragged
    return np.asarray(1 / (1 + np.exp(np.clip((distance - 1) * 45, -30, 30))), dtype=np.float32)


def _smooth(numbers: Floats, shape: tuple[int, int]) -> Floats:
    """Return a smooth field in [0, 1] through a square of numbers (36: 6 x 6)."""
    side = int(len(numbers) ** 0.5)
    field = ndimage.zoom(numbers.reshape(side, side), (shape[0] / side, shape[1] / side), order=3)
    return np.asarray(np.clip(field[: shape[0], : shape[1]], 0, 1))
