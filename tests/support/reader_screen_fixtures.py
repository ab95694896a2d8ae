"""Fixtures of the page of a reader in the system's Chromium, with a stub of HID's client beside it."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.biometrics.stub_client.client import StubClient
from tests.support.reader_screen import Screen, context_of

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"


@pytest.fixture(scope="module")
def start():
    """Start the system's Chromium; root in a container may not use its sandbox, and the pages are our own."""
    with sync_playwright() as playwright:
        yield lambda *more: playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", *more])


@pytest.fixture(scope="module")
def browser(start):
    started = start()
    yield started
    started.close()


@pytest.fixture
def alone():
    """One test at a time has the port that the SDK asks, however many processes run tests."""
    with (Path(tempfile.gettempdir()) / "posko-test-52181.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture
def client(alone):
    with StubClient.run() as made:
        yield made


@pytest.fixture
def screen(browser, site):
    context = context_of(browser, site)
    made = Screen(context.new_page(), site)
    yield made
    # Before the end: the vendor's library complains of every question that a page which goes away leaves unanswered.
    assert made.complaints == []
    context.close()
