"""Surveillance: the week's sample and its visits, the seeds, and the TUK that nobody looked at (§4.2; R-017, R-024, R-190)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import lists, opened, parts, surveillance_visit, tabs
from apps.operator.frame import attempt
from apps.operator.listing import Filter, Listing, in_memory, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from posko.domain.matrix import MATRIX, Command
from posko.domain.roles import ACTS, Act
from posko.services import surveillance, surveillance_views

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from posko.services.office import Desk

TABS = ("sample", "weeks", "coverage")
LISTS = {"sample": "surveilans", "coverage": "cakupan"}
TONES: dict[str, parts.Tone] = {
    "OPEN": "warn", "CONFORMS": "good", "DEVIATES": "bad", "NOT_HELD": "bad", "NOT_VISITED": "idle",
    "EMPTY": "warn", "SILENT": "bad", "UNVISITED": "idle", "SEEN": "good",
}  # fmt: skip


def render(desk: Desk) -> None:
    """Show one of the three parts; who may not draw reads."""
    opened.say_saved()
    may_do = desk.by is not None and Act.DO in ACTS[MATRIX[Command.DRAW_SAMPLE][desk.by.role]]
    if not may_do:
        st.caption(t("surveillance.read_only"))
    with tabs.one_of("surveillance_tabs", {name: t(f"surveillance.tab_{name}") for name in TABS}, LISTS) as name:
        if name == "coverage":
            _coverage(desk)
            return
        found = attempt(lambda: desk.do(surveillance_views.weeks))
        if found is None:
            return
        if name == "weeks":
            _weeks(desk, found["weeks"], may_do=may_do)
        else:
            _sample(desk, found, may_do=may_do)


def _sample(desk: Desk, found: Mapping[str, Any], *, may_do: bool) -> None:
    """Show the sample of a week, and to whoever may: the buttons that draw, the form of a visit."""
    if may_do:
        with st.container(horizontal=True):
            for day in found["to_draw"]:
                _draw_button(desk, day)
    drawn = [week["week_on"] for week in found["weeks"] if week["draw_id"]]
    if not drawn:
        st.info(t("surveillance.none_drawn"))
        return
    week = st.selectbox(t("surveillance.week"), drawn, format_func=parts.shown, key="surveillance_week")
    shown = listing(desk, _listing(desk, week))
    if shown is not None and may_do:
        surveillance_visit.form(desk, shown["rows"])


def _draw_button(desk: Desk, day: str) -> None:
    week = parts.shown(day)
    if not st.button(t("surveillance.draw", week=week), key=f"posko_draw_{day}", icon=":material/casino:"):
        return
    made = attempt(lambda: desk.do(surveillance.draw, week=day))
    if made is not None:
        told = {"picked": parts.number(len(made["picked"])), "sessions": parts.number(made["sessions"])}
        opened.saved(t("surveillance.drawn", week=week, **told))


def _listing(desk: Desk, week: str) -> Listing:
    columns = [
        Column("session_id", t("surveillance.session"), is_number=True), Column("day", t("surveillance.exam_on"), is_fixed=True),
        Column("tuk", t("surveillance.tuk")),
        Column("lsp_code", t("surveillance.lsp"), is_fixed=True), Column("met_no", t("surveillance.asesor"), is_fixed=True),
        Column("weight", t("surveillance.weight"), is_number=True), Column("why", t("surveillance.why")),
        Column("chance", t("surveillance.chance"), is_fixed=True), Column("mark", t("surveillance.outcome"), is_fixed=True),
        Column("note", t("surveillance.note")), Column("deviation_id", t("surveillance.finding"), is_number=True),
    ]  # fmt: skip
    states = {one: t(f"surveillance.{one}") for one in surveillance_views.DONE}
    filters = [
        Filter("cari", t("surveillance.search")),
        Filter("keadaan", t("surveillance.outcome"), "choice", states),
    ]

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        state, search = asked.get("keadaan"), asked.get("cari")
        found = desk.do(surveillance_views.sample, week=week, state=state, search=search, limit=limit, offset=offset)
        return {"total": found["total"], "rows": [_line(row) for row in found["rows"]]}

    return Listing("surveilans", columns, filters, read, t("surveillance.none"))


def _line(row: dict[str, Any]) -> dict[str, Any]:
    state = row["outcome"] or "OPEN"
    why = ", ".join(f"{t(f'surveillance.part_{name}')} {worth}" for name, worth in row["parts"].items())
    return {
        **row,
        "day": parts.shown(row["exam_on"]),
        "tuk": f"{row['tuk_code']} · {row['tuk_name']}",
        "why": why,
        "chance": lists.share(row["chance_permille"], 1000),
        "mark": Mark(t(f"surveillance.{state}"), TONES[state]),
    }


def _weeks(desk: Desk, weeks: Sequence[Mapping[str, Any]], *, may_do: bool) -> None:
    st.caption(t("surveillance.seed_help"))
    columns = [
        Column("week_on", t("surveillance.week"), is_fixed=True), Column("committed", t("surveillance.committed"), is_fixed=True),
        Column("drawn", t("surveillance.drawn_at"), is_fixed=True), Column("picked", t("surveillance.picked"), is_number=True),
        Column("session_count", t("surveillance.frame"), is_number=True), Column("visits", t("surveillance.visits"), is_number=True),
    ]  # fmt: skip
    told = [
        {**week, "committed": lists.moment(week["committed_at"]), "drawn": lists.moment(week["drawn_at"])}
        for week in weeks
    ]
    lists.show_list(columns, told, empty=t("surveillance.none_drawn"))
    for week in weeks:
        st.subheader(t("surveillance.of_week", week=parts.shown(week["week_on"])), anchor=False)
        seed = week["seed"] or t("surveillance.seed_kept")
        parts.facts([(t("surveillance.seed_hash"), week["seed_sha256"]), (t("surveillance.seed"), seed)])
        is_ripe = week["draw_id"] and not week["seed"] and week["visits"] >= week["picked"]
        label = t("surveillance.reveal", week=parts.shown(week["week_on"]))
        if may_do and is_ripe and st.button(label, key=f"posko_reveal_{week['week_on']}", icon=":material/key:"):
            _reveal(desk, week["week_on"])


def _reveal(desk: Desk, week: str) -> None:
    done = attempt(lambda: desk.do(surveillance.reveal, week=week))
    if done is None:
        return
    if done["is_same"]:
        opened.saved(t("surveillance.revealed", week=parts.shown(week)))
    st.error(t("surveillance.not_same", week=parts.shown(week)))


def _coverage(desk: Desk) -> None:
    found = attempt(lambda: desk.do(surveillance_views.coverage))
    if found is None:
        return
    days = {name: parts.shown(found[name]) for name in ("since", "day")}
    st.caption(t("surveillance.coverage_help", **days, outside=parts.number(found["outside"])))
    counted = ((sum(row["mark"] == mark for row in found["rows"]), mark) for mark in surveillance_views.MARKS)
    parts.cards((count, t(f"surveillance.{mark}")) for count, mark in counted)
    columns = [
        Column("tuk_code", t("surveillance.tuk"), is_fixed=True), Column("tuk_name", t("surveillance.tuk_name")),
        Column("city", t("surveillance.city")), Column("sessions", t("surveillance.sessions"), is_number=True),
        Column("opened", t("surveillance.opened"), is_number=True), Column("last_on", t("surveillance.last_on"), is_fixed=True),
        Column("visited_on", t("surveillance.visited_on"), is_fixed=True), Column("shown", t("surveillance.mark")),
    ]  # fmt: skip
    rows = [{**row, "shown": Mark(t(f"surveillance.{row['mark']}"), TONES[row["mark"]])} for row in found["rows"]]
    filters = [
        Filter("cari", t("surveillance.tuk")),
        Filter("mark", t("surveillance.mark"), "choice", {one: t(f"surveillance.{one}") for one in surveillance_views.MARKS}),
    ]  # fmt: skip
    read = in_memory(rows, ("tuk_code", "tuk_name", "city"))
    listing(desk, Listing("cakupan", columns, filters, read, t("surveillance.no_tuk")))
