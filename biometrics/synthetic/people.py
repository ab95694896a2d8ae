"""Fingers as minutiae, without an image: thousands a second, each from its name alone (facts of the readers, section 6).

A person is named by a seed: `tki:9000017` or `staff:KONS-001`. Her left index finger is `master("tki:9000017", 7)` wherever it
is asked for, and `impression(master, "anything")` is one touch of it. Nobody has these fingers.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from biometrics.minutiae import Impression, Kind, Minutia
from biometrics.synthetic.draws import Draws
from biometrics.synthetic.pattern import DRAWS_OF_A_PATTERN, HEIGHT, WIDTH, pattern_of

if TYPE_CHECKING:
    from biometrics.synthetic.draws import Floats

HARD = 1.35
"""A poor touch: with NIST's matcher one of ten falls below 40 when it is compared with one other such touch."""
_CANDIDATES = 100
_APART = 13.0
"""No two minutiae of a master are nearer, in pixels; about 1.6 ridges."""
_FEWEST, _MOST = 38, 54
_RADII = (150.0, 178.0)
_TURN = 20.0
_SHIFT = 14.0
_BEND = 3.0
_JITTER = 1.2
_ANGLE_JITTER = 3.9
_LOST = 0.09
_SPURIOUS = 3.5
_QUALITY = 80
_KINDS = (Kind.OTHER, Kind.ENDING, Kind.BIFURCATION)
_OTHER_SIDE = 0.10


def master(seed: str, finger: int) -> Impression:
    """Return all minutiae of one finger of the person that `seed` names, 38 to 54; `finger` is 1-10."""
    draws = Draws(f"posko:finger:{seed}:{finger}", DRAWS_OF_A_PATTERN + 16 + 1 + 5 * _CANDIDATES)
    pattern = pattern_of(draws)
    wanted = int(draws.between(_FEWEST, _MOST + 1))
    radius, turn = np.sqrt(draws.take(_CANDIDATES)), 2 * np.pi * draws.take(_CANDIDATES)
    x = WIDTH / 2 + _RADII[0] * radius * np.cos(turn)
    y = HEIGHT / 2 + _RADII[1] * radius * np.sin(turn)
    near = (x[:, None] - x) ** 2 + (y[:, None] - y) ** 2 < _APART**2
    kept = np.flatnonzero(~np.triu(near, 1).any(axis=0))[:wanted]
    side, kinds, off = (draws.take(_CANDIDATES)[kept] for _ in range(3))
    # Ridges end mostly on one side of their direction where they run together, and a few on the other.
    flow = np.degrees(pattern.orientation(x[kept], y[kept])) + 180 * (side < _OTHER_SIDE) + 16 * (off - 0.5)
    return _made(finger, x[kept], y[kept], flow, np.where(kinds < 0.5, Kind.ENDING, Kind.BIFURCATION))


def impression(master: Impression, seed: str, *, hard: float = 1.0) -> Impression:
    """Return one touch of a finger: turned, shifted, stretched, partly off the glass, some minutiae missed or imagined.

    Args:
        master: the whole finger, of `master`.
        seed: names the touch; another finger under the same seed is touched differently.
        hard: how badly; 0 is the master itself, 1 a usual touch, 2 a poor one.
    """
    points = np.array([(one.x, one.y, one.angle, one.kind) for one in master.minutiae], dtype=np.float64)
    count, ghosts = len(points), int(_SPURIOUS * 2 * hard) + 1
    label = sha256(points.tobytes()).hexdigest()
    draws = Draws(f"posko:touch:{seed}:{label}", 40 + 10 * count + 5 * ghosts)
    x, y, angle, kinds = points.T
    x, y = _stretched(x, y, draws, _BEND * hard)
    x, y, angle = _turned(x, y, angle, draws, hard)
    seen = _on_glass(x, y, draws, hard) & (draws.take(count) >= min(_LOST * hard, 0.6))
    x = x + _JITTER * hard * draws.normals(count)
    y = y + _JITTER * hard * draws.normals(count)
    angle = angle + _ANGLE_JITTER * hard * draws.normals(count)
    mistaken = draws.take(count) < min(0.1 * hard, 0.5)
    kinds = np.where(mistaken, Kind.ENDING + Kind.BIFURCATION - kinds, kinds)
    imagined = draws.take(ghosts) < (_SPURIOUS * hard / ghosts)
    fake = [draws.take(ghosts)[imagined] for _ in range(4)]
    return _made(
        master.finger,
        np.concatenate([x[seen], WIDTH / 2 + 1.5 * _RADII[0] * (fake[0] - 0.5)]),
        np.concatenate([y[seen], HEIGHT / 2 + 1.5 * _RADII[1] * (fake[1] - 0.5)]),
        np.concatenate([angle[seen], 360 * fake[2]]),
        np.concatenate([kinds[seen], np.where(fake[3] < 0.5, Kind.ENDING, Kind.BIFURCATION)]),
    )


def _stretched(x: Floats, y: Floats, draws: Draws, height: float) -> tuple[Floats, Floats]:
    """Move points as skin moves: three long waves along each axis, `height` pixels each at most."""
    across, down, phase, share = draws.take(24).reshape(4, 2, 3, 1)
    turns = (across - 0.5) * x / 110 + (down - 0.5) * y / 110 + phase
    moved = height * (share * np.sin(2 * np.pi * turns)).sum(axis=1)
    return x + moved[0], y + moved[1]


def _turned(x: Floats, y: Floats, angle: Floats, draws: Draws, hard: float) -> tuple[Floats, Floats, Floats]:
    turn = draws.between(-_TURN, _TURN) * min(hard, 2.0)
    cos, sin = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    across, down = x - WIDTH / 2, y - HEIGHT / 2
    left, low = (_SHIFT * hard * draws.between(-1, 1) for _ in range(2))
    # Counter-clockwise on a picture whose y grows downwards.
    return (
        WIDTH / 2 + cos * across + sin * down + left,
        HEIGHT / 2 - sin * across + cos * down + low,
        angle + turn,
    )


def _on_glass(x: Floats, y: Floats, draws: Draws, hard: float) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return which points lie on the ellipse that touches the glass: smaller and further off when it is hard."""
    if hard <= 0:
        return np.ones(len(x), dtype=bool)
    wide = 1.06 - 0.12 * hard * draws.one()
    tall = 1.06 - 0.12 * hard * draws.one()
    left, low = (12 * hard * draws.between(-1, 1) for _ in range(2))
    across = (x - WIDTH / 2 - left) / (wide * _RADII[0])
    down = (y - HEIGHT / 2 - low) / (tall * _RADII[1])
    return np.asarray(across**2 + down**2 <= 1)


def _made(finger: int, x: Floats, y: Floats, angle: Floats, kinds: Floats) -> Impression:
    xs, ys = np.rint(x).astype(int), np.rint(y).astype(int)
    inside = (xs >= 0) & (xs < WIDTH) & (ys >= 0) & (ys < HEIGHT)
    columns = (xs[inside], ys[inside], np.rint(angle[inside] * 100) % 36_000 / 100, kinds[inside].astype(int))
    rows = zip(*(column.tolist() for column in columns), strict=True)
    points = [Minutia(across, down, turn, _KINDS[kind], _QUALITY) for across, down, turn, kind in rows]
    return Impression(finger, WIDTH, HEIGHT, tuple(points))
