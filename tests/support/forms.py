"""Which forms and text fields the pages have: by their source, and on a page that is shown."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from posko.settings import PROJECT_ROOT
from tests.support.bad_input import FIELDS
from tests.support.operator import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streamlit.testing.v1 import AppTest

SCREENS = PROJECT_ROOT / "apps" / "operator"


def forms_on(page: AppTest) -> set[str]:
    """Return the names of the forms on a page, without the tokens of their openings."""
    return {_plain(one.proto.form_id) for one in page.get("button") if one.proto.form_id}


def fields_of(page: AppTest) -> set[str]:
    """Return the labels of the text fields on a page."""
    return {one.label for kind in FIELDS for one in page.get(kind)}


def of_source() -> tuple[set[str], set[str]]:
    """Return the names of all forms, and the labels of all text fields that have one text of the catalogue."""
    forms: set[str] = set()
    fields: set[str] = set()
    for call in _calls():
        name, given = (
            call.func.attr if isinstance(call.func, ast.Attribute) else "",
            call.args[0] if call.args else None,
        )
        if name == "form":
            forms |= {_plain(text) for text in [_beginning(given)] if text}
        elif name in FIELDS and isinstance(given, ast.Call) and given.args:
            key = given.args[0]
            if isinstance(key, ast.Constant):
                fields.add(say(str(key.value)))
    return forms, fields


def _calls() -> Iterator[ast.Call]:
    for path in sorted(SCREENS.rglob("*.py")):
        yield from (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))


def _beginning(given: ast.expr | None) -> str:
    """Return the text with which a name begins; nothing where it is made elsewhere."""
    if isinstance(given, ast.JoinedStr):
        given = given.values[0]
    return str(given.value) if isinstance(given, ast.Constant) else ""


def _plain(form: str) -> str:
    return form.partition(":")[0]
