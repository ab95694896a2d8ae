"""The process that owns a device, answering badly: each answer is a sentence, and this process goes on."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from biometrics.errors import ReaderFailed
from biometrics.readers.child import LONGEST_LINE, Child
from biometrics.readers.device import DeviceReader

AT = datetime.fromisoformat("2026-05-04 01:00:00")
NONCE = "0123456789abcdef0123456789abcdef"
OPENED = '{"ok": {"serial": "S", "width": 2, "height": 2, "ppi": 500}}'


def program(*answers: str) -> tuple[str, ...]:
    """A process that gives these answers, whatever is asked, and then ends."""
    return (
        sys.executable,
        "-c",
        "import sys\nfor line in sys.argv[1:]:\n    input()\n    print(line, flush=True)",
        *answers,
    )


@dataclass
class OddReader(DeviceReader):
    """A reader over a process of the test."""

    kind = "odd"
    name = "Aneh"
    command: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self._child = Child(self.name, self.command)

    def _failure(self, code: str, detail: str) -> ReaderFailed:
        return ReaderFailed(f"{code}/{detail}")


def reader_of(*answers: str) -> OddReader:
    return OddReader(lambda: AT, command=program(*answers), grace=1.0)


@pytest.mark.parametrize("image", ["", "AAAA", "AAAAAAAA", "bukan base64!", "AAAAA"])
def test_an_image_that_is_not_whole_is_a_failed_reader(image):
    with (
        reader_of(OPENED, f'{{"ok": {{"image": "{image}"}}}}') as reader,
        pytest.raises(ReaderFailed, match="tidak utuh"),
    ):
        reader.capture(NONCE, seconds=1)


def test_a_whole_image_is_taken():
    with reader_of(OPENED, '{"ok": {"image": "AAECAw=="}}') as reader:
        assert reader.capture(NONCE, seconds=1).data == bytes([0, 1, 2, 3])


@pytest.mark.parametrize("line", ["salah", "[1]", "3", ""])
def test_an_answer_that_is_none_is_a_failed_reader(line):
    with pytest.raises(ReaderFailed, match="bukan jawaban"), reader_of(line):
        pass


def test_a_failure_is_told_with_its_code_and_detail():
    with pytest.raises(ReaderFailed, match="X/karena"), reader_of('{"failed": "X", "detail": "karena"}'):
        pass


def test_an_endless_answer_does_not_fill_the_memory():
    endless = "import sys\ninput()\nwhile True: sys.stdout.write('x' * 1_000_000)"
    child = Child("Aneh", (sys.executable, "-c", endless))

    with pytest.raises(ReaderFailed, match="bukan jawaban"):
        child.ask({}, seconds=30)
    assert not child.is_running
    assert LONGEST_LINE < 50_000_000


def test_the_end_of_a_process_is_told_with_the_last_line_that_it_wrote():
    child = Child("Aneh", (sys.executable, "-c", "import sys; input(); sys.exit('driver rusak')"))

    with pytest.raises(ReaderFailed, match=r"berhenti mendadak \(kode 1: driver rusak\)"):
        child.ask({}, seconds=10)


def test_a_process_that_will_not_end_is_killed():
    child = Child("Aneh", (sys.executable, "-c", "import time; input(); print('{}', flush=True); time.sleep(600)"))
    child.ask({}, seconds=10)
    owner = child.pid
    began = time.monotonic()

    child.close()

    assert not Path(f"/proc/{owner}").exists()
    assert time.monotonic() - began < 10
