"""Charts as Vega-Lite dictionaries: Indonesian numbers, the theme's colours in one order, no data but what is shown (§14.2; R-008).

Each mark carries `mark`, the name under which the list behind it is asked for; a click on it returns that name. Beside each chart stands a
table with the same numbers, so the chart itself may be passed over by a screen reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import streamlit as st

from apps.operator.messages import language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RED, ORANGE, BLUE, GREEN, VIOLET, BROWN = "#B3261E", "#E07B00", "#3B6EA5", "#5B7F3B", "#6B4E9B", "#8A6D3B"
COLOURS = (RED, ORANGE, BLUE, GREEN, VIOLET, BROWN)
"""The theme's colours in their order; a series keeps its own whatever else is shown."""
GREY = "#8F8683"
PICK = "picked"
"""Name of the selection in a chart, and of the field that it returns."""
LOCALES = {
    "id": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["Rp", ""]},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""]},
}
ROW = 26
"""Pixels of one line in a chart of names."""
MARGIN, FEWEST = 0.2, 6
"""Room between two months, as a part of one; months for which there is always room."""
FOOT, LEGEND = 64, 52
"""Pixels of the axis with its title, and of a legend; Streamlit counts them into the height of a chart."""


def pick(key: str, spec: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str | None:
    """Show a chart of rows and return the name of the mark that was clicked, or None."""
    picking = {"name": PICK, "select": {"type": "point", "fields": ["mark"], "clear": False}}
    whole = {
        **spec,
        "config": {
            "locale": {"number": LOCALES[language()]},
            "axis": {"labelFontSize": 12, "titleFontSize": 12, "labelColor": "#1F1B1A", "titleColor": "#1F1B1A"},
            "legend": {"labelFontSize": 12, "title": None, "orient": "bottom", "columns": 4, "labelColor": "#1F1B1A"},
            "view": {"stroke": None},
            "padding": 8,
        },
    }
    first = whole["layer"][-1] if "layer" in whole else whole
    first["params"] = [picking]
    # As an Arrow table, because Streamlit would make a data frame of pandas of everything else.
    data = pa.Table.from_pylist([dict(row) for row in rows])
    event = st.vega_lite_chart(data, whole, key=key, on_select="rerun", selection_mode=PICK, width="stretch")
    chosen = event["selection"].get(PICK) or []
    return str(chosen[0]["mark"]) if chosen else None


def months(series: Mapping[str, str], *, count: str, columns: int, is_stacked: bool) -> dict[str, Any]:
    """Return bars by month, one for each series or one part of the bar; rows: `month`, `series`, `place`, `count`, `mark`.

    Args:
        series: name -> colour, in their order; `place` is the place of a row's series in it.
        count: what the axis counts.
        columns: how many months; few of them get room beside them instead of bars as wide as the page.
        is_stacked: whether the series add up to something.
    """
    room = max(MARGIN, (FEWEST - columns) / 2) if is_stacked else MARGIN
    place = {**_months(), "scale": {"paddingOuter": room, "paddingInner": MARGIN}}
    beside = {} if is_stacked else {"xOffset": {"field": "series", "sort": list(series)}}
    return {
        "height": 240 + LEGEND,
        "mark": {"type": "bar", "cursor": "pointer"},
        "encoding": {"x": place, **beside, **_counted("y", series, count), "tooltip": _tips("month")},
    }


def bars(series: Mapping[str, str], *, count: str, rows: int) -> dict[str, Any]:
    """Return lying bars, one a row of `name`, with a part for each series; rows: `name`, `series`, `place`, `count`, `mark`."""
    names = {
        "field": "name",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"labelLimit": 260, "labelOverlap": False},
    }
    return {
        "height": rows * ROW + FOOT + LEGEND,
        "mark": {"type": "bar", "cursor": "pointer"},
        "encoding": {"y": names, **_counted("x", series, count), "tooltip": _tips("name")},
    }


def shares(field: str, *, title: str, rows: int = 0) -> dict[str, Any]:
    """Return shares from 0 to 1 with their intervals; rows: `field`, `share`, `low`, `high`, `colour`, `mark`.

    Args:
        field: `month`, along the foot, or `name`, one line each in the order of the rows.
        title: what the axis says.
        rows: lines of a chart of names; 0 for one of months.
    """
    scale = {"domain": [0, 1]}
    axis = {"format": ".0%", "tickCount": 5}
    value = {"type": "quantitative", "title": title, "scale": scale, "axis": axis}
    names = {
        "field": field,
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"labelLimit": 220, "labelOverlap": False},
    }
    along, across, end = ("y", "x", "x2") if rows else ("x", "y", "y2")
    place = _months() if not rows else names
    tips = [_tip(field), *({**_tip(each), "format": ".1%"} for each in ("share", "low", "high"))]
    colour = {"field": "colour", "type": "nominal", "scale": None, "legend": None}
    return {
        "height": rows * ROW + FOOT if rows else 240,
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 2},
                "encoding": {along: place, across: {**value, "field": "low"}, end: {"field": "high"}, "color": colour},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 110, "cursor": "pointer", "opacity": 1},
                "encoding": {along: place, across: {**value, "field": "share"}, "color": colour, "tooltip": tips},
            },
        ],
    }


def spans(*, title: str, rows: int) -> dict[str, Any]:
    """Return for each row of `name` a bar up to `median` and a line up to `p90`, in hours; rows also: `mark`."""
    names = {
        "field": "name",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"labelLimit": 220, "labelOverlap": False},
    }
    value = {"type": "quantitative", "title": title, "axis": {"format": ",d"}}
    tips = [_tip("name"), _tip("median"), _tip("p90")]
    return {
        "height": rows * ROW + FOOT,
        "layer": [
            {
                "mark": {"type": "rule", "color": GREY, "strokeWidth": 3},
                "encoding": {"y": names, "x": {**value, "field": "median"}, "x2": {"field": "p90"}},
            },
            {
                "mark": {"type": "tick", "color": GREY, "thickness": 3, "size": 16},
                "encoding": {"y": names, "x": {**value, "field": "p90"}},
            },
            {
                "mark": {"type": "bar", "color": BLUE, "cursor": "pointer", "height": 14},
                "encoding": {"y": names, "x": {**value, "field": "median"}, "tooltip": tips},
            },
        ],
    }


def _months() -> dict[str, Any]:
    return {"field": "month", "type": "nominal", "sort": None, "title": None, "axis": {"labelAngle": 0}}


def _counted(along: str, series: Mapping[str, str], count: str) -> dict[str, Any]:
    """Return the encoding of counts with the colours of their series."""
    axis = {"format": ",d", "tickMinStep": 1}
    return {
        along: {"field": "count", "type": "quantitative", "title": count, "axis": axis, "scale": {"nice": True}},
        "color": {
            "field": "series",
            "type": "nominal",
            "scale": {"domain": list(series), "range": list(series.values())},
        },
        "order": {"field": "place"},
        "opacity": {"condition": {"param": PICK, "value": 1, "empty": True}, "value": 0.45},
    }


def _tips(place: str) -> list[dict[str, Any]]:
    return [_tip(place), _tip("series"), {**_tip("count"), "format": ",d"}]


def _tip(field: str) -> dict[str, Any]:
    return {"field": field, "title": " "}
