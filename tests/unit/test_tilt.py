"""The frauds that are drawn with the year: told exactly, strong where they must be found, and nothing else changed (F43)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from apps.fraud.plants_stat import EFFECTS, PLANTERS, RULES, planted
from apps.fraud.tilt import ALL, Tilt, TiltedPlan, choose
from apps.fraud.tilt_after import tilt_course, tilt_times
from apps.fraud.year_plan import PRESENT, Bodies, Course, People, Place
from apps.fraud.year_registers import Registers
from apps.fraud.year_times import SECOND, Timed, timed
from checks.deviations.statistics import JUDGES

TODAY = 739_600
WORKING = [day for day in range(TODAY - 400, TODAY + 60) if day % 7 not in {6, 0}]


@dataclass
class Tilted:
    made: Registers
    tilt: Tilt
    course: Course
    times: Timed


def tilted(tki: int, asesor: int, tuk: int, k: int) -> Tilted:
    rng = np.random.default_rng(4)
    people = People(rng.integers(TODAY - 330, TODAY - 30, tki), rng.integers(0, 3 * tuk, tki), rng.integers(0, 20, tki))
    places = [Place(site, (site + add) % 3) for site in range(tuk) for add in (0, 1)]
    choices = [[[2 * site, 2 * site + 1] for site in (code % tuk, (code + 1) % tuk)] for code in range(3 * tuk)]
    bodies = Bodies(places, np.arange(asesor) % 3, choices, frozenset(), frozenset())
    tilt = choose(1, k, people, bodies, TODAY)
    course = TiltedPlan(1, people, bodies, WORKING, TODAY, tilt=tilt).run()
    tilt_course(tilt, course, bodies)
    times = timed(course, seed=1, today=TODAY, working=WORKING)
    tilt_times(tilt, course, times, bodies)
    names = [[f"{kind}{number}" for number in range(60)] for kind in ("L", "T", "M", "P", "B", "C")]
    return Tilted(Registers(*names, bodies), tilt, course, times)


@pytest.fixture(scope="module")
def year() -> Tilted:
    return tilted(20_000, 45, 24, 4)


def test_every_statistical_rule_has_a_planter_and_its_size_in_words() -> None:
    assert set(PLANTERS) == set(EFFECTS) == set(RULES) == set(JUDGES)


def test_frauds_and_near_misses_of_every_rule_are_told_once(year: Tilted) -> None:
    told = planted(year.tilt, year.made)
    keys = [(one.rule_id, one.subject_kind, one.subject_code, one.finding_key) for one in told]
    assert len(set(keys)) == len(keys)
    for rule_id in RULES:
        assert {one.is_fraud for one in told if one.rule_id == rule_id} == {True, False}, rule_id


def test_doves_pass_and_hawks_fail_far_beyond_honest_assessors(year: Tilted) -> None:
    asesor = np.array(year.course.asesor)[np.array(year.course.session)]
    passed = np.array(year.course.units) == ALL
    doves = [one for one, share in year.tilt.doves.items() if share > 0.5]
    assert passed[np.isin(asesor, doves)].mean() > 0.97
    assert passed[np.isin(asesor, list(year.tilt.hawks))].mean() < 0.5
    assert 0.75 < passed[np.isin(asesor, year.tilt.shared)].mean() < 0.95


def test_a_run_of_passes_is_planted_whole(year: Tilted) -> None:
    units, asesor = np.array(year.course.units), np.array(year.course.asesor)[np.array(year.course.session)]
    for one in year.tilt.runs.keys() - year.tilt.near["DV-T02"]:
        fails = np.flatnonzero(np.r_[False, units[asesor == one] == ALL, False] == 0)
        assert np.diff(fails).max() > 120


def test_sessions_that_are_alike_keep_their_results(year: Tilted) -> None:
    session, units, outcome = (
        np.array(column) for column in (year.course.session, year.course.units, year.course.outcome)
    )
    alike = [
        int(key.split("-")[1]) - 1 for _, _, key, is_fraud in year.tilt.told["DV-T05"] if is_fraud and "sesi" in key
    ]
    assert alike
    for one in alike:
        failed = units[(session == one) & (outcome == PRESENT) & (units != ALL)]
        assert len(failed) >= 6
        assert len(set(failed.tolist())) == 1


def test_a_door_like_clockwork_comes_before_the_test_begins(year: Tilted) -> None:
    doors = [
        int(key.split("-")[1]) - 1 for kind, _, key, is_fraud in year.tilt.told["DV-T06"] if is_fraud and kind == "tuk"
    ]
    session = np.array(year.course.session)
    for one in doors:
        arrived = year.times.sittings["arrived"][session == one]
        assert np.abs(np.diff(arrived) / SECOND - 40).max() <= 1
        assert arrived.max() < year.times.sessions["running"][one] < year.times.sessions["ended"][one]


def test_nobody_is_at_two_tests_on_one_day(year: Tilted) -> None:
    taken = list(zip(year.course.day, year.course.asesor, strict=True))
    assert len(set(taken)) == len(taken)


def test_a_year_too_small_for_statistics_is_drawn_all_the_same() -> None:
    assert planted((small := tilted(2_000, 18, 6, 1)).tilt, small.made)
