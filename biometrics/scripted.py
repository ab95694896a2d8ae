"""A matcher whose answers are written beforehand: for the demo and the tests, never in production.

It compares nothing. `misses` says how often in a row the finger of a person does not match before it does; a person in
`impostors` never matches.
"""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from biometrics.issue import Comparison
from posko.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from posko.domain.proof import PersonKind
    from posko.settings import Settings

THRESHOLD = 40
"""NBIS's customary threshold for a match."""


@dataclass
class ScriptedMatcher:
    """Answers as told; every sample is another one."""

    impostors: frozenset[str] = frozenset()
    misses: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, settings: Settings, *, impostors: frozenset[str] = frozenset()) -> ScriptedMatcher:
        """Return one for the demo.

        Raises:
            ConfigurationError: the environment is production, where only a real matcher may prove anybody.
        """
        if settings.environment == "production":
            raise ConfigurationError("Pencocok sidik jari tiruan tidak boleh dipakai di lingkungan production.")
        return cls(impostors)

    def compare(self, kind: PersonKind, person_id: str, station_code: str) -> Comparison:
        """Answer as told."""
        del kind, station_code
        is_missed = person_id in self.impostors or self.misses[person_id] > 0
        if self.misses[person_id] > 0:
            self.misses[person_id] -= 1
        return Comparison(
            score=12 if is_missed else 120,
            threshold=THRESHOLD,
            quality=80,
            template_version=1,
            sample_sha256=secrets.token_bytes(32),
        )
