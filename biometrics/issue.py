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


def sealed(
    found: Comparison,
    key: bytes,
    kind: PersonKind,
    person_id: str,
    purpose: Purpose,
    *,
    station_code: str,
    reader_serial: str,
    at: datetime,
    is_match: bool | None = None,
) -> FingerProof:
    """Return the sealed proof of one comparison, a match or not.

    Args:
        found: what was compared.
        key: the secret `finger-proof` of the installation.
        kind: `TKI` or `STAFF`.
        person_id: whose finger was expected.
        purpose: what for.
        station_code: the station that captured.
        reader_serial: serial number of its reader.
        at: server time of the capture, UTC, no zone.
        is_match: False where no score may count; None: the threshold decides.
    """
    proof = FingerProof(
        proof_id=secrets.token_hex(16),
        person_kind=kind,
        person_id=person_id,
        purpose=purpose,
        station_code=station_code,
        is_match=found.is_match if is_match is None else is_match,
        score=found.score,
        threshold=found.threshold,
        quality=found.quality,
        template_version=found.template_version,
        reader_serial=reader_serial,
        sample_sha256=found.sample_sha256,
        captured_at=at,
    )
    return replace(proof, seal=seal_of(proof, key))


class Comparer(Protocol):
    """What answers for the finger of one person without a sample: the scripted one of the tests."""

    def compare(self, kind: PersonKind, person_id: str, station_code: str) -> Comparison:
        """Capture one finger at the station and compare it with the person's template."""
        ...


@dataclass(frozen=True)
class Issuer:
    """Makes proofs from what a comparer says. `key` is the secret `finger-proof` of the installation."""

    matcher: Comparer
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
        """Take a finger and return the sealed outcome, a match or not; arguments as `sealed`."""
        found = self.matcher.compare(kind, person_id, station_code)
        return sealed(
            found, self.key, kind, person_id, purpose, station_code=station_code, reader_serial=reader_serial, at=at
        )
