"""Refusals of meeting, publication, return, appeals (§14.1-14.5)."""

from __future__ import annotations

from posko.domain.refusals.common import Sentence

SENTENCES: dict[str, Sentence] = {}
