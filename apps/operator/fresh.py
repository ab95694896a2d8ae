"""What a page read a moment ago for the same person and the same question, where reading it anew would take longer than the page (R-008).

A page that shows such a number says how old it may be. Services ask for the role at every look all the same: only numbers are kept.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

SECONDS = 60
"""So long a number may stand."""


def known(name: str, asked: object = None) -> Any | None:
    """Return what was kept under a name for this question within the last minute; None: nothing was."""
    kept = st.session_state.get(_slot(name))
    if kept is None or kept[0] != asked or time.monotonic() - kept[1] > SECONDS:
        return None
    return kept[2]


def keep(name: str, value: T, asked: object = None) -> T:
    """Keep what was read just now as the answer to a question, and return it."""
    st.session_state[_slot(name)] = (asked, time.monotonic(), value)
    return value


def recent(name: str, read: Callable[[], T]) -> T:
    """Return what was read within the last minute, else read it now."""
    found: T | None = known(name)
    return keep(name, read()) if found is None else found


def _slot(name: str) -> str:
    return f"posko_fresh:{name}"
