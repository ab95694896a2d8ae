"""A reader of ZKTeco: the unmodified wrapper in its own process, on Microsoft's .NET, over a stand-in for the native library."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from biometrics.errors import NoFinger, PoorCapture, ReaderFailed
from biometrics.readers.zk import ZkReader
from biometrics.readers.zk_codes import NO_FINGER, POOR, SENTENCES
from biometrics.types import Assurance, Encoding
from tests.biometrics.fake_zkfp.build import HEIGHT, WIDTH, FakeDevice, dotnet

AT = datetime.fromisoformat("2026-05-04 01:00:00")
NONCE = "0123456789abcdef0123456789abcdef"
IMAGE = bytes(range(256)) * (WIDTH * HEIGHT // 256) + bytes(WIDTH * HEIGHT % 256)


@pytest.fixture(scope="module")
def environment(zkfp) -> dict[str, str]:
    return dotnet(zkfp) | {"LD_LIBRARY_PATH": str(zkfp), "FAKE_ZKFP": str(zkfp / "device")}


@pytest.fixture(scope="module")
def one_process(environment):
    """A reader whose process serves all tests that do not end it."""
    made = ZkReader(lambda: AT, environment=environment, grace=2.0)
    yield made
    made.close()


@pytest.fixture
def device(zkfp) -> FakeDevice:
    """A connected device with no finger on it."""
    made = FakeDevice(zkfp / "device")
    made.empty()
    made.plug_in()
    return made


@pytest.fixture
def closed(one_process, device) -> ZkReader:
    """The reader as after a failure: the next capture opens the device anew."""
    one_process._device = None
    return one_process


@pytest.fixture
def reader(closed, device) -> ZkReader:
    """The reader, open."""
    with pytest.raises(NoFinger):
        closed.capture(NONCE, seconds=0)
    device.calls()
    return closed


def test_a_finger_is_given_as_the_image_that_the_device_took(reader, device):
    device.put_finger(IMAGE)

    sample = reader.capture(NONCE, seconds=1)

    assert (sample.data, sample.width, sample.height, sample.ppi) == (IMAGE, WIDTH, HEIGHT, 500)
    assert (sample.reader_kind, sample.reader_serial, sample.nonce) == ("zk", "ZK9500-0001", NONCE)
    assert (sample.captured_at, sample.assurance, sample.encoding) == (AT, Assurance.STATION, Encoding.GREY8)
    assert sample.sha256 == hashlib.sha256(IMAGE).digest()


def test_the_serial_number_is_text_without_the_padding_of_the_device(reader):
    assert reader.serial == "ZK9500-0001"


def test_size_and_resolution_are_the_devices_own(closed, device):
    device.plug_in(256, 360, 508, "SLK20R-7")
    device.put_finger(bytes(256 * 360))

    sample = closed.capture(NONCE, seconds=1)

    assert (sample.width, sample.height, sample.ppi, sample.reader_serial) == (256, 360, 508, "SLK20R-7")


def test_a_finger_that_comes_late_is_waited_for(reader, device):
    later = subprocess.Popen(["sh", "-c", f"sleep 0.4; cp {_capture_file(device)} {device.folder}/late.cap"])

    assert reader.capture(NONCE, seconds=10).data == IMAGE
    later.wait()


def _capture_file(device: FakeDevice) -> Path:
    device.put_finger(IMAGE)
    (waiting,) = device.folder.glob("*.cap")
    return waiting.rename(device.folder / "elsewhere")


def test_without_a_finger_the_wait_ends_in_time_and_the_next_capture_works(reader, device):
    began = time.monotonic()
    with pytest.raises(NoFinger):
        reader.capture(NONCE, seconds=0.3)
    assert 0.3 <= time.monotonic() - began < 2

    device.put_finger(IMAGE)
    assert reader.capture(NONCE, seconds=1).data == IMAGE


def test_a_bad_print_is_a_poor_capture_and_not_an_absent_finger(reader, device):
    device.put_finger(IMAGE, finger=0)
    device.put_finger(IMAGE)

    with pytest.raises(PoorCapture, match="ciri jari tidak terbaca"):
        reader.capture(NONCE, seconds=1)
    assert reader.capture(NONCE, seconds=1).data == IMAGE


@pytest.mark.parametrize(
    "code", sorted({*SENTENCES, *POOR} - {"-12"} - {c for c in SENTENCES if not c.lstrip("-").isdigit()})
)
def test_every_return_code_of_a_capture_is_told_in_its_own_sentence(reader, device, code):
    device.answer(AcquireFingerprint=code)

    with pytest.raises(ReaderFailed) as found:
        reader.capture(NONCE, seconds=1)
    assert (POOR[code] if code in POOR else SENTENCES[code]) in str(found.value)
    assert isinstance(found.value, PoorCapture) == (code in POOR)


@pytest.mark.parametrize("code", sorted(NO_FINGER - {"NO_FINGER"}))
def test_codes_of_an_absent_finger_are_waited_through(reader, device, code):
    device.answer(AcquireFingerprint=code)

    with pytest.raises(NoFinger):
        reader.capture(NONCE, seconds=0.3)
    assert device.calls().count("AcquireFingerprint") > 2


def test_a_device_that_stays_busy_is_named_after_the_wait(reader, device):
    device.answer(AcquireFingerprint=-12)

    with pytest.raises(ReaderFailed, match="untuk program lain"):
        reader.capture(NONCE, seconds=0.3)
    assert device.calls().count("AcquireFingerprint") > 2


def test_a_code_that_nobody_knows_is_a_failure_and_not_an_absent_finger(reader, device):
    device.answer(AcquireFingerprint=-99)

    with pytest.raises(ReaderFailed, match=r"tidak dikenal \(-99\)") as found:
        reader.capture(NONCE, seconds=1)
    assert not isinstance(found.value, NoFinger)


@pytest.mark.parametrize("code", sorted(c for c in SENTENCES if c.startswith("-")))
def test_every_return_code_of_the_start_is_told_in_its_own_sentence(closed, device, code):
    device.answer(Init=code)

    with pytest.raises(ReaderFailed) as found:
        closed.capture(NONCE, seconds=1)
    assert SENTENCES[code] in str(found.value)


@pytest.mark.parametrize(
    ("calls", "sentence"),
    [
        ({"Init": 1}, SENTENCES["1"]),
        ({"GetDeviceCount": -17}, SENTENCES["-17"]),
        ({"GetDeviceCount": 0}, SENTENCES["-3"]),
        ({"OpenDevice": 0}, SENTENCES["-6"]),
        ({"GetParameters_1": -7}, SENTENCES["-7"]),
        ({"GetParameters_3": -4}, SENTENCES["-4"]),
        ({"GetParameters_1103": -5}, SENTENCES["-5"]),
    ],
)
def test_a_code_of_each_step_of_opening_is_looked_at(closed, device, calls, sentence):
    device.answer(**calls)

    with pytest.raises(ReaderFailed) as found:
        closed.capture(NONCE, seconds=1)
    assert sentence in str(found.value)

    device.answer()
    device.put_finger(IMAGE)
    assert closed.capture(NONCE, seconds=1).data == IMAGE


def test_a_second_start_of_the_library_is_not_taken_for_success(reader, device):
    device.answer(Terminate=-17, AcquireFingerprint=-7)
    with pytest.raises(ReaderFailed):
        reader.capture(NONCE, seconds=1)
    with pytest.raises(ReaderFailed, match="tidak mau dibuka ulang"):  # still started, and cannot be released
        reader.capture(NONCE, seconds=1)

    device.answer()
    device.put_finger(IMAGE)
    assert reader.capture(NONCE, seconds=1).data == IMAGE


def test_a_library_that_is_still_started_is_released_and_started_again(reader, device):
    device.answer(AcquireFingerprint="once-7")
    with pytest.raises(ReaderFailed):
        reader.capture(NONCE, seconds=1)
    device.calls()
    device.answer(Terminate="once-17")
    device.put_finger(IMAGE)

    assert reader.capture(NONCE, seconds=1).data == IMAGE
    assert device.calls()[:5] == ["CloseDevice", "Terminate", "Init", "Terminate", "Init"]


def test_without_a_device_the_sentence_says_to_connect_one(closed, device):
    device.pull_out()

    with pytest.raises(ReaderFailed, match="tidak tersambung"):
        closed.capture(NONCE, seconds=1)


def test_a_device_that_is_not_there_is_refused_although_the_wrapper_lets_it_pass(environment, device):
    with pytest.raises(ReaderFailed, match="tidak tersambung"), ZkReader(lambda: AT, index=5, environment=environment):
        pass


def test_a_device_that_is_pulled_out_is_noticed_and_comes_back(reader, device):
    device.pull_out()
    with pytest.raises(ReaderFailed, match="tercabut"):
        reader.capture(NONCE, seconds=5)
    with pytest.raises(ReaderFailed, match="tidak tersambung"):
        reader.capture(NONCE, seconds=5)

    device.plug_in(serial="ZK9500-0002")
    device.put_finger(IMAGE)
    assert reader.capture(NONCE, seconds=1).reader_serial == "ZK9500-0002"


@pytest.mark.parametrize(("width", "height", "dpi"), [(0, 400, 500), (300, 100_000, 500), (300, 400, 0)])
def test_an_impossible_size_is_refused(closed, device, width, height, dpi):
    device.plug_in(width, height, dpi)

    with pytest.raises(ReaderFailed, match="ukuran gambar yang mustahil"):
        closed.capture(NONCE, seconds=1)


def test_a_device_without_a_serial_number_needs_one_from_the_station(environment, device):
    device.plug_in(serial="")
    with (
        pytest.raises(ReaderFailed, match="tidak menyebut nomor serinya"),
        ZkReader(lambda: AT, environment=environment),
    ):
        pass

    with ZkReader(lambda: AT, environment=environment, serial="STIKER-9") as reader:
        device.put_finger(IMAGE)
        assert reader.capture(NONCE, seconds=1).reader_serial == "STIKER-9"


def test_what_is_connected_is_listed_without_opening_it(closed, device):
    assert closed.devices() == ["ZKTeco 0"]
    assert "OpenDevice" not in device.calls()

    device.pull_out()
    assert closed.devices() == []


def test_a_crash_in_the_native_library_is_a_failed_reader_here_and_the_next_capture_works(reader, device):
    device.answer(AcquireFingerprint="abort")
    with pytest.raises(ReaderFailed, match=r"berhenti mendadak \(sinyal 6"):
        reader.capture(NONCE, seconds=1)

    device.answer()
    device.put_finger(IMAGE)
    assert reader.capture(NONCE, seconds=1).data == IMAGE


def test_a_hang_in_the_native_library_ends_its_process_and_the_next_capture_works(reader, device):
    device.answer(AcquireFingerprint="hang")
    hung = reader.pid
    with pytest.raises(ReaderFailed, match="tidak menjawab dalam 2 detik"):
        reader.capture(NONCE, seconds=0.1)
    assert not Path(f"/proc/{hung}").exists()

    device.answer()
    device.put_finger(IMAGE)
    assert reader.capture(NONCE, seconds=1).data == IMAGE


def test_closing_releases_the_device_and_ends_the_process(environment, device):
    with ZkReader(lambda: AT, environment=environment) as reader:
        owner = reader.pid
        assert Path(f"/proc/{owner}").exists()
    assert device.calls()[-2:] == ["CloseDevice", "Terminate"]
    assert not Path(f"/proc/{owner}").exists()


def test_this_process_never_loads_the_wrapper_or_dotnet(reader, device):
    device.put_finger(IMAGE)
    reader.capture(NONCE, seconds=1)

    assert {"pyzkfp", "clr", "clr_loader", "pythonnet"} & set(sys.modules) == set()
