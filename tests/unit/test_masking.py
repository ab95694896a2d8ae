"""What of a name the public sees, and of a NIK who may see the record (R-021, R-188)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko.domain.masking import HIDDEN, MOST_WORDS, mask_name, mask_nik


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("NURUL KOMARIAH BT DAUD", "N*** K*** B*** D***"),
        ("sutjiati bt cioda", "S*** B*** C***"),
        ("A B", "*** ***"),
        ("Siti 3603054105830001", "S*** ***"),
        ("  ", HIDDEN),
        ("", HIDDEN),
        ("ÀYU ßß", "À*** S***"),
        ("a1 'li", "*** L***"),
        ("satu dua tiga empat lima enam tujuh", "S*** D*** T*** E*** L*** E***"),
    ],
)
def test_only_the_first_letter_of_each_word_is_shown(name, masked):
    assert mask_name(name) == masked


@given(st.text(max_size=255))
def test_no_two_letters_of_a_name_and_no_digit_are_shown_and_it_fits_the_column(name):
    masked = mask_name(name)

    assert masked
    assert len(masked) <= 255
    assert len(masked.split()) <= MOST_WORDS
    for word in masked.split():
        assert word.endswith(HIDDEN)
        assert len(word) <= len(HIDDEN) + 1
        assert not any(letter.isdigit() for letter in word)


@given(st.text(min_size=2, max_size=20, alphabet="abcdefgh"), st.text(min_size=2, max_size=20, alphabet="abcdefgh"))
def test_a_mask_does_not_tell_how_long_a_word_is(one, other):
    assert len(mask_name(one)) == len(mask_name(other))


@pytest.mark.parametrize(
    ("nik", "masked"),
    [
        ("3603054105830001", "************0001"),
        ("123456789", "*****6789"),
        ("12345678", "********"),
        ("", ""),
        (None, None),
    ],
)
def test_only_the_last_four_digits_of_a_nik_are_shown(nik, masked):
    assert mask_nik(nik) == masked
