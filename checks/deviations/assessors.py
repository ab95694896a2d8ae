"""DV-T01 (§4.2): an assessor whose pass rate lies outside the funnel of peers at the same TUK, scheme and month; hawks as well as doves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.deviations.peers import standardise
from checks.deviations.shares import outside
from posko.domain.finding import ONLY, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.deviations.frames import Frames
    from checks.deviations.limits import Limits

RULE = "DV-T01"


def judge(frames: Frames, limits: Limits) -> Iterator[Finding]:
    """Yield the assessors outside the funnel of their peers."""
    tests = frames.tests
    table = standardise(tests, "met", ["tuk", "lsp", "scheme", "month"], ["tuk", "lsp", "scheme"])
    last = tests.groupby("met", observed=True)["at"].max()
    for code, told in outside(table, limits, RULE):
        yield Finding(RULE, "asesor", code, ONLY, {**told, **frames.span}, last[code].to_pydatetime())
