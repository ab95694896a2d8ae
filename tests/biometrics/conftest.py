"""Fixtures of fingers: a small world on a real server whose people have hands."""

from collections.abc import Iterator

import pytest

from tests.support.fingers import Hands
from tests.support.world import World


@pytest.fixture
def world(clean_posko, settings) -> Iterator[World]:
    """Registers, staff and stations; no TKI yet, nobody has fingers."""
    made = World(clean_posko, settings)
    made.fill()
    yield made
    made.close()


@pytest.fixture
def hands(world) -> Hands:
    """Readers, matcher and vault of the world."""
    return Hands(world)
