"""Bulk acceptance of the places that the agreed rule proposes, after a look at what TUK and assessors would carry (§12.5; R-089, R-090)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import opened, parts
from apps.operator.frame import attempt
from apps.operator.listing import Filter, Listing, in_memory, listing
from apps.operator.lists import Column
from apps.operator.messages import CATALOGUE, t
from posko.services import proposals, screen_proposals

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from apps.operator.opened import Opened
    from posko.services.office import Desk

DAYS, PREVIEW = "proposals_days", "proposals"
COUNTS = ("before", "added", "capacity")
MOST = 10_000
"""Places that one acceptance gives out at most."""


def render(desk: Desk) -> None:
    """Ask for day and number, show the preview, offer to accept it."""
    opened.say_saved()
    opened.plain_tables()
    days = opened.opened(DAYS, (), lambda: desk.do(screen_proposals.proposal_days))
    if days is None:
        return
    if not days.seen:
        st.info(t("proposals.none"))
        opened.reload_button(DAYS, PREVIEW)
        return
    counts = {row["exam_on"]: row["tki"] for row in days.seen}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        day = st.selectbox(t("proposals.day"), [None, *counts], format_func=lambda one: _day(one, counts))
        most = st.number_input(
            t("proposals.most"),
            min_value=1,
            max_value=MOST,
            value=proposals.DEFAULT_MOST,
            help=t("proposals.most_help"),
        )
        opened.reload_button(DAYS, PREVIEW)
    asked = {"exam_on": day, "most": int(most)}
    seen = opened.opened(PREVIEW, (day, most), lambda: desk.do(screen_proposals.proposal_loads, **asked))
    if seen is not None:
        _preview(desk, seen.seen)
        _accept(desk, seen, asked)


def _day(day: dt.date | None, counts: dict[dt.date, int]) -> str:
    if day is None:
        return t("proposals.all_days", count=parts.number(sum(counts.values())))
    return t("proposals.one_day", day=parts.shown(day), count=parts.number(counts[day]))


def _preview(desk: Desk, loads: dict[str, Any]) -> None:
    skipped = sum(row["tki"] for row in loads["skipped"])
    counts = (loads["placed"], skipped, len({row["code"] for row in loads["tuk"]}))
    parts.cards(zip(counts, (t(f"proposals.{name}") for name in ("placed", "skipped", "tuk")), strict=True))
    st.header(t("proposals.load_tuk"), anchor=False)
    _loads(desk, "usulan-tuk", loads["tuk"], t("proposals.tuk_column"))
    st.header(t("proposals.load_asesor"), anchor=False)
    _loads(desk, "usulan-asesor", loads["asesor"], t("proposals.asesor_column"))
    if loads["skipped"]:
        st.header(t("proposals.why_skipped"), anchor=False)
        parts.facts(
            (_why(row["code"]), t("proposals.skipped_of", count=parts.number(row["tki"]), first=row["first"]))
            for row in loads["skipped"]
        )


def _loads(desk: Desk, name: str, rows: list[dict[str, Any]], heading: str) -> None:
    """Show one line a day and place: what it holds, what is booked, what comes, and the bar of how full it gets."""
    columns = [
        Column("exam_on", t("proposals.exam_on"), is_fixed=True),
        Column("code", heading, is_fixed=True),
        Column("name", t("proposals.name")),
        *(Column(one, t(f"proposals.{one}"), is_number=True) for one in COUNTS),
    ]
    filters = [Filter("cari", t("proposals.search")), Filter("exam_on", t("proposals.exam_on"), "date")]
    read = in_memory(rows, ("code", "name"))
    listing(
        desk, Listing(name, columns, filters, read, t("proposals.no_load"), show=lambda shown: _bars(shown, heading))
    )


def _bars(rows: Sequence[Mapping[str, Any]], heading: str) -> None:
    st.dataframe(
        [{**row, "full": row["after"] / row["capacity"] if row["capacity"] else 0.0} for row in rows],
        column_order=("exam_on", "code", "name", *COUNTS, "full"),
        column_config={
            "exam_on": st.column_config.DateColumn(t("proposals.exam_on"), format="DD-MM-YYYY"),
            "code": st.column_config.TextColumn(heading),
            "name": st.column_config.TextColumn(t("proposals.name")),
            **{name: st.column_config.NumberColumn(t(f"proposals.{name}")) for name in COUNTS},
            "full": st.column_config.ProgressColumn(t("proposals.full"), format="percent", min_value=0, max_value=1),
        },
        hide_index=True,
        height="auto",
    )


def _accept(desk: Desk, seen: Opened[dict[str, Any]], asked: dict[str, Any]) -> None:
    placed = seen.seen["placed"]
    label = t("proposals.accept", count=parts.number(placed))
    if not st.button(label, type="primary", disabled=not placed, icon=":material/done_all:", key="proposals_accept"):
        return
    made = attempt(lambda: desk.once(seen.key(asked["exam_on"], asked["most"])).do(proposals.accept, **asked))
    if made is not None:
        told = {"accepted": parts.number(made["accepted"]), "skipped": parts.number(len(made["skipped"]))}
        is_same = made["accepted"] == placed
        key = "proposals.accepted" if is_same else "proposals.accepted_other"
        opened.saved(t(key, previewed=parts.number(placed), **told), DAYS, PREVIEW)


def _why(code: str) -> str:
    key = f"proposals.{code}"
    return t(key) if key in CATALOGUE else t("proposals.other", code=code)
