"""What a list is asked for, kept in the address of its page: filters, order and page number survive reload, link, and sign-in.

Streamlit can bind a widget to the address, but writes the label of a choice there, which is another word in another language, and knows a
page number only after the list was read. So this reads the address where a page begins or the browser goes back, and writes it after.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

import streamlit as st
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.scriptrunner import get_script_run_ctx

from posko.domain.errors import Refused
from posko.services import inputs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from apps.operator.listing import Filter, Listing

PAGE, ORDER = "halaman", "urut"
"""Names of the page number and the order, beside those of the filters."""


def key_of(what: Listing, name: str) -> str:
    """Return the name under which an address holds one part; it is the key of the widget too."""
    return f"{what.name}_{name}"


def address_of(path: str, list_name: str, **asked: str) -> str:
    """Return the address of a page with filters of its list, for a link: `address_of("kasus", "kasus", aturan="DV-N05")`."""
    query = urlencode({f"{list_name}_{name}": value for name, value in asked.items() if value})
    return f"/{path}?{query}" if query else f"/{path}"


def arrive(what: Listing) -> list[str]:
    """Fill the widgets from the address where a page begins or the browser went back; return labels of what it does not know."""
    keys = [key_of(what, one.name) for one in what.filters]
    context = get_script_run_ctx()
    is_begun = _slot(what) in st.session_state and all(key in st.session_state for key in keys)
    if is_begun and not (context is not None and context.is_history_navigation):
        return []
    unknown = []
    for one in what.filters:
        shown = st.query_params.get(key_of(what, one.name), "")
        value = _value(one, shown)
        st.session_state[key_of(what, one.name)] = value
        if shown and not value:
            unknown.append(one.label)
    order = st.query_params.get(key_of(what, ORDER), "")
    if what.sorts:
        st.session_state[key_of(what, ORDER)] = order if order.removeprefix("-") in what.sorts else ""
    st.session_state[key_of(what, PAGE)] = _page(st.query_params.get(key_of(what, PAGE), ""))
    st.session_state.pop(_slot(what), None)
    return unknown


def leave(what: Listing, asked: Mapping[str, str]) -> int:
    """Write what is asked for into the address and return the page: the first where it is asked for something else than before."""
    before = st.session_state.get(_slot(what))
    if before is not None and before != asked:
        st.session_state[key_of(what, PAGE)] = 1
    st.session_state[_slot(what)] = dict(asked)
    page = max(1, int(st.session_state.get(key_of(what, PAGE)) or 1))
    _write(what, {**asked, PAGE: str(page) if page > 1 else ""})
    return page


def _write(what: Listing, wanted: Mapping[str, str]) -> None:
    """Let the address say this of the list, in one step, so that the browser goes back to what was asked for before."""
    names = [*(one.name for one in what.filters), ORDER, PAGE]
    said = {key_of(what, name): wanted[name] for name in names if wanted.get(name)}
    before = st.query_params.to_dict()
    mine = {key_of(what, name) for name in names}
    if {key: value for key, value in before.items() if key in mine} == said:
        return
    try:
        st.query_params.from_dict({**{key: value for key, value in before.items() if key not in mine}, **said})
    except StreamlitAPIException:
        # Another widget of the page is bound to the address, and only it may write its own part.
        for key in mine & before.keys() - said.keys():
            del st.query_params[key]
        st.query_params.update(said)


def go_to(what: Listing, asked: Mapping[str, str]) -> None:
    """Ask the list for something else, from its first page; for a callback, before the widgets are made."""
    for one in what.filters:
        st.session_state[key_of(what, one.name)] = _value(one, asked.get(one.name, ""))
    if what.sorts:
        order = asked.get(ORDER, "")
        st.session_state[key_of(what, ORDER)] = order if order.removeprefix("-") in what.sorts else ""
    st.session_state[key_of(what, PAGE)] = 1


def query_of(asked: Mapping[str, str]) -> str:
    """Return what is asked for as one text."""
    return urlencode(asked)


def asked_by(query: str) -> dict[str, str]:
    """Return what a text of `query_of` asked for."""
    return dict(parse_qsl(query))


def _value(one: Filter, shown: str) -> Any:
    """Return the value of a filter's widget for a text of the address; nothing where the text is not one of its values."""
    if one.kind == "text":
        return shown
    if one.kind == "choice":
        return shown if shown in one.choices else ""
    try:
        return inputs.day(shown) if shown else None
    except Refused:
        return None


def text_of(value: object) -> str:
    """Return the value of a widget as the address holds it."""
    return value.isoformat() if isinstance(value, dt.date) else str(value or "").strip()


def _page(shown: str) -> int:
    return int(shown) if shown.isascii() and shown.isdecimal() and len(shown) < 7 else 1


def _slot(what: Listing) -> str:
    return f"posko_list:{what.name}"
