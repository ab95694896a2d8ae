"""Pages on which two persons decide: one thing opened by its address, fields by their labels, the second person's finger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apps.operator import second_person
from tests.support.operator import press, say

if TYPE_CHECKING:
    import pytest
    from streamlit.testing.v1 import AppTest

    from tests.support.world import World

PLAIN = ["<script>alert(1)</script>", "' or 1=1 --", "**tebal** $x$ :red[y]"]
"""What is only text."""


def open_at(page: AppTest, **query: object) -> AppTest:
    """Return the page at an address."""
    for name, value in query.items():
        page.query_params[name] = str(value)
    return page.run()


def fill(page: AppTest, kind: str, key: str, value: Any) -> None:
    """Fill the field of this kind with this label."""
    label = say(key)
    next(field for field in getattr(page, kind) if field.label == label).set_value(value)


def with_second(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the second person's finger be taken at once, by the scripted matcher."""
    monkeypatch.setattr(second_person, "take_finger", lambda _desk, _kind, who, _purpose, _way: world.second(who))


def sign(page: AppTest, who: str) -> AppTest:
    """Let the second person read and sign what was laid down."""
    fill(page, "text_input", "second_person.number", who)
    return press(page, "second_person.sign")
