"""Pages on which two persons decide: one thing opened by its address, fields by their labels, the second person's finger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apps.operator import second_person
from apps.operator.messages import say
from tests.support.operator import press

if TYPE_CHECKING:
    import pytest
    from streamlit.testing.v1 import AppTest

    from tests.support.world import World

NASTY = ["", "  ", "a\x00b", "3603054105830001"]
"""What no reason, note or answer may be; what is too long the field cuts before anybody reads it."""
PLAIN = ["<script>alert(1)</script>", "' or 1=1 --", "**tebal** $x$ :red[y]"]
"""What is only text."""


def open_at(page: AppTest, **query: object) -> AppTest:
    """Return the page at an address."""
    for name, value in query.items():
        page.query_params[name] = str(value)
    return page.run()


def fill(page: AppTest, kind: str, key: str, value: Any) -> None:
    """Fill the field of this kind with this label."""
    label = say("id", key)
    next(field for field in getattr(page, kind) if field.label == label).set_value(value)


def labels(page: AppTest, kind: str = "button") -> list[str]:
    """Return the labels of all elements of a kind."""
    return [element.label for element in getattr(page, kind)]


def said(page: AppTest, kind: str = "error") -> list[str]:
    """Return what stands in the boxes of a kind."""
    return [box.value for box in getattr(page, kind)]


def with_second(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the second person's finger be taken at once, by the scripted matcher."""
    monkeypatch.setattr(second_person, "take_finger", lambda _desk, _kind, who, _purpose, _way: world.second(who))


def sign(page: AppTest, who: str) -> AppTest:
    """Let the second person read and sign what was laid down."""
    fill(page, "text_input", "second_person.number", who)
    return press(page, "second_person.sign")
