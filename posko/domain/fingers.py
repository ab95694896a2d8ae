"""Fingers by number, as ISO/IEC 19794-2 counts them, and what a screen calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FINGERS: Mapping[int, str] = {
    0: "jari mana pun",
    1: "ibu jari kanan",
    2: "telunjuk kanan",
    3: "jari tengah kanan",
    4: "jari manis kanan",
    5: "kelingking kanan",
    6: "ibu jari kiri",
    7: "telunjuk kiri",
    8: "jari tengah kiri",
    9: "jari manis kiri",
    10: "kelingking kiri",
}
"""Number -> name; 0 is any finger."""


def finger_name(number: int) -> str:
    """Return what a finger is called; a number that no finger has is any."""
    return FINGERS.get(number, FINGERS[0])
