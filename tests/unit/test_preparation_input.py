"""What a person types or picks in the preparation: both sides of each check (§12.5-12.10; R-098)."""

from __future__ import annotations

import datetime as dt

import pytest

from posko.domain.errors import Refused
from posko.services.preparation_input import count_of, day_of, list_of, reason_or_none, tki_of


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (["1", "1"], "LIST_DOUBLE"),
        (["1", " 1 "], "LIST_DOUBLE"),
        ([str(number) for number in range(10_001)], "LIST_TOO_LONG"),
        ([], "LIST_EMPTY"),
        ("12", "LIST_EMPTY"),
        (None, "LIST_EMPTY"),
        ({"1": 1}, "LIST_EMPTY"),
        (["1", None], "TEXT_EMPTY"),
        (["x" * 65], "TEXT_TOO_LONG"),
        (["3603054105830001"], "LOOKS_LIKE_NIK"),
    ],
)
def test_a_list_that_is_none_is_refused(values, code):
    with pytest.raises(Refused) as refused:
        list_of(values, "Daftar", tki_of)

    assert refused.value.code == code


def test_a_list_keeps_its_order_and_loses_the_blanks_around():
    assert list_of(["2", " 1 "], "Daftar", tki_of) == ["2", "1"]
    assert len(list_of([str(number) for number in range(10_000)], "Daftar", tki_of)) == 10_000


@pytest.mark.parametrize("value", ["2026-03-09", dt.date(2026, 3, 9)])
def test_a_day_is_a_date_or_its_iso_text(value):
    assert day_of(value) == dt.date(2026, 3, 9)


@pytest.mark.parametrize(
    "value", ["2026-3-9", "09-03-2026", "2026-02-30", "20260309", "2026-W11-1", 20260309, None, ""]
)
def test_nothing_else_is_a_day(value):
    with pytest.raises(Refused) as refused:
        day_of(value)

    assert refused.value.code == "NOT_A_DATE"


@pytest.mark.parametrize(("value", "found"), [(None, None), ("", None), ("  ", None), (" sakit ", "sakit")])
def test_a_reason_may_be_left_out(value, found):
    assert reason_or_none(value) == found


def test_a_number_is_counted_from_one_to_the_most():
    assert (count_of(1, "Sesi", 9), count_of(9, "Sesi", 9)) == (1, 9)
    for value in (0, 10, True, "1", 1.0, None):
        with pytest.raises(Refused):
            count_of(value, "Sesi", 9)
