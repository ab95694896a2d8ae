"""A reader that takes fingers from files: in order, whatever the format, and never in production (R-041)."""

from __future__ import annotations

import shutil
import tracemalloc
from datetime import datetime
from pathlib import Path

import pytest
import wsq  # noqa: F401 - teaches Pillow to write WSQ
from PIL import Image

from biometrics import images
from biometrics.errors import NoFinger, ReaderFailed, SampleRefused
from biometrics.readers.file import FileReader
from biometrics.types import Assurance
from posko.domain.errors import ConfigurationError
from posko.settings import PROJECT_ROOT, Settings

AT = datetime.fromisoformat("2026-05-04 01:00:00")
NONCE = "0123456789abcdef0123456789abcdef"
PRINTS = PROJECT_ROOT / "biometrics" / "prints"
DEMO = Settings(_env_file=None)


def reader_of(*paths: Path) -> FileReader:
    return FileReader(paths, "FILE-1", lambda: AT, DEMO)


def grey(name: str) -> Image.Image:
    with Image.open(PRINTS / name) as picture:
        return picture.convert("L")


def pixels(name: str) -> bytes:
    return grey(name).tobytes()


def distance(one: bytes, other: bytes) -> float:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one)


@pytest.fixture
def folder(tmp_path):
    """A folder with a PNG, a BMP and a WSQ of three fingers, and something else."""
    shutil.copy(PRINTS / "1-2-1.png", tmp_path / "a.png")
    grey("2-2-1.png").save(tmp_path / "b.BMP")
    grey("3-2-1.png").save(tmp_path / "c.wsq")
    (tmp_path / "catatan.txt").write_text("bukan sidik jari")
    (tmp_path / "folder.png").mkdir()
    return tmp_path


def test_a_folder_gives_its_pictures_in_the_order_of_their_names_and_then_no_finger(folder):
    with reader_of(folder) as reader:
        first, second, third = (reader.capture(NONCE) for _ in range(3))
        with pytest.raises(NoFinger):
            reader.capture(NONCE)

    assert first.data == pixels("1-2-1.png")
    assert second.data == pixels("2-2-1.png")
    assert (
        distance(third.data, pixels("3-2-1.png")) < 12 < distance(third.data, pixels("3-2-2.png"))
    )  # WSQ loses a little


def test_a_sample_names_the_reader_the_nonce_and_its_low_assurance(folder):
    sample = reader_of(folder / "a.png").capture(NONCE)

    assert (sample.reader_kind, sample.reader_serial, sample.nonce) == ("file", "FILE-1", NONCE)
    assert (sample.captured_at, sample.assurance, sample.ppi) == (AT, Assurance.FILE, 500)
    assert (sample.width, sample.height) == grey("1-2-1.png").size


def test_a_list_is_taken_in_its_own_order(folder):
    reader = reader_of(folder / "b.BMP", folder / "a.png")

    assert reader.capture(NONCE).data == pixels("2-2-1.png")
    assert reader.capture(NONCE).data == pixels("1-2-1.png")


def test_entering_again_begins_with_the_first_file(folder):
    reader = reader_of(folder)
    with reader:
        first = reader.capture(NONCE)
    with reader:
        assert reader.capture(NONCE).sha256 == first.sha256


def test_an_empty_folder_is_a_reader_without_a_finger(tmp_path):
    with reader_of(tmp_path) as reader, pytest.raises(NoFinger):
        reader.capture(NONCE)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ReaderFailed, match=r"hilang\.png tidak dapat dibaca"):
        reader_of(tmp_path / "hilang.png").capture(NONCE)


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "EMPTY"), (b"bukan gambar", "FORMAT"), (b"\x89PNG\r\n\x1a\n" + bytes(5), "TRUNCATED")]
)
def test_a_file_that_is_no_picture_is_refused_and_the_next_one_is_taken(folder, content, code):
    (folder / "0.png").write_bytes(content)
    reader = reader_of(folder)

    with pytest.raises(SampleRefused) as found:
        reader.capture(NONCE)
    assert found.value.code == code
    assert reader.capture(NONCE).data == pixels("1-2-1.png")


def test_a_huge_file_is_refused_without_being_read_whole(tmp_path):
    huge = tmp_path / "besar.png"
    with huge.open("wb") as file:
        file.truncate(images.MOST_BYTES * 10)

    tracemalloc.start()
    with pytest.raises(SampleRefused) as found:
        reader_of(huge).capture(NONCE)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found.value.code == "TOO_LARGE"
    assert peak < images.MOST_BYTES * 3


def test_it_is_refused_in_production():
    with pytest.raises(ConfigurationError, match="production"):
        FileReader(PRINTS, "FILE-1", lambda: AT, Settings(_env_file=None, environment="production"))
