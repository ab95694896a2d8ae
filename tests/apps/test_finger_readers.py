"""`posko finger readers` and `posko finger capture`: what a TUK tries on the day before, without a database (R-041)."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime

import pytest
from click.testing import CliRunner
from PIL import Image

from apps.cli import context, finger_capture, finger_readers
from apps.cli.main import posko as command
from biometrics import iso19794
from biometrics.errors import NoFinger, SampleRefused
from biometrics.readers.catalogue import LABELS, known
from biometrics.readers.fprint import FprintReader
from biometrics.readers.zk import ZkReader
from biometrics.thresholds import ENROL_QUALITY
from posko.domain.errors import BadInput, ConfigurationError
from posko.settings import PROJECT_ROOT, Settings
from tests.biometrics.fake_zkfp.build import FakeDevice, compile_library, dotnet

AT = datetime.fromisoformat("2026-05-04 01:00:00")
PRINT = PROJECT_ROOT / "biometrics" / "prints" / "1-2-1.png"
DEMO = Settings(_env_file=None)
PRODUCTION = Settings(_env_file=None, environment="production")


@pytest.fixture
def run(monkeypatch):
    """Run a command as a person does; `environment` is that of the settings."""

    def call(*words, settings=DEMO):
        monkeypatch.setattr(context, "settings", lambda: settings)
        result = CliRunner().invoke(command, ["finger", *map(str, words)])
        if isinstance(result.exception, Exception):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.stdout

    return call


def test_every_kind_is_shown_with_what_it_lacks(run, monkeypatch):
    bare = os.path.realpath(sys.executable)  # without pyzkfp and without gi
    lacking = [FprintReader(lambda: AT, python=bare), ZkReader(lambda: AT, python=bare)]
    monkeypatch.setattr(finger_readers, "known", lambda settings: known(settings, devices=lacking))

    found = {row["kind"]: row for row in json.loads(run("readers", "--json"))}
    shown = run("readers")

    assert set(found) == set(LABELS)
    assert [kind for kind, row in found.items() if not row["is_usable"]] == ["fprint", "zk"]
    assert "apt-get install python3-gi" in found["fprint"]["cure"]
    assert "requirements/zk.txt" in found["zk"]["cure"]
    assert all(kind in shown for kind in LABELS)


def test_a_connected_reader_is_usable_and_an_absent_one_says_where_the_steps_are(tmp_path):
    compile_library(tmp_path)
    device = FakeDevice(tmp_path / "device")
    device.folder.mkdir()
    told = dotnet(tmp_path) | {"LD_LIBRARY_PATH": str(tmp_path), "FAKE_ZKFP": str(device.folder)}
    readers = [FprintReader(lambda: AT, virtual=tmp_path / "finger"), ZkReader(lambda: AT, environment=told)]

    fprint, absent = known(DEMO, devices=readers)[:2]
    device.plug_in()
    connected = known(DEMO, devices=readers)[1]

    assert (fprint.is_usable, fprint.seen) == (True, "Virtual image device for debugging (virtual_image)")
    assert (absent.is_usable, absent.seen) == (False, "tidak ada yang tersambung")
    assert "docs/readers.md" in absent.cure
    assert (connected.is_usable, connected.seen, connected.cure) == (True, "ZKTeco 0", "")


def test_files_and_synthetic_fingers_are_unusable_in_production():
    found = {reader.kind: reader for reader in known(PRODUCTION, devices=[])}

    assert [kind for kind, reader in found.items() if not reader.is_usable] == ["file", "synthetic"]


def test_a_captured_finger_is_described_and_not_kept(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    found = json.loads(run("capture", "--reader", "file", "--serial", "F-1", "--file", PRINT, "--json"))
    shown = run("capture", "--reader", "file", "--serial", "F-1", "--file", PRINT)

    assert (found["width"], found["height"], found["ppi"]) == (357, 392, 500)
    assert found["minutiae"] >= 25
    assert 0 <= found["quality"] <= 100
    assert (found["serial"], found["assurance"]) == ("F-1", "FILE")
    assert found["sha256"] in shown
    assert "Mutu" in shown.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


def test_the_picture_is_written_only_where_told_and_never_in_production(run, tmp_path):
    out = tmp_path / "jari.png"
    words = ("capture", "--reader", "file", "--serial", "F-1", "--file", PRINT, "--out", out)

    with pytest.raises(ConfigurationError, match="tidak boleh disimpan"):
        run(*words, settings=PRODUCTION)
    assert not out.exists()

    run(*words)
    with Image.open(out) as kept, Image.open(PRINT) as given:
        assert kept.tobytes() == given.convert("L").tobytes()


def test_a_picture_that_cannot_be_written_is_told(run, tmp_path):
    with pytest.raises(BadInput, match="tidak dapat ditulis"):
        run(
            "capture", "--reader", "file", "--serial", "F-1", "--file", PRINT, "--out", tmp_path / "tidak-ada" / "x.png"
        )


def test_a_reader_without_a_finger_and_a_file_that_is_none_are_told_apart(run, tmp_path):
    with pytest.raises(NoFinger):
        run("capture", "--reader", "file", "--serial", "F-1", "--file", tmp_path)

    (tmp_path / "palsu.png").write_bytes(b"bukan gambar")
    with pytest.raises(SampleRefused):
        run("capture", "--reader", "file", "--serial", "F-1", "--file", tmp_path)


def test_a_record_of_minutiae_is_described_and_written_as_the_record(run, tmp_path):
    (tmp_path / "siapa").write_text("tki:100 2")
    out = tmp_path / "jari.fmr"

    words = ("capture", "--reader", "synthetic", "--serial", "S-1", "--whose-file", tmp_path / "siapa", "--out", out)
    found = json.loads(run(*words, "--json"))

    assert len(iso19794.read(out.read_bytes()).minutiae) == found["minutiae"] >= 12


@pytest.mark.parametrize(
    ("quality", "advice"),
    [(None, "tidak terukur"), (0, "bersihkan"), (ENROL_QUALITY - 1, "bersihkan"), (ENROL_QUALITY, "Mutu cukup")],
)
def test_the_quality_ends_in_advice(run, monkeypatch, quality, advice):
    described = finger_capture._described
    monkeypatch.setattr(finger_capture, "_described", lambda sample: described(sample) | {"quality": quality})

    assert advice in run("capture", "--reader", "file", "--serial", "F-1", "--file", PRINT).splitlines()[-1]
