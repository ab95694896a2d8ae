"""How numbers of a statistical finding are written into its evidence: short decimals; chances as text, because they can be tiny."""

from __future__ import annotations


def short(value: float) -> float:
    """Return a number with at most four decimals."""
    return round(float(value), 4)


def percent(value: float) -> float:
    """Return a share of 0 to 1 as percent with one decimal."""
    return round(100 * float(value), 1)


def chance(value: float) -> str:
    """Return a probability with two digits, such as `0.012` or `3.1e-07`."""
    return f"{float(value):.2g}"
