"""Refusals of registers and parameters (§3.2, §9.2, R-012)."""

from __future__ import annotations

from posko.domain.refusals.common import Sentence

SENTENCES: dict[str, Sentence] = {}
