"""Fixtures of the screens' tests: registers and staff with the screens in place, and how one of the staff looks at a page."""

from __future__ import annotations

import pytest

from tests.support.fingers import Hands
from tests.support.operator import cookies_of, look, screens_of
from tests.support.world import World


@pytest.fixture
def world(clean_posko, settings):
    """Registers, staff and stations, no TKI yet; `hands` holds the fingers, `screens` is what was put in place."""
    made = World(clean_posko, settings)
    made.fill()
    made.hands = Hands(made)
    made.screens = screens_of(made, made.hands)
    yield made
    made.close()


@pytest.fixture
def seen(world, monkeypatch):
    """Return how one of the staff looks at a page; `query` is what its address says."""

    def show(path, who="BN1", **query):
        page = look(path, cookies_of(world, who), monkeypatch, **{name: str(value) for name, value in query.items()})
        assert not page.exception
        return page

    return show
