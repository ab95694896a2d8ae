"""Minutiae as points, whatever record they came in (ISO/IEC 19794-2:2005, clause 6)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Kind(IntEnum):
    """Type of a minutia, with the numbers of ISO/IEC 19794-2."""

    OTHER = 0
    ENDING = 1
    BIFURCATION = 2


@dataclass(frozen=True, slots=True)
class Minutia:
    """One minutia: pixels at 500 ppi from the upper left corner, `angle` in degrees [0, 360) counter-clockwise from the right.

    `quality` is 0-100; 0 means not reported.
    """

    x: int
    y: int
    angle: float
    kind: Kind = Kind.ENDING
    quality: int = 0


@dataclass(frozen=True, slots=True)
class Impression:
    """All minutiae of one impression; `finger` is 0-10, sizes in pixels at 500 ppi."""

    finger: int
    width: int
    height: int
    minutiae: tuple[Minutia, ...]
