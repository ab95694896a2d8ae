"""The first screen shows counts up to a number, and a plus behind it where more wait (R-008)."""

from __future__ import annotations

import pytest

from posko.services import screen_home
from tests.support.operator import cookies_of, look, texts_of
from tests.support.preparation import registered

pytestmark = pytest.mark.server


@pytest.mark.parametrize(("most", "shown"), [(2, "<b>2+</b>"), (3, "<b>3</b>"), (10_000, "<b>3</b>")])
def test_a_count_beyond_what_is_counted_bears_a_plus(world, monkeypatch, most, shown):
    monkeypatch.setattr(screen_home, "MOST_COUNTED", most)
    registered(world, "A1", "A2", "A3")

    page = look("beranda", cookies_of(world, "KO1"), monkeypatch)

    assert shown in texts_of(page)
