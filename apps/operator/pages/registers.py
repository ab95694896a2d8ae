"""The registers of BNSP, from LSP and TUK to ties and closed days: list, one entry, its change and history (§3.2; R-012, R-098)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import opened, parts, register_entry
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from posko.services import screen_registers
from posko.services.registry_columns import REGISTERS

if TYPE_CHECKING:
    from posko.services.office import Desk
    from posko.services.registry_values import Register

REGISTER, WHICH = "daftar", "registers_which"
"""Name of the chosen register in the address, and of its widget."""
TONES: dict[str, parts.Tone] = {"IN_FORCE": "good", "NOT_YET": "warn", "OVER": "idle", "SUSPENDED": "bad"}


def render(desk: Desk) -> None:
    """Show one register, or one entry of it."""
    opened.say_saved()
    if register_entry.is_open():
        register_entry.show(desk)
        return
    register = _chosen()
    if register_entry.may_change(desk) and st.button(t("registers.add"), icon=":material/add:"):
        register_entry.open_new(register.name)
    _list(desk, register)


def _chosen() -> Register:
    """Return the register that is chosen; its name stands in the address, the same in every language."""
    if WHICH not in st.session_state:
        asked = st.query_params.get(REGISTER, "")
        st.session_state[WHICH] = asked if asked in REGISTERS else next(iter(REGISTERS))
    name = st.selectbox(t("registers.which"), list(REGISTERS), format_func=register_entry.name_of, key=WHICH)
    if st.query_params.get(REGISTER) != name:
        st.query_params[REGISTER] = name
    return REGISTERS[name]


def _list(desk: Desk, register: Register) -> None:
    columns = [
        Column(column.name, t(f"registers.{column.name}"), column.kind == "whole", column.kind in {"code", "date"})
        for column in register.columns
    ]
    columns.append(Column("mark", t("registers.state"), is_fixed=True))
    filters = [
        Filter("cari", t("registers.search")),
        Filter(
            "keadaan",
            t("registers.state"),
            "choice",
            {state: t(f"registers.{state}") for state in screen_registers.STATES},
        ),
    ]

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        told = {"search": asked.get("cari"), "state": asked.get("keadaan")}
        found = desk.do(screen_registers.listed, register=register.name, limit=limit, offset=offset, **told)
        rows = [{**row, "mark": Mark(t(f"registers.{row['state']}"), TONES[row["state"]])} for row in found["rows"]]
        return {"total": found["total"], "rows": rows}

    shown = listing(desk, Listing(f"daftar_{register.name}", columns, filters, read, t("registers.none")))
    rows = shown["rows"] if shown else []
    if not rows:
        return
    place = st.selectbox(
        t("registers.open"), list(range(len(rows))), None, lambda number: register.key_of(rows[number]),
        key=f"registers_open:{register.name}", placeholder=t("picked.placeholder"),
    )  # fmt: skip
    if place is not None and place < len(rows):
        register_entry.open_one(register.name, {name: rows[place][name] for name in register.key})
