"""ISO/IEC 19794-2:2005: bytes put down by hand from clause 7 of the standard, and whatever else arrives."""

import struct
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from biometrics import iso19794
from biometrics.errors import TemplateBroken
from biometrics.minutiae import Impression, Kind, Minutia

HEADER = (
    "464d5200"  # "FMR\0"
    "20323000"  # " 20\0"
    "00000030"  # 48 bytes in all
    "0000"  # device: not certified, type unknown
    "0165"  # 357 pixels wide
    "0188"  # 392 high
    "00c500c5"  # 197 pixels per cm in x and y
    "01"  # one view
    "00"  # reserved
)
VIEW = "020038" + "03"  # right index finger; view 0, live-scan plain; quality 56; three minutiae
MINUTIAE = (
    "409c"  # ending at x 156
    "002f"  # y 47
    "15"  # 21/256 of a turn: 29.53125 degrees
    "5a"  # quality 90
    "806e008f0b00"  # fork at (110, 143), 15.46875 degrees, quality not reported
    "01640187ff64"  # other at the last pixel, (356, 391), 358.59375 degrees, quality 100
)
RECORD = bytes.fromhex(HEADER + VIEW + MINUTIAE)
RECORD += b"\0\0"  # no extended data
RECORD = RECORD[:8] + struct.pack(">I", len(RECORD)) + RECORD[12:]
READ = Impression(
    2,
    357,
    392,
    (
        Minutia(156, 47, 29.53125, Kind.ENDING, 90),
        Minutia(110, 143, 15.46875, Kind.BIFURCATION, 0),
        Minutia(356, 391, 358.59375, Kind.OTHER, 100),
    ),
)


def altered(at, value):
    return RECORD[:at] + value + RECORD[at + len(value) :]


def with_length(data):
    return data[:8] + struct.pack(">I", len(data)) + data[12:]


def broken(data):
    with pytest.raises(TemplateBroken) as refused:
        iso19794.read(data)
    return str(refused.value)


def test_a_record_put_down_by_hand_is_read():
    assert iso19794.read(RECORD) == READ
    assert iso19794.quality_of(RECORD) == 56


def test_what_is_written_is_that_record_to_the_byte():
    assert iso19794.write(READ, quality=56) == RECORD


def test_an_impression_without_minutiae_is_a_record_of_thirty_bytes():
    empty = Impression(0, 1, 1, ())

    data = iso19794.write(empty)

    assert len(data) == 30
    assert iso19794.read(data) == empty
    assert iso19794.quality_of(data) is None


def test_extended_data_are_stepped_over():
    # ridge counts: type 1, 11 bytes with this head, method, two neighbours of three bytes
    extended = bytes.fromhex("0001000b 01 01140c 050705")

    assert iso19794.read(with_length(RECORD[:-2] + struct.pack(">H", len(extended)) + extended)) == READ


def test_each_view_is_one_finger_and_a_single_one_is_asked_for():
    second = bytes.fromhex("0700 46 01") + bytes.fromhex("4028005d005a") + b"\0\0"
    both = with_length(altered(22, b"\x02") + second)

    first, other = iso19794.read_all(both)

    assert first == READ
    assert other == Impression(7, 357, 392, (Minutia(40, 93, 0.0, Kind.ENDING, 90),))
    assert "2 sidik jari" in broken(both)


def test_a_record_of_1000_ppi_comes_down_to_500():
    halved = iso19794.read(altered(18, struct.pack(">HH", 394, 394)))

    assert (halved.width, halved.height) == (178, 196)
    assert [(point.x, point.y) for point in halved.minutiae] == [(78, 24), (55, 72), (177, 195)]
    assert [point.angle for point in halved.minutiae] == [point.angle for point in READ.minutiae]


def test_pixels_that_are_not_square_turn_the_angles():
    diagonal = Impression(1, 400, 400, (Minutia(100, 100, 45.0),))
    data = iso19794.write(diagonal)

    tall = iso19794.read(data[:18] + struct.pack(">HH", 394, 197) + data[22:])

    assert (tall.width, tall.height) == (200, 400)
    assert tall.minutiae[0].angle == pytest.approx(63.43, abs=0.01)


def test_the_width_itself_as_x_is_the_last_column():
    assert iso19794.read(altered(40, struct.pack(">HH", 357, 392))).minutiae[2].x == 356


def test_reserved_qualities_mean_not_reported():
    assert iso19794.read(altered(33, b"\xff")).minutiae[0].quality == 0


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(b"", "bukan rekaman ISO", id="empty"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(60), "bukan rekaman ISO", id="a picture"),
        pytest.param(altered(4, b" 30\0"), "bukan rekaman ISO", id="version 30"),
        pytest.param(RECORD[:20], "terpotong: 20 bita", id="half a header"),
        pytest.param(RECORD[:-5], "tertulis 48", id="truncated"),
        pytest.param(RECORD + b"\0", "panjangnya 49", id="trailing byte"),
        pytest.param(with_length(RECORD + b"\0"), "1 bita berlebih", id="trailing byte that the length knows"),
        pytest.param(altered(8, struct.pack(">HH", 48, 0x33)), "INCITS 378", id="the ANSI record"),
        pytest.param(altered(14, b"\0\0"), "ukuran gambar 0 x 392", id="no width"),
        pytest.param(altered(16, b"\xff\xff"), "ukuran gambar 357 x 65535", id="height beyond 14 bits"),
        pytest.param(altered(18, b"\0\0"), "resolusi 0 x 197", id="no resolution"),
        pytest.param(altered(20, b"\xff\xff"), "resolusi 197 x 65535", id="absurd resolution"),
        pytest.param(altered(22, b"\0"), "tidak memuat", id="no view"),
        pytest.param(altered(22, b"\xff"), "melebihi isinya", id="255 views"),
        pytest.param(altered(24, b"\x0b"), "posisi jari 11", id="an eleventh finger"),
        pytest.param(altered(27, b"\xff"), "255 minutia", id="absurd count"),
        pytest.param(altered(27, b"\x04"), "4 minutia", id="one more than there are"),
        pytest.param(altered(27, b"\x02"), "data tambahan", id="one fewer than there are"),
        pytest.param(altered(28, b"\xc0\x9c"), "jenis minutia 3", id="the fourth type"),
        pytest.param(altered(28, b"\x41\x67"), "minutia di (359, 47)", id="right of the image"),
        pytest.param(altered(30, b"\x3f\xff"), "minutia di (156, 16383)", id="below the image"),
        pytest.param(altered(46, b"\xff\xff"), "data tambahan", id="absurd extended data"),
        pytest.param(with_length(RECORD[:-2]), "terpotong", id="no length of extended data"),
    ],
)
def test_a_damaged_record_is_refused_with_what_is_wrong(data, says):
    assert says in broken(data)


def test_a_size_that_grows_beyond_the_record_at_500_ppi_is_refused():
    assert "pada 500 ppi" in broken(
        altered(14, struct.pack(">HHHH", 16000, 392, 98, 98)),
    )


@pytest.mark.parametrize(
    "impression",
    [
        replace(READ, finger=11),
        replace(READ, width=0),
        replace(READ, height=16384),
        replace(READ, width=100),
        replace(READ, minutiae=READ.minutiae * 86),
        replace(READ, minutiae=(Minutia(-1, 5, 0.0),)),
        replace(READ, minutiae=(Minutia(5, 5, float("nan")),)),
        replace(READ, minutiae=(Minutia(5, 5, 0.0, quality=101),)),
    ],
)
def test_what_does_not_fit_is_not_written(impression):
    with pytest.raises(TemplateBroken):
        iso19794.write(impression)


@st.composite
def impressions(draw):
    width, height = draw(st.integers(1, 16383)), draw(st.integers(1, 16383))
    point = st.builds(
        Minutia,
        x=st.integers(0, width - 1),
        y=st.integers(0, height - 1),
        angle=st.integers(0, 255).map(lambda step: step * 1.40625),
        kind=st.sampled_from(Kind),
        quality=st.integers(0, 100),
    )
    return Impression(draw(st.integers(0, 10)), width, height, tuple(draw(st.lists(point, max_size=255))))


@given(impressions(), st.integers(0, 100))
@settings(max_examples=60, deadline=None)
def test_what_was_written_is_read_again(impression, quality):
    data = iso19794.write(impression, quality=quality)

    assert iso19794.read(data) == impression
    assert iso19794.quality_of(data) == (quality or None)


@given(st.floats(0, 360, exclude_max=True))
@settings(deadline=None)
def test_an_angle_moves_by_half_a_step_at_most(angle):
    read = iso19794.read(iso19794.write(Impression(1, 9, 9, (Minutia(4, 4, angle),)))).minutiae[0].angle

    assert 0 <= read < 360
    assert min(abs(read - angle), 360 - abs(read - angle)) <= 1.40625 / 2 + 1e-9


def read_or_refused(data):
    with suppress(TemplateBroken):
        for view in iso19794.read_all(data):
            assert all(0 <= point.x < view.width and 0 <= point.y < view.height for point in view.minutiae)


@given(st.binary(max_size=400).map(lambda tail: with_length(iso19794.MAGIC + bytes(4) + tail)))
@example(b"")
@settings(max_examples=300, deadline=None)
def test_no_bytes_behind_a_right_beginning_do_more_than_be_refused(data):
    read_or_refused(data)


@given(st.dictionaries(st.integers(8, len(RECORD) - 1), st.integers(0, 255), max_size=6), st.integers(0, 60))
@settings(max_examples=300, deadline=None)
def test_no_flipped_bytes_of_a_record_do_more_than_be_refused(flips, kept):
    data = bytearray(RECORD)
    for at, value in flips.items():
        data[at] = value

    read_or_refused(bytes(data))
    read_or_refused(with_length(bytes(data[: max(12, kept)])))
