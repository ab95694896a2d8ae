"""The honest year drawn day by day: who is tested when, where, by whom, and with what result (§12.3-13.14).

Only the course of events is drawn here, as numbers; `year_rows` writes them down as every body would have. Each TKI waits in the queue of
one TUK and LSP, chosen by the rule of her BLKLN; a session is held as soon as enough wait or somebody waited long. Whoever stayed away
comes again, and most who are not yet competent try again after some weeks, at the same place. An assessor has one session a day and is
drawn anew each time among those of the LSP.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SEATS = 20
"""Candidates of one session at most, and of one assessor a day."""
ENOUGH, LONGEST_WAIT = 12, 6
"""So many make a session; fewer sit when one of them waited so many days."""
BEFORE = 14
"""Days between the end of the training, or a result, and the test at the earliest."""
AHEAD = 3
"""Days after today whose lists have reached the TUK already."""
ABSENT, TURNED_AWAY = 0.02, 0.002
COMES_AGAIN = 0.6
"""Share of those not yet competent who try once more."""
UNITS = 6
BASE, ABILITY = 4.6, 1.3
DIFFICULTY = (-0.5, 0.4, 0.2, -0.3, -0.6, 0.6)
"""Added to the log-odds of `K` for each unit."""
ASESOR_SHARE = 0.12
"""Part of the variance of the main effects (person, unit, BLKLN, assessor) that is the assessor's strictness: honest hawks and doves."""
BLKLN_SD = 0.3
PRESENT, STAYED_AWAY, NO_MATCH, PLANNED = range(4)


@dataclass(frozen=True)
class People:
    """The TKI of the year, one position each: when her training ended, and as indices her BLKLN and PPTKIS."""

    ended: NDArray[np.int64]
    blkln: NDArray[np.int64]
    pptkis: NDArray[np.int64]


@dataclass(frozen=True)
class Place:
    """One TUK with one LSP that tests there; both as indices."""

    tuk: int
    lsp: int


@dataclass(frozen=True)
class Bodies:
    """Who takes part: places, LSP of each assessor, the places of each BLKLN by priority, and what is kept apart.

    `choices[b]` are lists of places by priority of the TUK; `tied` are pairs (PPTKIS, LSP) with one owner, `closed` pairs (TUK, day).
    """

    places: Sequence[Place]
    asesor_lsp: NDArray[np.int64]
    choices: Sequence[Sequence[Sequence[int]]]
    tied: frozenset[tuple[int, int]]
    closed: frozenset[tuple[int, int]]


@dataclass
class Course:
    """What happened: one entry a session, and one a sitting (a TKI on the list of a session)."""

    day: list[int] = field(default_factory=list)
    place: list[int] = field(default_factory=list)
    asesor: list[int] = field(default_factory=list)
    session: list[int] = field(default_factory=list)
    seat: list[int] = field(default_factory=list)
    person: list[int] = field(default_factory=list)
    journey_no: list[int] = field(default_factory=list)
    attempt: list[int] = field(default_factory=list)
    outcome: list[int] = field(default_factory=list)
    units: list[int] = field(default_factory=list)
    """Bit u is set where unit u is `K`."""


@dataclass
class _Waiting:
    person: int
    journey_no: int
    attempt: int
    since: int


class Plan:
    """Draws one year; the same seed, people and bodies give the same course."""

    def __init__(self, seed: int, people: People, bodies: Bodies, working: Sequence[int], today: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.people, self.bodies = people, bodies
        self.working, self.today = working, today
        self.queues: list[deque[_Waiting]] = [deque() for _ in bodies.places]
        self.arrivals: dict[int, list[tuple[int, _Waiting]]] = {}
        self.course = Course()
        count = len(people.ended)
        asesor_sd = np.sqrt(ASESOR_SHARE / (1 - ASESOR_SHARE) * (ABILITY**2 + np.var(DIFFICULTY) + BLKLN_SD**2))
        self.ability = ABILITY * self.rng.standard_normal(count)
        self.blkln = BLKLN_SD * self.rng.standard_normal(len(bodies.choices))
        self.lenient = asesor_sd * self.rng.standard_normal(len(bodies.asesor_lsp))
        self.busy = self.rng.gamma(4.0, 0.25, len(bodies.asesor_lsp))

    def run(self) -> Course:
        """Play every working day from the first that somebody may come to, and the few days ahead that are planned."""
        self._first_arrivals()
        for day in self.working:
            if day >= self.today + AHEAD:
                break
            self._play(day)
        return self.course

    def _first_arrivals(self) -> None:
        people, rng = self.people, self.rng
        ready = people.ended + BEFORE + rng.integers(0, 10, len(people.ended))
        wish, second = rng.random(len(ready)), rng.random(len(ready))
        for person in np.argsort(ready, kind="stable"):
            place = self._choose(int(person), float(wish[person]), float(second[person]))
            self._arrive(int(ready[person]), place, _Waiting(int(person), 1, 1, int(ready[person])))

    def _choose(self, person: int, wish: float, second: float) -> int:
        """Return the place: mostly the first TUK of the rule, and there one of its LSP that is not the PPTKIS's own."""
        choices = self.bodies.choices[int(self.people.blkln[person])]
        sites = choices[0 if wish < 0.8 else min(1 if wish < 0.95 else 2, len(choices) - 1)]
        company = int(self.people.pptkis[person])
        free = [one for one in sites if (company, self.bodies.places[one].lsp) not in self.bodies.tied] or list(sites)
        return free[int(second * len(free))]

    def _arrive(self, day: int, place: int, who: _Waiting) -> None:
        self.arrivals.setdefault(day, []).append((place, who))

    def _play(self, day: int) -> None:
        for came in sorted(one for one in self.arrivals if one <= day):
            for place, who in self.arrivals.pop(came):
                self.queues[place].append(who)
        lists = [(place, taken) for place in range(len(self.queues)) if (taken := self._list_of(place, day))]
        for place, taken, asesor in self._with_asesor(lists):
            self._hold(day, place, asesor, taken)

    def _list_of(self, place: int, day: int) -> list[_Waiting]:
        queue = self.queues[place]
        if not queue or (self.bodies.places[place].tuk, day) in self.bodies.closed:
            return []
        if len(queue) < ENOUGH and day - queue[0].since < LONGEST_WAIT:
            return []
        return [queue.popleft() for _ in range(min(SEATS, len(queue)))]

    def _with_asesor(self, lists: list[tuple[int, list[_Waiting]]]) -> list[tuple[int, list[_Waiting], int]]:
        """Give each list an assessor of its LSP, nobody two; where there are too few, the last lists wait on."""
        drawn: dict[int, list[int]] = {}
        for lsp in sorted({self.bodies.places[place].lsp for place, _ in lists}):
            own = np.flatnonzero(self.bodies.asesor_lsp == lsp)
            order = np.argsort(self.rng.exponential(1.0, len(own)) / self.busy[own])
            drawn[lsp] = [int(one) for one in own[order]]
        given = []
        for place, taken in lists:
            free = drawn[self.bodies.places[place].lsp]
            if free:
                given.append((place, taken, free.pop(0)))
            else:
                self.queues[place].extendleft(reversed(taken))
        return given

    def _hold(self, day: int, place: int, asesor: int, taken: list[_Waiting]) -> None:
        course, rng = self.course, self.rng
        session = len(course.day)
        course.day.append(day)
        course.place.append(place)
        course.asesor.append(asesor)
        person = np.array([one.person for one in taken])
        fate = rng.random(len(taken))
        outcome = np.where(fate < ABSENT, STAYED_AWAY, np.where(fate < ABSENT + TURNED_AWAY, NO_MATCH, PRESENT))
        # At a second attempt everybody comes; after today nobody has come yet.
        outcome[[one.attempt > 1 for one in taken]] = PRESENT
        if day >= self.today:
            outcome[:] = PLANNED
        units = self._scores(person, asesor, [one.journey_no for one in taken])
        for seat, who in enumerate(taken):
            course.session.append(session)
            course.seat.append(seat)
            course.person.append(who.person)
            course.journey_no.append(who.journey_no)
            course.attempt.append(who.attempt)
            course.outcome.append(int(outcome[seat]))
            course.units.append(int(units[seat]))
            self._after(day, place, who, int(outcome[seat]), int(units[seat]))

    def _scores(self, person: NDArray[np.int64], asesor: int, journey_no: list[int]) -> NDArray[np.int64]:
        learnt = 0.8 * (np.array(journey_no) > 1)
        who = BASE + self.ability[person] + learnt + self.blkln[self.people.blkln[person]] + self.lenient[asesor]
        chance = 1 / (1 + np.exp(-(who[:, None] + np.array(DIFFICULTY))))
        passed = self.rng.random(chance.shape) < chance
        bits: NDArray[np.int64] = (passed * (1 << np.arange(UNITS))).sum(axis=1)
        return bits

    def _after(self, day: int, place: int, who: _Waiting, outcome: int, units: int) -> None:
        if outcome in {STAYED_AWAY, NO_MATCH}:
            self._arrive(day + 7, place, _Waiting(who.person, who.journey_no, who.attempt + 1, day + 7))
        elif (
            outcome == PRESENT and units != (1 << UNITS) - 1 and who.journey_no == 1 and self.rng.random() < COMES_AGAIN
        ):
            again = day + 24 + int(self.rng.integers(0, 30))
            self._arrive(again, place, _Waiting(who.person, 2, 1, again))
