"""Fingers as minutiae: made again from a name, alike where they must be and different where they must be."""

import hashlib
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics import iso19794
from biometrics.minutiae import Kind
from biometrics.nbis_matcher import NbisMatcher
from biometrics.synthetic import people
from biometrics.synthetic.draws import Draws, uniforms
from biometrics.synthetic.pattern import HEIGHT, WIDTH, FingerClass, pattern_of

FINGERS = 60
MATCHER = NbisMatcher()


def templates(touch, hard=1.0):
    return [
        MATCHER.template_of(people.impression(people.master(f"test:{n}", 2), touch, hard=hard)) for n in range(FINGERS)
    ]


def test_a_finger_made_today_is_the_finger_of_every_other_day():
    """Fails when the generator changes: then every file and every database that holds its fingers is of another people."""
    finger = people.impression(people.master("tki:9000017", 7), "once")
    rows = "\n".join(f"{m.x} {m.y} {m.angle:.1f} {int(m.kind)}" for m in finger.minutiae)

    assert (
        hashlib.sha256(rows.encode()).hexdigest() == "4a3671fdf2c2d88fde04d3f05a807b79c246ade3612c72a61458e4e582285db8"
    )


def test_the_numbers_by_chance_are_those_of_the_hash_alone():
    assert uniforms("posko", 3).tolist() == [
        int.from_bytes(hashlib.shake_256(b"posko").digest(12)[at : at + 4], "little") / 2**32 for at in (0, 4, 8)
    ]


def test_a_stream_that_is_too_short_says_so_instead_of_repeating_itself():
    draws = Draws("short", 3)
    draws.take(2)

    with pytest.raises(IndexError, match="1 of 2"):
        draws.take(2)


def test_normal_numbers_have_the_mean_and_the_deviation_of_the_normal_distribution():
    numbers = Draws("normal", 20_000).normals(10_000)

    assert abs(numbers.mean()) < 0.03
    assert abs(numbers.std() - 1) < 0.03


@pytest.mark.parametrize("finger", range(1, 11))
def test_a_master_has_minutiae_for_an_enrolment_apart_from_each_other_and_inside_the_picture(finger):
    for number in range(20):
        made = people.master(f"test:{number}", finger)
        points = [(m.x, m.y) for m in made.minutiae]
        assert made.finger == finger
        assert 38 <= len(points) <= 54
        assert all(0 <= x < WIDTH and 0 <= y < HEIGHT for x, y in points)
        assert min(math.dist(a, b) for a in points for b in points if a is not b) > 11
        assert {m.kind for m in made.minutiae} == {Kind.ENDING, Kind.BIFURCATION}


def test_minutiae_point_along_the_ridges_of_the_finger():
    draws = Draws("posko:finger:test:1:2", 40)
    pattern = pattern_of(draws)
    off = []
    for m in people.master("test:1", 2).minutiae:
        flow = math.degrees(float(pattern.orientation(np.array(float(m.x)), np.array(float(m.y)))))
        off.append(abs((m.angle - flow + 90) % 180 - 90))

    assert sorted(off)[len(off) * 9 // 10] < 12


def test_the_classes_come_as_often_as_among_people():
    kinds = [pattern_of(Draws(f"class:{n}", 40)).kind for n in range(2_000)]

    assert 0.28 < kinds.count(FingerClass.LEFT_LOOP) / 2_000 < 0.40
    assert 0.22 < kinds.count(FingerClass.WHORL) / 2_000 < 0.34
    assert 0.01 < kinds.count(FingerClass.ARCH) / 2_000 < 0.07
    assert 0.01 < kinds.count(FingerClass.TENTED_ARCH) / 2_000 < 0.06


def test_a_touch_without_any_hardship_is_the_finger_itself():
    whole = people.master("test:1", 2)

    assert people.impression(whole, "any", hard=0) == whole


def test_two_touches_of_one_finger_differ_and_so_do_two_fingers_under_one_touch():
    one, other = people.master("test:1", 2), people.master("test:1", 7)

    assert people.impression(one, "a") == people.impression(one, "a")
    assert people.impression(one, "a") != people.impression(one, "b")
    assert one.minutiae != other.minutiae
    assert people.impression(one, "a").minutiae != people.impression(other, "a").minutiae


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30), st.integers(1, 10), st.text(max_size=30), st.floats(0, 3))
def test_any_name_gives_an_impression_that_a_record_can_hold(seed, finger, touch, hard):
    made = people.impression(people.master(seed, finger), touch, hard=hard)
    read = iso19794.read(iso19794.write(made))

    assert read.finger == finger
    assert [(m.x, m.y, m.kind) for m in read.minutiae] == [(m.x, m.y, m.kind) for m in made.minutiae]


def test_a_usual_touch_matches_its_finger_and_nobody_elses():
    enrolled, probes = templates("enrolled"), templates("probe")
    genuine = [MATCHER.compare(probe, [mate]).score for probe, mate in zip(probes, enrolled, strict=True)]
    others = [MATCHER.compare(probe, [enrolled[n - 1]]).score for n, probe in enumerate(probes)]

    assert sorted(genuine)[FINGERS // 20] >= 40
    assert max(others) < 24


def test_a_hard_touch_scores_lower_than_a_usual_one():
    enrolled = templates("enrolled")
    medians = []
    for hard in (1.0, 1.5, 2.0):
        scores = [
            MATCHER.compare(probe, [mate]).score for probe, mate in zip(templates("probe", hard), enrolled, strict=True)
        ]
        medians.append(sorted(scores)[FINGERS // 2])

    assert medians[0] > 1.2 * medians[1] > 1.4 * medians[2]
