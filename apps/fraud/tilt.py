"""Frauds that only show in numbers, planted while the year is drawn, so that every later row agrees with them (§4.2; DV-T01 to DV-T07).

A lenient assessor cannot be made afterwards: certificates, publications and second tries follow from results. So who cheats is chosen
before the first test, and the plan asks here what becomes of each result. With k frauds of each rule:

| rule | planted | of them | near miss (not to be found) |
|---|---|---|---|
| DV-T01 | doves: 98 % of failures pass (99.6 % against 87 %, n about 950); hawks: 60 % of passes fail | k/2 and k/2 assessors | 10 % |
| DV-T02 | from a day on 220 candidates in a row pass | k assessors | 20 |
| DV-T03 | 95 % of failures pass; the sold TUK only after that | 1 LSP, 2 TUK of 60, 2 sold TUK, k/10 BLKLN, 3/10 k PPTKIS | 5 % |
| DV-T04 | 150 candidates of one company all pass, the others as always | k assessors | 12 |
| DV-T05 | 90 % of who lack one unit lack two; 6 or more failures of a session lack the same three | k/2 assessors, sessions | 15 %; 2 |
| DV-T06 | 39 to 41 s between all arrivals; scored 15 min after the release, within 20 s | k/2 sessions, k/2 assessors | 10 to 42 min |
| DV-T07 | from a day on 60 % of the candidates no longer come | k/2 TUK | 15 % |
| DV-A09 | the assessor gets the session of one place on 9 of 10 days on which she tests, and on 25 others | k assessors | 15 % of days |
| DV-I09 | 5 % of the present without a finger, against 0.3 % | k/4 TUK and their clerk | 0.4 % |
| DV-I11 | scores of a session within 1.5 points: k/2; 1.8 times as high: k/2 | k sessions | 3/4 of the spread; 1.1 times |
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from apps.fraud.year_plan import UNITS, Plan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from numpy.typing import NDArray

    from apps.fraud.year_plan import Bodies, People

    Ints = NDArray[np.int64]

ALL = (1 << UNITS) - 1
DOVE, HAWK, HONEST_DOVE = 0.98, 0.6, 0.1
RUN, SHORT_RUN = 220, 20
BODY, HONEST_BODY = 0.95, 0.05
LEAST_BLKLN = 1000
COMPANY, FEW_OF_COMPANY, OF_COMPANY = 150, 12, 0.3
GONE, FEW_GONE = 0.6, 0.15
"""Strength of what is planted, and of the near misses; see the table above."""


@dataclass
class Tilt:
    """Who cheats and how, as indices of the year's bodies; `near` are the near misses of each rule."""

    rng: np.random.Generator
    k: int
    doves: dict[int, float] = field(default_factory=dict)
    hawks: set[int] = field(default_factory=set)
    runs: dict[int, int] = field(default_factory=dict)
    run_from: dict[int, int] = field(default_factory=dict)
    bodies: dict[tuple[str, int], float] = field(default_factory=dict)
    sold: dict[int, int] = field(default_factory=dict)
    company: dict[int, tuple[int, int]] = field(default_factory=dict)
    moved: dict[int, int] = field(default_factory=dict)
    gone: dict[int, float] = field(default_factory=dict)
    near: dict[str, set[Any]] = field(default_factory=dict)
    told: dict[str, list[tuple[str, int, str, bool]]] = field(default_factory=dict)
    """Rule -> kind, index, key of a finding, and whether it is a fraud; for what follows from the drawn year."""
    shared: list[int] = field(default_factory=list)
    middle: int = 0


def choose(seed: int, k: int, people: People, bodies: Bodies, today: int) -> Tilt:
    """Choose who cheats: assessors of DV-T01, T02, T04 and A09 are other ones each, and at most a sixth of all for one rule."""
    tilt = Tilt(np.random.default_rng([seed, 77]), k, middle=today - 180)
    rng, asesor = tilt.rng, len(bodies.asesor_lsp)
    n = max(1, min(k, asesor // 15))
    lsp = int(rng.integers(bodies.asesor_lsp.max() + 1))
    # Whoever hardly ever tests cheats nobody; in a lenient LSP, or of an honest dove, leniency is no fraud of one.
    honest = Plan(seed, people, bodies, [], today)
    busy = honest.busy * (bodies.asesor_lsp != lsp) * (honest.lenient < honest.lenient.std())
    first = np.argsort(-busy)[: max(8 * n, asesor // 2)]
    free = [int(one) for one in np.setdiff1d(np.arange(asesor), first)] + [int(one) for one in rng.permutation(first)]
    taken = [[free.pop() for _ in range(n)] for _ in range(6)]
    tilt.doves = dict.fromkeys(taken[0][::2], DOVE) | dict.fromkeys(taken[1], HONEST_DOVE)
    tilt.hawks = set(taken[0][1::2])
    tilt.runs = dict.fromkeys(taken[2], RUN) | dict.fromkeys(taken[3], SHORT_RUN)
    tilt.run_from = {one: int(rng.integers(today - 300, today - 120)) for one in tilt.runs}
    companies = len(set(people.pptkis.tolist()))
    for each, many in [(one, COMPANY) for one in taken[4]] + [(one, FEW_OF_COMPANY) for one in taken[5]]:
        own = [c for c in range(companies) if (c, int(bodies.asesor_lsp[each])) not in bodies.tied]
        tilt.company[each] = (int(rng.choice(own)), many)
    tilt.near = {"DV-T01": set(taken[1]), "DV-T02": set(taken[3]), "DV-T04": set(taken[5])}
    tilt.shared = [one for one in free if bodies.asesor_lsp[one] != lsp]
    _choose_bodies(tilt, people, bodies, lsp)
    return tilt


def _choose_bodies(tilt: Tilt, people: People, bodies: Bodies, lsp: int) -> None:
    """Choose LSP, TUK, BLKLN and PPTKIS; a BLKLN must be a small part of its TUK, or the TUK itself stands out."""
    rng, n = tilt.rng, max(1, tilt.k // 5)
    tuk = [int(one) for one in rng.permutation(len({place.tuk for place in bodies.places}))]
    few = max(1, min(n, len(tuk) // 30))
    sizes = np.bincount(people.blkln, minlength=len(bodies.choices))
    strict = [all(bodies.places[spot].lsp != lsp for spot in choices[0]) for choices in bodies.choices]
    small = [int(one) for one in np.argsort(sizes) if sizes[one] >= LEAST_BLKLN and strict[one]][: 4 * n]
    blkln = [int(one) for one in rng.permutation(small)]
    schools, companies = max(1, n // 2), n + n // 2
    pptkis = [int(one) for one in rng.permutation(np.unique(people.pptkis))]
    chosen: list[tuple[str, int]] = [("lsp", lsp)] if len(tuk) >= 20 else []
    chosen += [("tuk", tuk.pop()) for _ in range(few)] + [("blkln", one) for one in blkln[:schools]]
    chosen += [("pptkis", one) for one in pptkis[:companies]]
    near = [("blkln", one) for one in blkln[schools:n]] + [("pptkis", one) for one in pptkis[companies : 2 * companies]]
    tilt.bodies = dict.fromkeys(chosen, BODY) | dict.fromkeys(near, HONEST_BODY)
    tilt.sold = {tuk.pop(): place for place in range(few)}
    many = max(1, min(tilt.k // 2, len(tuk) // 6))
    tilt.gone = {tuk.pop(): GONE for _ in range(many)} | {tuk.pop(): FEW_GONE for _ in range(many)}
    tilt.near["DV-T03"] = set(near)
    tilt.near["DV-T07"] = {one for one, share in tilt.gone.items() if share == FEW_GONE}


class TiltedPlan(Plan):
    """A plan in which some cheat."""

    def __init__(
        self, seed: int, people: People, bodies: Bodies, working: Sequence[int], today: int, *, tilt: Tilt
    ) -> None:
        super().__init__(seed, people, bodies, working, today)
        self.tilt, self.day, self.place = tilt, 0, 0

    def _arrive(self, day: int, place: int, who: Any) -> None:
        share = self.tilt.gone.get(self.bodies.places[place].tuk, 0.0)
        if share and day >= self.tilt.middle and who.journey_no == 1 and self.tilt.rng.random() < share:
            return
        super()._arrive(day, place, who)

    def _hold(self, day: int, place: int, asesor: int, taken: list[Any]) -> None:
        self.day, self.place = day, place
        super()._hold(day, place, asesor, taken)

    def _scores(self, person: Ints, asesor: int, journey_no: list[int]) -> Ints:
        units = super()._scores(person, asesor, journey_no)
        tilt, people = self.tilt, self.people
        lifted = np.full(len(units), tilt.doves.get(asesor, 0.0))
        spot = self.bodies.places[self.place]
        for kind, codes in (
            ("lsp", np.full(len(units), spot.lsp)), ("tuk", np.full(len(units), spot.tuk)),
            ("blkln", people.blkln[person]), ("pptkis", people.pptkis[person]),
        ):  # fmt: skip
            lifted = np.maximum(lifted, [tilt.bodies.get((kind, int(code)), 0.0) for code in codes])
        if spot.tuk in tilt.sold and self.day >= tilt.middle:
            lifted[:] = np.maximum(lifted, BODY)
        units = np.where(tilt.rng.random(len(units)) < lifted, ALL, units)
        if asesor in tilt.hawks:
            weak = ALL ^ (1 << tilt.rng.integers(0, UNITS, len(units)))
            units = np.where(tilt.rng.random(len(units)) < HAWK, units & weak, units)
        units = self._of_company(units, person, asesor, journey_no)
        return self._in_a_row(units, asesor)

    def _of_company(self, units: Ints, person: Ints, asesor: int, journey_no: list[int]) -> Ints:
        """Let candidates be of the company that this assessor favours, and pass."""
        company, left = self.tilt.company.get(asesor, (0, 0))
        for place, who in enumerate(person):
            is_free = journey_no[place] == 1 and int(who) not in self.tilt.moved and self.day < self.today
            if left and is_free and self.tilt.rng.random() < OF_COMPANY:
                self.tilt.moved[int(who)] = company
                units[place] = ALL
                left -= 1
        if asesor in self.tilt.company:
            self.tilt.company[asesor] = (company, left)
        return units

    def _in_a_row(self, units: Ints, asesor: int) -> Ints:
        """Let everybody pass as long as the run of this assessor lasts."""
        left = self.tilt.runs.get(asesor, 0)
        if left > 0 and self.day >= self.tilt.run_from[asesor]:
            units[:left] = ALL
            self.tilt.runs[asesor] = left - len(units)
        return units
