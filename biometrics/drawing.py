"""Minutiae as a picture for the people who compare two prints side by side: SVG, because nothing but points is kept of a finger."""

from __future__ import annotations

from math import cos, radians, sin
from typing import TYPE_CHECKING

from biometrics.minutiae import Kind

if TYPE_CHECKING:
    from collections.abc import Collection

    from biometrics.minutiae import Impression, Minutia

_RADIUS = 4
_TAIL = 14
_MARKED, _PLAIN = "#c0392b", "#1f3a5f"


def svg(impression: Impression, *, marked: Collection[int] = ()) -> str:
    """Return a drawing of an impression: endings as circles, forks as squares, a line along the ridge from each.

    Args:
        impression: sizes and points in pixels.
        marked: places in `impression.minutiae` to draw in red: those that a comparison paired.

    Returns:
        An `<svg>` element of the impression's own size that scales with its box and names itself to a screen reader.
    """
    chosen = frozenset(marked)
    points = "".join(_drawn(point, is_marked=place in chosen) for place, point in enumerate(impression.minutiae))
    label = f"{len(impression.minutiae)} minutia, {len(chosen)} ditandai"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {impression.width} {impression.height}" role="img" '
        f'aria-label="{label}"><title>{label}</title>'
        f'<rect width="{impression.width}" height="{impression.height}" fill="#fff" stroke="#999"/>{points}</svg>'
    )


def _drawn(point: Minutia, *, is_marked: bool) -> str:
    colour = _MARKED if is_marked else _PLAIN
    turn = radians(point.angle)
    end_x, end_y = point.x + _TAIL * cos(turn), point.y - _TAIL * sin(turn)  # rows are counted downwards
    if point.kind is Kind.BIFURCATION:
        side = 2 * _RADIUS
        shape = f'<rect x="{point.x - _RADIUS}" y="{point.y - _RADIUS}" width="{side}" height="{side}"/>'
    else:
        shape = f'<circle cx="{point.x}" cy="{point.y}" r="{_RADIUS}"/>'
    line = f'<line x1="{point.x}" y1="{point.y}" x2="{end_x:.1f}" y2="{end_y:.1f}"/>'
    return f'<g fill="none" stroke="{colour}" stroke-width="{2.5 if is_marked else 1.5}">{shape}{line}</g>'
