"""The scorecards of LSP, TUK and assessors before a meeting: a table, its chart, and the list behind every figure (§14.2; R-162)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import charts, fresh, lists, parts
from apps.operator.card_lists import behind
from apps.operator.charts import BLUE, GREY
from apps.operator.dashboard_views import STANDING_COLOURS, TONES
from apps.operator.frame import attempt
from apps.operator.listing import SEARCH, Filter, Listing, in_memory, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from posko.domain.estimates import Standing
from posko.domain.scorecard import KINDS as BODIES
from posko.domain.scorecard import WHOLE
from posko.services import scorecard_lists

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from posko.services.office import Desk

KIND = "kartu_pihak"
KINDS = (WHOLE, *BODIES)
LISTS = {kind: f"kartu_{kind}" for kind in KINDS}
"""Kind of body -> its list."""
RESULTS = ("tested", "passed", "share", "interval", "shrunk", "peers", "standing")
WORK = ("retakes", "lead", "silent_days", "held", "deviations", "cases")
"""Columns of the two tables: side by side they are wider than a screen."""


def show(desk: Desk, number: int) -> None:
    """Show the cards of a meeting, kind by kind."""
    found = fresh.known("meeting_cards", number) or attempt(
        lambda: fresh.keep("meeting_cards", desk.do(scorecard_lists.cards, meeting_id=number), number)
    )
    if found is None:
        return
    told = {name: parts.shown(found[name]) for name in ("since", "until")}
    st.caption(t("scorecards.about", **told, at=lists.moment(found["at"]), least=found["least"]))
    if found["is_frozen"]:
        st.caption(t("scorecards.frozen", sha256=found["sha256"]))
    kind = _kind()
    if kind in BODIES:
        st.caption(t(f"scorecards.lead_help_{kind}"))
    lines = [_line(card, found["least"]) for card in found[kind]]
    key = f"posko_cards_{kind}_{number}"

    def show_page(rows: Sequence[Mapping[str, Any]]) -> None:
        _chart(key, rows)
        lists.show_list(_columns(RESULTS), rows, empty="")
        lists.show_list(_columns(WORK), rows, empty="")

    filters = [Filter(SEARCH, t("scorecards.search"))]
    columns = _columns((*RESULTS, *WORK))
    what = Listing(LISTS[kind], columns, filters, in_memory(lines, ["body"]), t("scorecards.none"), show=show_page)
    if listing(desk, what) is not None and lines:
        behind(desk, number, kind, {card["code"]: card for card in found[kind]}, f"{key}_body")


def _kind() -> str:
    """Show the choice of kinds and return the chosen one; the address holds it."""
    if st.session_state.get(KIND) not in KINDS:
        asked = st.query_params.get(KIND, "")
        st.session_state[KIND] = asked if asked in KINDS else WHOLE
    st.segmented_control(
        t("scorecards.kind"), KINDS, key=KIND, format_func=lambda one: t(f"scorecards.{one}"), required=True
    )
    kind = str(st.session_state[KIND] or WHOLE)
    st.query_params[KIND] = kind
    return kind


def _columns(names: Sequence[str]) -> list[Column]:
    numbers = [Column(name, t(f"scorecards.{name}"), name != "standing", name == "standing") for name in names]
    return [Column("body", t("scorecards.body")), *numbers]


def _line(card: Mapping[str, Any], least: int) -> dict[str, Any]:
    """Return a card as the table shows it, with its point for the chart."""
    name = card["code"] if card["name"] == card["code"] else f"{card['code']} · {card['name']}"
    how = Standing(card["standing"]) if card["standing"] else None
    is_told = card["passed_permille"] is not None
    interval = f"{_percent(card['low_permille'])} - {_percent(card['high_permille'])}" if is_told else None
    lead = None if card["lead_p90"] is None else f"{_time(card['lead_median'])} / {_time(card['lead_p90'])}"
    point = {
        "name": name,
        "mark": card["code"],
        "share": (card["passed_permille"] or 0) / 1000,
        "low": (card["low_permille"] or 0) / 1000,
        "high": (card["high_permille"] or 0) / 1000,
        "colour": STANDING_COLOURS.get(how, GREY) if how else BLUE,
    }
    return {
        **{name: card[name] for name in ("tested", "passed", "retakes", "silent_days", "held")},
        "body": name,
        "share": _percent(card["passed_permille"]),
        "interval": interval,
        "shrunk": _percent(card["shrunk_permille"]),
        "peers": _percent(card["peers_permille"]),
        "standing": Mark(t(f"dashboard.{how}", least=least), TONES[how]) if how else None,
        "lead": lead,
        "deviations": f"{parts.number(card['happened'])} / {parts.number(card['prevented'])}",
        "cases": f"{parts.number(card['cases_open'])} / {parts.number(card['cases_closed'])}",
        "points": [point] if is_told and how is not Standing.TOO_FEW else [],
    }


def _chart(key: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Draw the shares of a page; a click on one chooses its card below."""
    points = [point for row in rows for point in row["points"]]
    if not points:
        return
    picked = charts.pick(key, charts.shares("name", title=t("scorecards.share"), rows=len(points)), points)
    if picked != st.session_state.get(f"{key}_picked"):
        st.session_state[f"{key}_picked"] = picked
        if picked is not None:
            st.session_state[f"{key}_body"] = picked


def _percent(permille: int | None) -> str | None:
    return None if permille is None else f"{lists.decimal(permille / 10)} %"


def _time(minutes: int) -> str:
    if minutes < 120:
        return t("scorecards.minutes", count=minutes)
    return t("scorecards.hours", count=lists.decimal(minutes / 60))
