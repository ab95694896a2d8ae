"""What each dashboard shows: the lines of its table, its chart, and the marks behind which a list stands (§14.2; R-162).

A line holds its values as the table shows them, and under `points` what the chart draws of it: each point has a `mark`, the name of its
list, and a `label`, by which the keyboard finds the same list.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from apps.operator import charts, lists
from apps.operator.charts import BLUE, BROWN, GREEN, GREY, ORANGE, RED, VIOLET
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from posko.domain.estimates import Standing
from posko.services import screen_dashboard, screen_dashboard_rows
from posko.services.evaluation_marts import ANY, DAYS
from posko.services.evaluation_marts import Mark as Behind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from apps.operator.parts import Tone
    from posko.services.office import Desk

    Line = dict[str, Any]
    Lines = Callable[[Desk, Mapping[str, str]], list[Line]]

STAGES = [stage for stage in DAYS if stage != "whole"]
DRAWN = {
    "registered": BROWN,
    "examined": ORANGE,
    "decided": RED,
    "certified": BLUE,
    "published": GREEN,
    "closed": VIOLET,
}
"""Stages that the chart shows, with their colours; the table shows all."""
DOOR = {"PRESENT": BLUE, "ABSENT": ORANGE, "TURNED_AWAY_NO_MATCH": RED, "TURNED_AWAY_NOT_REGISTERED": VIOLET}
PRINTS = {"PRINTED": BLUE, "REPRINTED": RED, "UNPRINTED": ORANGE}
KINDS = {"happened": RED, "prevented": BLUE}
TONES: Mapping[str, Tone] = {
    Standing.TOO_FEW: "idle",
    Standing.USUAL: "good",
    Standing.BELOW: "bad",
    Standing.ABOVE: "warn",
}
STANDING_COLOURS = {Standing.USUAL: BLUE, Standing.BELOW: RED, Standing.ABOVE: ORANGE}
DAY = 24


@dataclass(frozen=True)
class View:
    """One dashboard: columns of its table, its lines, its chart of some lines, and the mark of all that it counts."""

    columns: Callable[[], list[Column]]
    lines: Lines
    spec: Callable[[Sequence[Line]], dict[str, Any]]
    all_mark: str
    is_deviations: bool = False


def month_name(month: str) -> str:
    """Return a month YYYY-MM as it is read."""
    year, number = month.split("-")
    return f"{t('dashboard.months').split(',')[int(number) - 1]} {year}"


def _columns(*names: str, first: str) -> list[Column]:
    numbers = [Column(name, t(f"dashboard.{name}"), is_number=True) for name in names]
    return [Column(first, t(f"dashboard.{first}"), is_fixed=first == "month"), *numbers]


def _point(month: str, name: str, place: int, count: int, mark: Behind) -> Line:
    series = t(f"dashboard.{name}")
    shown = month_name(month)
    named = {"mark": str(mark), "label": f"{series} · {shown}"}
    return {"month": shown, "series": series, "place": place, "count": count, **named}


def _stage_lines(desk: Desk, asked: Mapping[str, str]) -> list[Line]:
    by_month: dict[str, dict[str, int]] = {}
    for row in desk.do(screen_dashboard.stages, asked=asked):
        by_month.setdefault(row["month"], {})[row["stage"]] = row["tki"]
    return [
        {
            "month": month_name(month),
            **{stage: found.get(stage, 0) for stage in STAGES},
            "points": [
                _point(month, stage, place, found.get(stage, 0), Behind(stage, month=month))
                for place, stage in enumerate(STAGES)
            ],
        }
        for month, found in by_month.items()
    ]


def _rate_lines(desk: Desk, asked: Mapping[str, str]) -> list[Line]:
    made = []
    for row in desk.do(screen_dashboard.rates, asked=asked):
        month = row["month"]
        shown = month_name(month)
        mark = str(Behind("decided", month=month))
        point = {**_shown_share(row), "month": shown, "colour": BLUE, "mark": mark, "label": shown}
        failed = {**point, "mark": str(Behind("decided", "BK", month)), "label": f"{t('dashboard.BK')} · {shown}"}
        made.append({"month": shown, **_share_texts(row), "points": [point], "more": [failed]})
    return made


def _body_lines(kind: str, desk: Desk, asked: Mapping[str, str]) -> list[Line]:
    made = []
    for row in desk.do(screen_dashboard.compare, asked=asked, kind=kind):
        name = row["code"] if row["name"] == row["code"] else f"{row['code']} · {row['name']}"
        how = Standing(row["standing"])
        mark = str(Behind("decided", kind=kind, body=row["code"]))
        point = {
            "name": name,
            "mark": mark,
            "label": name,
            "colour": STANDING_COLOURS.get(how, GREY),
            **_shown_share(row),
        }
        word = t(f"dashboard.{how}", least=row["least"])
        line = {"body": name, **_share_texts(row), "standing": Mark(word, TONES[how])}
        # Of too few nothing is drawn, but the list behind them is found by name.
        is_drawn = how is not Standing.TOO_FEW
        made.append({**line, "points": [point] if is_drawn else [], "more": [] if is_drawn else [point]})
    return made


def _lead_lines(desk: Desk, asked: Mapping[str, str]) -> list[Line]:
    made = []
    for row in desk.do(screen_dashboard.leads, asked=asked):
        name = t(f"dashboard.lead_{row['stage']}")
        mark = f"lama.{Behind(row['stage'])}"
        point = {"name": name, "median": row["median"], "p90": row["p90"], "mark": mark, "label": name}
        made.append(
            {
                "lead": name,
                "tki": row["tki"],
                "median": _duration(row["median"]),
                "p90": _duration(row["p90"]),
                "points": [point],
            }
        )
    return made


def _door_lines(desk: Desk, asked: Mapping[str, str]) -> list[Line]:
    return [
        {
            "month": month_name(row["month"]),
            **{name: row[name] for name in DOOR},
            "points": _parts(row, "examined", DOOR),
        }
        for row in desk.do(screen_dashboard.door, asked=asked)
    ]


def _certificate_lines(desk: Desk, asked: Mapping[str, str]) -> list[Line]:
    return [
        {**row, "month": month_name(row["month"]), "points": _parts(row, "certified", PRINTS)}
        for row in desk.do(screen_dashboard.certificates, asked=asked)["rows"]
    ]


def _parts(row: Line, stage: str, series: Mapping[str, str]) -> list[Line]:
    return [
        _point(row["month"], name, place, row[name], Behind(stage, name, row["month"]))
        for place, name in enumerate(series)
    ]


def _deviation_lines(desk: Desk, asked: Mapping[str, str]) -> list[Line]:
    made = []
    for row in desk.do(screen_dashboard_rows.deviations, asked=asked):
        name = f"{row['rule_id']} · {t('dashboard.severity_' + row['severity'])}"
        same = {"name": name, "mark": f"{row['rule_id']}.{row['severity']}", "label": name}
        points = [
            {**same, "series": t(f"dashboard.{kind}"), "place": place, "count": row[kind]}
            for place, kind in enumerate(KINDS)
        ]
        made.append({"rule": name, "happened": row["happened"], "prevented": row["prevented"], "points": points})
    return made


def _shown_share(row: Line) -> Line:
    return {name: row[name] for name in ("share", "low", "high")}


def _share_texts(row: Line) -> Line:
    is_told = row["share"] is not None
    interval = f"{_percent(row['low'])} - {_percent(row['high'])}" if is_told else None
    share = _percent(row["share"]) if is_told else None
    return {"tested": row["tested"], "passed": row["passed"], "share": share, "interval": interval}


def _percent(share: float) -> str:
    return f"{lists.decimal(100 * share)} %"


def _duration(hours: int | None) -> str | None:
    """Return hours as they are read: whole days from two days on."""
    if hours is None:
        return None
    return t("dashboard.hours", count=hours) if hours < 2 * DAY else t("dashboard.days", count=hours // DAY)


def _series(colours: Mapping[str, str]) -> dict[str, str]:
    return {t(f"dashboard.{name}"): colour for name, colour in colours.items()}


def _months(colours: Mapping[str, str], some: Sequence[Line], *, is_stacked: bool = True) -> dict[str, Any]:
    return charts.months(_series(colours), count=t("dashboard.tki"), columns=len(some), is_stacked=is_stacked)


def _share_columns(first: str) -> list[Column]:
    found = _columns("tested", "passed", "share", "interval", first=first)
    return found if first == "month" else [*found, Column("standing", t("dashboard.standing"), is_fixed=True)]


def _bodies(kind: str) -> View:
    def spec(some: Sequence[Line]) -> dict[str, Any]:
        return charts.shares("name", title=t("dashboard.share"), rows=sum(bool(line["points"]) for line in some))

    return View(partial(_share_columns, "body"), partial(_body_lines, kind), spec, str(Behind("decided")))


VIEWS: Mapping[str, View] = {
    "tahap": View(
        lambda: _columns(*STAGES, first="month"),
        _stage_lines,
        partial(_months, DRAWN, is_stacked=False),
        str(Behind("registered")),
    ),
    "kelulusan": View(
        partial(_share_columns, "month"),
        _rate_lines,
        lambda _: charts.shares("month", title=t("dashboard.share")),
        str(Behind("decided")),
    ),
    "asesor": _bodies("ASESOR"),
    "tuk": _bodies("TUK"),
    "lsp": _bodies("LSP"),
    "blkln": _bodies("BLKLN"),
    "waktu": View(
        lambda: _columns("tki", "median", "p90", first="lead"),
        _lead_lines,
        lambda some: charts.spans(title=t("dashboard.in_hours"), rows=len(some)),
        f"lama.{Behind('whole')}",
    ),
    "kehadiran": View(
        lambda: _columns(*DOOR, first="month"), _door_lines, partial(_months, DOOR), str(Behind("examined"))
    ),
    "sertifikat": View(
        lambda: _columns("certified", *PRINTS, "copies", first="month"),
        _certificate_lines,
        partial(_months, PRINTS),
        str(Behind("certified")),
    ),
    "penyimpangan": View(
        lambda: _columns("happened", "prevented", first="rule"),
        _deviation_lines,
        lambda some: charts.bars(_series(KINDS), count=t("dashboard.found"), rows=len(some)),
        f"{ANY}.{ANY}",
        is_deviations=True,
    ),
}
"""Name in the address -> dashboard, in the order of the choice."""


def drawn(lines: Sequence[Line]) -> list[Line]:
    """Return the points of a chart."""
    names = {t(f"dashboard.{stage}") for stage in STAGES} - {t(f"dashboard.{stage}") for stage in DRAWN}
    return [point for line in lines for point in line["points"] if point.get("series") not in names]


def marks(lines: Sequence[Line]) -> dict[str, str]:
    """Return every mark with something behind it, mark -> label, for those who choose by keyboard."""
    points = (point for line in lines for point in [*line["points"], *line.get("more", ())])
    return {point["mark"]: point["label"] for point in points if point.get("count", 1)}
