"""A list as a file, made when the button is pressed: all that the filters let through, as the screen shows it, and recorded (R-021)."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import parts
from apps.operator.download import guarded
from apps.operator.lists import Mark
from apps.operator.messages import t
from posko.domain.calendar import WIB
from posko.domain.errors import Refused
from posko.services import list_export, list_files
from posko.services.paging import MOST_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from apps.operator.listing import Listing
    from apps.operator.lists import Column
    from posko.services.list_files import Cell, Kind
    from posko.services.office import Desk


def menu(desk: Desk, what: Listing, asked: Mapping[str, str], total: int) -> None:
    """Show the button whose window offers the files; nothing where there are no rows."""
    if not total:
        return
    with st.popover(t("listing.export"), icon=":material/download:", key=f"posko_export_{what.name}"):
        try:
            list_export.check_size(total)
        except Refused as refusal:
            st.warning(str(refusal))
            return
        for kind, mime in list_files.MIME.items():
            st.download_button(
                t(f"listing.{kind}"),
                maker(desk, what, asked, kind),
                file_name=f"{what.name}.{kind}",
                mime=mime,
                on_click="ignore",
                key=f"posko_export_{what.name}_{kind}",
                width="stretch",
            )
        st.caption(t("listing.export_help"))


def maker(desk: Desk, what: Listing, asked: Mapping[str, str], kind: Kind) -> Callable[[], bytes]:
    """Return what makes the file when its button is pressed."""
    return guarded(desk, lambda: _file(desk, what, dict(asked), kind))


def _file(desk: Desk, what: Listing, asked: dict[str, str], kind: Kind) -> bytes:
    answer = what.read(dict(asked), MOST_ROWS, 0)
    rows = answer["rows"]
    list_export.check_size(int(answer["total"]))
    lines = [[_cell(column, row[column.name]) for column in what.columns] for row in rows]
    words = {one.name: one.choices.get(asked[one.name], asked[one.name]) for one in what.filters if one.name in asked}
    beside = {
        t("listing.data_of"): what.stamp or _now(desk),
        t("listing.filtered"): ", ".join(f"{one.label}: {words[one.name]}" for one in what.filters if one.name in words)
        or t("listing.all_rows"),
        t("listing.rows"): parts.number(len(rows)),
    }
    table = list_files.Table(what.name, [column.heading for column in what.columns], lines, beside)
    made = list_files.made_aside(table, kind)
    searched = {one.name for one in what.filters if one.kind == "text"}
    desk.do(
        list_export.note,
        list_name=what.name,
        kind=kind,
        filters={name: None if name in searched else value for name, value in asked.items()},
        rows=len(rows),
        sha256=sha256(made).hexdigest(),
    )
    return made


def _cell(column: Column, value: Any) -> Cell:
    """Return what stands in a cell of the screen; a number stays one, so that a spreadsheet can add it up."""
    if isinstance(value, Mark):
        return value.text
    if value is None or value == "":
        return None
    return value if column.is_number and isinstance(value, int | float) else parts.shown(value)


def _now(desk: Desk) -> str:
    with desk.office.engine.connect() as db:
        return f"{desk.office.clock(db) + WIB:%d-%m-%Y %H:%M} WIB"
