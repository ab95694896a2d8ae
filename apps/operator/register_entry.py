"""One entry of a register: its form, what belongs to it, its suspensions and its history (§3.2; R-012, R-014, R-098)."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import changed, lists, opened, parts, register_suspension
from apps.operator.frame import attempt
from apps.operator.listing import FIRST, LAST
from apps.operator.lists import Column as Shown
from apps.operator.messages import t
from posko.domain.matrix import MATRIX, Command
from posko.domain.roles import ACTS, Act
from posko.services import registry_entries, screen_registers
from posko.services.list_query import SEARCH_MOST
from posko.services.registry_columns import REGISTERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from apps.operator.opened import Opened
    from posko.services.office import Desk
    from posko.services.registry_values import Column, Register

OPEN = "posko_register_entry"
ENTRY, CHOICES, HISTORY = "register_entry", "register_choices", "register_history"
RELATED = {
    "lsp": (("tuk_lsp", "lsp_code"), ("asesor", "lsp_code")),
    "tuk": (("tuk_lsp", "tuk_code"), ("station", "tuk_code"), ("closed_day", "tuk_code")),
    "asesor": (("asesor_scheme", "met_no"),),
    "blkln": (("ownership_tie", "party_code"),),
    "pptkis": (("ownership_tie", "party_code"),),
}
"""Register -> registers whose rows belong to one of its entries, and by which column."""


RELATED_MOST = 200
"""Rows of another register that are shown beside an entry."""


def is_open() -> bool:
    """Return whether one entry is shown instead of the list."""
    return isinstance(st.session_state.get(OPEN), tuple)


def open_one(register: str, key: dict[str, object]) -> None:
    """Show the page anew with this entry."""
    _go(register, key)


def open_new(register: str) -> None:
    """Show the page anew with an empty form."""
    _go(register, None)


def may_change(desk: Desk) -> bool:
    """Return whether the role may do more than read; the service asks again."""
    return desk.by is not None and Act.DO in ACTS[MATRIX[Command.CHANGE_REGISTER][desk.by.role]]


def name_of(register: str) -> str:
    """Return what a register is called."""
    return t(f"registers.of_{register}")


def show(desk: Desk) -> None:
    """Show the entry that is open."""
    name, key = st.session_state[OPEN]
    register = REGISTERS[name]
    if st.button(t("picked.back"), icon=":material/arrow_back:", key="posko_register_back"):
        _leave(name)
        st.rerun()
    if key is None:
        seen: Opened[dict[str, Any]] | None = opened.opened(ENTRY, (name, None), lambda: {"key": "", "seen": {}})
    else:
        asked = (name, *key.values())
        seen = opened.opened(ENTRY, asked, lambda: desk.do(screen_registers.entry, register=name, key=key))
    if seen is None:
        return
    st.header(f"{name_of(name)} · {seen.seen['key'] or t('registers.new')}", anchor=False)
    if may_change(desk):
        _form(desk, register, key, seen)
    else:
        st.caption(t("registers.read_only"))
        parts.facts((t(f"registers.{column}"), value) for column, value in seen.seen["seen"].items())
    if key is None:
        return
    if name in screen_registers.KIND_OF:
        register_suspension.show(desk, name, seen, may_change=may_change(desk))
    _related(desk, name, seen.seen["key"])
    _history(desk, name, seen.seen["key"])


def _form(desk: Desk, register: Register, key: Mapping[str, object] | None, seen: Opened[dict[str, Any]]) -> None:
    """Show every column of the row as it stood when it opened, and save what was typed, with its reason."""
    offered = opened.opened(
        CHOICES, (register.name,), lambda: desk.do(screen_registers.choices, register=register.name)
    )
    if offered is None:
        return
    with st.form(f"register:{seen.token}"):
        columns = st.columns(2)
        values = {
            column.name: _field(
                columns[place % 2], column, seen.seen["seen"].get(column.name), offered.seen.get(column.name),
                is_fixed=key is not None and column.name in register.key,
            )
            for place, column in enumerate(register.columns)
        }  # fmt: skip
        reason = st.text_input(t("registers.reason"), max_chars=500)
        is_sent = st.form_submit_button(t("registers.save"), type="primary", icon=":material/save:")
    if not is_sent:
        return
    told = {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items()}
    once = desk.once(seen.key(told, reason))
    made = attempt(
        lambda: once.do(
            registry_entries.save, register=register.name, values=told, reason=reason, seen=seen.seen["seen"]
        ),
        on_refused=changed.teller(_labelled(seen.seen["seen"]), lambda: _now(desk, register.name, key)),
    )
    if made is not None:
        sentence = t("registers.added" if made["is_new"] else "registers.changed", key=made["key"])
        if key is None:
            _leave(register.name)
        opened.saved(sentence, ENTRY, HISTORY)


def _field(place: Any, column: Column, value: Any, offered: list[str] | None, *, is_fixed: bool) -> Any:
    """Show the widget of one column and return what it holds, None where it is empty."""
    label = t(f"registers.{column.name}") + (
        "" if column.required and column.default is None else f" ({t('registers.optional')})"
    )
    if column.kind == "date":
        day = None if value is None else dt.date.fromisoformat(value)
        return place.date_input(label, day, FIRST, LAST, format="DD/MM/YYYY", disabled=is_fixed)
    if column.kind == "whole":
        return place.number_input(label, column.least, column.most, value, 1, disabled=is_fixed)
    options = list(column.choices) or offered
    if options is not None and not is_fixed:
        known = options if value is None or value in options else [value, *options]
        return place.selectbox(
            label, known, None if value is None else known.index(value), placeholder=t("picked.placeholder")
        )
    typed = place.text_input(label, value or "", max_chars=column.longest, disabled=is_fixed)
    return typed or None


def _labelled(row: Mapping[str, object]) -> dict[str, str]:
    return {t(f"registers.{column}"): parts.shown(value) for column, value in row.items()}


def _now(desk: Desk, register: str, key: Mapping[str, object] | None) -> dict[str, str]:
    """Return the row as it stands now, for whoever saw another; nothing where it is new."""
    if key is None:
        return {}
    return _labelled(desk.do(screen_registers.entry, register=register, key=dict(key))["seen"])


def _related(desk: Desk, name: str, key: str) -> None:
    """Show the rows of other registers that belong to this entry."""
    for other, column in RELATED.get(name, ()):
        found = attempt(partial(_with_key, desk, other, key))
        rows = [row for row in found["rows"] if row[column] == key] if found else []
        with st.expander(t("registers.related", name=name_of(other), count=len(rows))):
            heads = [
                Shown(one.name, t(f"registers.{one.name}"), one.kind == "whole", one.kind in {"code", "date"})
                for one in REGISTERS[other].columns
                if one.name != column
            ]
            lists.show_list(heads, rows, empty=t("registers.none"))


def _with_key(desk: Desk, register: str, key: str) -> Mapping[str, Any]:
    return desk.do(screen_registers.listed, register=register, limit=RELATED_MOST, offset=0, search=key[:SEARCH_MOST])


def _history(desk: Desk, name: str, key: str) -> None:
    """Show every change of the entry, the newest first, each column before and after."""
    found = opened.opened(HISTORY, (name, key), lambda: desk.do(registry_entries.history, register=name, key=key))
    if found is None:
        return
    st.subheader(t("registers.history"), anchor=False)
    lists.show_list(
        [
            Shown("at", t("registers.changed_at"), is_fixed=True),
            Shown("changed_by", t("registers.changed_by"), is_fixed=True),
            Shown("what", t("registers.what")),
            Shown("reason", t("registers.reason")),
        ],
        [{**row, "at": lists.moment(row["changed_at"]), "what": _difference(row)} for row in reversed(found.seen)],
        empty=t("registers.no_history"),
    )


def _difference(row: Mapping[str, Any]) -> str:
    before, after = row["before"] or {}, row["after"] or {}
    if not before:
        return t("registers.was_added")
    return "; ".join(
        f"{t(f'registers.{name}')}: {parts.shown(before.get(name))} → {parts.shown(value)}"
        for name, value in after.items()
        if before.get(name) != value
    )


def _go(register: str, key: dict[str, object] | None) -> None:
    st.session_state[OPEN] = (register, key)
    opened.close(ENTRY, HISTORY, CHOICES)
    st.rerun()


def _leave(register: str) -> None:
    st.session_state.pop(OPEN, None)
    st.session_state.pop(f"registers_open:{register}", None)
    opened.close(ENTRY, HISTORY, CHOICES)
