"""What `posko run` does after the gate `allocation` without a click: distribute, judge, publish, return, hear (§12.9, §13.13, §14.1-14.5).

The deviation rules are judged before anything is published, so that what they find holds its result in time (§5.2). People's gates are
not touched: only what BNSP balanced is distributed, only what a closed meeting let pass is published. The gate `results` stands before
the publication and `return` before the return; each is asked only when something waits behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from apps import hand_over, returning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from apps.returning import ReturnSite
    from posko.services.office import Office


@dataclass(frozen=True)
class Step:
    """One stage: `gate` must pass before `work`, which returns counts of the summary."""

    name: str
    label: str
    work: Callable[[], dict[str, int]]
    gate: str | None = None


@dataclass(frozen=True)
class Onward:
    """Whose system acts, where results go (None: they wait in the outbox), what brings the public site up to date and judges the rules."""

    office: Office
    site: ReturnSite | None
    show_public: Callable[[], dict[str, int]] | None = None
    judge: Callable[[], dict[str, int]] | None = None

    def steps(self) -> Iterator[Step]:
        """Yield the steps that are due; what a step leaves decides whether the next one is."""
        office = self.office
        yield Step("distribute", "Menyerahkan yang siap diserahkan", partial(hand_over.distribute, office))
        if self.judge is not None:
            yield Step("deviations", "Menilai aturan penyimpangan", self.judge)
        if hand_over.may_publish(office):
            yield Step("publish", "Menayangkan hasil rapat", partial(hand_over.publish, office), "results")
        if self.show_public is not None and hand_over.is_public(office):
            yield Step("site", "Memperbarui situs publik", self.show_public)
        if hand_over.has_returns(office):
            work = partial(returning.give_back, office, self.site)
            yield Step("return", "Mengembalikan hasil ke BNP2TKI", work, "return")
        yield Step("acknowledge", "Membaca jawaban BNP2TKI", partial(returning.hear, office, self.site))
