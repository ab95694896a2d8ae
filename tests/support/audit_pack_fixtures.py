"""Fixture of the tests that change an auditor's pack; a test module asks for it with `pytest_plugins`."""

from __future__ import annotations

import shutil

import pytest

from tests.conftest import empty_posko
from tests.support.audit_pack_changed import Given
from tests.support.world import World


@pytest.fixture(scope="module")
def pack(posko, settings):
    """One pack for all tests of this file: what they change are copies."""
    shutil.rmtree(settings.var / "audit", ignore_errors=True)
    empty_posko(posko)
    world = World(posko, settings)
    world.fill()
    yield Given(world)
    world.close()
    shutil.rmtree(settings.var / "audit", ignore_errors=True)
