"""Fingers as images, and the set of them that is kept in the repository."""

import datetime as dt
from hashlib import sha256

import numpy as np
import pytest
from PIL import Image

from biometrics import images
from biometrics.nbis_matcher import NbisMatcher
from biometrics.synthetic import committed, image
from biometrics.types import Assurance

AT = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC).replace(tzinfo=None)
MATCHER = NbisMatcher()
LEVELS = 32
"""Two of the sixteen grey levels: what another machine's sine may change in a pixel at the edge of a ridge."""


def grey(entry):
    with Image.open(committed.FOLDER / entry.file) as picture:
        return np.asarray(picture)


def template(data, finger, *, with_quality=False):
    sample = images.sample_of(
        data, reader_kind="file", reader_serial="-", captured_at=AT, nonce="0" * 32, assurance=Assurance.FILE
    )
    return MATCHER.extract(sample, finger=finger, with_quality=with_quality)


@pytest.fixture(scope="module")
def templates():
    """Template of each committed print, by person, finger and touch."""
    return {
        (entry.seed, entry.finger, entry.touch): template((committed.FOLDER / entry.file).read_bytes(), entry.finger)
        for entry in committed.prints()
    }


def test_the_repository_keeps_ten_fingers_of_four_touches_in_less_than_a_megabyte_and_a_half():
    listed = committed.prints()

    assert len(listed) == 40
    assert len({(entry.seed, entry.finger) for entry in listed}) == 10
    assert {entry.file for entry in listed} == {path.name for path in committed.FOLDER.glob("*.png")}
    assert sum(path.stat().st_size for path in committed.FOLDER.iterdir()) < 1_500_000


def test_every_kept_file_is_grey_of_500_ppi_and_has_the_pixels_of_the_manifest():
    for entry in committed.prints():
        data, width, height, ppi = images.decode((committed.FOLDER / entry.file).read_bytes())
        assert (width, height, ppi) == (357, 392, 500)
        assert sha256(data).hexdigest() == entry.pixels_sha256, entry.file


def test_a_finger_made_again_is_the_one_that_was_kept():
    entries = [entry for entry in committed.prints() if (entry.seed, entry.finger) == ("print:3", 7)]
    whole = image.master("print:3", 7)

    assert len(entries) == 4
    for entry in entries:
        data, width, height = image.impression(whole, entry.touch)
        made = np.frombuffer(data, np.uint8).reshape(height, width).astype(int)
        apart = np.abs(made - grey(entry))
        assert (apart > LEVELS).mean() < 0.001, entry.file
        assert apart.mean() < 1, entry.file


def test_the_whole_set_can_be_made_again_elsewhere_with_its_manifest(tmp_path, monkeypatch):
    monkeypatch.setattr(committed, "PEOPLE", ("print:1",))

    assert committed.rebuild(tmp_path) == 8
    assert [entry.file for entry in committed.prints(tmp_path)] == sorted(path.name for path in tmp_path.glob("*.png"))
    assert committed.prints(tmp_path)[0].seed == "print:1"


def test_touches_of_one_kept_finger_match_and_different_fingers_do_not(templates):
    for (seed, finger, touch), probe in templates.items():
        mates = [templates[seed, finger, other] for other in "1234" if other != touch]
        assert MATCHER.compare(probe, mates).score >= 60, (seed, finger, touch)
    firsts = [probe for (_, _, touch), probe in templates.items() if touch == "1"]
    seconds = [probe for (_, _, touch), probe in templates.items() if touch == "2"]
    impostors = [
        MATCHER.compare(one, [other]).score for i, one in enumerate(firsts) for j, other in enumerate(seconds) if i != j
    ]
    assert max(impostors) < 50
    assert sorted(impostors)[len(impostors) // 2] < 20


def test_a_print_has_minutiae_and_quality_enough_to_be_enrolled():
    made = template(committed.encoded("print:2", 7, "PNG"), 7, with_quality=True)

    assert made.minutiae >= 25
    assert made.quality is not None
    assert made.quality >= 35


@pytest.mark.parametrize(("form", "magic"), [("PNG", b"\x89PNG"), ("BMP", b"BM"), ("WSQ", b"\xff\xa0")])
def test_a_kept_print_matches_itself_in_every_format_that_bnp2tki_may_send(form, magic, templates):
    data = committed.encoded("print:4", 2, form)

    assert data.startswith(magic)
    assert MATCHER.compare(template(data, 2), [templates["print:4", 2, "2"]]).score >= 40


def test_a_print_that_the_set_does_not_have_is_named():
    with pytest.raises(LookupError, match="print:9"):
        committed.encoded("print:9", 2, "PNG")


def test_a_poor_touch_scores_lower_than_a_usual_one(templates):
    whole = image.master("print:1", 2)
    mates = [templates["print:1", 2, touch] for touch in "1234"]
    scores = []
    for hard in (1.0, 2.0):
        made = [committed.png(*image.impression(whole, f"poor:{n}", hard=hard)) for n in range(4)]
        scores.append(np.mean([MATCHER.compare(template(data, 2), mates).score for data in made]))

    assert scores[0] > 1.3 * scores[1]


def test_an_image_has_dark_ridges_on_an_empty_white_glass():
    data, width, height = image.impression(image.master("print:1", 2), "1")
    pixels = np.frombuffer(data, np.uint8).reshape(height, width)

    assert np.median(pixels[:8]) > 200
    assert pixels[height // 2 - 60 : height // 2 + 60, width // 2 - 60 : width // 2 + 60].min() < 70


def test_the_command_that_makes_the_set_again_is_the_one_that_the_docs_name():
    assert "python -m biometrics.synthetic.committed" in (committed.__doc__ or "")
