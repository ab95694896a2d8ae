"""Ranges of keys: each key in exactly one, whatever a killed run has already done (R-083)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

import pytest
from hypothesis import given, strategies

from ingest.pull import Block, Range, Snapshot
from posko.domain.errors import TotalsDiffer


@dataclass
class Keys:
    """Stands in for the source: sorted keys, and the boundary query of `Snapshot`."""

    keys: list[bytes]
    asked: list[bytes | None] = field(default_factory=list)

    def boundary(self, after, rows, since):
        self.asked.append(after)
        rest = [key for key in self.keys if after is None or key > after]
        return rest[rows - 1] if len(rest) >= rows else None


class Ranges(Snapshot):
    """A snapshot whose boundaries come from a list of keys."""

    def _boundary(self, after, rows, since):
        return self.connection.boundary(after, rows, since)


def ranges(keys, rows, done=()):
    return list(Ranges(Keys(sorted(keys)), None, 0).ranges(rows, since=None, done=done))


def holds(one, key):
    return (one.after is None or key > one.after) and (one.to is None or key <= one.to)


@pytest.mark.parametrize(
    ("wanted", "condition", "values"),
    [
        (Range(1, None, None), "id_tki is not null", []),
        (Range(1, b"a", None), "id_tki is not null and id_tki > %s", ["a"]),
        (Range(1, None, b"b"), "id_tki is not null and id_tki <= %s", ["b"]),
        (Range(1, b"a", b"b"), "id_tki is not null and id_tki > %s and id_tki <= %s", ["a", "b"]),
        (Range(0, None, None, nulls=True), "id_tki is null", []),
        (Range(1, b"a", b"c", keys=(b"a", b"c")), "id_tki in (%s, %s)", ["a", "c"]),
        (Range(1, b"\xff", None), "id_tki is not null and id_tki > %s", [b"\xff"]),
    ],
)
def test_a_range_selects_its_keys(wanted, condition, values):
    assert wanted.where() == (condition, values)


@pytest.mark.parametrize(
    ("wanted", "label"),
    [
        (Range(1, None, b"b"), "… .. b"),
        (Range(1, b"a", None), "a .. …"),
        (Range(1, b"\xff", None), "\\xff .. …"),
        (Range(0, None, None, nulls=True), "baris tanpa id_tki"),
    ],
)
def test_a_range_has_a_name_for_people(wanted, label):
    assert wanted.label() == label


def test_ranges_are_numbered_from_one_and_the_last_is_open():
    assert ranges([b"a", b"b", b"c"], 2) == [Range(1, None, b"b"), Range(2, b"b", None)]


def test_an_empty_source_has_one_open_range():
    assert ranges([], 2) == [Range(1, None, None)]


def test_nothing_is_left_when_the_open_range_is_done():
    assert ranges([b"a"], 2, [Range(1, None, None)]) == []


KEYS = strategies.sets(strategies.binary(min_size=1, max_size=2), max_size=30)


@given(keys=KEYS, rows=strategies.integers(1, 7), later=KEYS, data=strategies.data())
def test_after_a_kill_every_key_is_in_exactly_one_range(keys, rows, later, data):
    first = ranges(keys, rows)
    done = data.draw(strategies.lists(strategies.sampled_from(first), unique=True))

    rest = ranges(keys | later, rows, [*done, Range(0, None, None, nulls=True)])

    numbers = [one.chunk_no for one in [*done, *rest]]
    assert len(numbers) == len(set(numbers))
    for key in keys | later:
        assert sum(holds(one, key) for one in [*done, *rest]) == 1


class Answers:
    """Stands in for a connection whose only answer is one row."""

    def __init__(self, answer):
        self.answer = answer

    def cursor(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def execute(self, *_):
        return None

    def fetchone(self):
        return self.answer


class Shape:
    """A shape whose SQL nobody looks at."""

    line = null_total = too_long = "x"
    expressions = {"id_tki": "id_tki"}  # noqa: RUF012


LINES = b"1\x1fA\x1e2\x1fB"
CRC_SUM = zlib.crc32(b"1\x1fA") + zlib.crc32(b"2\x1fB")


def block_of(answer, limit=100):
    return Snapshot(Answers(answer), Shape, limit).block(Range(1, None, None), since=None)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((0, 0, None, None, None), (0, 0, b"", ())),
        ((2, 2, None, zlib.crc32(LINES), LINES), (2, CRC_SUM, LINES, ())),
        ((1, 2, None, zlib.crc32(b"x" * 83), b"x" * 83), (1, zlib.crc32(b"x" * 83), b"x" * 83, ())),
        ((1, 2, b"31,32", 7, b"x" * 84), (1, 0, None, (b"1", b"2"))),
        ((1, 2, None, None, None), (1, 0, None, ())),
    ],
    ids=["no rows", "two rows", "whole", "perhaps cut", "refused by the source"],
)
def test_a_block_that_may_be_cut_has_no_payload(answer, expected):
    found = block_of(answer)

    assert isinstance(found, Block)
    assert (found.rows, found.crc_sum, found.payload, found.long_keys) == expected


def test_a_block_that_changed_on_its_way_is_refused():
    with pytest.raises(TotalsDiffer, match="berubah di jalan"):
        block_of((2, 2, None, zlib.crc32(LINES), LINES.replace(b"A", b"C")))
