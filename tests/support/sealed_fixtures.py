"""Fixture of the tests that seal a world's log; a test module asks for it with `pytest_plugins`."""

from __future__ import annotations

import shutil

import pytest


@pytest.fixture
def own_checkpoints(settings):
    """Let no checkpoint of another test lie beside the log, nor one of this test beside theirs."""
    shutil.rmtree(settings.var / "audit", ignore_errors=True)
    yield
    shutil.rmtree(settings.var / "audit", ignore_errors=True)
