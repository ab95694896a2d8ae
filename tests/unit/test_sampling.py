"""The sample of sessions: as many as wanted, chance by weight, the same from the same seed (§4.2; R-190)."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko.domain.sampling import SEED_BYTES, chances, draw

WEIGHTS = st.dictionaries(st.integers(1, 10**9), st.integers(1, 10_000), min_size=1, max_size=60)
SEEDS = st.binary(min_size=SEED_BYTES, max_size=SEED_BYTES)


@given(WEIGHTS, st.integers(1, 80), SEEDS)
def test_as_many_are_picked_as_are_wanted_or_all(weights, wanted, seed):
    picked = draw(weights, wanted, seed)

    assert len(picked) == min(wanted, len(weights))
    assert picked == sorted(set(picked))
    assert set(picked) <= weights.keys()


@given(WEIGHTS, st.integers(1, 80), SEEDS)
def test_the_same_data_and_the_same_seed_give_the_same_list_in_whatever_order_they_come(weights, wanted, seed):
    turned = dict(reversed(weights.items()))

    assert draw(weights, wanted, seed) == draw(turned, wanted, seed)


@given(WEIGHTS, st.integers(1, 80))
def test_chances_add_up_and_nobody_is_without_one(weights, wanted):
    share = chances(weights, wanted)

    assert sum(share.values()) == min(wanted, len(weights))
    assert all(0 < one <= 1 for one in share.values())


@given(WEIGHTS, st.integers(1, 80), SEEDS)
def test_whose_chance_is_one_is_always_picked(weights, wanted, seed):
    sure = {one for one, share in chances(weights, wanted).items() if share == 1}

    assert sure <= set(draw(weights, wanted, seed))


def test_twice_the_weight_is_twice_the_chance():
    assert chances({1: 100, 2: 200, 3: 300}, 1) == {1: Fraction(1, 6), 2: Fraction(2, 6), 3: Fraction(3, 6)}
    assert chances({1: 1, 2: 1, 3: 98}, 2) == {1: Fraction(1, 2), 2: Fraction(1, 2), 3: Fraction(1)}


@pytest.mark.parametrize(("sessions", "wanted"), [(40, 8), (12, 5), (200, 10)])
def test_frequencies_over_many_seeds_follow_the_weights(sessions, wanted):
    dice, draws = random.Random(sessions), 4_000
    weights = {number: dice.choice((100, 120, 200, 400, 1_300)) for number in range(1, sessions + 1)}
    share = chances(weights, wanted)

    counts = Counter(one for _ in range(draws) for one in draw(weights, wanted, dice.randbytes(SEED_BYTES)))

    for number, chance in share.items():
        spread = (float(chance) * (1 - float(chance)) / draws) ** 0.5
        assert abs(counts[number] / draws - float(chance)) <= 5 * spread, (number, weights[number])


def test_another_seed_picks_others():
    weights = dict.fromkeys(range(1, 101), 100)

    assert len({tuple(draw(weights, 10, bytes([number]) * SEED_BYTES)) for number in range(50)}) == 50
