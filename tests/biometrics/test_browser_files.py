"""The files of the reader's page: HID's as they were published, our words for everything that HID's SDK can say."""

from __future__ import annotations

import re
import socket
from hashlib import sha256
from http.server import BaseHTTPRequestHandler

import pytest

from apps.reader_page import page
from biometrics.readers.browser import WHYS
from tests.biometrics.stub_client import serving

VENDOR = page.WEB / "vendor"
MESSAGES = (page.WEB / "messages.js").read_text("utf-8")
SDK = (VENDOR / "fingerprint" / "fingerprint.sdk.js").read_text("utf-8")


def test_the_files_of_others_are_those_that_the_readme_names():
    stated = re.findall(r"\| `([\w./]+\.js)` \|.*\| `([0-9a-f]{64})` \|", (VENDOR / "README.md").read_text("utf-8"))

    assert dict(stated) == {
        str(path.relative_to(VENDOR)): sha256(path.read_bytes()).hexdigest() for path in VENDOR.rglob("*.js")
    }
    assert len(stated) == 2
    for folder in ("websdk", "fingerprint"):
        assert "Permission is hereby granted" in (VENDOR / folder / "LICENSE").read_text("utf-8")


def test_every_quality_code_of_the_sdk_has_words():
    codes = {int(code) for code in re.findall(r'QualityCode\[QualityCode\["\w+"\] = (\d+)\]', SDK)}
    said = {int(code) for code in re.findall(r'^  (\d+): "[A-Z].+\."', MESSAGES, re.MULTILINE)}

    assert codes == set(range(25))
    assert said == codes - {0, 22}
    assert "FAKE = 22;" in MESSAGES


def test_the_page_sends_no_reason_that_the_server_does_not_keep():
    sent = {
        name
        for file in ("page.js", "reader.js")
        for name in re.findall(r'"([A-Z]{2,}_?[A-Z_]+)"', (page.WEB / file).read_text("utf-8"))
    }

    assert sent - {"POST"} == WHYS


def test_our_own_files_name_no_other_host():
    ours = [path for path in page.WEB.iterdir() if path.is_file()]

    assert len(ours) >= 7
    for path in ours:
        assert re.findall(r"(?:https?|wss?)://[^\s\"'`]+", path.read_text("utf-8")) == []


def test_a_port_that_another_program_holds_is_named_in_a_clear_sentence(monkeypatch):
    monkeypatch.setattr(serving, "WAIT_SECONDS", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(serving.PortBusy) as found:
        serving._bound(BaseHTTPRequestHandler, taken.getsockname()[1], may_move=False)

    assert "is taken by another program" in str(found.value)
