"""The record of nbis-py, which looks like ISO/IEC 19794-2 and is none."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics import iso19794, nbis_record
from biometrics.errors import TemplateBroken
from biometrics.minutiae import Impression, Kind, Minutia

RECORD = bytes.fromhex(
    "464d5200 20323000"  # "FMR\0", " 20\0"
    "00000026"  # 38 bytes in all
    "0000 0165 0188"  # device, 357 x 392 pixels
    "0000 38 00000000"  # resolution 0, NFIQ2 56, zeros
    "02"  # two minutiae
    "401e 0152 80 33"  # ending at (30, 338), half a turn, quality 51 of 63
    "8098 0028 08 3f"  # fork at (152, 40), 11.25 degrees, quality 63 of 63
)


def test_a_record_put_down_by_hand_is_read():
    assert nbis_record.read(RECORD, 7) == Impression(
        7, 357, 392, (Minutia(30, 338, 180.0, Kind.ENDING, 81), Minutia(152, 40, 11.25, Kind.BIFURCATION, 100))
    )


def test_what_is_written_is_that_record_without_the_quality_of_the_whole():
    assert nbis_record.write(nbis_record.read(RECORD, 7)) == RECORD[:20] + b"\0" + RECORD[21:]


def test_minutiae_are_written_from_left_to_right_and_angles_in_the_librarys_steps():
    points = (Minutia(9, 1, 359.0), Minutia(4, 8, 50.0), Minutia(4, 2, 16.0))

    read = nbis_record.read(nbis_record.write(Impression(0, 10, 10, points)), 0)

    assert [(point.x, point.y, point.angle) for point in read.minutiae] == [(4, 2, 11.25), (4, 8, 45.0), (9, 1, 0.0)]


def test_a_conformant_record_is_not_taken_for_one():
    data = iso19794.write(Impression(1, 9, 9, (Minutia(4, 4, 0.0),)))

    with pytest.raises(TemplateBroken, match="Impor sebagai ISO"):
        nbis_record.read(data, 1)


@pytest.mark.parametrize(
    "impression",
    [
        Impression(1, 0, 9, ()),
        Impression(1, 9, 16384, ()),
        Impression(1, 9, 9, (Minutia(9, 0, 0.0),)),
        Impression(1, 9, 9, (Minutia(0, -1, 0.0),)),
        Impression(1, 9, 9, (Minutia(0, 0, 0.0, quality=101),)),
        Impression(1, 9, 9, (Minutia(0, 0, float("inf")),)),
    ],
)
def test_what_does_not_fit_is_not_written(impression):
    with pytest.raises(TemplateBroken):
        nbis_record.write(impression)


def places(impression):
    return sorted((point.x, point.y, point.kind, point.quality) for point in impression.minutiae)


@given(st.dictionaries(st.integers(0, len(RECORD) - 1), st.integers(0, 255), max_size=5), st.integers(0, len(RECORD)))
@settings(max_examples=300, deadline=None)
def test_no_flipped_or_missing_bytes_do_more_than_be_refused(flips, kept):
    data = bytearray(RECORD)
    for at, value in flips.items():
        data[at] = value
    for tried in (bytes(data), bytes(data[:kept])):
        with suppress(TemplateBroken):
            read = nbis_record.read(tried, 1)
            assert places(nbis_record.read(nbis_record.write(read), 1)) == places(read)
