"""The calendar of TUK capacity: a month, every TUK and day with what is left, and the sessions behind a day (§12.5-12.8; R-090, R-097)."""

from __future__ import annotations

import datetime as dt
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import lists, parts
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from apps.operator.screens import current
from posko.domain.calendar import local_day
from posko.services import screen_capacity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from posko.services.office import Desk

NAME, SESSIONS = "kapasitas", "sesi_tuk"
MONTH, TUK, DAY = f"{NAME}_bulan", "tuk", "hari"
"""Names in the address: of the month, and of the TUK and day whose sessions are shown."""
BEFORE, AFTER = 3, 12
"""Months that can be chosen before and after the present one."""
SATURDAY = 5
STYLE = f"<style>{(Path(__file__).parents[1] / 'theme' / 'capacity.css').read_text('utf-8')}</style>"


def render(desk: Desk) -> None:
    """Show the month, and the sessions of the day that was chosen."""
    tuk, day = st.query_params.get(TUK, ""), st.query_params.get(DAY, "")
    if tuk and day:
        _day(desk, tuk, day)
    months = _months()
    this_month = list(months)[BEFORE]
    if MONTH not in st.query_params and MONTH not in st.session_state:
        st.query_params[MONTH] = this_month
    listing(
        desk,
        Listing(
            NAME,
            [
                Column("tuk_code", t("capacity.tuk_code"), is_fixed=True), Column("tuk_name", t("capacity.tuk_name")),
                Column("city", t("capacity.city")), Column("capacity", t("capacity.per_day"), is_number=True),
                Column("seats", t("capacity.seats"), is_number=True), Column("placed", t("capacity.placed"), is_number=True),
                Column("left", t("capacity.left"), is_number=True), Column("mark", t("capacity.load"), is_fixed=True),
            ],
            [
                Filter("bulan", t("capacity.month"), "choice", months),
                Filter("cari", t("capacity.search")),
                Filter("lsp", t("capacity.lsp")),
            ],
            lambda asked, limit, offset: _month(desk, asked, limit, offset, this_month),
            t("capacity.none"),
            show=_matrix,
        ),
    )  # fmt: skip


def _months() -> dict[str, str]:
    """Return the months that can be chosen: YYYY-MM -> its name."""
    screens = current()
    with screens.office.engine.connect() as db:
        today = local_day(screens.office.clock(db))
    first = today.year * 12 + today.month - 1
    found = [divmod(first + step, 12) for step in range(-BEFORE, AFTER + 1)]
    return {f"{year}-{month + 1:02}": f"{t(f'capacity.month_{month + 1}')} {year}" for year, month in found}


def _month(desk: Desk, asked: Mapping[str, str], limit: int, offset: int, this_month: str) -> dict[str, Any]:
    answer = desk.do(
        screen_capacity.capacity_month,
        month=asked.get("bulan", this_month),
        limit=limit,
        offset=offset,
        search=asked.get("cari"),
        lsp_code=asked.get("lsp"),
    )
    return {**answer, "rows": [_line(row, str(answer["today"])) for row in answer["rows"]]}


def _line(row: Mapping[str, Any], today: str) -> dict[str, Any]:
    mark = Mark("")
    if any(day["is_over"] for day in row["days"]):
        mark = Mark(t("capacity.over"), "bad")
    elif row["is_uneven"]:
        mark = Mark(t("capacity.uneven"), "warn")
    return {**row, "left": sum(day["left"] for day in row["days"]), "mark": mark, "today": today}


def _matrix(rows: Sequence[Mapping[str, Any]]) -> None:
    """Show one line a TUK and one column a day: what is left, with a colour that says the same, each leading to its sessions."""
    days = [dt.date.fromisoformat(day["day"]) for day in rows[0]["days"]]
    heads = "".join(
        f'<th scope="col"{_weekend(day)}><abbr title="{escape(parts.shown(day))}">{day.day}</abbr></th>' for day in days
    )
    lines = "".join(
        f'<tr><th scope="row">{_tuk(row)}</th>{"".join(_cell(row, day) for day in row["days"])}</tr>' for row in rows
    )
    legend = "".join(
        f'<li><i class="{tone}"></i>{escape(t(f"capacity.is_{tone}"))}</li>'
        for tone in ("free", "some", "full", "over", "closed")
    )
    st.html(
        f'{lists.STYLE}{STYLE}<ul class="posko-legend">{legend}</ul><div class="posko-days" tabindex="0"><table><thead><tr>'
        f'<th scope="col">{escape(t("capacity.tuk_code"))}</th>{heads}</tr></thead><tbody>{lines}</tbody></table></div>'
    )


def _tuk(row: Mapping[str, Any]) -> str:
    """Return what heads a line: code, name, how much of the month is taken, and whether that is too much."""
    taken = t("capacity.taken", placed=parts.number(row["placed"]), seats=parts.number(row["seats"]))
    name = f"{row['tuk_name']}, {row['city']}"
    small = f'<small title="{escape(name)}">{escape(name)}</small><small>{escape(taken)}</small>'
    return f"{escape(row['tuk_code'])}{small}{_mark(row['mark'])}"


def _cell(row: Mapping[str, Any], day: Mapping[str, Any]) -> str:
    told = {"tuk": row["tuk_code"], "day": parts.shown(day["day"])}
    counts = {name: day[name] for name in ("seats", "placed", "left")}
    tone = _tone(day)
    past = " past" if day["day"] < row["today"] else ""
    said = (
        t("capacity.day", **told, **counts) if not day["why"] else t("capacity.shut", **told, **counts, why=day["why"])
    )
    if day["why"] and not day["placed"]:
        return f'<td class="{tone}{past}"><abbr title="{escape(said)}">·</abbr></td>'
    shown = f"+{day['placed'] - day['seats']}" if day["is_over"] else str(day["left"])
    address = f"/{NAME}?{MONTH}={day['day'][:7]}&{TUK}={row['tuk_code']}&{DAY}={day['day']}"
    return (
        f'<td class="{tone}{past}"><a href="{escape(address)}" target="_self" title="{escape(said)}"'
        f' aria-label="{escape(said)}">{shown}</a></td>'
    )


def _tone(day: Mapping[str, Any]) -> str:
    if day["is_over"]:
        return "over"
    if day["why"]:
        return "closed"
    if not day["left"]:
        return "full"
    return "some" if day["placed"] else "free"


def _weekend(day: dt.date) -> str:
    return ' class="weekend"' if day.weekday() >= SATURDAY else ""


def _mark(mark: Mark) -> str:
    return f'<span class="posko-mark {mark.tone}">{escape(mark.text)}</span>' if mark.text else ""


def _day(desk: Desk, tuk: str, day: str) -> None:
    """Show the sessions of one TUK and day."""
    with st.container(border=True):
        bar = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
        answer = listing(
            desk,
            Listing(
                SESSIONS,
                [
                    Column("session_id", t("capacity.session"), is_number=True), Column("slot", t("capacity.slot"), is_number=True),
                    Column("lsp_code", t("capacity.lsp"), is_fixed=True), Column("scheme_code", t("capacity.scheme"), is_fixed=True),
                    Column("asesor", t("capacity.asesor")), Column("load", t("capacity.asesor_load"), is_fixed=True),
                    Column("tki", t("capacity.placed"), is_number=True), Column("unsent", t("capacity.unsent"), is_number=True),
                    Column("label", t("capacity.state"), is_fixed=True),
                ],
                [],
                lambda _asked, limit, offset: _sessions(desk, tuk, day, limit, offset),
                t("capacity.no_sessions"),
            ),
        )  # fmt: skip
        with bar:
            # What the address names is shown only when the service knows it.
            if answer is not None:
                st.header(t("capacity.day_of", tuk=tuk, day=parts.shown(day)), anchor=False)
            if st.button(t("capacity.close"), key="capacity_close", icon=":material/close:"):
                for name in (TUK, DAY):
                    st.query_params.pop(name, None)
                st.rerun()


def _sessions(desk: Desk, tuk: str, day: str, limit: int, offset: int) -> dict[str, Any]:
    answer = desk.do(screen_capacity.capacity_day, tuk_code=tuk, exam_on=day, limit=limit, offset=offset)
    return {**answer, "rows": [_session(row) for row in answer["rows"]]}


def _session(row: Mapping[str, Any]) -> dict[str, Any]:
    booked, most = int(row["asesor_booked"]), int(row["asesor_most"])
    tone: parts.Tone = "bad" if booked > most else "warn" if booked == most else "good"
    return {**row, "asesor": f"{row['met_no']} · {row['asesor_name']}", "load": Mark(f"{booked}/{most}", tone)}
