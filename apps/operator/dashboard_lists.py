"""The list behind a mark of a dashboard: attempts, or deviations; the mark is a filter, as keyboard, address and file need it (R-162)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import streamlit as st

from apps.operator.list_address import key_of
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column, Link, Mark
from apps.operator.menu import BY_PATH
from apps.operator.messages import t
from posko.domain import finding
from posko.services import screen_dashboard_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from apps.operator.dashboard_views import View
    from apps.operator.parts import Tone
    from posko.services.office import Desk

MARK, JOURNEY = "tanda", "perjalanan"
TONES: Mapping[str, Tone] = {"PRESENT": "good", "K": "good", "BK": "warn", "ABSENT": "warn"}


def behind(desk: Desk, name: str, view: View, asked: Mapping[str, str], marks: Mapping[str, str], stamp: str) -> None:
    """Show the list behind the chosen mark of a dashboard; without one, of all that the dashboard counts."""
    columns = _deviation_columns() if view.is_deviations else _columns()
    act = screen_dashboard_rows.deviation_rows if view.is_deviations else screen_dashboard_rows.rows
    line = _deviation if view.is_deviations else _line
    may_follow = desk.by is not None and BY_PATH[JOURNEY].is_open_to(desk.by.role)

    def read(chosen: dict[str, str], limit: int, offset: int) -> Mapping[str, Any]:
        mark = chosen.get(MARK) or view.all_mark
        found = desk.do(act, asked=asked, mark=mark, limit=limit, offset=offset)
        return {"rows": [line(row, may_follow=may_follow) for row in found["rows"]], "total": found["total"]}

    mark = Filter(MARK, t("dashboard.mark"), "choice", marks)
    what = Listing(f"evaluasi_{name}", columns, [mark], read, t("dashboard.nothing_behind"), stamp=stamp)
    key = key_of(what, MARK)
    if st.session_state.get(key) not in {None, "", *marks}:
        # The other filters let nothing of this mark through any more.
        st.session_state[key] = ""
    st.header(t("dashboard.list"))
    st.caption(t("dashboard.list_help"))
    listing(desk, what)


def _columns() -> list[Column]:
    return [
        Column("tki", t("dashboard.tki_id"), is_fixed=True), Column("full_name", t("dashboard.full_name")),
        Column("place", t("dashboard.place")), Column("met_no", t("dashboard.asesor"), is_fixed=True),
        Column("blkln_code", t("dashboard.blkln")), Column("destination", t("dashboard.negara")),
        Column("reached", t("dashboard.reached"), is_fixed=True), Column("door", t("dashboard.door"), is_fixed=True),
        Column("outcome", t("dashboard.outcome"), is_fixed=True), Column("copies", t("dashboard.copies"), is_number=True),
    ]  # fmt: skip


def _line(row: dict[str, Any], *, may_follow: bool) -> dict[str, Any]:
    is_again = row["journey_id"] and row["attempt_no"] > 1
    shown = t("dashboard.again", tki_id=row["tki_id"], attempt=row["attempt_no"]) if is_again else row["tki_id"]
    return {
        **row,
        "tki": t("dashboard.stranger") if shown is None else _who(shown, row["tki_id"], may_follow=may_follow),
        "place": f"{row['tuk_code']} · {row['lsp_code']}",
        "reached": row["reached_on"],
        "door": _mark(row["attendance"]),
        "outcome": _mark(row["result"]),
        "copies": row["copies"] or None,
    }


def _who(shown: str, tki_id: str, *, may_follow: bool) -> Link | str:
    return Link(shown, f"/{JOURNEY}?{urlencode({'tki': tki_id})}") if may_follow else shown


def _mark(code: str | None) -> Mark | None:
    return None if code is None else Mark(t(f"dashboard.{code}"), TONES.get(code, "bad"))


def _deviation_columns() -> list[Column]:
    return [
        Column("deviation_id", t("dashboard.number"), is_number=True), Column("occurred", t("dashboard.reached"), is_fixed=True),
        Column("rule", t("dashboard.rule"), is_fixed=True), Column("how", t("dashboard.how"), is_fixed=True),
        Column("place", t("dashboard.place")), Column("tki_id", t("dashboard.tki_id"), is_fixed=True),
        Column("about", t("dashboard.about_what")),
    ]  # fmt: skip


def _deviation(row: dict[str, Any], *, may_follow: bool) -> dict[str, Any]:
    return {
        **row,
        "tki_id": row["tki_id"] and _who(row["tki_id"], row["tki_id"], may_follow=may_follow),
        "occurred": row["occurred_on"],
        "rule": f"{row['rule_id']} · {t('dashboard.severity_' + row['severity'])}",
        "how": Mark(t("dashboard.prevented"), "good") if row["is_attempt"] else Mark(t("dashboard.happened"), "bad"),
        "place": f"{row['tuk_code']} · {row['lsp_code']}",
        "about": finding.about(row["subject_kind"], row["subject_code"]),
    }
