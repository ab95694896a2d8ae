"""What is no fingerprint, or none that can be used: each is a refusal with its own code, and the process goes on."""

import random
from dataclasses import replace
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from biometrics import iso19794
from biometrics.errors import SampleRefused, TemplateBroken
from biometrics.minutiae import Impression, Minutia
from biometrics.nbis_matcher import NbisMatcher
from tests.support.pictures import NO_FINGERS, finger, page, record, sample

MATCHER = NbisMatcher()
WHOLE = sample(finger())


def code(given_sample):
    with pytest.raises(SampleRefused) as refused:
        MATCHER.extract(given_sample)
    assert str(refused.value).endswith(".")
    return refused.value.code


@pytest.mark.parametrize("name", NO_FINGERS)
def test_what_is_no_finger_is_called_so(name):
    assert code(sample(NO_FINGERS[name])) == "NOT_A_FINGER"


@pytest.mark.parametrize("turned", [0, 7])
@pytest.mark.parametrize("size", [8, 10, 12, 18, 30])
def test_no_page_of_text_is_a_finger(size, turned):
    assert code(sample(page(size, turned))) in {"NOT_A_FINGER", "FEW_MINUTIAE"}


@pytest.mark.parametrize(
    ("given_sample", "expected"),
    [
        pytest.param(replace(WHOLE, data=b""), "EMPTY", id="no bytes"),
        pytest.param(replace(WHOLE, width=0), "EMPTY", id="no width"),
        pytest.param(replace(WHOLE, height=-1), "EMPTY", id="negative height"),
        pytest.param(replace(WHOLE, width=2001, height=2000), "TOO_LARGE", id="over four million pixels"),
        pytest.param(replace(WHOLE, width=1 << 40), "TOO_LARGE", id="absurd width"),
        pytest.param(replace(WHOLE, data=WHOLE.data[:-1]), "TRUNCATED", id="a byte short"),
        pytest.param(replace(WHOLE, data=WHOLE.data * 3), "TRUNCATED", id="three bytes a pixel"),
        pytest.param(replace(WHOLE, ppi=0), "RESOLUTION", id="no resolution"),
        pytest.param(replace(WHOLE, ppi=249), "RESOLUTION", id="too coarse"),
        pytest.param(replace(WHOLE, ppi=1201), "RESOLUTION", id="too fine"),
        pytest.param(sample(Image.new("L", (1900, 1900), 9), ppi=250), "TOO_LARGE", id="too large at 500 ppi"),
        pytest.param(record(b"FMR\0 20\0"), "FORMAT", id="record cut short"),
        pytest.param(record(WHOLE.data), "FORMAT", id="a picture said to be a record"),
    ],
)
def test_a_sample_that_cannot_be_is_refused_by_what_is_wrong(given_sample, expected):
    assert code(given_sample) == expected


def test_a_print_said_to_be_of_a_wrong_resolution_does_not_match_and_breaks_nothing():
    enrolled = MATCHER.extract(WHOLE)
    misread = MATCHER.extract(replace(WHOLE, ppi=350))

    assert MATCHER.compare(misread, [enrolled]).score < 40


@given(st.integers(1, 40), st.integers(1, 40), st.data())
@settings(max_examples=60, deadline=None)
def test_no_small_picture_does_more_than_be_refused(width, height, data):
    grey = data.draw(st.binary(min_size=width * height, max_size=width * height))

    assert code(replace(WHOLE, data=grey, width=width, height=height)) == "NOT_A_FINGER"


def patterns():
    rng = random.Random(3)
    steps = range(12)
    return {
        "grid": [Minutia(10 + 25 * x, 10 + 25 * y, 90.0 * ((x + y) % 4)) for x in steps for y in steps],
        "row": [Minutia(10 + 2 * x, 100, 0.0) for x in range(40)],
        "one point": [Minutia(100, 100, 0.0)] * 30,
        "shaken grid": [
            Minutia(40 + 25 * x + rng.randrange(3), 40 + 25 * y + rng.randrange(3), 90.0) for x in steps for y in steps
        ],
        "crowd": [Minutia(rng.randrange(110), rng.randrange(110), 45.0 * rng.randrange(8)) for _ in range(140)],
    }


@pytest.mark.parametrize("name", patterns())
def test_a_pattern_that_the_matcher_would_never_end_on_is_refused_before(name):
    impression = Impression(1, 357, 392, tuple(patterns()[name]))

    with pytest.raises(TemplateBroken, match="berpola teratur"):
        MATCHER.template_of(impression)
    assert code(record(iso19794.write(impression))) == "FORMAT"


def test_points_thrown_at_random_are_compared_in_a_second():
    rng = random.Random(11)
    crowd = tuple(Minutia(rng.randrange(357), rng.randrange(392), rng.random() * 360) for _ in range(150))
    template = MATCHER.template_of(Impression(1, 357, 392, crowd))
    print_ = MATCHER.extract(WHOLE)

    begun = perf_counter()
    own, other = MATCHER.compare(template, [template]).score, MATCHER.compare(print_, [template]).score

    assert own > 400 > 40 > other
    assert perf_counter() - begun < 5
