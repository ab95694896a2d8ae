"""Refusals of the LSP's decision (§13.9-13.10)."""

from __future__ import annotations

from posko.domain.refusals.common import Sentence

SENTENCES: dict[str, Sentence] = {}
