"""Records of the simulated source that a matcher can read, and the prints that are planted to be found."""

import datetime as dt
import time
from collections import Counter

import pytest

from apps.simulated_prints import ISO, OF_STAFF, TWICE, SimulatedPrints, owners_in, owners_of
from biometrics import images, iso19794
from biometrics.errors import TemplateBroken
from biometrics.nbis_matcher import NbisMatcher
from biometrics.synthetic import people
from biometrics.types import Assurance
from ingest.simulator import write_fault_file
from ingest.simulator_people import Plan
from ingest.simulator_prints import print_lines, without_fault

IDS = [str(9_000_000 + number) for number in range(1_000)]
AT = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC).replace(tzinfo=None)
MATCHER = NbisMatcher()


@pytest.fixture(scope="module")
def made():
    """Prints with their plants, and the plants by kind."""
    prints = SimulatedPrints()
    planted = prints.plant(IDS, seed=1)
    by_kind: dict[str, list] = {}
    for one in planted:
        by_kind.setdefault(one.kind, []).append(one)
    return prints, planted, by_kind


def probe(seed, finger):
    return MATCHER.template_of(people.impression(people.master(seed, finger), "probe"))


def template(record):
    form, data = record
    if form == ISO:
        return MATCHER.template_of(iso19794.read(data))
    return MATCHER.extract(
        images.sample_of(
            data, reader_kind="file", reader_serial="-", captured_at=AT, nonce="0" * 32, assurance=Assurance.FILE
        )
    )


def score(record, seed, finger):
    return MATCHER.compare(probe(seed, finger), [template(record)]).score


def test_an_ordinary_tki_has_two_conformant_records_of_her_own_two_fingers(made):
    prints, planted, _ = made
    own = next(id_tki for id_tki in IDS if id_tki not in {one.id_tki for one in planted})

    for finger, other in ((2, 7), (7, 2)):
        form, data = record = prints.record(own, finger)
        assert form == ISO
        assert iso19794.read(data).finger == finger
        assert score(record, f"tki:{own}", finger) >= 40
        assert score(record, f"tki:{own}", other) < 40


def test_each_kind_is_planted_as_often_as_the_brief_of_the_simulator_says(made):
    _, planted, by_kind = made

    assert {kind: len(found) for kind, found in by_kind.items()} == {
        "print_twice": 4, "print_of_staff": 1, "print_cut": 1, "print_absurd_count": 1, "print_image": 5,
    }  # fmt: skip
    assert max(Counter(one.id_tki for one in planted).values()) == 1
    assert {one.id_tki for one in planted} <= set(IDS)


def test_two_ids_of_one_pair_have_the_same_fingers_but_not_the_same_bytes(made):
    prints, _, by_kind = made
    for one in by_kind[TWICE]:
        mine, hers = prints.record(one.id_tki, 2), prints.record(one.partner, 2)
        assert mine != hers
        assert MATCHER.compare(template(mine), [template(hers)]).score >= 60


def test_the_finger_of_staff_is_that_of_the_person_named(made):
    prints, _, by_kind = made
    (one,) = by_kind[OF_STAFF]

    assert one.partner == "staff:KONS-001"
    assert score(prints.record(one.id_tki, 2), "staff:KONS-001", 2) >= 60
    assert score(prints.record(one.id_tki, 7), f"tki:{one.id_tki}", 7) >= 60


@pytest.mark.parametrize("kind", ["print_cut", "print_absurd_count"])
def test_a_damaged_record_is_refused_and_her_other_finger_is_whole(made, kind):
    prints, _, by_kind = made
    (one,) = by_kind[kind]
    form, data = prints.record(one.id_tki, 2)

    assert form == ISO
    with pytest.raises(TemplateBroken):
        iso19794.read(data)
    assert score(prints.record(one.id_tki, 7), f"tki:{one.id_tki}", 7) >= 40


def test_images_come_in_the_three_formats_and_can_be_read(made):
    prints, _, by_kind = made
    forms = Counter(prints.record(one.id_tki, 7)[0] for one in by_kind["print_image"])

    assert forms == {"PNG": 2, "WSQ": 2, "BMP": 1}
    for one in by_kind["print_image"]:
        assert template(prints.record(one.id_tki, 2)).minutiae >= 25


def test_whose_fingers_they_are_is_read_again_from_the_fault_file(made, tmp_path):
    _, planted, by_kind = made
    write_fault_file(tmp_path / "faults.jsonl", planted)
    owners = owners_in(tmp_path / "faults.jsonl")

    assert owners == owners_of(planted)
    for one in by_kind[TWICE]:
        assert owners.seed_of(one.id_tki, 2) == owners.seed_of(one.partner, 2)
    assert owners.seed_of(by_kind[OF_STAFF][0].id_tki, 2) == "staff:KONS-001"
    assert owners.seed_of("9000017", 7) == "tki:9000017"
    assert owners_in(tmp_path / "none.jsonl").seed_of("1", 2) == "tki:1"


def test_the_same_seed_plants_the_same_and_a_small_source_gets_none():
    assert SimulatedPrints().plant(IDS, seed=1) == SimulatedPrints().plant(IDS, seed=1)
    assert SimulatedPrints().plant(IDS, seed=1) != SimulatedPrints().plant(IDS, seed=2)
    assert SimulatedPrints().plant(IDS[:199], seed=1) == []


def test_a_thousand_records_take_less_than_a_second_of_the_processor():
    """5,000 TKI with two fingers each may take 4 s; this is a tenth, with room for a busy machine."""
    plan = Plan(seed=1, tki=502, today=AT.date())
    prints = SimulatedPrints()
    prints.plant(without_fault(plan, {}, 501), seed=1)
    began = time.process_time()
    lines = list(print_lines(plan, {}, 501, prints))

    assert len(lines) == 1_002
    assert time.process_time() - began < 1
