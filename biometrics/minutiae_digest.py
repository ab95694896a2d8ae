"""Keyed digest of a set of minutiae: no finger gives exactly the same set twice, so an equal one was copied (DV-I10; facts, section 9).

The set is sorted and moved to its own corner before, so that another order, another file format or a shift of the whole changes
nothing. The digest is keyed, because a finger could be tried out against a plain one.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from biometrics.nbis_matcher import NbisMatcher
    from biometrics.types import Template


def digest_of(matcher: NbisMatcher, template: Template, key: bytes) -> bytes:
    """Return 32 bytes that say which set of minutiae a template holds, and nothing else to whoever has no key."""
    points = matcher.impression_of(template).minutiae
    left, top = min((point.x for point in points), default=0), min((point.y for point in points), default=0)
    told = sorted((point.x - left, point.y - top, round(point.angle), int(point.kind)) for point in points)
    return hmac.digest(key, f"{template.format}:{told}".encode(), "sha256")
