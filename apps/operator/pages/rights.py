"""Who may do what: the truth table as it is in force, read from the very table that the services ask (§5.7, §9; R-060..R-070)."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import lists
from apps.operator.listing import Filter, Listing, in_memory, listing
from apps.operator.lists import Column, Mark
from apps.operator.menu import PAGES
from apps.operator.messages import CATALOGUE, t
from posko.domain.commands import LABELS, REASONS, SHORT
from posko.domain.matrix import CELL_LABELS, MATRIX, ROLE_LABELS, Cell, Role
from posko.domain.roles import ACTS

if TYPE_CHECKING:
    from apps.operator.parts import Tone
    from posko.services.office import Desk

NAME = "izin"
ROLE = "izin_peran"
COLUMNS = ("what", "right", "where")


def render(desk: Desk) -> None:
    """Show what one role may do, in words, and the whole table below."""
    own = desk.by.role if desk.by else Role.PUBLIC
    if ROLE not in st.session_state:
        st.session_state[ROLE] = own
    role = Role(
        str(st.selectbox(t("rights.role"), list(Role), key=ROLE, format_func=ROLE_LABELS.__getitem__, width=320))
    )
    rows = _rows(role)
    choices = {cell.name: CELL_LABELS[cell] for cell in Cell if any(row["cell"] == cell.name for row in rows)}
    columns = [Column(name, t(f"rights.{name}")) for name in COLUMNS]
    filters = [Filter("cari", t("rights.search")), Filter("cell", t("rights.right"), "choice", choices)]
    listing(desk, Listing(NAME, columns, filters, in_memory(rows, ("what", "where")), t("rights.none")))
    st.header(t("rights.whole"), anchor=False)
    st.caption(", ".join(f"{SHORT[one]} = {ROLE_LABELS[one]}" for one in Role))
    _table(role)
    st.header(t("rights.cells"), anchor=False)
    told = [{"mark": _mark(cell), "means": label} for cell, label in CELL_LABELS.items()]
    lists.show_list(
        [Column(name, t(f"rights.{name}"), is_fixed=name == "mark") for name in ("mark", "means")], told, empty=""
    )
    st.header(t("rights.reasons"), anchor=False)
    why = [{"what": LABELS[command], "why": reason} for command, reason in REASONS.items()]
    lists.show_list([Column(name, t(f"rights.{name}")) for name in ("what", "why")], why, empty="")


def _rows(role: Role) -> list[dict[str, Any]]:
    """Return each command with the right of a role in words, and the pages of hers that it opens."""
    made = []
    for command, cells in MATRIX.items():
        cell = cells[role]
        opened = [
            page for page in PAGES if command in page.commands and page.act in ACTS[cell] and page.is_open_to(role)
        ]
        made.append(
            {
                "what": LABELS[command],
                "right": Mark(CELL_LABELS[cell], _tone(cell)),
                "where": ", ".join(t(page.title) for page in opened),
                "cell": cell.name,
            }
        )
    return made


def _mark(cell: Cell) -> str:
    """Return the mark of a cell: the sign of the table, or its word in the language of whoever looks."""
    key = f"rights.cell_{cell.name}"
    return t(key) if key in CATALOGUE else cell.value


def _tone(cell: Cell) -> Tone:
    if cell is Cell.NO:
        return "idle"
    return "good" if cell is Cell.YES else "warn"


def _table(role: Role) -> None:
    """Show all roles side by side; the chosen one stands out."""
    heads = "".join(
        f'<th scope="col" title="{escape(ROLE_LABELS[one])}"{_chosen(one, role)}>{escape(SHORT[one])}</th>'
        for one in Role
    )
    lines = "".join(
        f'<tr><th scope="row">{escape(LABELS[command])}</th>'
        + "".join(
            f'<td title="{escape(CELL_LABELS[cells[one]])}"{_chosen(one, role)}>{escape(_mark(cells[one]))}</td>'
            for one in Role
        )
        + "</tr>"
        for command, cells in MATRIX.items()
    )
    st.html(
        f"{lists.STYLE}{_STYLE}"
        f'<div class="posko-list posko-rights" tabindex="0"><table><thead><tr><th scope="col">{escape(t("rights.what"))}</th>{heads}</tr>'
        f"</thead><tbody>{lines}</tbody></table></div>"
    )


def _chosen(one: Role, role: Role) -> str:
    return ' class="chosen"' if one is role else ""


_STYLE = """<style>
.posko-rights th[scope="row"] { background: none; font-weight: 400; border-bottom: 1px solid #EFE8E4; vertical-align: top; }
.posko-rights thead th + th { text-align: center; }
.posko-rights td { text-align: center; }
.posko-rights .chosen { background: #FFF4E5; font-weight: 600; }
</style>"""
