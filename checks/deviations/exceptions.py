"""DV-I09 (§8.2): a clerk or a TUK that lets in more candidates without a finger than peers do (the hole that UIDAI closed)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.deviations.peers import standardise
from checks.deviations.shares import HIGH, outside
from posko.domain.finding import ONLY, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.deviations.frames import Frames
    from checks.deviations.limits import Limits

RULE = "DV-I09"


def judge(frames: Frames, limits: Limits) -> Iterator[Finding]:
    """Yield staff and TUK with too many biometric exceptions."""
    doors = frames.doors.assign(passed=frames.doors["is_exception"])
    for kind in ("staff", "tuk"):
        table = standardise(doors, kind, ["month"])
        last = doors.groupby(kind, observed=True)["at"].max()
        for code, told in outside(table, limits, RULE, side=HIGH):
            yield Finding(RULE, kind, code, ONLY, {**told, **frames.span}, last[code].to_pydatetime())
