"""Fingers of nobody, so that a sign-in with an unknown number costs the comparisons that a known one costs (§8.2; R-044)."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from biometrics.gallery import Enrolled
from biometrics.minutiae import Impression, Kind, Minutia

if TYPE_CHECKING:
    from biometrics.nbis_matcher import NbisMatcher
    from biometrics.vault import Vault

IMPRESSIONS = 6
"""Two fingers, three impressions each, as the staff have."""
MINUTIAE = 42
WIDTH, HEIGHT = 357, 392


class Decoys:
    """Sealed impressions of nobody; opened for each unknown number, as a known one's are."""

    def __init__(self, matcher: NbisMatcher, vault: Vault) -> None:
        self._vault = vault
        self._rows = [self._sealed(matcher, seq) for seq in range(1, IMPRESSIONS + 1)]

    def opened(self) -> list[Enrolled]:
        """Return the impressions; whatever score they give is no match."""
        return [Enrolled(self._vault.open(row), 0, 1, row["finger"], row["seq"]) for row in self._rows]

    def _sealed(self, matcher: NbisMatcher, seq: int) -> dict[str, Any]:
        template = matcher.template_of(_impression(seq))
        where = {"person_kind": "STAFF", "person_id": "", "version": 1, "finger": template.finger, "seq": seq}
        key_id, nonce, ciphertext = self._vault.seal(template, kind="STAFF", person_id="", version=1, seq=seq)
        sealed = {"key_id": key_id, "nonce": nonce, "ciphertext": ciphertext, "format": template.format}
        return {**where, **sealed, "minutiae": template.minutiae, "quality": None}


def _impression(seq: int) -> Impression:
    """Return points that are strewn, not grown: what they look like must be nobody's finger."""
    draw = random.Random(seq)  # noqa: S311  no secret, only somewhere
    points = tuple(
        Minutia(draw.randrange(30, WIDTH - 30), draw.randrange(30, HEIGHT - 30), draw.randrange(360), Kind.ENDING, 60)
        for _ in range(MINUTIAE)
    )
    return Impression(2 if seq <= IMPRESSIONS // 2 else 7, WIDTH, HEIGHT, points)
