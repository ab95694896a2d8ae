"""All statistical rules over one reading of the last months (§4.2; DV-T01 to DV-T07, DV-A09, DV-I09, DV-I11).

They open cases and never change a result. A group with fewer results than its dated least is never judged, and each family of comparisons
has one false discovery rate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.deviations import (
    assessors,
    bodies,
    exceptions,
    interaction,
    pairs,
    runs,
    scores,
    similarity,
    timing,
    volume,
)
from checks.deviations.frames import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    import sqlalchemy as sa

    from checks.deviations.frames import Frames
    from checks.deviations.limits import Limits
    from posko.domain.finding import Finding

JUDGES: Mapping[str, Callable[[Frames, Limits], Iterator[Finding]]] = {
    one.RULE: one.judge
    for one in (pairs, exceptions, scores, assessors, runs, bodies, interaction, similarity, timing, volume)
}
"""Rule -> what judges it."""


def find(db: sa.Connection, on: date) -> Iterator[Finding]:
    """Yield the findings of all statistical rules, as of a day.

    Raises:
        ConfigurationError: a limit is no parameter in force.
    """
    frames, limits = read(db, on)
    for judge in JUDGES.values():
        yield from judge(frames, limits)
