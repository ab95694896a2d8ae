"""Dashboards for the evaluation: counts of one load of the marts, and the list behind each mark (§14.2; R-162)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import charts, lists, parts
from apps.operator.dashboard_lists import behind
from apps.operator.dashboard_views import VIEWS, drawn, marks, month_name
from apps.operator.listing import Filter, Listing, listing
from apps.operator.messages import t
from posko.domain.calendar import WIB
from posko.services import screen_dashboard
from posko.services.evaluation_marts import FILTERS, MOST_TOUCHED

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from apps.operator.dashboard_views import View
    from posko.services.office import Desk

LIST, VIEW = "evaluasi", "evaluasi_tampilan"


def render(desk: Desk) -> None:
    """Show the chosen dashboard, and the list behind the mark that was picked in it."""
    own = desk.by.lsp_code if desk.by else None
    state = desk.do(screen_dashboard.state, lsp_code=own)
    if state is None:
        st.info(t("dashboard.never"))
        return
    stamp = _stamp(state)
    st.caption(f"{stamp} {_age(state)}")
    name = _chosen([view for view in VIEWS if own is None or view != "lsp"])
    view = VIEWS[name]
    if not state["months"] and not view.is_deviations:
        st.info(t("dashboard.none"))
        return
    lines: list[dict[str, Any]] = []
    asked_for: dict[str, str] = {}

    def read(asked: dict[str, str], limit: int, offset: int) -> Mapping[str, Any]:
        asked_for.update(_asked(asked, own))
        lines[:] = view.lines(desk, _asked(asked, own))
        return {"rows": lines[offset : offset + limit], "total": len(lines)}

    def show(rows: Sequence[Mapping[str, Any]]) -> None:
        _chart(name, view, [dict(row) for row in rows])
        lists.show_list(view.columns(), rows, empty="")

    empty = t("dashboard.no_deviations" if view.is_deviations else "dashboard.none")
    what = Listing(LIST, view.columns(), _filters(state, own), read, empty, show=show, stamp=stamp)
    st.header(t(f"dashboard.view_{name}"))
    st.caption(t(f"dashboard.help_{name}"))
    if listing(desk, what) is None:
        return
    if name == "sertifikat":
        _blanks(desk, asked_for)
    if lines:
        behind(desk, name, view, asked_for, marks(lines), stamp)


def _chosen(names: Sequence[str]) -> str:
    """Show the choice of dashboards and return the chosen one; the address holds it."""
    if st.session_state.get(VIEW) not in names:
        shown = st.query_params.get(VIEW, "")
        st.session_state[VIEW] = shown if shown in names else names[0]
    st.segmented_control(
        t("dashboard.choose"),
        names,
        key=VIEW,
        format_func=lambda each: t(f"dashboard.tab_{each}"),
        required=True,
    )
    name = str(st.session_state[VIEW] or names[0])
    if st.query_params.get(VIEW) != name:
        st.query_params[VIEW] = name
    return name


def _filters(state: Mapping[str, Any], own: str | None) -> list[Filter]:
    months = {month: month_name(month) for month in reversed(state["months"])}
    bodies = {
        name: {code: code if word == code else f"{code} · {word}" for code, word in state[name].items() if code != "-"}
        for name in ("lsp", "tuk")
    }
    plain = {name: {code: code for code in state[name] if code != "-"} for name in ("skema", "negara")}
    choices = {"dari": months, "sampai": months, **bodies, **plain}
    return [
        Filter(name, t(f"dashboard.{name}"), "choice", choices[name])
        for name in FILTERS
        if own is None or name != "lsp"
    ]


def _asked(asked: Mapping[str, str], own: str | None) -> dict[str, str]:
    return {**asked, "lsp": own} if own is not None else dict(asked)


def _chart(name: str, view: View, rows: list[dict[str, Any]]) -> None:
    """Draw the lines of the page; a click on a mark asks for the list behind it."""
    points = drawn(rows)
    if not points:
        return
    picked = charts.pick(f"posko_chart_{name}", view.spec(rows), points)
    last = f"posko_picked_{name}"
    if picked != st.session_state.get(last):
        st.session_state[last] = picked
        if picked is not None:
            st.session_state[f"{LIST}_{name}_tanda"] = picked


def _blanks(desk: Desk, asked: Mapping[str, str]) -> None:
    """Show the stock of blanks, which knows no month, TUK or country."""
    found = desk.do(screen_dashboard.certificates, asked=asked)["blanks"]
    st.subheader(t("dashboard.blanks"))
    st.caption(t("dashboard.blanks_help"))
    columns = [
        lists.Column("lsp_code", t("dashboard.lsp"), is_fixed=True),
        *(lists.Column(state, t(f"dashboard.{state}"), is_number=True) for state in ("FREE", "USED", "SPOILED")),
    ]

    def read(_asked: dict[str, str], limit: int, offset: int) -> Mapping[str, Any]:
        return {"rows": found[offset : offset + limit], "total": len(found)}

    listing(desk, Listing("evaluasi_blangko", columns, [], read, t("dashboard.no_blanks")))


def _stamp(state: Mapping[str, Any]) -> str:
    at: dt.datetime = state["data_at"] + WIB
    return t("dashboard.stamp", at=f"{at:%d-%m-%Y %H:%M}", load=parts.number(state["load_no"]))


def _age(state: Mapping[str, Any]) -> str:
    if not state["touched"]:
        return t("dashboard.current")
    is_more = state["touched"] > MOST_TOUCHED
    key = "dashboard.behind_more" if is_more else "dashboard.behind_now"
    return t(key, count=parts.number(min(state["touched"], MOST_TOUCHED)))
