"""Capacity 100 under 320 requests of 32 threads: exactly 100 seats, and nobody waits for ever (R-090, DV-A04; facts 2.2)."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from posko.domain.errors import Refused
from tests.support.preparation import parameter, place, registered, registers
from tests.support.world import World

pytestmark = pytest.mark.server


@pytest.fixture(name="world")
def _world(clean_posko, settings):
    made = World(clean_posko, settings)
    made.fill()
    yield made
    made.close()


def test_a_hundred_seats_are_sold_exactly_a_hundred_times(world):
    parameter(world, "asesor_per_day", 100_000)
    registers(world, "update posko.tuk set capacity_per_day = 100 where tuk_code = 'TUK-1'")
    journeys = registered(world, *(str(1000 + number) for number in range(320)))

    def ask(journey_id: int) -> str:
        try:
            place(world, journey_id)
        except Refused as refusal:
            return refusal.code
        return "SOLD"

    with ThreadPoolExecutor(32) as pool:
        answers = Counter(pool.map(ask, journeys))

    assert answers == {"SOLD": 100, "TUK_FULL": 220}
    assert world.ask("select capacity, booked from posko.tuk_day") == [(100, 100)]
    assert world.value("select booked from posko.asesor_day") == 100
    assert world.value("select count(*) from posko.allocation") == 100
    assert world.value("select count(*) from posko.journey where status = 'ALLOCATED'") == 100
    assert world.value("select count(*) from posko.deviation where rule_id = 'DV-A04'") == 220


def test_an_assessor_is_sent_to_one_place_however_many_ask_at_once(world):
    parameter(world, "asesor_per_day", 100_000)
    journeys = registered(world, *(str(1000 + number) for number in range(64)))

    def ask(numbered: tuple[int, int]) -> str:
        number, journey_id = numbered
        try:
            place(world, journey_id, tuk_code=f"TUK-{number % 2 + 1}", reason="uji")
        except Refused as refusal:
            return refusal.code
        return "SOLD"

    with ThreadPoolExecutor(32) as pool:
        answers = Counter(pool.map(ask, enumerate(journeys)))

    assert set(answers) <= {"SOLD", "ASESOR_ELSEWHERE", "TUK_FULL"}
    assert world.value("select count(distinct tuk_code) from posko.exam_session") == 1
    assert world.value("select sum(booked) from posko.tuk_day") == answers["SOLD"] == 20
