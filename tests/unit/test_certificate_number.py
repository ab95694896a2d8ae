"""The number of a certificate (§13.11, Gambar 12; R-136)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko.domain.certificate_number import (
    FIRST_SERIAL,
    LAST_SERIAL,
    LENGTH,
    CertificateNumber,
    Series,
    order_of_id,
    parse,
    series_of,
)

GAMBAR_12 = {
    "9811262": "PRT.1025.2012.4538766",
    "9812104": "PRT.1025.2012.4538767",
    "9812651": "PRT.1025.2012.4538768",
    "9817548": "PRT.1025.2012.4538769",
}

numbers = st.builds(
    CertificateNumber,
    st.builds(
        Series,
        st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3),
        st.text("0123456789", min_size=4, max_size=4),
        st.integers(0, 9999),
    ),
    st.integers(FIRST_SERIAL, LAST_SERIAL),
)


@pytest.mark.parametrize("text", GAMBAR_12.values())
def test_the_numbers_of_gambar_12_are_numbers_of_the_scheme_tlrt(text):
    number = parse(text)

    assert number is not None
    assert number.series == series_of("TLRT", 2012)
    assert str(number) == text


def test_the_numbers_of_gambar_12_run_in_the_order_of_the_id():
    in_order = sorted(GAMBAR_12, key=order_of_id)
    serials = [parse(GAMBAR_12[tki_id]).serial for tki_id in in_order]

    assert serials == list(range(4538766, 4538770))


@given(numbers)
def test_what_is_printed_is_read_as_the_same_number(number):
    text = str(number)

    assert len(text) == LENGTH
    assert parse(text) == number


@given(st.text(max_size=30))
def test_whatever_is_read_as_a_number_is_printed_as_the_same_text(text):
    number = parse(text)

    assert number is None or str(number) == text


@given(numbers, numbers)
def test_two_numbers_print_alike_only_if_they_are_one(one, other):
    assert (str(one) == str(other)) == (one == other)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PRT.1025.2012.0000000",
        "PRT.1025.2012.453876",
        "PRT.1025.2012.45387660",
        "prt.1025.2012.4538766",
        "PRT-1025-2012-4538766",
        " PRT.1025.2012.4538766",
        "PRT.1025.2012.4538766\n",
        "PRT.1025.2012.٤٥٣٨٧٦٦",
        "PRT.1025.2012.4538766' or 1",
    ],
)
def test_what_has_another_shape_is_no_number(text):
    assert parse(text) is None


def test_a_scheme_without_a_series_has_no_numbers():
    assert series_of("LAIN", 2026) is None


@given(st.lists(st.integers(1, 10**12).map(str)))
def test_ids_that_are_numbers_are_ordered_as_numbers(ids):
    assert [int(tki_id) for tki_id in sorted(ids, key=order_of_id)] == sorted(int(tki_id) for tki_id in ids)


@given(st.lists(st.text(max_size=10), unique=True))
def test_the_order_of_ids_is_total(ids):
    assert len({order_of_id(tki_id) for tki_id in ids}) == len(ids)
    backwards = ids[::-1]
    assert sorted(ids, key=order_of_id) == sorted(backwards, key=order_of_id)
