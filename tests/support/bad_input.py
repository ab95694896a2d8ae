"""Fields of a page filled with what nobody should send, as a browser under somebody's own program could send it."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

from streamlit.elements.widgets.text_widgets import TextAreaSerde, TextInputSerde
from streamlit.proto.Dataframe_pb2 import Dataframe as ArrowProto
from streamlit.proto.WidgetStates_pb2 import WidgetState

from apps.operator.messages import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest
    from streamlit.testing.v1 import AppTest

    from tests.support.world import World

BAD = {
    "empty": "",
    "blank": "   ",
    "control": "a\x00b\x1b[2J",
    "invisible": "\u202eSK-7",
    "nik": "3603054105830001",
    "long": "x" * 10_001,
}
"""What no form may take as a text that it needs."""
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>"
SQL = "' or 1=1; drop table posko.journey; --"
FOREIGN = "510"
"""ID of a TKI of LSP-2, whom nobody of LSP-1 may see."""
EVERYWHERE = ("posko_view", "posko_behalf")
"""How the forms begin that are the same on every page."""
RECORDS = {"login_session", "login_attempt", "login_lock", "finger_proof", "finger_attempt", "deviation"}
"""Tables that are records beside the log: of sign-ins, of every finger that was compared (a number that is none, masked), of findings."""
FIELDS = ("text_input", "text_area")
CHOICES = {
    "selectbox": {"string_value": MARKUP}, "radio": {"string_value": MARKUP}, "checkbox": {"bool_value": True},
    "multiselect": {"string_array_value": {"data": [MARKUP]}}, "button_group": {"string_array_value": {"data": [MARKUP]}},
    "number_input": {"double_value": 1e300}, "date_input": {"string_array_value": {"data": ["9999/99/99"]}},
    "datetime_input": {"string_array_value": {"data": [SQL]}},
}  # fmt: skip
"""Kind of a widget -> the state of it that a forged message of the browser carries."""
PICKED = {"selection": {"rows": [0, 10**6, -1], "columns": ["x"], "cells": [[7, "x"]]}}
"""What a forged message says of a list from which is picked."""
FILLED = {
    "edited_rows": {"0": dict.fromkeys(("result", "reason", "TLRT.01", "tki_id"), MARKUP), "99999": {"x": 1}},
    "added_rows": [{}],
    "deleted_rows": [0, 99],
}
"""What a forged message says of a table that is filled in."""


@contextlib.contextmanager
def uncut(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let no field cut what is too long, as Streamlit does before a page sees it: the service must refuse it by itself."""
    with monkeypatch.context() as patch:
        for serde in (TextInputSerde, TextAreaSerde):
            patch.setattr(serde, "deserialize", lambda self, told: self.value if told is None else told)
        yield


def forms_of(page: AppTest, *, with_views: bool = False) -> dict[str, list[Any]]:
    """Return the fields of every form of a page by its name, last those in no form under "".

    Forms that stand on every page (own views, acting for another) count only where a page has no other, or `with_views`.
    """
    found: dict[str, list[Any]] = {}
    for kind in FIELDS:
        for field in (one for one in page.get(kind) if not one.proto.disabled):
            found.setdefault(field.proto.form_id, []).append(field)
    own = {} if with_views else {name: fields for name, fields in found.items() if not name.startswith(EVERYWHERE)}
    return dict(sorted((own or found).items(), key=lambda pair: pair[0] == ""))


def send(page: AppTest, form: str, value: str, then: str = "") -> AppTest | None:
    """Fill every field of a form with a value and submit it by its first button; None: it has none that can be pressed.

    What stands in no form is taken by the button with the text `then`; without one it is only typed.
    """
    for field in forms_of(page, with_views=True)[form]:
        field.set_value(value)
    if not form:
        page = page.run()
    buttons = [one for one in page.get("button") if one.proto.form_id == form and not one.proto.disabled]
    if not form:
        buttons = [one for one in buttons if one.label == then]
    if not buttons:
        return None if form else page
    return buttons[0].click().run()


def forge(page: AppTest) -> AppTest:
    """Send a state that no widget of the page can have, for every choice, number, date, and list."""
    for kind, state in CHOICES.items():
        for widget in page.main.get(kind):
            _put(widget, **state)
    for table in page.main.get("dataframe"):
        if table.proto.id:
            is_filled = table.proto.editing_mode != ArrowProto.EditingMode.READ_ONLY
            _put(table, string_value=json.dumps(FILLED if is_filled else PICKED))
    return page.run()


def _put(widget: Any, **state: Any) -> None:
    made = WidgetState(id=widget.proto.id, **state)
    widget.__class__ = type("Forged", (type(widget),), {"_widget_state": property(lambda _self: made)})


def sentences(page: AppTest) -> list[str]:
    """Return what a page says in its boxes, and the outcomes in big letters."""
    boxes = [box.value for kind in ("error", "warning", "info", "success") for box in getattr(page, kind)]
    return boxes + [one.proto.body for one in page.get("html") if '<div class="posko-outcome' in one.proto.body]


def runs(page: AppTest) -> list[str]:
    """Return every text of a page in which markup that was typed would run or be shown as markup."""
    shown = [one.proto.body for one in page.get("html")]
    shown += [one.value for one in page.markdown if one.proto.allow_html]
    return [text for text in shown if "<script>alert" in text or "<img src=x" in text]


def broke(page: AppTest) -> list[str]:
    """Return what broke on a page: faults, and the sentences that say so."""
    begin = say("id", "frame.broken", number="")
    return [one.message for one in page.exception] + [box.value for box in page.error if box.value.startswith(begin)]


def written(world: World) -> dict[str, list[Any]]:
    """Return every row of the operational tables, but for the records."""
    names = world.ask(
        "select table_name from information_schema.tables where table_schema = 'posko' and table_type = 'BASE TABLE'"
    )
    return {
        name: sorted(world.ask(f"select * from posko.`{name}`"), key=repr) for (name,) in names if name not in RECORDS
    }
