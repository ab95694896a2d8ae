"""Lists of an exam session on paper: candidates, attendance, results (§9.3, §13.3-13.10; R-106, R-134)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import parts, print_buttons
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column
from apps.operator.messages import t
from posko.domain.session_status import LABELS
from posko.services import screen_prints

if TYPE_CHECKING:
    from posko.services.office import Desk

ASKED = {"cari": "search", "keadaan": "status", "sejak": "since", "sampai": "until"}
"""Filter in the address -> argument of the service."""
KINDS = ("candidates", "attendance", "results")


def render(desk: Desk) -> None:
    """Show the sessions, and the documents of the chosen one."""
    shown = listing(desk, _sessions(desk))
    if not shown or not shown["rows"]:
        return
    by_id = {int(row["session_id"]): row for row in shown["rows"]}
    number = st.selectbox(t("prints.choose"), list(by_id), format_func=lambda one: _named(by_id[one]))
    if number is not None:
        st.caption(t("prints.recorded"))
        print_buttons.offer(desk, *KINDS, of=number)


def _sessions(desk: Desk) -> Listing:
    columns = [
        Column("session_id", t("prints.number"), is_number=True), Column("exam_on", t("prints.exam_on"), is_fixed=True),
        Column("tuk", t("prints.tuk")), Column("lsp_code", t("prints.lsp_code"), is_fixed=True),
        Column("asesor_name", t("prints.asesor")), Column("listed", t("prints.listed"), is_number=True),
        Column("label", t("prints.state"), is_fixed=True),
    ]  # fmt: skip
    filters = [
        Filter("cari", t("prints.search")),
        Filter("keadaan", t("prints.state"), "choice", {one.value: label for one, label in LABELS.items()}),
        Filter("sejak", t("prints.since"), "date"),
        Filter("sampai", t("prints.until"), "date"),
    ]

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        wanted: dict[str, Any] = {ASKED[name]: value for name, value in asked.items() if name in ASKED}
        found = desk.do(screen_prints.sessions, **wanted, limit=limit, offset=offset)
        rows = [{**row, "tuk": f"{row['tuk_code']} · {row['tuk_name']}"} for row in found["rows"]]
        return {**found, "rows": rows}

    return Listing("cetakan", columns, filters, read, t("prints.none"))


def _named(row: dict[str, Any]) -> str:
    told = (row["session_id"], parts.shown(row["exam_on"]), row["tuk_code"], row["lsp_code"], row["asesor_name"])
    return " · ".join(map(str, told))
