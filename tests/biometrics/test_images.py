"""Pictures of fingers in files: every way they come in, and every way they are damaged."""

import struct
import zlib
from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from biometrics import images
from biometrics.errors import SampleRefused
from biometrics.nbis_matcher import NbisMatcher
from biometrics.types import Assurance, Encoding
from tests.support.pictures import AT, HEIGHT, NONCE, WIDTH, finger, packed, sample

MATCHER = NbisMatcher()
PRINT = finger()
GREY = PRINT.tobytes()
PNG = packed(PRINT, dpi=(500, 500))
BMP = packed(PRINT, "BMP", dpi=(500, 500))


def code(data):
    with pytest.raises(SampleRefused) as refused:
        images.decode(data)
    assert str(refused.value).endswith(".")
    return refused.value.code


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of(width, height, rows):
    """A PNG put down by hand: 8 bits of grey."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("data", [PNG, BMP], ids=["PNG", "BMP"])
def test_a_grey_picture_comes_out_as_it_went_in(data):
    assert images.decode(data) == (GREY, WIDTH, HEIGHT, 500)


def test_a_picture_becomes_a_sample_with_its_circumstances():
    made = images.sample_of(
        PNG, reader_kind="browser", reader_serial="4500-1", captured_at=AT, nonce=NONCE, assurance=Assurance.BROWSER
    )

    expected = (GREY, WIDTH, HEIGHT, 500, "browser", "4500-1", AT, NONCE, Assurance.BROWSER, Encoding.GREY8)
    assert astuple(made) == expected


def test_rows_of_a_bmp_may_come_from_the_top():
    upside_down = bytearray(packed(PRINT.transpose(Image.Transpose.FLIP_TOP_BOTTOM), "BMP"))
    upside_down[22:26] = struct.pack("<i", -HEIGHT)

    assert images.decode(bytes(upside_down))[:3] == (GREY, WIDTH, HEIGHT)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "P"])
def test_colour_becomes_grey(mode):
    assert images.decode(packed(PRINT.convert(mode)))[0] == GREY


def test_what_is_transparent_becomes_white():
    layered = PRINT.convert("RGBA")
    layered.putalpha(Image.fromarray(np.where(np.arange(WIDTH) < 100, 0, 255).astype(np.uint8)[None].repeat(HEIGHT, 0)))
    black_below = Image.composite(layered, Image.new("RGBA", layered.size, (0, 0, 0, 0)), layered.getchannel("A"))

    pixels = np.frombuffer(images.decode(packed(black_below))[0], np.uint8).reshape(HEIGHT, WIDTH)

    assert (pixels[:, :100] == 255).all()
    assert (pixels[:, 100:] == np.asarray(PRINT)[:, 100:]).all()


def test_a_transparent_grey_level_becomes_white():
    data = packed(Image.fromarray(np.array([[0, 90], [200, 90]], np.uint8)), transparency=90)

    assert images.decode(data)[0] == bytes([0, 255, 200, 255])


def test_sixteen_bits_become_eight():
    deep = Image.fromarray(np.asarray(PRINT).astype(np.uint16) * 257)

    assert deep.mode.startswith("I")
    assert images.decode(packed(deep))[0] == GREY


def test_one_bit_is_refused_because_its_quality_cannot_be_measured():
    assert code(packed(PRINT.convert("1"))) == "COLOUR"


def test_white_ridges_on_black_are_turned_around():
    assert images.decode(packed(PRINT.point(lambda level: 255 - level)))[0] == GREY


def test_a_print_that_fills_its_picture_is_left_as_it_is_and_matches_either_way():
    full = PRINT.crop((90, 100, 270, 300))
    turned = full.point(lambda level: 255 - level)

    assert images.decode(packed(full))[0] == full.tobytes()
    one, other = (MATCHER.extract(sample(picture)) for picture in (full, turned))
    assert MATCHER.compare(one, [other]).score >= 40


@pytest.mark.parametrize("stated", [(500, 500), (508, 508), (1000, 1000), (250, 250), (1200, 1200)])
def test_the_resolution_that_a_file_states_is_taken(stated):
    assert images.decode(packed(PRINT, dpi=stated))[3] == stated[0]


@pytest.mark.parametrize("options", [{}, {"dpi": (72, 72)}, {"dpi": (96, 96)}])
def test_no_resolution_or_that_of_a_screen_means_500(options):
    assert images.decode(packed(PRINT, **options))[3] == 500


@pytest.mark.parametrize("stated", [(200, 200), (1300, 1300), (500, 250)])
def test_a_resolution_that_cannot_be_of_a_reader_is_refused(stated):
    assert code(packed(PRINT, dpi=stated)) == "RESOLUTION"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"", "EMPTY", id="no bytes"),
        pytest.param(b"sidik jari", "FORMAT", id="text"),
        pytest.param(packed(PRINT, "GIF"), "FORMAT", id="GIF"),
        pytest.param(packed(PRINT, "TIFF"), "FORMAT", id="TIFF"),
        pytest.param(packed(PRINT, "JPEG"), "FORMAT", id="JPEG"),
        pytest.param(PNG[:20], "TRUNCATED", id="a third of a PNG's header"),
        pytest.param(PNG[: len(PNG) // 2], "TRUNCATED", id="half a PNG"),
        pytest.param(PNG[:60] + bytes(40) + PNG[100:], "TRUNCATED", id="a PNG with a hole"),
        pytest.param(BMP[:20], "TRUNCATED", id="half a BMP's header"),
        pytest.param(BMP[: len(BMP) // 2], "TRUNCATED", id="half a BMP"),
        pytest.param(png_of(0, 10, b""), "EMPTY", id="a PNG without width"),
        pytest.param(bytes(images.MOST_BYTES + 1), "TOO_LARGE", id="too many bytes"),
        pytest.param(png_of(2001, 2000, b""), "TOO_LARGE", id="too many pixels"),
        pytest.param(png_of(1 << 31, 1 << 31, b""), "TOO_LARGE", id="absurdly many pixels"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_what_is_wrong(data, expected):
    assert code(data) == expected


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    bomb = png_of(60_000, 60_000, bytes(50_000_000))
    assert len(bomb) < 100_000
    monkeypatch.setattr(Image, "open", lambda *_, **__: pytest.fail("Pillow looked at it"))

    assert code(bomb) == "TOO_LARGE"


def test_a_bomb_that_hides_behind_a_small_header_yields_no_more_than_the_header_says():
    assert images.decode(png_of(3, 2, bytes(50_000_000)))[:3] == (b"\xff" * 6, 3, 2)


@given(st.dictionaries(st.integers(8, 400), st.integers(0, 255), min_size=1, max_size=5), st.sampled_from([PNG, BMP]))
@settings(max_examples=120, deadline=None)
def test_no_flipped_bytes_do_more_than_be_refused(flips, whole):
    data = bytearray(whole)
    for at, value in flips.items():
        data[at] = value
    try:
        grey, width, height, ppi = images.decode(bytes(data))
    except SampleRefused as refused:
        outcome = refused.code
    else:
        outcome = "OK" if len(grey) == width * height and 250 <= ppi <= 1200 else "WRONG"

    assert outcome in {"OK", "EMPTY", "TOO_LARGE", "TRUNCATED", "COLOUR", "RESOLUTION", "FORMAT"}
