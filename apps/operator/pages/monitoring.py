"""What BNSP watches: sessions, who is silent, what waits in each stage, deviations, gates, freshness of data (§5.1, §13; R-003, R-105)."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.freshness import freshness
from apps.operator import data_docs, fresh, lists, monitoring_deviations, parts, tabs
from apps.operator.listing import Filter, Listing, in_memory, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from apps.operator.screens import current
from posko.domain.session_status import LABELS, SessionStatus
from posko.services import screen_monitoring

if TYPE_CHECKING:
    from posko.services.office import Desk

TONES: dict[str, parts.Tone] = {"OPEN": "warn", "RUNNING": "good"}
LISTS = {
    "sessions": "pantauan-sesi",
    "stations": "pantauan-stasiun",
    "stages": "pantauan-antrean",
    "deviations": monitoring_deviations.LIST,
}
"""Tab -> the list in it."""
GATE_TONES: dict[str, parts.Tone] = {"passed": "good", "failed": "bad", "could_not_run": "warn", "never": "idle"}


def render(desk: Desk) -> None:
    """Show what goes on now, and beside it what waits and how fresh the data are."""
    labels = {name: t(f"monitoring.tab_{name}") for name in (*LISTS, "data")}
    with tabs.one_of("monitoring_tabs", labels, LISTS) as name:
        if name == "sessions":
            _sessions(desk)
        elif name == "stations":
            _stations(desk)
        elif name == "stages":
            _stages(desk)
        elif name == "deviations":
            monitoring_deviations.show(desk)
        else:
            _gates(desk)
            _freshness()


def _sessions(desk: Desk) -> None:
    counts = st.container()

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        found = desk.do(
            screen_monitoring.sessions,
            day=asked.get("hari"),
            limit=limit,
            offset=offset,
            search=asked.get("cari"),
            status=asked.get("keadaan"),
        )
        silent = sum(row["is_silent"] for row in found["rows"])
        return {**found, "silent": silent, "rows": [_session(row) for row in found["rows"]]}

    columns = [
        Column("session_id", t("monitoring.session"), is_number=True), Column("tuk", t("monitoring.tuk")),
        Column("lsp_code", t("monitoring.lsp_code"), is_fixed=True),
        Column("mark", t("monitoring.state"), is_fixed=True), Column("present", t("monitoring.present"), is_number=True),
        Column("listed", t("monitoring.listed"), is_number=True), Column("last", t("monitoring.last"), is_fixed=True),
        Column("silence", t("monitoring.silence"), is_fixed=True),
    ]  # fmt: skip
    states = {one.value: label for one, label in LABELS.items() if one is not SessionStatus.CANCELLED}
    filters = [
        Filter("hari", t("monitoring.day"), "date"),
        Filter("cari", t("monitoring.search")),
        Filter("keadaan", t("monitoring.state"), "choice", states),
    ]
    shown = listing(desk, Listing(LISTS["sessions"], columns, filters, read, t("monitoring.no_sessions")))
    if shown is not None:
        told = [(shown[name], t(f"monitoring.{name}")) for name in ("total", "under_way", "silent")]
        with counts:
            st.caption(t("monitoring.of_day", day=parts.shown(shown["day"])))
            parts.cards(told)


def _session(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "tuk": f"{row['tuk_code']} · {row['tuk_name']}",
        "mark": Mark(row["label"], TONES.get(row["status"], "idle")),
        "last": lists.moment(row["last_at"]),
        "silence": Mark(t("monitoring.is_silent"), "bad") if row["is_silent"] else None,
    }


def _stations(desk: Desk) -> None:
    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        found = desk.do(screen_monitoring.stations, limit=limit, offset=offset, search=asked.get("cari"))
        return {**found, "rows": [_station(row) for row in found["rows"]]}

    columns = [
        Column("station_code", t("monitoring.station"), is_fixed=True), Column("station_name", t("monitoring.name")),
        Column("tuk_code", t("monitoring.tuk"), is_fixed=True), Column("seen", t("monitoring.seen"), is_fixed=True),
        Column("skew", t("monitoring.skew"), is_number=True), Column("mark", t("monitoring.silence"), is_fixed=True),
    ]  # fmt: skip
    st.caption(t("monitoring.stations_help"))
    filters = [Filter("cari", t("monitoring.search_station"))]
    listing(desk, Listing(LISTS["stations"], columns, filters, read, t("monitoring.no_stations")))


def _station(row: dict[str, Any]) -> dict[str, Any]:
    mark = Mark(t("monitoring.is_silent"), "bad") if row["is_silent"] else Mark(t("monitoring.answers"), "good")
    skew = None if row["skew_ms"] is None else lists.decimal(row["skew_ms"] / 1000)
    return {**row, "seen": lists.moment(row["seen_at"]), "skew": skew, "mark": mark}


def _stages(desk: Desk) -> None:
    columns = [
        Column("name", t("monitoring.stage")), Column("waiting", t("monitoring.waiting"), is_number=True),
        Column("oldest_days", t("monitoring.oldest"), is_number=True), Column("done", t("monitoring.done"), is_number=True),
        Column("lead", t("monitoring.lead"), is_number=True),
    ]  # fmt: skip
    rows = [
        {
            **row,
            "name": t(f"monitoring.stage_{row['stage']}"),
            "lead": lists.decimal(row["lead_hours"]),
            "done": row["done"] or None,
        }
        for row in fresh.recent("monitoring_stages", lambda: desk.do(screen_monitoring.stages))
    ]
    st.caption(t("monitoring.stages_help"))
    listing(desk, Listing(LISTS["stages"], columns, [], in_memory(rows), ""))


def _gates(desk: Desk) -> None:
    st.header(t("monitoring.gates"))
    rows = desk.do(screen_monitoring.gates)
    columns = [
        Column("name", t("monitoring.gate")), Column("mark", t("monitoring.outcome"), is_fixed=True),
        Column("checked", t("monitoring.checked"), is_fixed=True), Column("failed", t("monitoring.not_passed"), is_number=True),
    ]  # fmt: skip
    lines = []
    for row in rows:
        outcome = row["outcome"] or "never"
        mark = Mark(t(f"monitoring.{outcome}"), GATE_TONES[outcome])
        checked, name = lists.moment(row["checked_at"]), t(f"monitoring.gate_{row['gate']}")
        lines.append({"name": name, "mark": mark, "checked": checked, "failed": len(row["not_passed"])})
    lists.show_list(columns, lines, empty="")
    if any(row["outcome"] == "passed" and row["not_passed"] for row in rows):
        st.caption(t("monitoring.warned"))
    if data_docs.is_there(current()):
        href, label = f"{data_docs.BELOW}{data_docs.FIRST}", escape(t("monitoring.data_docs"))
        st.html(f'<a class="posko-button" href="{href}" target="_blank" rel="noopener">{label}</a>')
    for row in rows:
        if row["not_passed"]:
            with st.expander(t("monitoring.why", gate=t(f"monitoring.gate_{row['gate']}"))):
                parts.facts(row["not_passed"].items())


def _freshness() -> None:
    st.header(t("monitoring.freshness"))
    columns = [
        Column("table", t("monitoring.table"), is_fixed=True), Column("rows", t("monitoring.rows"), is_number=True),
        Column("fed", t("monitoring.fed"), is_fixed=True),
    ]  # fmt: skip
    lists.show_list(columns, _counted(str(current().settings.var_dir)), empty="")


@st.cache_data(ttl=fresh.SECONDS, show_spinner=False)
def _counted(_installation: str) -> list[dict[str, Any]]:
    with current().office.engine.connect() as db:
        found = freshness(db)
    return [
        {"table": one.table, "rows": one.rows, "fed": lists.moment(one.fed_at.isoformat() if one.fed_at else None)}
        for one in found
    ]
