"""Locks of the sign-in: of a number, of a station, how long, and what of it is a deviation (§8.2; R-044, R-047)."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.signing_in import REJECTED, attempts, finger, forged, later, miss, replayed, sign_in

pytestmark = pytest.mark.server


def locks(world):
    return world.ask(
        "select subject_kind, subject, failures, locked_until is not null from posko.login_lock order by 1, 2"
    )


def test_after_five_failures_the_number_is_locked_also_for_the_right_finger(world):
    for station in ("ST-0", "ST-1", "ST-2", "ST-3", "ST-0"):
        miss(world, station=station)

    assert sign_in(world, station="ST-1") == REJECTED
    assert attempts(world) == ["NO_MATCH"] * 5 + ["LOCKED"]
    assert ("PERSON", "KO1", 5, 1) in locks(world)
    assert sign_in(world, "BN1", "ST-1")["ok"] is True


def test_after_five_failures_the_station_is_locked_for_everybody(world):
    for who in ("XX1", "XX2", "XX3", "XX4", "XX5"):
        sign_in(world, who)

    assert sign_in(world, "KO1") == REJECTED
    assert sign_in(world, "KO1", "ST-2")["ok"] is True


@pytest.mark.parametrize(("minutes", "is_open"), [(14, False), (15, True), (16, True)])
def test_a_lock_opens_after_its_minutes(world, minutes, is_open):
    for _ in range(5):
        miss(world)
    later(world, minutes=minutes)

    assert sign_in(world)["ok"] is is_open


def test_failures_that_lie_apart_do_not_lock(world):
    for _ in range(8):
        miss(world)
        later(world, minutes=4)

    assert "LOCKED" not in attempts(world)


def test_a_success_forgets_the_failures_of_the_number_but_not_of_the_station(world):
    for _ in range(4):
        miss(world)
    assert sign_in(world)["ok"] is True

    assert locks(world) == [("PERSON", "KO1", 0, 0), ("STATION", "ST-1", 4, 0)]


def test_a_locked_attempt_counts_nothing_and_does_not_lengthen_the_lock(world):
    for _ in range(5):
        miss(world)
    until = world.ask("select locked_until from posko.login_lock order by 1")
    later(world, minutes=5)
    miss(world)

    assert world.ask("select locked_until from posko.login_lock order by 1") == until


def test_after_a_lock_the_count_begins_anew(world):
    for _ in range(5):
        miss(world)
    later(world, minutes=16)
    for _ in range(4):
        miss(world)

    assert sign_in(world)["ok"] is True


def test_of_32_wrong_fingers_at_once_exactly_five_are_judged(world):
    world.matcher.misses["KO1"] = 32
    made = [(finger(world, station=f"ST-{number % 4}"), f"ST-{number % 4}") for number in range(32)]

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda one: sign_in(world, "KO1", one[1], proof=one[0]), made))

    assert answers == [REJECTED] * 32
    assert sorted(attempts(world)) == ["LOCKED"] * 27 + ["NO_MATCH"] * 5
    assert world.value("select failures from posko.login_lock where subject = 'KO1'") == 5


def test_stations_that_somebody_invents_lock_each_other_and_nobody_else(world):
    for number in range(8):
        sign_in(world, "KO1", f"PALSU-{number}")

    assert attempts(world) == ["UNKNOWN_STATION"] * 5 + ["LOCKED"] * 3
    assert locks(world) == [("PERSON", "KO1", 0, 0), ("STATION", "?", 5, 1)]
    assert sign_in(world, "KO1")["ok"] is True


def test_a_station_that_is_no_longer_in_force_opens_nothing(world):
    world.write("update posko.station set valid_until = '2026-03-01' where station_code = 'ST-1'")

    assert sign_in(world) == REJECTED
    assert attempts(world) == ["UNKNOWN_STATION"]


def test_of_32_unknown_numbers_at_once_a_station_judges_exactly_five(world):
    made = [(f"XX{number}", finger(world, f"XX{number}")) for number in range(32)]

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda one: sign_in(world, one[0], proof=one[1]), made))

    assert answers == [REJECTED] * 32
    assert sorted(attempts(world)) == ["LOCKED"] * 27 + ["UNKNOWN_ID"] * 5


def test_the_limits_are_the_parameters_of_the_day(world):
    world.write(
        "insert into posko.parameter values ('login_failures', '2026-01-01', '2', 'uji', 'SA1', 'BN1', '2026-01-01')"
    )
    for _ in range(2):
        miss(world)

    assert sign_in(world) == REJECTED
    assert attempts(world)[-1] == "LOCKED"


def deviations(world):
    found = world.ask("select rule_id, subject_kind, subject_code, evidence from posko.deviation order by deviation_id")
    return [(rule, kind, code, json.loads(evidence)["cause"]) for rule, kind, code, evidence in found]


def test_a_closing_lock_is_a_deviation_with_its_cause(world):
    for _ in range(6):
        miss(world, station="ST-1")

    assert deviations(world) == [("DV-X02", "staff", "KO1", "repeated"), ("DV-X02", "station", "ST-1", "repeated")]


def test_tries_of_an_unknown_number_and_of_many_numbers_are_told_apart(world):
    for station in ("ST-0", "ST-1", "ST-2", "ST-3", "ST-0"):
        sign_in(world, "XX1", station)
    for who in ("XX2", "XX3", "XX4", "XX5"):
        sign_in(world, who, "ST-1")

    assert deviations(world) == [("DV-X02", "staff", "XX1", "unknown_id"), ("DV-X02", "station", "ST-1", "many_ids")]


@pytest.mark.parametrize(
    ("made", "rule"),
    [(forged, "DV-N01"), (replayed, "DV-I10"), (lambda world: finger(world, station="ST-9"), "DV-I12")],
)
def test_an_attack_with_a_proof_is_a_deviation_at_once(world, made, rule):
    sign_in(world, proof=made(world))

    assert world.ask("select rule_id from posko.deviation") == [(rule,)]
