"""Refusals of exam day, attendance, assessor, scoring (§13.1-13.8)."""

from __future__ import annotations

from posko.domain.refusals.common import Sentence

SENTENCES: dict[str, Sentence] = {}
