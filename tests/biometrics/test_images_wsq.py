"""WSQ: a print survives the FBI's lossy compression, and damaged files do not take the process with them."""

import io
import random
import subprocess
import sys

import pytest
import wsq
from PIL import Image

from biometrics import images, wsq_file
from biometrics.errors import SampleRefused
from biometrics.nbis_matcher import NbisMatcher
from tests.support.pictures import HEIGHT, WIDTH, finger, packed, sample

MATCHER = NbisMatcher()
PRINT = finger()
WSQ = packed(PRINT, "WSQ")


def code(data):
    with pytest.raises(SampleRefused) as refused:
        images.decode(data)
    return refused.value.code


def frame(data):
    return data.index(b"\xff\xa2")


def test_a_print_that_was_compressed_matches_its_original():
    assert wsq.__version__ == "0.9"
    assert len(WSQ) * 5 < WIDTH * HEIGHT

    grey, width, height, ppi = images.decode(WSQ)

    assert (width, height, ppi) == (WIDTH, HEIGHT, 500)
    original = MATCHER.extract(sample(PRINT))
    restored = MATCHER.extract(sample(Image.frombytes("L", (width, height), grey)))
    assert MATCHER.compare(restored, [original]).score >= 100
    assert MATCHER.compare(restored, [MATCHER.extract(sample(finger("1-2-2")))]).score >= 40
    assert MATCHER.compare(restored, [MATCHER.extract(sample(finger("3-7-1")))]).score < 40


def test_the_pixels_are_those_that_the_package_gives_itself():
    with Image.open(io.BytesIO(WSQ), formats=("WSQ",)) as picture:
        assert images.decode(WSQ)[0] == picture.tobytes()


def test_white_ridges_on_black_are_turned_around():
    turned = images.decode(packed(PRINT.point(lambda level: 255 - level), "WSQ"))[0]

    assert sum(turned) / len(turned) > 128


def test_the_comment_of_nist_states_the_resolution():
    assert WSQ.count(b"PPI 500") == 1

    assert images.decode(WSQ.replace(b"PPI 500", b"PPI 750"))[3] == 750
    assert images.decode(WSQ.replace(b"PPI 500", b"PPI  -1"))[3] == 500
    assert code(WSQ.replace(b"PPI 500", b"PPI 100")) == "RESOLUTION"


def test_too_many_pixels_are_refused_by_the_header_alone(monkeypatch):
    at = frame(WSQ) + 6
    monkeypatch.setattr(wsq_file, "pixels", lambda *_: pytest.fail("unpacked"))

    assert code(WSQ[:at] + b"\xff\xff\xff\xff" + WSQ[at + 4 :]) == "TOO_LARGE"
    assert code(WSQ[:at] + bytes(4) + WSQ[at + 4 :]) == "EMPTY"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(WSQ[:2], id="only the mark"),
        pytest.param(WSQ[:30], id="inside a table"),
        pytest.param(WSQ[: frame(WSQ) + 5], id="inside the frame header"),
        pytest.param(WSQ[: len(WSQ) // 2], id="half a file"),
        pytest.param(WSQ[: frame(WSQ) + 30], id="no data behind the header"),
        pytest.param(WSQ[:2] + b"\xff\xff" + WSQ[4:], id="an unknown marker"),
        pytest.param(WSQ[:2] + b"\xff\xa8\x00\x00" + WSQ[4:], id="a comment of no length"),
        pytest.param(WSQ[:2] + WSQ[frame(WSQ) :], id="no tables"),
    ],
)
def test_a_damaged_file_is_refused(data):
    assert code(data) == "TRUNCATED"


def test_files_that_kill_the_packages_code_are_refused_and_this_process_lives():
    rng = random.Random(5)
    outcomes = []
    for _ in range(25):
        data = bytearray(WSQ)
        for _ in range(rng.randrange(1, 30)):
            data[rng.randrange(frame(WSQ) + 20, len(data))] = rng.randrange(256)
        try:
            outcomes.append(len(images.decode(bytes(data[: rng.randrange(len(data) // 2, len(data))]))[0]))
        except SampleRefused as refused:
            outcomes.append(refused.code)

    assert set(outcomes) <= {"TRUNCATED", WIDTH * HEIGHT}
    assert "TRUNCATED" in outcomes


def test_a_child_that_dies_or_hangs_is_a_refusal(monkeypatch):
    dead = "import os; os.abort()"
    monkeypatch.setattr(wsq_file, "COMMAND", (sys.executable, "-c", dead))
    assert code(WSQ) == "TRUNCATED"

    monkeypatch.setattr(wsq_file, "SECONDS", 0.2)
    monkeypatch.setattr(wsq_file, "COMMAND", (sys.executable, "-c", "import time; time.sleep(60)"))
    assert code(WSQ) == "TRUNCATED"


def test_without_the_package_another_format_is_asked_for(monkeypatch):
    missing = [*wsq_file.COMMAND[:1], "-S", *wsq_file.COMMAND[1:]]  # -S: no packages
    monkeypatch.setattr(wsq_file, "COMMAND", missing)

    assert code(WSQ) == "FORMAT"


def test_the_child_needs_nothing_of_the_project():
    done = subprocess.run(wsq_file.COMMAND, input=WSQ, capture_output=True, check=False, cwd="/", env={})

    assert (done.returncode, len(done.stdout)) == (0, WIDTH * HEIGHT)
