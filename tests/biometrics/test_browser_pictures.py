"""A picture that the page of a reader sends becomes a sample, or is refused by its code before anybody unfolds it."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from PIL import Image

from biometrics.errors import SampleRefused
from biometrics.readers.browser import sample_from_post
from biometrics.types import Assurance, Encoding
from tests.biometrics.stub_client.client import READER
from tests.biometrics.stub_client.site import png
from tests.support.bad_pictures import BAD, picture

AT = dt.datetime.fromisoformat("2026-03-02T01:00")


def test_a_picture_of_the_page_is_a_grey_sample_of_lower_assurance():
    sample = sample_from_post(png(), reader_serial=READER, nonce="0" * 32, captured_at=AT)

    assert (sample.width, sample.height, sample.ppi, sample.encoding) == (357, 392, 500, Encoding.GREY8)
    assert len(sample.data) == 357 * 392
    assert (sample.assurance, sample.reader_kind, sample.reader_serial) == (Assurance.BROWSER, "browser", READER)


@pytest.mark.parametrize("code", BAD)
def test_what_is_no_usable_picture_is_refused_by_its_code(code):
    with pytest.raises(SampleRefused) as refused:
        sample_from_post(BAD[code], reader_serial=READER, nonce="0" * 32, captured_at=AT)

    assert refused.value.code == code


def test_a_small_file_that_unfolds_to_a_huge_picture_is_refused_by_its_header():
    with pytest.raises(SampleRefused) as refused:
        sample_from_post(picture("1", (30000, 30000)), reader_serial=READER, nonce="0" * 32, captured_at=AT)

    assert refused.value.code == "TOO_LARGE"


def test_a_bitmap_is_no_answer_of_a_page_though_the_import_takes_it():
    made = io.BytesIO()
    Image.new("L", (300, 300)).save(made, "BMP")

    with pytest.raises(SampleRefused) as refused:
        sample_from_post(made.getvalue(), reader_serial=READER, nonce="0" * 32, captured_at=AT)

    assert refused.value.code == "FORMAT"
