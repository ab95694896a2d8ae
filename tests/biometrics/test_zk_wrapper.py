"""What the wrapper of ZKTeco's readers hides, as long as it does: why `zk_process` asks the class below it (facts of the readers)."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.biometrics.fake_zkfp.build import HEIGHT, WIDTH, FakeDevice, compile_library, dotnet

ASKED = """
import json
from pyzkfp import ZKFP2
found = {}
def call(name, function, *arguments):
    try:
        answer = function(*arguments)
        found[name] = str(answer) if answer is None or not isinstance(answer, tuple) else "captured"
    except Exception as error:
        found[name] = type(error).__name__
one = ZKFP2()
call("open before init", one.OpenDevice, 0)
found["width before init"] = one.width
call("init", one.Init)
call("init again", one.Init)
call("open a device that is not there", one.OpenDevice, 5)
one.OpenDevice(0)
found["serial"] = one.dev_serial_number
call("capture", one.AcquireFingerprint)
call("capture of a bad print", one.AcquireFingerprint)
call("capture without a finger", one.AcquireFingerprint)
open("codes", "w").write("AcquireFingerprint -27")
call("capture with an unknown code", one.AcquireFingerprint)
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What the wrapper answered to each call."""
    folder = tmp_path_factory.mktemp("wrapper")
    compile_library(folder)
    device = FakeDevice(folder / "device")
    device.folder.mkdir()
    device.plug_in()
    device.put_finger(bytes(WIDTH * HEIGHT))
    device.put_finger(bytes(WIDTH * HEIGHT), finger=0)
    told = {"LD_LIBRARY_PATH": str(folder), "FAKE_ZKFP": str(device.folder)}
    done = subprocess.run(
        [sys.executable, "-c", ASKED],
        cwd=device.folder,
        env=os.environ | dotnet(folder) | told,
        check=True,
        capture_output=True,
    )
    return json.loads(done.stdout.splitlines()[-1])  # the lines before are the native library's own


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        ("open before init", "0"),
        ("width before init", WIDTH),
        ("init", "None"),
        ("init again", "None"),
        ("open a device that is not there", "0"),
        ("capture", "captured"),
        ("capture of a bad print", "FailedToExtractTemplateError"),
        ("capture without a finger", "None"),
        ("capture with an unknown code", "None"),
    ],
)
def test_the_wrapper_answers_so(found, call, answer):
    assert found[call] == answer


def test_the_wrapper_pads_the_serial_number(found):
    assert found["serial"].startswith("ZK9500-0001\0\0")
