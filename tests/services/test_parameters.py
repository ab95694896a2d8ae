"""Dated parameters: set by two persons, from a day on, never into the past (F44, R-028)."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from posko.domain.errors import Refused
from posko.domain.parameters import DEFAULTS
from posko.services import parameters
from posko.services.parameters import LIMITS, MOST

pytestmark = pytest.mark.server
TODAY = dt.date(2026, 3, 2)


def set_one(world, by="SA1", **more):
    given = {"name": "retake_days", "valid_from": "2026-04-01", "value": 14, "reason": "Rapat 1 Maret"} | more
    given.setdefault("second", world.second("BN1"))
    return world.desk(by).do(parameters.set_parameter, **given)


def value_on(world, day, name="retake_days"):
    return world.desk("AU1").do(parameters.in_force, day=day)[name]["value"]


def test_a_value_counts_from_its_day_on(world):
    assert set_one(world) == {"name": "retake_days", "valid_from": "2026-04-01", "before": 0, "after": 14}
    set_one(world, valid_from=dt.date(2026, 5, 1), value=30)

    assert [value_on(world, day) for day in ("2026-03-31", "2026-04-01", "2026-04-30", "2026-05-01")] == [0, 14, 14, 30]
    assert world.ask("select set_by, seconded_by from posko.parameter limit 1") == [("SA1", "BN1")]


def test_today_is_not_the_past_and_an_indonesian_day_begins_before_the_utc_one(world):
    world.now = dt.datetime.fromisoformat("2026-03-01T18:00")
    set_one(world, valid_from=TODAY)

    with pytest.raises(Refused) as found:
        set_one(world, valid_from="2026-03-01")
    assert found.value.code == "DATE_PAST"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"name": "tidak_ada"}, "UNKNOWN_PARAMETER"),
        ({"name": None}, "UNKNOWN_PARAMETER"),
        ({"name": ["retake_days"]}, "UNKNOWN_PARAMETER"),
        ({"name": "A" * 10_000_000}, "UNKNOWN_PARAMETER"),
        ({"value": -1}, "PARAMETER_RANGE"),
        ({"value": 1.5}, "PARAMETER_RANGE"),
        ({"value": True}, "PARAMETER_RANGE"),
        ({"value": "14"}, "PARAMETER_RANGE"),
        ({"value": None}, "PARAMETER_RANGE"),
        ({"value": 10**30}, "PARAMETER_RANGE"),
        ({"name": "login_failures", "value": 0}, "PARAMETER_RANGE"),
        ({"name": "payment_gate", "value": 2}, "PARAMETER_RANGE"),
        ({"valid_from": "2026-03-01"}, "DATE_PAST"),
        ({"valid_from": "1/4/2026"}, "NOT_A_DATE"),
        ({"valid_from": None}, "NOT_A_DATE"),
        ({"valid_from": dt.datetime.fromisoformat("2026-04-01T10:00")}, "NOT_A_DATE"),
        ({"valid_from": "9999-01-01"}, "DATE_FAR"),
        ({"reason": " "}, "TEXT_EMPTY"),
        ({"reason": "a\x00"}, "TEXT_CONTROL"),
        ({"second": None}, "SECOND_PERSON_MISSING"),
        ({"second": "BN1"}, "PROOF_MISSING"),
        ({"by": "KO1"}, "NotPermitted"),
        ({"by": "AU1"}, "NotPermitted"),
    ],
)
def test_wrong_values_are_refused_and_change_nothing(world, more, code):
    with pytest.raises(Refused) as found:
        set_one(world, **more)

    assert found.value.code == code
    assert world.value("select count(*) from posko.parameter") == 0
    assert len(world.events("refused")) == 1


@pytest.mark.parametrize(("second", "code"), [("SA1", "SECOND_PERSON_SAME"), ("KO1", "NotPermitted")])
def test_the_second_person_is_another_with_the_right(world, second, code):
    with pytest.raises(Refused) as found:
        set_one(world, second=world.second(second))
    assert found.value.code == code


def test_a_value_of_a_day_is_set_once_also_by_eight_at_once(world):
    made = [(number, world.second("BN1")) for number in range(8)]

    def attempt(one):
        try:
            return set_one(world, value=one[0], second=one[1])["after"]
        except Refused as refusal:
            return refusal.code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(attempt, made))

    assert answers.count("PARAMETER_SET") == 7
    assert world.value("select count(*) from posko.parameter") == 1


def test_every_parameter_is_told_with_unit_and_source(world):
    found = world.desk("BN1").do(parameters.in_force, day=TODAY)

    assert set(found) == set(DEFAULTS)
    assert all(one["unit"] and one["source"] and one["valid_from"] is None for one in found.values())
    assert world.events() == [("parameter.in_force", "parameter", "*")]


def test_every_default_lies_within_its_limits():
    assert set(LIMITS) <= set(DEFAULTS)
    for name, default in DEFAULTS.items():
        least, most = LIMITS.get(name, (0, MOST))
        assert least <= default.value <= most, name


@pytest.mark.parametrize("who", ["KO1", "LS1", "TU1", "AS1"])
def test_only_those_who_set_or_audit_read_them(world, who):
    with pytest.raises(Refused):
        world.desk(who).do(parameters.in_force, day=TODAY)
