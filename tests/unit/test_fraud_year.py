"""The drawn year keeps to the rules of the Pedoman, and the same seed draws the same year."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import numpy as np
import pytest

from apps.fraud.year_plan import PLANNED, PRESENT, SEATS, Bodies, Course, People, Place, Plan
from apps.fraud.year_times import DAY, EPOCH, HOUR, is_competent, timed

TODAY = 740_000
TIED, SHUT = (3, 1), frozenset((2, day) for day in range(TODAY - 60, TODAY - 40))
WORKING = [day for day in range(TODAY - 220, TODAY + 60) if day % 7 not in {0, 6}]


def plan(seed: int) -> Plan:
    rng = np.random.default_rng(5)
    people = People(TODAY - rng.integers(1, 180, 3_000), rng.integers(0, 8, 3_000), rng.integers(0, 10, 3_000))
    places = [Place(tuk, lsp) for tuk in range(6) for lsp in (tuk % 3, (tuk + 1) % 3)]
    choices = [[[2 * ((one + step) % 6), 2 * ((one + step) % 6) + 1] for step in range(3)] for one in range(8)]
    return Plan(seed, people, Bodies(places, np.arange(18) % 3, choices, frozenset({TIED}), SHUT), WORKING, TODAY)


@pytest.fixture(scope="module")
def drawn() -> tuple[Plan, Course]:
    made = plan(1)
    return made, made.run()


def test_the_same_seed_draws_the_same_year(drawn: tuple[Plan, Course]) -> None:
    again = plan(1).run()
    assert dataclasses.asdict(again) == dataclasses.asdict(drawn[1])
    assert dataclasses.asdict(plan(2).run()) != dataclasses.asdict(again)


def test_no_session_is_overfull_and_no_assessor_is_in_two_places(drawn: tuple[Plan, Course]) -> None:
    course = drawn[1]
    assert max(np.bincount(course.session)) <= SEATS
    days = list(zip(course.asesor, course.day, strict=True))
    assert len(set(days)) == len(days)
    assert set(course.day) <= set(WORKING)


def test_an_assessor_tests_for_her_own_lsp_alone(drawn: tuple[Plan, Course]) -> None:
    made, course = drawn
    lsp = [made.bodies.places[one].lsp for one in course.place]
    assert [int(made.bodies.asesor_lsp[one]) for one in course.asesor] == lsp


def test_a_suspended_tuk_is_shut_and_tied_companies_are_tested_elsewhere(drawn: tuple[Plan, Course]) -> None:
    made, course = drawn
    held = {(made.bodies.places[place].tuk, day) for place, day in zip(course.place, course.day, strict=True)}
    assert not held & SHUT
    of_company = [
        made.bodies.places[course.place[session]].lsp
        for session, person in zip(course.session, course.person, strict=True)
        if made.people.pptkis[person] == TIED[0]
    ]
    assert of_company
    assert TIED[1] not in of_company


def test_nobody_is_tested_before_her_training_ended_or_again_after_she_passed(drawn: tuple[Plan, Course]) -> None:
    made, course = drawn
    day = np.array(course.day)[course.session]
    assert (day > made.people.ended[course.person]).all()
    passed = is_competent(np.array(course.units)) & (np.array(course.outcome) == PRESENT)
    winners = set(np.array(course.person)[passed & (np.array(course.journey_no) == 1)].tolist())
    again = set(np.array(course.person)[np.array(course.journey_no) == 2].tolist())
    assert again
    assert not winners & again


def test_every_day_goes_in_order_and_lasts_long_enough(drawn: tuple[Plan, Course]) -> None:
    course = drawn[1]
    times = timed(course, seed=1, today=TODAY, working=WORKING).sessions
    done = (times["decided"] > 0) & (times["present"] > 0)
    assert done.any()
    names = (
        "allocated",
        "distributed",
        "acknowledged",
        "opened",
        "running",
        "ended",
        "released",
        "scored",
        "received",
        "decided",
    )
    for before, after in pairwise(names):
        assert (times[before][done] < times[after][done]).all(), (before, after)
    minutes = (times["ended"] - times["running"])[done] / 60e6
    assert (minutes >= 15 * times["present"][done]).all()
    # Nothing of today or later has happened yet.
    assert max(times[name].max() for name in names[3:]) < (TODAY - EPOCH) * DAY + 7 * HOUR


def test_what_lies_ahead_is_only_planned(drawn: tuple[Plan, Course]) -> None:
    course = drawn[1]
    ahead = np.array(course.day)[course.session] >= TODAY
    assert ((np.array(course.outcome) == PLANNED) == ahead).all()
