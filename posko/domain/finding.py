"""One finding of one rule, as a view `fct_deviation_*` or a module of `checks.deviations` gives it (§5.2; requirements section 7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

SUBJECTS: Mapping[str, str] = {
    "tki": "TKI", "asesor": "asesor", "tuk": "TUK", "lsp": "LSP", "blkln": "BLKLN", "pptkis": "PPTKIS", "staff": "petugas",
    "station": "stasiun", "session": "sesi", "certificate": "sertifikat", "system": "sistem", "journey": "peserta",
    "return": "pengembalian", "handoff": "kiriman", "verification": "verifikasi", "login": "nomor masuk", "meeting": "rapat",
    "deviation": "penyimpangan", "case": "kasus", "finger": "sidik jari",
}  # fmt: skip
"""Kind of a subject -> its name on the screen."""
ONLY = "-"
"""The key of a finding where a subject can have only one of a rule."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of one rule; `(rule_id, subject_kind, subject_code, finding_key)` tells it from all others and stays.

    `subject_kind` is a lower-case word (tki, asesor, tuk, lsp, blkln, pptkis, staff, station, session, certificate, system), at most 12
    characters; `subject_code` and `finding_key` have at most 120. `evidence` has Indonesian keys, texts, whole numbers and short
    decimals, and nobody's NIK, name, address or template. `observed_at` is UTC without zone: when what was found happened. With
    `journey_id` a finding of severity H or B holds that result; with `session_id` alone it holds those of the whole session.
    """

    rule_id: str
    subject_kind: str
    subject_code: str
    finding_key: str
    evidence: Mapping[str, object]
    observed_at: datetime
    tki_id: str | None = None
    journey_id: int | None = None
    session_id: int | None = None


def about(subject_kind: str, subject_code: str) -> str:
    """Return a subject as people read it: `TUK TUK-007`, `petugas AU1`."""
    return f"{SUBJECTS.get(subject_kind, subject_kind)} {subject_code}"
