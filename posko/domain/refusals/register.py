"""Refusals of search, registration, schedule, allocation, distribution (§12.3-12.11)."""

from __future__ import annotations

from posko.domain.refusals.common import Sentence

SENTENCES: dict[str, Sentence] = {}
