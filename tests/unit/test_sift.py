"""Row-by-row inspection: what is clean, what is refused and why (R-085, X10)."""

from __future__ import annotations

import json
import zlib

import pytest
from hypothesis import given, strategies

from ingest.pull import ROW_END, Block, Range
from ingest.sift import rows_of, sift, sift_block
from ingest.suspect import COLUMNS, CONTROL_BYTES
from posko.db.staging_columns import FIELD_END, NULL_MARK, TEXT_COLUMNS

WIDTH = len(COLUMNS)


def fields(key=b"1", **changes):
    """Return the fields of one row: everything NULL but the key and what is given."""
    row = dict.fromkeys(COLUMNS) | {"id_tki": key} | changes
    return [row[name] for name in COLUMNS]


def line(row):
    return FIELD_END.join(NULL_MARK if value is None else value for value in row)


def is_clean(sent):
    """Whether a block is loaded without a look at any of its lines."""
    sifted = sift_block(sent)
    return sifted is not None and sifted.bulk_rows == sent.rows and not sifted.lines and not sifted.refused


def block(*rows, **changes):
    """Return the block that a source sends for these rows."""
    payload = ROW_END.join(line(row) for row in rows)
    nulls = sum(value is None for row in rows for value in row)
    facts = {"range": Range(1, None, None), "rows": len(rows), "crc_sum": 0, "null_fields": nulls, "payload": payload}
    return Block(**(facts | changes))


def row(values):
    return values, zlib.crc32(values[0] if values[0] is not None else NULL_MARK), zlib.crc32(line(values))


def reasons(*rows, taken=()):
    return [refused.reasons for refused in sift([row(one) for one in rows], taken=taken).refused]


def test_a_block_of_ordinary_rows_is_clean():
    assert is_clean(block(fields(nama="SITI \t\r\n é 😀 \\ '".encode()), fields(b"2"), fields(b"3", alamat=b"")))


def test_an_empty_block_is_clean():
    assert is_clean(block(payload=b""))


@pytest.mark.parametrize("mark", [FIELD_END, ROW_END, NULL_MARK, b"\x1b", b"\x00", b"\x7f", b"\xff", b"\xed\xa0\x80"])
def test_a_block_with_a_mark_a_control_character_or_other_bytes_in_a_text_is_not_clean(mark):
    assert not is_clean(block(fields(nama=b"A" + mark)))


@pytest.mark.parametrize("key", [b"", b" ", b"1 ", b" 1", b"1\t", b"\n1", b"1\r"])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_block_with_an_empty_key_or_white_space_at_a_keys_end_is_not_clean(key, place):
    rows = [fields(b"7"), fields(b"8"), fields(b"9")]
    rows[place] = fields(key)

    assert not is_clean(block(*rows))


def test_white_space_at_the_end_of_other_fields_is_clean():
    assert is_clean(block(fields(nama=b"SITI ", alamat=b" \n"), fields(b"2", nama=b" ")))


@pytest.mark.parametrize(
    "changes",
    [
        {"payload": None},
        {"rows": 3},
        {"null_fields": 0},
        {"payload": line(fields()) + ROW_END + line(fields(b"2"))[:-3]},
    ],
    ids=["too large", "a row missing", "another number of NULL", "cut"],
)
def test_a_block_that_is_not_whole_is_not_clean(changes):
    assert not is_clean(block(fields(), fields(b"2"), **changes))


def test_a_clean_block_comes_apart_into_its_rows_and_checksums():
    rows = [fields(nama=b"SITI"), fields(b"2", nama=b"")]

    assert list(rows_of(block(*rows).payload)) == [row(one) for one in rows]


def test_good_rows_are_kept_as_lines_in_their_order():
    rows = [fields(b"2", nama=b"SITI"), fields(b"1", updated_at=b"2012-05-25 10:00:00.000000")]

    sifted = sift(row(one) for one in rows)

    assert sifted.payload == ROW_END.join(line(one) for one in rows)
    assert sifted.refused == []


@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        (fields(None), "KEY_BLANK"),
        (fields(b""), "KEY_BLANK"),
        (fields(b"  "), "KEY_WHITESPACE,KEY_BLANK"),
        (fields(b"1 "), "KEY_WHITESPACE"),
        (fields(b"A" * 65), "TOO_LONG"),
        (fields(nama=b"A" * 256), "TOO_LONG"),
        (fields(nama="😀".encode() * 256), "TOO_LONG"),
        (fields(alamat=b"A" * 2001), "TOO_LONG"),
        (fields(nama=b"\xff"), "NOT_UTF8"),
        (fields(nama=b"\x1f"), "CONTROL_CHARACTER"),
        (fields(updated_at=b"0000-00-00 00:00:00.000000"), "UPDATED_AT_INVALID"),
        (fields(updated_at=b"2012-00-10 00:00:00.000000"), "UPDATED_AT_INVALID"),
        (fields(nama=b"\x00", alamat=b"\xff", agama=b"A" * 300), "CONTROL_CHARACTER,NOT_UTF8,TOO_LONG"),
    ],
)
def test_a_bad_row_is_refused_with_every_reason(bad, expected):
    assert reasons(bad) == [expected]


@pytest.mark.parametrize("name", TEXT_COLUMNS)
def test_every_column_may_be_as_long_as_staging_and_no_longer(name):
    width = TEXT_COLUMNS[name]

    assert reasons(fields(**({} if name == "id_tki" else {name: "é".encode() * width}))) == []
    changed = fields("é".encode() * (width + 1)) if name == "id_tki" else fields(**{name: "é".encode() * (width + 1)})
    assert reasons(changed) == ["TOO_LONG"]


def test_every_copy_of_a_key_is_refused_and_equal_ones_are_numbered():
    sifted = sift([row(fields(nama=name)) for name in (b"A", b"B", b"A")])

    assert sifted.lines == []
    assert [(refused.reasons, refused.copy_no) for refused in sifted.refused] == [
        ("KEY_DUPLICATE", 1),
        ("KEY_DUPLICATE", 1),
        ("KEY_DUPLICATE", 2),
    ]


def test_a_key_that_another_row_holds_already_is_refused():
    assert reasons(fields(b"1"), fields(b"2"), taken={"2"}) == ["KEY_DUPLICATE"]


def test_a_refused_row_is_kept_as_sent():
    (refused,) = sift([row(fields(b"\xff", nama="SITI 😀\x00".encode()))]).refused

    sent = json.loads(refused.as_sent)
    assert (sent["id_tki"], sent["nama"], sent["alamat"]) == ({"hex": "ff"}, "SITI 😀\x00", None)
    assert refused.key == "\\xff"
    assert list(sent) == list(COLUMNS)


BYTES = strategies.binary(max_size=6) | strategies.sampled_from(
    [FIELD_END, ROW_END, NULL_MARK, b"\x1b", b" ", b"\t", b"A" * 300, b"1", "é".encode()]
)


@given(strategies.lists(strategies.lists(strategies.none() | BYTES, min_size=WIDTH, max_size=WIDTH), max_size=5))
def test_any_rows_are_kept_exactly_or_refused_and_none_is_lost(rows):
    sifted = sift(row(one) for one in rows)

    assert len(sifted.lines) + len(sifted.refused) == len(rows)
    kept = [values for one in sifted.lines for values, _, _ in rows_of(one)]
    assert all(values in rows for values in kept)
    assert is_clean(block(*kept))


@given(
    strategies.lists(
        strategies.lists(strategies.none() | BYTES, min_size=WIDTH, max_size=WIDTH), min_size=1, max_size=3
    )
)
def test_a_block_that_is_called_clean_comes_apart_into_exactly_what_was_sent(rows):
    sent = block(*rows)

    if is_clean(sent):
        assert [values for values, _, _ in rows_of(sent.payload)] == rows
        assert not any(byte in CONTROL_BYTES for one in rows for value in one for byte in value or b"")


def test_only_the_suspect_lines_of_a_block_are_looked_at_and_the_rest_stays_as_it_is():
    good = [fields(str(number).encode()) for number in range(5)]
    bad = [fields(b"a", nama=b"SITI\x07"), fields(b"b", nama=b"\xff"), fields(b" c"), fields(b"", nama=b"X")]
    sent = block(good[0], bad[0], good[1], good[2], bad[1], bad[2], good[3], bad[3], good[4])

    sifted = sift_block(sent)

    assert sifted.bulk == ROW_END.join(b"\x1f".join(NULL_MARK if v is None else v for v in one) for one in good)
    assert (sifted.bulk_rows, sifted.lines) == (5, [])
    assert [one.reasons for one in sifted.refused] == ["CONTROL_CHARACTER", "NOT_UTF8", "KEY_WHITESPACE", "KEY_BLANK"]


def test_a_key_that_the_source_calls_too_long_is_found_in_its_block():
    sent = block(fields(b"1"), fields(b"2", nama=b"N" * 300), fields(b"3"), long_keys=(b"2",))
    assert [one.reasons for one in sift_block(sent).refused] == ["TOO_LONG"]
    assert sift_block(block(fields(b"1"), long_keys=(b"9",))) is None


def test_copies_of_a_suspect_row_send_the_block_back_to_be_read_row_by_row():
    assert sift_block(block(fields(b"1", nama=b"\x07"), fields(b"2"), fields(b"1"))) is None


def test_a_field_that_is_nothing_but_a_null_mark_is_never_taken_for_null():
    sent = block(fields(nama=NULL_MARK), fields(b"2"))
    honest = Block(sent.range, sent.rows, 0, sent.null_fields, sent.payload)
    assert sift_block(honest) is None
    assert sift_block(block(fields(nama=b"x" + NULL_MARK), fields(b"2", nama=NULL_MARK)), lambda _: []) is None


ODD_TEXT = strategies.sampled_from(
    [
        None,
        b"",
        b"SITI",
        b"A" * 300,
        b"\xff",
        b"A\x07",
        b"A\x1fB",
        b"\x1f",
        b"A\x1bB",
        b"\x1b",
        NULL_MARK,
        b"x" + NULL_MARK,
    ]
)
ODD_KEYS = strategies.sampled_from([b"", b"1", b"1 ", b"\t2", b"3\x1f", b"4\x07", b"\xff", b"5", b"K" * 70, NULL_MARK])
"""NULL is not among them: rows without a key come in a block of their own."""


@given(
    strategies.lists(strategies.tuples(ODD_KEYS, ODD_TEXT, ODD_TEXT), max_size=6, unique_by=lambda one: one[0]),
    strategies.integers(0, 20),
)
def test_a_block_ends_as_its_rows_one_by_one_whatever_is_looked_at(odd, good):
    rows = [fields(f"g{number}".encode()) for number in range(good)]
    rows[good // 2 : good // 2] = [fields(key, nama=name, alamat=address) for key, name, address in odd]
    long = tuple(one[0] for one in rows if len(one[0]) > 64 or len(one[1] or b"") > 255)

    sifted = sift_block(block(*rows, long_keys=long), lambda keys: [row(one) for one in rows if one[0] in keys])

    if sifted is not None:
        expected = sift(row(one) for one in rows)
        assert sorted(sifted.payload.split(ROW_END)) == sorted(expected.lines or [b""])
        assert sifted.rows == len(expected.lines)
        assert {(one.key, one.reasons, one.as_sent, one.row_crc) for one in sifted.refused} == {
            (one.key, one.reasons, one.as_sent, one.row_crc) for one in expected.refused
        }


def test_separators_that_cancel_each_other_in_two_lines_are_noticed():
    one, other = line(fields(b"1")), line(fields(b"2"))
    shifted = one + FIELD_END + b"X" + ROW_END + other.rpartition(FIELD_END)[0]
    rows = [row(fields(b"1", nama=b"A\x1fB")), row(fields(b"2"))]
    sent = block(fields(b"1"), fields(b"2"), payload=shifted)

    assert not is_clean(sent)
    assert sift_block(sent, lambda keys: [one for one in rows if one[0][0] in keys]) is None
