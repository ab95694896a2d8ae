"""Fixture of what leaves POSKO: a small world on a real server, made anew for each test."""

from collections.abc import Iterator

import pytest

from tests.support.world import World


@pytest.fixture
def world(clean_posko, settings) -> Iterator[World]:
    """Registers, staff and stations; no TKI yet."""
    made = World(clean_posko, settings)
    made.fill()
    yield made
    made.close()
