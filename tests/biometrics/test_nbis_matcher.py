"""The real matcher on the committed prints: templates, scores, quality, records of others, threads."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.metadata import version

import nbis
import pytest
from PIL import Image

from biometrics import iso19794, nbis_record
from biometrics.errors import FormatDiffers, SampleRefused, TemplateBroken
from biometrics.minutiae import Impression, Kind, Minutia
from biometrics.nbis_matcher import FORMAT, NbisMatcher
from biometrics.types import MatchResult
from tests.support.pictures import finger, record, sample

MATCHER = NbisMatcher()
MATCH = 40


@pytest.fixture(scope="module")
def prints():
    """Two touches of four fingers."""
    names = [f"{person}-{place}-{touch}" for person in (1, 2) for place in (2, 7) for touch in (1, 2)]
    return {name: MATCHER.extract(sample(finger(name)), finger=int(name[2])) for name in names}


def score(one, other):
    return MATCHER.compare(one, [other]).score


def test_the_format_names_the_version_that_is_installed():
    assert f"nbis-py/{version('nbis-py')}" == FORMAT == MATCHER.format


def test_a_template_says_what_it_is_and_hides_its_bytes(prints):
    template = prints["1-2-1"]

    assert (template.format, template.finger, template.quality) == (FORMAT, 2, None)
    assert template.minutiae == len(MATCHER.impression_of(template).minutiae) >= 25
    assert template.data.hex() not in repr(template)


def test_two_touches_of_a_finger_agree_and_two_fingers_do_not(prints):
    for name, template in prints.items():
        for other_name, other in prints.items():
            if name < other_name:
                is_same = name[:3] == other_name[:3]
                assert (score(template, other) >= MATCH) is is_same, (name, other_name)


def test_the_best_of_the_enrolled_counts_and_its_place_is_told(prints):
    enrolled = [prints["2-2-1"], prints["1-7-1"], prints["1-2-2"], prints["1-2-1"]]

    found = MATCHER.compare(prints["1-2-1"], enrolled)

    assert found == MatchResult(score(prints["1-2-1"], prints["1-2-1"]), 3)
    assert MATCHER.compare(prints["1-2-1"], enrolled[:3]) == MatchResult(score(prints["1-2-1"], prints["1-2-2"]), 2)


def test_a_score_that_leaves_no_doubt_ends_the_comparison_and_changes_no_answer(prints):
    probe, mate, stranger = prints["1-2-1"], prints["1-2-2"], prints["2-2-1"]
    enrolled = [stranger, mate, stranger, probe]
    clear = score(probe, mate)

    ended = MATCHER.compare(probe, enrolled, enough=clear)
    assert (ended.score, ended.best) == (clear, 1)
    assert MATCHER.compare(probe, enrolled, enough=clear + 1) == MATCHER.compare(probe, enrolled)
    for enough in (MATCH, clear, 10_000):
        assert MATCHER.compare(probe, enrolled, enough=enough).score >= MATCH
        assert MATCHER.compare(probe, [stranger] * 3, enough=enough).score < MATCH


def test_of_nobody_there_is_no_best(prints):
    assert MATCHER.compare(prints["1-2-1"], []) == MatchResult(0, None)


def test_templates_of_another_format_are_never_compared(prints):
    foreign = replace(prints["1-2-2"], format="zk/10")

    for probe, enrolled in ((foreign, [prints["1-2-1"]]), (prints["1-2-1"], [prints["1-2-2"], foreign])):
        with pytest.raises(FormatDiffers, match=r"zk/10.*nbis-py/0\.1\.3"):
            MATCHER.compare(probe, enrolled)
    with pytest.raises(FormatDiffers):
        MATCHER.impression_of(foreign)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data + b"\0",
        lambda data: b"x" + data[1:],
        lambda data: data[:25] + b"\xff" + data[26:],
        lambda data: data[:26] + b"\x7f\xff" + data[28:],
        lambda data: data[:31] + b"\xff" + data[32:],
        lambda data: iso19794.write(nbis_record.read(data, 2)),
    ],
)
def test_bytes_that_are_no_template_are_refused(prints, damage):
    template = prints["1-2-1"]
    broken = replace(template, data=damage(template.data))

    for probe, enrolled in ((broken, template), (template, broken)):
        with pytest.raises(TemplateBroken):
            MATCHER.compare(probe, [enrolled])


def test_minutiae_out_of_a_template_make_the_same_template(prints):
    for template in prints.values():
        assert MATCHER.template_of(MATCHER.impression_of(template)) == template


def test_a_record_for_exchange_keeps_every_score(prints):
    probe = prints["1-2-1"]
    for enrolled in prints.values():
        exchanged = iso19794.read(iso19794.write(MATCHER.impression_of(enrolled)))

        assert score(probe, MATCHER.template_of(exchanged)) == score(probe, enrolled)


def test_the_order_of_the_minutiae_in_a_record_changes_no_score(prints):
    impression = MATCHER.impression_of(prints["1-2-1"])
    shuffled = list(impression.minutiae)
    random.Random(1).shuffle(shuffled)

    assert MATCHER.template_of(replace(impression, minutiae=tuple(shuffled))) == prints["1-2-1"]


def test_qualities_that_a_record_does_not_report_cost_no_score(prints):
    impression = MATCHER.impression_of(prints["1-2-1"])
    bare = replace(impression, minutiae=tuple(replace(point, quality=0) for point in impression.minutiae))

    assert score(MATCHER.template_of(bare), prints["1-2-2"]) >= MATCH


def test_the_library_sees_the_same_minutiae_as_our_reader(prints):
    template = prints["1-2-1"]

    library = nbis.new_nbis_extractor(
        nbis.NbisExtractorSettings(
            min_quality=0.0, get_center=False, check_fingerprint=False, compute_nfiq2=False, ppi=500.0
        )
    )

    seen = library.load_iso_19794_2_2005(template.data).get()

    assert [(point.x(), point.y(), point.angle(), point.kind().name) for point in seen] == [
        (point.x, point.y, point.angle, {1: "RIDGE_ENDING", 2: "BIFURCATION"}[point.kind])
        for point in MATCHER.impression_of(template).minutiae
    ]


def test_of_more_minutiae_than_the_matcher_takes_the_best_are_kept():
    rng = random.Random(7)
    points = tuple(
        Minutia(rng.randrange(600), rng.randrange(600), rng.random() * 360, Kind.OTHER, rng.randrange(101))
        for _ in range(255)
    )

    template = MATCHER.template_of(Impression(3, 600, 600, points))
    kept = MATCHER.impression_of(template).minutiae

    assert (template.minutiae, len(kept)) == (150, 150)
    worst_kept = sorted((point.quality for point in points), reverse=True)[149]
    assert min(point.quality for point in kept) >= worst_kept - 1
    assert {point.kind for point in kept} == {Kind.ENDING}


@pytest.mark.parametrize("ppi", [250, 400, 700, 1000, 1200])
def test_a_picture_of_another_resolution_is_brought_to_500_ppi(prints, ppi):
    whole = finger()
    scaled = whole.resize([round(side * ppi / 500) for side in whole.size], Image.Resampling.LANCZOS)

    assert score(MATCHER.extract(sample(scaled, ppi=ppi)), prints["1-2-2"]) >= MATCH


def test_quality_is_measured_on_request_and_changes_nothing_else(prints):
    judged = MATCHER.extract(sample(finger()), finger=2, with_quality=True)

    assert 35 <= judged.quality <= 100
    assert replace(judged, quality=None) == prints["1-2-1"]


def test_a_picture_that_no_quality_can_be_measured_of_is_a_template_all_the_same():
    pale = finger("5-7-1").crop((90, 90, 346, 330)).point(lambda level: 200 + level // 8)

    template = MATCHER.extract(sample(pale), with_quality=True)

    assert template.quality is None
    assert template.minutiae >= 12


def test_white_ridges_on_black_give_the_same_template(prints):
    turned = finger().point(lambda level: 255 - level)

    assert MATCHER.extract(sample(turned), finger=2) == prints["1-2-1"]


def test_a_minutiae_record_is_a_sample_with_its_own_finger_and_quality(prints):
    data = iso19794.write(MATCHER.impression_of(prints["1-7-1"]), quality=61)

    assert MATCHER.extract(record(data)) == prints["1-7-1"]
    assert MATCHER.extract(record(data), finger=3).finger == 3
    assert MATCHER.extract(record(data), with_quality=True).quality == 61


def test_too_few_minutiae_are_refused_and_how_few_is_the_callers():
    part = sample(finger().crop((110, 120, 250, 270)))
    found = NbisMatcher(least=1).extract(part).minutiae

    with pytest.raises(SampleRefused, match=rf"Hanya {found} ciri") as refused:
        NbisMatcher(least=found + 1).extract(part)

    assert refused.value.code == "FEW_MINUTIAE"
    assert NbisMatcher(least=found).extract(part).minutiae == found


def test_threads_get_the_answers_of_one_thread(prints):
    names = list(prints)
    pairs = [(one, other) for one in names[:4] for other in names]
    alone = [score(prints[one], prints[other]) for one, other in pairs]
    fresh = NbisMatcher()

    with ThreadPoolExecutor(4) as threads:
        extracted = list(threads.map(lambda name: fresh.extract(sample(finger(name)), finger=int(name[2])), names))
        scores = list(threads.map(lambda pair: fresh.compare(prints[pair[0]], [prints[pair[1]]]).score, pairs))

    assert extracted == list(prints.values())
    assert scores == alone
