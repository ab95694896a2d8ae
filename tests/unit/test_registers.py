"""Date texts of the small registers: the declared order and nothing else (X10)."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given, strategies

from ingest.registers import DATES, parse_date


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("5/25/2012", "MDY", date(2012, 5, 25)),
        ("05/06/2012", "MDY", date(2012, 5, 6)),
        ("05/06/2012", "DMY", date(2012, 6, 5)),
        ("2012-05-06", "YMD", date(2012, 5, 6)),
        ("2/29/2012", "MDY", date(2012, 2, 29)),
        ("2/29/2011", "MDY", None),
        ("2/30/2012", "MDY", None),
        ("13/25/2012", "MDY", None),
        ("25/5/2012", "MDY", None),
        ("5/25/12", "MDY", None),
        ("12/31/1899", "MDY", None),
        ("1/1/1900", "MDY", date(1900, 1, 1)),
        ("5/25/2012\n", "MDY", None),
        (" 5/25/2012", "MDY", None),
        ("\u0665/25/2012", "MDY", None),
        ("0/0/0000", "MDY", None),
        ("0005/25/2012", "MDY", None),
        ("5/25-2012", "MDY", None),
        ("2012/5/25", "YMD", None),
        ("", "MDY", None),
        (None, "MDY", None),
    ],
)
def test_a_text_is_read_by_the_declared_order_or_not_at_all(text, order, expected):
    assert parse_date(text, order) == expected


def test_a_date_that_the_source_typed_itself_is_taken():
    assert parse_date(date(2012, 5, 25), "MDY") == date(2012, 5, 25)
    assert parse_date(datetime.fromisoformat("2012-05-25T10:00"), "MDY") == date(2012, 5, 25)


@given(strategies.dates(min_value=date(1900, 1, 1)), strategies.sampled_from(sorted(DATES)))
def test_every_date_since_1900_is_read_back(day, order):
    parts = {"Y": str(day.year), "M": str(day.month), "D": str(day.day)}

    assert parse_date(("-" if order == "YMD" else "/").join(parts[letter] for letter in order), order) == day


@given(strategies.text(max_size=12))
def test_no_text_is_an_error(text):
    assert parse_date(text, "MDY") is None or "/" in text or "-" in text
