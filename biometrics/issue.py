"""Make a finger proof of one comparison; nobody else can, because the seal's key is read here and checked by the services (§8.2, X3)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from posko.domain.proof import FingerProof, Purpose, seal_of

if TYPE_CHECKING:
    from datetime import datetime

    from posko.domain.proof import PersonKind


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a matcher says of one captured sample and one template: score and threshold in its own units, quality 0-100."""

    score: int
    threshold: int
    quality: int
    template_version: int
    sample_sha256: bytes

    @property
    def is_match(self) -> bool:
        """Whether the score reaches the threshold."""
        return self.score >= self.threshold


class Matcher(Protocol):
    """What compares a finger on a reader with the template of one person (1:1)."""

    def compare(self, kind: PersonKind, person_id: str, station_code: str) -> Comparison:
        """Capture one finger at the station and compare it with the person's template."""
        ...


@dataclass(frozen=True)
class Issuer:
    """Makes proofs from comparisons. `key` is the secret `finger-proof` of the installation."""

    matcher: Matcher
    key: bytes

    def prove(
        self,
        kind: PersonKind,
        person_id: str,
        purpose: Purpose,
        *,
        station_code: str,
        reader_serial: str,
        at: datetime,
    ) -> FingerProof:
        """Take a finger and return the sealed outcome, a match or not.

        Args:
            kind: `TKI` or `STAFF`.
            person_id: whose finger is expected.
            purpose: what for.
            station_code: the station that captures.
            reader_serial: serial number of its reader.
            at: server time, UTC, no zone.
        """
        found = self.matcher.compare(kind, person_id, station_code)
        proof = FingerProof(
            proof_id=secrets.token_hex(16),
            person_kind=kind,
            person_id=person_id,
            purpose=purpose,
            station_code=station_code,
            is_match=found.is_match,
            score=found.score,
            threshold=found.threshold,
            quality=found.quality,
            template_version=found.template_version,
            reader_serial=reader_serial,
            sample_sha256=found.sample_sha256,
            captured_at=at,
        )
        return replace(proof, seal=seal_of(proof, self.key))
