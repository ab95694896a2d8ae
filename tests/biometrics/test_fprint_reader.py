"""A reader known to libfprint: the real library in its own process, its virtual image device in place of a U are U 4500."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from biometrics import images
from biometrics.errors import NoFinger, PoorCapture, ReaderFailed
from biometrics.nbis_matcher import NbisMatcher
from biometrics.readers import fprint_process
from biometrics.readers.fprint import RETRIES, SENTENCES, SYSTEM_PYTHON, FprintReader
from biometrics.types import Assurance, Encoding, Sample
from posko.settings import PROJECT_ROOT

AT = datetime.fromisoformat("2026-05-04 01:00:00")
NONCE = "0123456789abcdef0123456789abcdef"
PRINTS = PROJECT_ROOT / "biometrics" / "prints"
WIDTH, HEIGHT = 320, 400
IMAGE = (bytes(range(256)) * (WIDTH * HEIGHT // 256))[: WIDTH * HEIGHT]


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    """Socket of the virtual device."""
    return tmp_path_factory.mktemp("fprint") / "finger"


@pytest.fixture(scope="module")
def reader(path):
    """The open reader; its process serves all tests that do not end it."""
    with FprintReader(lambda: AT, virtual=path, grace=2.0) as made:
        yield made


@contextmanager
def fingers(path: Path, *frames: tuple[int, int, bytes]):
    """Frames for the virtual device: width, height, pixels; or -1 and a retry code, or -2 and an error code."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(path))
        for width, height, pixels in frames:
            line.sendall(struct.pack("ii", width, height) + pixels)
        yield


def file_sample(name: str) -> Sample:
    """One of the committed prints."""
    return images.sample_of(
        (PRINTS / name).read_bytes(),
        reader_kind="file",
        reader_serial="uji",
        captured_at=AT,
        nonce=NONCE,
        assurance=Assurance.FILE,
    )


def test_a_finger_is_given_as_the_image_that_the_device_took(reader, path):
    with fingers(path, (WIDTH, HEIGHT, IMAGE)):
        sample = reader.capture(NONCE, seconds=5)

    assert (sample.data, sample.width, sample.height, sample.ppi) == (IMAGE, WIDTH, HEIGHT, 500)
    assert (sample.reader_kind, sample.nonce, sample.captured_at) == ("fprint", NONCE, AT)
    assert sample.encoding == Encoding.GREY8


def test_the_virtual_device_counts_as_a_file_and_a_real_one_as_a_station(reader, path):
    with fingers(path, (WIDTH, HEIGHT, IMAGE)):
        sample = reader.capture(NONCE, seconds=5)

    assert (sample.assurance, sample.reader_serial) == (Assurance.FILE, "virtual_image:0")
    assert FprintReader(lambda: AT).assurance == Assurance.STATION


def test_fingers_one_after_the_other_keep_their_order(reader, path):
    for image in (IMAGE[shift:] + IMAGE[:shift] for shift in (1, 2, 3)):
        with fingers(path, (WIDTH, HEIGHT, image)):
            assert reader.capture(NONCE, seconds=5).data == image


def test_a_picture_without_any_ridge_is_a_poor_capture(reader, path):
    with fingers(path, (WIDTH, HEIGHT, bytes(WIDTH * HEIGHT))), pytest.raises(PoorCapture):
        reader.capture(NONCE, seconds=5)


def test_without_a_finger_the_wait_ends_in_time_and_the_next_capture_works(reader, path):
    began = time.monotonic()
    with pytest.raises(NoFinger):
        reader.capture(NONCE, seconds=0.3)
    assert 0.3 <= time.monotonic() - began < 2

    with fingers(path, (WIDTH, HEIGHT, IMAGE)):
        assert reader.capture(NONCE, seconds=5).data == IMAGE


@pytest.mark.parametrize("code", RETRIES)
def test_a_finger_that_could_not_be_read_is_a_poor_capture_with_its_reason(reader, path, code):
    with fingers(path, (-1, int(code.split(":")[1]), b"")), pytest.raises(PoorCapture) as found:
        reader.capture(NONCE, seconds=5)
    assert f"({RETRIES[code]})" in str(found.value)


@pytest.mark.parametrize("code", [code for code in SENTENCES if code.startswith("error:")])
def test_every_error_of_the_device_is_told_in_its_own_sentence_and_the_next_capture_works(reader, path, code):
    with fingers(path, (-2, int(code.split(":")[1]), b"")), pytest.raises(ReaderFailed) as found:
        reader.capture(NONCE, seconds=5)
    assert str(found.value) == SENTENCES[code]

    with pytest.raises(NoFinger):
        reader.capture(NONCE, seconds=0.05)
    with fingers(path, (WIDTH, HEIGHT, IMAGE)):
        assert reader.capture(NONCE, seconds=5).data == IMAGE


def test_an_error_that_nobody_knows_is_told_with_its_number_and_text():
    error = SimpleNamespace(domain="g-io-error-quark", code=0)

    told = FprintReader(lambda: AT)._failure(fprint_process.code_of(error), "Something broke")

    assert "g-io-error-quark:0 (Something broke)" in str(told)


def test_the_minutiae_of_a_captured_finger_match_those_of_another_touch_and_of_nobody_else(reader, path):
    matcher = NbisMatcher()
    enrolled = [matcher.extract(file_sample(f"1-2-{touch}.png")) for touch in (2, 3, 4)]
    data, width, height, _ = images.decode((PRINTS / "1-2-1.png").read_bytes())
    data = b"".join(data[row * width : row * width + width - width % 4] for row in range(height - height % 4))
    with fingers(path, (width - width % 4, height - height % 4, data)):
        captured = matcher.extract(reader.capture(NONCE, seconds=5))

    assert matcher.compare(captured, enrolled).score >= 40
    assert matcher.compare(captured, [matcher.extract(file_sample("2-7-1.png"))]).score < 40


def test_what_is_connected_is_listed(tmp_path):
    assert FprintReader(lambda: AT, virtual=tmp_path / "finger").devices() == [
        "Virtual image device for debugging (virtual_image)"
    ]


def test_without_a_reader_the_sentence_says_to_connect_one():
    assert FprintReader(lambda: AT).devices() == []
    with pytest.raises(ReaderFailed, match="Tidak ada pembaca sidik jari"), FprintReader(lambda: AT):
        pass


def test_a_virtual_device_of_the_environment_does_not_come_in(monkeypatch, tmp_path):
    monkeypatch.setenv("FP_VIRTUAL_IMAGE", str(tmp_path / "finger"))

    assert FprintReader(lambda: AT).devices() == []


def test_the_process_gets_no_password_of_posko(monkeypatch, reader):
    monkeypatch.setenv("POSKO_DATABASE_URL", "mysql://orang:rahasia@server/")
    reader.close()
    with pytest.raises(NoFinger):
        reader.capture(NONCE, seconds=0.05)

    assert b"rahasia" not in Path(f"/proc/{reader.pid}/environ").read_bytes()


def test_a_driver_that_hangs_is_a_failed_reader_here_and_the_next_capture_works(reader, path):
    with pytest.raises(NoFinger):
        reader.capture(NONCE, seconds=0.05)
    os.kill(reader.pid, signal.SIGSTOP)  # a driver that hangs
    with pytest.raises(ReaderFailed, match="tidak menjawab"):
        reader.capture(NONCE, seconds=0.1)

    with pytest.raises(NoFinger):
        reader.capture(NONCE, seconds=0.05)
    with fingers(path, (WIDTH, HEIGHT, IMAGE)):
        assert reader.capture(NONCE, seconds=5).data == IMAGE


def test_closing_ends_the_process(tmp_path):
    with FprintReader(lambda: AT, virtual=tmp_path / "finger") as reader:
        owner = reader.pid
        assert Path(f"/proc/{owner}").exists()
    assert not Path(f"/proc/{owner}").exists()


def test_the_process_does_not_outlive_the_one_that_asked(tmp_path):
    asked = (
        "import os; from datetime import datetime; from pathlib import Path; from biometrics.readers.fprint import FprintReader;"
        f"made = FprintReader(datetime.now, virtual=Path({str(tmp_path / 'finger')!r})); made.__enter__();"
        "print(made.pid, flush=True); os._exit(9)"
    )
    done = subprocess.run([sys.executable, "-c", asked], cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
    owner = Path(f"/proc/{int(done.stdout)}")

    until = time.monotonic() + 10
    while owner.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not owner.exists()


def test_this_process_never_loads_the_library(reader):
    assert reader.pid is not None
    assert "gi" not in sys.modules


def test_a_python_without_gi_is_told_with_the_package_to_install():
    assert importlib.util.find_spec("gi") is None
    with (
        pytest.raises(ReaderFailed, match="apt-get install python3-gi"),
        FprintReader(lambda: AT, python=sys.executable),
    ):
        pass


def test_gi_without_libfprint_is_told_with_the_package_to_install(monkeypatch):
    def require_version(name: str, version: str) -> None:
        raise ValueError(f"Namespace {name} not available")

    gi = ModuleType("gi")
    gi.require_version = require_version
    monkeypatch.setitem(sys.modules, "gi", gi)
    with pytest.raises(fprint_process.Failed) as found:
        fprint_process.load()
    assert found.value.code == "NO_LIBFPRINT"


@pytest.mark.parametrize(
    ("index", "text", "serial"), [(3, "{8A3C-11}\0", "{8A3C-11}"), (0, "never asked", "")], ids=["with", "without"]
)
def test_the_serial_number_is_that_of_usb(index, text, serial):
    usb = SimpleNamespace(get_serial_number_index=lambda: index, get_string_descriptor=lambda _: text)
    device = SimpleNamespace(get_driver=lambda: "uru4000", get_property=lambda _: usb)

    assert fprint_process.serial_of(device) == serial


@pytest.mark.parametrize(
    ("driver", "ppmm", "ppi"), [("uru4000", 0.0, 512), ("aes2501", 19.685, 500), ("aes1610", 0.0, 500)]
)
def test_the_resolution_is_that_of_the_data_sheet_or_of_libfprint(driver, ppmm, ppi):
    assert fprint_process.ppi_of(driver, ppmm) == ppi


def test_a_device_that_the_user_may_not_open_is_told_with_the_cure():
    error = SimpleNamespace(domain="g-usb-device-error-quark", code=9)

    assert "udev" in SENTENCES[fprint_process.code_of(error)]


def test_the_codes_are_those_of_the_installed_library():
    asked = (
        "import gi; gi.require_version('FPrint', '2.0'); gi.require_version('GUsb', '1.0');"
        "from gi.repository import FPrint, GUsb;"
        "print({int(v) for n, v in vars(FPrint.DeviceError).items() if n.isupper()},"
        "{int(v) for n, v in vars(FPrint.DeviceRetry).items() if n.isupper()},"
        "int(GUsb.DeviceError.PERMISSION_DENIED), int(GUsb.DeviceError.NO_DEVICE), sep=';')"
    )
    done = subprocess.run([SYSTEM_PYTHON, "-I", "-c", asked], capture_output=True, text=True, check=True)
    errors, retries, *usb = done.stdout.strip().split(";")

    assert ast.literal_eval(errors) >= {int(code.split(":")[1]) for code in SENTENCES if code.startswith("error:")}
    assert ast.literal_eval(retries) >= {int(code.split(":")[1]) for code in RETRIES}
    assert usb == ["9", "4"]


def test_the_documented_permission_is_for_a_device_that_the_installed_library_knows():
    rule = re.search(
        r'idVendor}=="(\w{4})".*idProduct}=="(\w{4})"', (PROJECT_ROOT / "docs" / "readers.md").read_text("utf-8")
    )
    known = Path("/usr/lib/udev/hwdb.d/60-autosuspend-libfprint-2.hwdb").read_text("utf-8")
    assert rule

    driver = known.split("# Supported by libfprint driver uru4000\n")[1].split("\n\n")[0]
    assert f"usb:v{rule[1].upper()}p{rule[2].upper()}*" in driver
