"""The secure code (§13.13, Gambar 12; R-140)."""

from __future__ import annotations

from collections import Counter

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from posko.domain.secure_code import DIGEST_BYTES, SPACE, digest_of, draw, is_code, is_same, typed
from posko.services.secure_codes import open_code, seal_code

KEY, OTHER = bytes(range(32)), bytes(32)
NUMBER = "PRT.1025.2012.4538766"
codes = st.integers(0, SPACE - 1).map(lambda value: f"{value:06X}")


@pytest.mark.parametrize("code", ["C680C6", "33B07A", "D79424", "D8CFBA"])
def test_the_codes_of_gambar_12_are_codes(code):
    assert is_code(code)


def test_drawn_codes_are_codes_and_use_every_digit_at_every_place():
    drawn = [draw() for _ in range(4000)]

    assert all(is_code(code) for code in drawn)
    assert all(len(Counter(code[place] for code in drawn)) == 16 for place in range(6))


@given(codes, codes)
def test_digests_are_equal_only_for_equal_codes(one, other):
    assert len(digest_of(KEY, one)) == DIGEST_BYTES
    assert is_same(digest_of(KEY, one), digest_of(KEY, other)) == (one == other)


def test_the_digest_depends_on_the_key():
    assert digest_of(KEY, "C680C6") != digest_of(OTHER, "C680C6")


@pytest.mark.parametrize("text", [" c680c6 ", "C680C6", "c680C6\t"])
def test_blanks_and_case_of_what_is_typed_do_not_matter(text):
    assert typed(text) == "C680C6"


@pytest.mark.parametrize("text", ["", "C680C", "C680C6A", "G680C6", "c680c6", "C680C6\n"])
def test_what_has_another_shape_is_no_code(text):
    assert not is_code(text)


@given(codes)
def test_a_sealed_code_opens_for_its_certificate(code):
    sealed = seal_code(KEY, NUMBER, code)

    assert code.encode() not in sealed
    assert len(sealed) <= 64
    assert open_code(KEY, NUMBER, sealed) == code


def test_a_code_moved_to_another_certificate_does_not_open():
    sealed = seal_code(KEY, NUMBER, "C680C6")

    with pytest.raises(InvalidTag):
        open_code(KEY, "PRT.1025.2012.4538767", sealed)


def test_a_code_does_not_open_with_another_key_or_after_a_change():
    sealed = seal_code(KEY, NUMBER, "C680C6")

    with pytest.raises(InvalidTag):
        open_code(OTHER, NUMBER, sealed)
    with pytest.raises(InvalidTag):
        open_code(KEY, NUMBER, sealed[:-1] + bytes([sealed[-1] ^ 1]))


def test_the_same_code_is_sealed_differently_each_time():
    assert seal_code(KEY, NUMBER, "C680C6") != seal_code(KEY, NUMBER, "C680C6")
