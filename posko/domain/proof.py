"""What a compared finger proves: a person, for one purpose, at one place, for a few minutes (§8.2, §13.3-13.7; X3).

A proof is made by `biometrics` alone, which seals it with a key that no screen holds; services check the seal and use each proof
once. A typed number is never a proof, and neither is a score that somebody posted (anti-pattern 6).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

PersonKind = Literal["STAFF", "TKI"]


class Purpose(StrEnum):
    """What the finger was asked for; a proof for one purpose proves nothing for another."""

    LOGIN = "LOGIN"
    ENROL = "ENROL"
    ENROL_IMPRESSION = "ENROL_IMPRESSION"
    ATTEND = "ATTEND"
    EXIT = "EXIT"
    VERIFY_ASESOR = "VERIFY_ASESOR"
    SCORE = "SCORE"
    SECOND_PERSON = "SECOND_PERSON"
    STATION_KEY = "STATION_KEY"
    SUBJECT_VIEW = "SUBJECT_VIEW"


@dataclass(frozen=True, slots=True)
class FingerProof:
    """Outcome of one comparison of one captured finger with the template of one person.

    `score` and `threshold` are in the matcher's units (NBIS: 0 to about 400), `quality` is 0-100, `captured_at` is the server's
    time (UTC, no zone), `proof_id` 32 hex digits, `sample_sha256` the digest of the captured sample, `seal` an HMAC-SHA256.
    """

    proof_id: str
    person_kind: PersonKind
    person_id: str
    purpose: Purpose
    station_code: str
    is_match: bool
    score: int
    threshold: int
    quality: int
    template_version: int
    reader_serial: str
    sample_sha256: bytes
    captured_at: datetime
    seal: bytes = b""


def seal_of(proof: FingerProof, key: bytes) -> bytes:
    """Return the seal that a proof must carry: HMAC-SHA256 over all its other fields."""
    fields = (
        proof.proof_id,
        proof.person_kind,
        proof.person_id,
        proof.purpose.value,
        proof.station_code,
        str(int(proof.is_match)),
        str(proof.score),
        str(proof.threshold),
        str(proof.quality),
        str(proof.template_version),
        proof.reader_serial,
        proof.sample_sha256.hex(),
        proof.captured_at.isoformat(timespec="microseconds"),
    )
    return hmac.digest(key, "\x1f".join(f"{len(field)}:{field}" for field in fields).encode(), "sha256")


def is_sealed(proof: FingerProof, key: bytes) -> bool:
    """Return whether `biometrics` made this proof and nobody changed it since."""
    return hmac.compare_digest(proof.seal, seal_of(proof, key))
