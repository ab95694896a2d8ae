"""Keys and index of the 1:N search: what shares most is found first, without a scan, and what is gone is not found (DV-I05)."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.minutiae import Impression, Minutia
from biometrics.search.index import Index, Segment
from biometrics.search.keys import SPACE, keys_of, keys_of_each, probes_of
from biometrics.search.pairing import paired
from biometrics.synthetic import people

GALLERY = 400
PROBES = 60
KEYS = st.lists(st.integers(0, 40) | st.integers(0, SPACE - 1), max_size=30, unique=True)


def keys(numbers):
    return np.array(sorted(numbers), np.uint32)


@pytest.fixture(scope="module")
def masters():
    return [people.master(f"gallery:{number}", 2) for number in range(GALLERY)]


@pytest.fixture(scope="module")
def gallery(masters):
    index = Index.empty()
    enrolled = [people.impression(master, "enrolled") for master in masters]
    index.add(range(GALLERY), list(keys_of_each(enrolled)))
    return index


def by_hand(sets, probe, without=(), weights=None):
    """Score every template one after the other, as the index says that it does."""
    worth = dict(zip(sorted(probe), weights, strict=True)) if weights is not None else dict.fromkeys(probe, 1.0)
    having = {key: sum(key in each for each in sets.values()) for key in probe}
    scores = {
        name: sum(worth[key] * math.log1p(len(sets) / having[key]) for key in probe if key in each)
        / math.sqrt(max(len(each), 1))
        for name, each in sets.items()
        if name not in without
    }
    return sorted(((name, score) for name, score in scores.items() if score), key=lambda pair: (-pair[1], pair[0]))


@settings(max_examples=150, deadline=None)
@given(
    batches=st.lists(st.lists(KEYS, max_size=6), max_size=5),
    probe=KEYS,
    is_tidy=st.booleans(),
    without=st.sets(st.integers(100, 110)),
    most=st.integers(1, 40),
    weight=st.none() | st.floats(0.1, 1),
)
def test_the_index_ranks_as_a_look_at_every_template_does(batches, probe, is_tidy, without, most, weight):
    index, sets = Index.empty(), {}
    for batch in batches:
        names = range(100 + len(sets), 100 + len(sets) + len(batch))
        index.add(names, [keys(each) for each in batch])
        sets |= dict(zip(names, map(set, batch), strict=True))
        if is_tidy:
            index.tidy()

    weights = None if weight is None else np.linspace(weight, 1, len(probe))
    found = index.query(keys(probe), weights, most=most, without=sorted(without))

    wanted = by_hand(sets, probe, without, weights)[:most]
    assert [score for _, score in found] == pytest.approx([score for _, score in wanted])
    everybody = dict(by_hand(sets, probe, without, weights))
    assert all(score == pytest.approx(everybody[name]) for name, score in found)
    assert len({name for name, _ in found}) == len(found)


@settings(max_examples=60, deadline=None)
@given(
    first=st.lists(KEYS, min_size=1, max_size=8),
    later=st.lists(KEYS, max_size=4),
    gone=st.sets(st.integers(0, 11)),
    probe=KEYS,
)
def test_what_was_removed_is_never_found_and_merging_changes_nothing_else(first, later, gone, probe):
    index = Index.empty()
    index.add(range(len(first)), [keys(each) for each in first])
    index.add(range(len(first), len(first) + len(later)), [keys(each) for each in later])
    there = len(first) + len(later)

    assert index.remove(sorted(gone)) == len([name for name in gone if name < there])
    before = {name for name, _ in index.query(keys(probe))}
    index._merge_all()

    sets = {name: set(each) for name, each in enumerate([*first, *later]) if name not in gone}
    found = index.query(keys(probe))
    assert {name for name, _ in found} == before == {name for name, each in sets.items() if each & set(probe)}
    assert [score for _, score in found] == pytest.approx([score for _, score in by_hand(sets, probe)])
    assert (len(index), len(index.segments)) == (len(sets), 1)


def test_a_finger_is_found_among_the_others_also_when_it_was_put_down_badly(masters, gallery):
    def places(hard):
        for number in range(PROBES):
            probe = probes_of(people.impression(masters[number], f"later:{hard}", hard=hard))
            names = [name for name, _ in gallery.query(*probe, most=20)]
            yield names.index(number) if number in names else None

    usual, poor = list(places(1.0)), list(places(2.0))

    assert usual.count(0) == PROBES
    assert sum(place is not None for place in poor) >= 0.95 * PROBES


def test_a_query_reads_a_small_part_of_the_index(masters, gallery):
    (segment,) = gallery.segments
    probe, _ = probes_of(people.impression(masters[0], "later"))

    _, lengths = segment.lists(probe)

    assert 0 < lengths.sum() < 0.1 * len(segment.places)


def test_turning_and_shifting_a_finger_hardly_changes_its_keys(masters):
    one = masters[0]
    turned = Impression(
        one.finger,
        700,
        700,
        # A quarter turn counter-clockwise, on a picture whose y grows downwards.
        tuple(replace(each, x=each.y + 100, y=500 - each.x, angle=(each.angle + 90) % 360) for each in one.minutiae),
    )

    shared = np.intersect1d(keys_of(one), keys_of(turned))

    assert len(shared) >= 0.97 * len(keys_of(one))


def test_an_impression_is_looked_up_with_its_own_keys_and_lighter_ones_beside_them(masters):
    own, (probes, weights) = keys_of(masters[0]), probes_of(masters[0])

    assert set(probes[weights == 1].tolist()) == set(own.tolist())
    assert len(own) < len(probes) < 8 * len(own)
    assert (np.diff(probes.astype(np.int64)) > 0).all()
    assert weights.min() > 0
    assert [len(part) for part in probes_of(Impression(0, 9, 9, masters[0].minutiae[:2]))] == [0, 0]


def test_keys_do_not_depend_on_who_stands_beside_an_impression(masters):
    few = [masters[0], Impression(1, 357, 392, ()), masters[1], Impression(1, 357, 392, masters[2].minutiae[:2])]

    together = list(keys_of_each(few))

    assert all((one == keys_of(each)).all() for one, each in zip(together, few, strict=True))
    assert [len(each) for each in together[1::2]] == [0, 0]
    assert all((np.diff(each.astype(np.int64)) > 0).all() for each in together)


@given(
    points=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 31)), max_size=255),
)
@settings(max_examples=40, deadline=None)
def test_any_minutiae_have_keys_also_many_on_one_spot(points):
    made = keys_of(Impression(0, 61, 61, tuple(Minutia(x, y, angle * 11.25) for x, y, angle in points)))

    assert (made < SPACE).all()
    assert len(np.unique(made)) == len(made)
    assert (len(made) > 0) == (len(points) >= 3)


def test_a_template_stands_in_the_index_once():
    index = Index.empty()
    index.add([7], [keys([1])])

    for names in ([7], [8, 8]):
        with pytest.raises(ValueError, match="already"):
            index.add(names, [keys([1])] * len(names))
    index.remove([7])
    index.add([7], [keys([2])])

    assert index.query(keys([1, 2])) == [(7, pytest.approx(math.log1p(2)))]


def test_small_segments_are_merged_and_a_large_one_is_left_alone():
    index = Index.empty()
    index.add(range(100), [keys(range(number, number + 20)) for number in range(100)])
    for name in (100, 101, 102):
        index.add([name], [keys([name])])
    large = index.segments[0]

    index.tidy()

    assert index.segments[0] is large
    assert len(index.segments) == 2
    index.remove(list(range(50)))
    index.tidy()
    assert (len(index), len(index.names), len(index.segments)) == (53, 53, 1)


def test_an_empty_segment_has_no_lists():
    starts, lengths = Segment.of(0, []).lists(keys([1, 2]))

    assert (len(starts), lengths.sum()) == (2, 0)


def test_minutiae_that_lie_on_each_other_are_paired_and_strangers_hardly(masters):
    one, again = (people.impression(masters[0], touch) for touch in ("one", "again"))

    together = paired(one, again)

    assert len(together) >= 20
    assert len({first for first, _ in together}) == len({second for _, second in together}) == len(together)
    assert len(paired(one, masters[1])) < len(together) / 2
    assert paired(one, Impression(1, 10, 10, ())) == []
