"""Refusals of certificates: number, print, status, verification (§13.11-13.14)."""

from __future__ import annotations

from posko.domain.refusals.common import Sentence

SENTENCES: dict[str, Sentence] = {}
