"""One thing picked from a list and shown in its place: its number stands in the address, so that a link leads to it.

if not picked.instead("kasus", picked.number("kasus"), slot, view): ...the list, and picked.choose("kasus", rows, ...)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from apps.operator import opened
from apps.operator.messages import t

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")
MOST = 64


def text(name: str) -> str | None:
    """Return what the address names; None: nothing."""
    return (st.query_params.get(name) or "").strip()[:MOST] or None


def number(name: str) -> int | None:
    """Return the number that the address names; None: nothing that could be one."""
    found = text(name)
    return int(found) if found is not None and found.isascii() and found.isdecimal() and len(found) < 19 else None


def choose(name: str, rows: Mapping[str, str], label: str) -> None:
    """Offer the rows of a list (key -> what it is called), and show the page anew with the one that was picked."""
    if not rows:
        return
    found = st.selectbox(
        label,
        list(rows),
        index=None,
        format_func=lambda key: rows.get(key, key),
        placeholder=t("picked.placeholder"),
        key=f"posko_pick_{name}",
    )
    if found is not None:
        show(name, found)


def show(name: str, key: object) -> None:
    """Show the page anew with this one."""
    st.query_params[name] = str(key)
    st.rerun()


def back(name: str) -> None:
    """Offer the way back to the list."""
    if st.button(t("picked.back"), icon=":material/arrow_back:", key=f"posko_back_{name}"):
        leave(name)
        st.rerun()


def instead(name: str, wanted: T | None, slot: Callable[[T], str], view: Callable[[T], None]) -> bool:
    """Show in place of a list the one that the address names, below the way back and the button that reads it anew.

    Args:
        name: the name in the address.
        wanted: what the address says; None: nothing.
        slot: tells under which name the opening of the one is kept.
        view: shows the one.

    Returns:
        Whether the address names one.
    """
    if wanted is None:
        return False
    with st.container(horizontal=True):
        back(name)
        opened.reload_button(slot(wanted))
    view(wanted)
    return True


def leave(name: str) -> None:
    """Forget what was picked, so that the next run shows the list."""
    st.query_params.pop(name, None)
    st.session_state.pop(f"posko_pick_{name}", None)
