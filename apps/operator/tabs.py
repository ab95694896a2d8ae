"""Parts of a page behind tabs, of which only the one that is seen is read from the database."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@contextmanager
def one_of(key: str, labels: Mapping[str, str], lists: Mapping[str, str] | None = None) -> Iterator[str]:
    """Show tabs, and let the body fill the one that is open; yields its name.

    A form in a tab that closes loses what was typed: a longer text stands outside a form there, with `persist_state="page"`.

    Args:
        key: of the tabs, unique on the page.
        labels: name of a tab -> what stands on it.
        lists: name of a tab -> name of the list in it, so that a link to a filter of that list opens its tab.
    """
    wanted = next((name for name, one in (lists or {}).items() if _is_asked_for(one)), next(iter(labels)))
    made = st.tabs(list(labels.values()), default=labels[wanted], key=key, on_change="rerun")
    name, tab = next(
        (pair for pair in zip(labels, made, strict=True) if pair[1].open), (wanted, made[list(labels).index(wanted)])
    )
    with tab:
        yield name


def _is_asked_for(name: str) -> bool:
    return any(key.startswith(f"{name}_") for key in st.query_params)
