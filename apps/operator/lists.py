"""Lists on a page: a table of 20 rows with aligned columns and marks, its pages, its empty state; everything in it is escaped here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import parts
from posko.domain.calendar import WIB

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PAGE_ROWS = 20
STYLE = f"<style>{(Path(__file__).parent / 'theme' / 'lists.css').read_text('utf-8')}</style>"


@dataclass(frozen=True)
class Mark:
    """A word with a colour; the word alone says the same."""

    text: str
    tone: parts.Tone = "idle"


@dataclass(frozen=True)
class Link:
    """A text that leads to an address of ours."""

    text: str
    address: str

    def __str__(self) -> str:
        """Return the text alone, as a file holds it."""
        return self.text


@dataclass(frozen=True)
class Column:
    """One column: name of its value in the rows, its heading, and whether it holds numbers (right) or codes and times (never wrapped)."""

    name: str
    heading: str
    is_number: bool = False
    is_fixed: bool = False


def show_list(columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], *, empty: str) -> None:
    """Show rows as a table, or the sentence for none."""
    if not rows:
        st.info(empty)
        return
    heads = "".join(f'<th scope="col"{_class(column)}>{escape(column.heading)}</th>' for column in columns)
    lines = "".join("<tr>" + "".join(_cell(column, row[column.name]) for column in columns) + "</tr>" for row in rows)
    st.html(
        f'{STYLE}<div class="posko-list" tabindex="0"><table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>'
    )


def moment(text: str | None) -> str:
    """Return an ISO time (UTC) as it is read in western Indonesia."""
    return parts.NOTHING if text is None else f"{dt.datetime.fromisoformat(text) + WIB:%d-%m-%Y %H:%M}"


def clock(text: str | None) -> str:
    """Return the time of day of an ISO time (UTC) in western Indonesia."""
    return parts.NOTHING if text is None else f"{dt.datetime.fromisoformat(text) + WIB:%H:%M}"


def decimal(value: float | None) -> str:
    """Return a number with one digit behind the Indonesian comma."""
    return parts.NOTHING if value is None else f"{value:,.1f}".translate(str.maketrans(",.", ".,"))


def share(part: int, whole: int) -> str:
    """Return a share in percent with one digit; a dash where there is nothing to share."""
    return parts.NOTHING if not whole else f"{decimal(100 * part / whole)} %"


def _class(column: Column) -> str:
    return ' class="number"' if column.is_number else ' class="fixed"' if column.is_fixed else ""


def _cell(column: Column, value: object) -> str:
    if isinstance(value, Mark):
        shown = f'<span class="posko-mark {value.tone}">{escape(value.text)}</span>'
    elif isinstance(value, Link):
        shown = f'<a href="{escape(value.address)}" target="_self">{escape(value.text)}</a>'
    elif column.is_number and isinstance(value, int):
        shown = parts.number(value)
    else:
        shown = escape(parts.shown(value))
    return f"<td{_class(column)}>{shown}</td>"
