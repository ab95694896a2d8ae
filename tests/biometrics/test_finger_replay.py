"""A finger counts once: samples, minutiae and nonces that come again are refused and recorded (§8.2; R-045, DV-I10)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from posko.domain.errors import Refused
from posko.domain.proof import Purpose
from tests.support.fingers import Hands, touch
from tests.support.verifying import attempts

pytestmark = pytest.mark.server


@pytest.fixture
def known(hands) -> Hands:
    """T1 has two fingers from BNP2TKI, T2 too."""
    hands.know("T1", "T2")
    return hands


def refused_as(hands, sample, *, person_id="T1", purpose=Purpose.ATTEND):
    with pytest.raises(Refused) as refused:
        hands.verify("TKI", person_id, purpose, sample=sample)
    assert refused.value.reference
    return refused.value.code


def test_the_same_sample_again_is_refused_and_recorded_as_a_replay(world, known):
    first = known.sample("T1")
    known.verify("TKI", "T1", Purpose.ATTEND, sample=first)
    again = replace(first, nonce="b" * 32)

    assert refused_as(known, again) == "SAMPLE_REPLAYED"
    assert refused_as(known, again, person_id="T2") == "SAMPLE_REPLAYED"
    assert attempts(world, "outcome, replay_of is not null, proof_id is null") == [
        ("MATCH", 0, 0),
        ("REPLAYED", 1, 1),
        ("REPLAYED", 1, 1),
    ]
    assert world.ask("select rule_id, is_attempt from posko.deviation") == [("DV-I10", 1), ("DV-I10", 1)]


def test_the_same_minutiae_in_another_dress_are_a_replay(world, known):
    first = known.sample("T1")
    known.verify("TKI", "T1", Purpose.ATTEND, sample=first)
    body = first.data[28:-2]
    points = [body[start : start + 6] for start in range(0, len(body), 6)]
    turned = first.data[:26] + b"\x63" + first.data[27:28] + b"".join(reversed(points)) + first.data[-2:]

    assert turned != first.data
    assert refused_as(known, replace(first, data=turned, nonce="c" * 32)) == "SAMPLE_REPLAYED"


def test_the_enrolled_impression_itself_is_no_finger(world, known):
    assert refused_as(known, known.sample("T1", data=touch("T1", 2, "bnp2tki"))) == "SAMPLE_REPLAYED"
    assert attempts(world) == [("REPLAYED",)]


def test_a_nonce_is_answered_once(known):
    first = known.sample("T1")
    known.verify("TKI", "T1", Purpose.ATTEND, sample=first)

    assert refused_as(known, replace(known.sample("T1"), nonce=first.nonce)) == "NONCE_USED"


def test_of_many_copies_at_the_same_moment_one_counts(world, known):
    sample = known.sample("T1")

    def send(number: int) -> str:
        try:
            return known.verify("TKI", "T1", Purpose.ATTEND, sample=replace(sample, nonce=f"{number:032x}")).outcome
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(8) as pool:
        outcomes = sorted(pool.map(send, range(8)))

    assert outcomes == ["MATCH", *["SAMPLE_REPLAYED"] * 7]
    assert world.value("select count(*) from posko.finger_attempt") == 8
