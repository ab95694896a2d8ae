"""A list with all that belongs to it: filters, order and page in the address, own views, a file of all that was filtered (R-008, R-021).

    listing(desk, Listing("sertifikat", columns, filters, read, t("certificates.none")))

`read` asks a service for a part of the rows, and the service asks for role and scope whenever it is asked, also for the file.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

from apps.operator import list_address, list_download, list_views, lists, opened, parts
from apps.operator.frame import attempt
from apps.operator.list_address import ORDER, PAGE, key_of
from apps.operator.lists import PAGE_ROWS
from apps.operator.messages import t
from posko.services import inputs
from posko.services.list_query import SEARCH_MOST
from posko.services.paging import MOST_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from apps.operator.lists import Column
    from posko.services.office import Desk

    Read = Callable[[dict[str, str], int, int], Mapping[str, Any]]
    Show = Callable[[Sequence[Mapping[str, Any]]], None]

WIDTHS = {"text": 190, "choice": 150, "date": 130}
"""Kind of a filter -> width of its field in pixels."""
WIDE = 420
"""Width of the page numbers in pixels: seven of them, and the arrows."""
SEARCH = "cari"
"""Name of the text filter that every list gives its search."""
FIRST, LAST = dt.date(inputs.FIRST_YEAR, 1, 1), dt.date(inputs.LAST_YEAR, 12, 31)


@dataclass(frozen=True)
class Filter:
    """One filter: its name for `read` and in the address, its label, its kind; `choices` are code -> word."""

    name: str
    label: str
    kind: Literal["text", "choice", "date"] = "text"
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Listing:
    """One list.

    `name` is unique among all lists; the address holds `<name>_<filter>`. `read(asked, limit, offset)` returns `rows`, each with a value
    for every column as it is shown, and `total` (more than `MOST_ROWS` where there are too many to count); `asked` holds only the filters
    that are set, text of days as ISO, and under `urut` the column to sort by, downwards after a minus. `sorts` are the columns by which
    `read` can sort. `show` shows the rows of a page otherwise than as a table. `stamp` says how old the data are, where they are older
    than now.
    """

    name: str
    columns: Sequence[Column]
    filters: Sequence[Filter]
    read: Read
    empty: str
    export: bool = True
    sorts: Sequence[str] = ()
    show: Show | None = None
    stamp: str | None = None


def as_opened(name: str, read: Read) -> Read:
    """Return a `read` whose pages stay as they were when they opened, for a list from which something is picked and saved.

    `opened.now_open(name)` is then the page that is shown, and `opened.close(name)` reads it anew. A file is always read anew.
    """

    def kept(asked: dict[str, str], limit: int, offset: int) -> Mapping[str, Any]:
        if limit != PAGE_ROWS:
            return read(asked, limit, offset)
        return opened.kept(name, (*sorted(asked.items()), offset), lambda: read(asked, limit, offset)).seen

    return kept


def in_memory(rows: Sequence[Mapping[str, Any]], searched: Sequence[str] = ()) -> Read:
    """Return a `read` of rows that were computed and not stored; the filter `cari` searches in these columns, others compare a column."""

    def read(asked: dict[str, str], limit: int, offset: int) -> Mapping[str, Any]:
        found = [row for row in rows if all(_matches(row, name, value, searched) for name, value in asked.items())]
        return {"rows": found[offset : offset + limit], "total": len(found)}

    return read


def _matches(row: Mapping[str, Any], name: str, value: str, searched: Sequence[str]) -> bool:
    if name == SEARCH:
        return any(value.upper() in str(row[column] or "").upper() for column in searched)
    return list_address.text_of(row[name]) == value


def listing(desk: Desk, what: Listing) -> Mapping[str, Any] | None:
    """Show a list and return the answer of `read` for the page that is shown; None: it was refused, which is then said."""
    unknown = list_address.arrive(what)
    bar = st.container(horizontal=True, vertical_alignment="bottom", key=f"posko_bar_{what.name}")
    with bar:
        asked = _asked(what)
    for label in unknown:
        st.warning(t("listing.unknown", label=label))
    page = list_address.leave(what, asked)
    answer = attempt(lambda: what.read(dict(asked), PAGE_ROWS, (page - 1) * PAGE_ROWS))
    with bar:
        if what.filters or what.sorts:
            list_views.menu(desk, what, asked)
        if answer is not None and what.export:
            list_download.menu(desk, what, asked, int(answer["total"]))
    if answer is None:
        return None
    rows, total = answer["rows"], int(answer["total"])
    if not rows and page > 1:
        # The last row of the page was taken away, or the address names a page behind the last.
        st.session_state[key_of(what, PAGE)] = max(1, -(-total // PAGE_ROWS))
        st.rerun()
    if not rows and asked:
        st.info(t("listing.nothing_matches"))
        st.button(t("listing.clear"), key=f"posko_clear_{what.name}", on_click=list_address.go_to, args=(what, {}))
        return answer
    if rows and what.show is not None:
        what.show(rows)
    else:
        lists.show_list(what.columns, rows, empty=what.empty)
    if rows:
        _foot(what, total)
    return answer


def _asked(what: Listing) -> dict[str, str]:
    """Show the filters and return those that are set."""
    found = {one.name: list_address.text_of(_field(what, one)) for one in what.filters}
    if what.sorts:
        found[ORDER] = _order(what)
    return {name: text for name, text in found.items() if text}


def _field(what: Listing, one: Filter) -> object:
    key, width = key_of(what, one.name), WIDTHS[one.kind]
    if one.kind == "choice":
        return st.selectbox(
            one.label, ["", *one.choices], key=key, width=width, format_func=lambda code: _word(one, code)
        )
    if one.kind == "date":
        return st.date_input(one.label, None, FIRST, LAST, key=key, width=width, format="DD/MM/YYYY")
    return st.text_input(one.label, key=key, width=width, max_chars=SEARCH_MOST, icon=":material/search:")


def _word(one: Filter, code: str) -> str:
    return one.choices.get(code) or t("listing.any")


def _order(what: Listing) -> str:
    headings = {column.name: column.heading for column in what.columns if column.name in what.sorts}
    words = {"": t("listing.own_order")}
    for name, heading in headings.items():
        words |= {name: t("listing.up", column=heading), f"-{name}": t("listing.down", column=heading)}
    key = key_of(what, ORDER)
    return st.selectbox(t("listing.order"), list(words), key=key, width=WIDTHS["choice"], format_func=words.__getitem__)


def _foot(what: Listing, total: int) -> None:
    """Show how many rows there are, and the numbers of the pages."""
    is_more = total > MOST_ROWS
    counted = parts.number(min(total, MOST_ROWS))
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(t("listing.count_more" if is_more else "listing.count", total=counted), width="content")
        last = -(-min(total, MOST_ROWS) // PAGE_ROWS)
        if last > 1:
            # Left to itself beside another element, it takes the room of one number.
            st.pagination(last, key=key_of(what, PAGE), width=WIDE)
