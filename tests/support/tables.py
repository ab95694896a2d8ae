"""Lists and tables on a page of the screens in Streamlit's test harness, which cannot tick or edit them itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest


def tick(page: AppTest, prefix: str, *rows: int) -> AppTest:
    """Tick rows of the list whose key begins so, and run."""
    page.session_state[_key(page, prefix)] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return page.run()


def edit(page: AppTest, prefix: str, changes: dict[int, dict[str, object]]) -> AppTest:
    """Change cells (row -> column -> value) of the table whose key begins so, and run."""
    page.session_state[_key(page, prefix)] = {"edited_rows": changes, "added_rows": [], "deleted_rows": []}
    return page.run()


def values(page: AppTest, prefix: str, column: str) -> list[object]:
    """Return a column of the table whose key begins so."""
    return [value for table in page.dataframe if table.key == _key(page, prefix) for value in table.value[column]]


def _key(page: AppTest, prefix: str) -> str:
    keys = [str(table.key) for table in page.dataframe if str(table.key).startswith(prefix)]
    assert len(keys) == 1, (prefix, [table.key for table in page.dataframe])
    return keys[0]
