"""The section "Riwayat perubahan" on the page of one TKI: who changed what, when, before and after (R-001, R-021)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import lists, parts
from apps.operator.frame import attempt
from apps.operator.lists import Column
from apps.operator.messages import t
from posko.domain.calendar import WIB
from posko.domain.matrix import ROLE_LABELS, Role
from posko.domain.status import SIDE_LABELS, SideStatus
from posko.services import change_history
from posko.services.as_of import read_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from posko.services.office import Desk


def section(desk: Desk, tki_id: str, journeys: Iterable[Mapping[str, Any]], *, with_record: bool) -> None:
    """Show what changed, the newest first; `with_record`: also what BNP2TKI corrected, which no time of the past hides."""
    rows = [_line(one, change) for one in journeys for change in change_history.changes_of(one["history"])]
    if with_record:
        found = attempt(lambda: desk.do(change_history.record_changes, tki_id=tki_id))
        rows += [_record_line(change) for change in found or []]
    st.header(t("changes.heading"))
    columns = [
        Column("time", t("changes.at"), is_fixed=True), Column("who", t("changes.who")), Column("what", t("changes.what")),
        Column("before", t("changes.before")), Column("after", t("changes.after")), Column("reason", t("changes.reason")),
    ]  # fmt: skip
    newest = sorted(rows, key=lambda row: str(row["at"]), reverse=True)
    lists.show_list(columns, newest, empty=t("changes.none"))


def _line(journey: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    role = ROLE_LABELS[Role(change["role"])] if change["role"] in set(Role) else t("changes.system")
    behalf = t("changes.behalf", who=change["on_behalf_of"]) if change["on_behalf_of"] else None
    return {
        "at": change["at"],
        "time": _time(str(change["at"])),
        "who": " · ".join(part for part in (str(change["actor"]), role, behalf) if part),
        "what": t("changes.of_journey", what=t(f"changes.{change['what']}"), number=journey["journey"]),
        "before": _value(str(change["what"]), change["before"]),
        "after": _value(str(change["what"]), change["after"]),
        "reason": change["reason"],
    }


def _record_line(change: Mapping[str, Any]) -> dict[str, Any]:
    fields = change["fields"]
    return {
        "at": change["at"],
        "time": _time(str(change["at"])),
        "who": t("changes.delivery", number=change["batch_id"]),
        "what": t(f"changes.{change['kind']}"),
        "before": "; ".join(f"{one['label']}: {parts.shown(one['before'])}" for one in fields),
        "after": "; ".join(f"{one['label']}: {parts.shown(one['after'])}" for one in fields),
        "reason": None,
    }


def _value(what: str, value: Any) -> str | None:
    """Return a value as a person reads it."""
    if value is None:
        return None
    if what == "PLACE":
        return " · ".join(parts.shown(value[name]) for name in change_history.PLACE if name in value)
    if what == "SIDE":
        return SIDE_LABELS[SideStatus(value)]
    return t(f"changes.{value}")


def _time(text: str) -> str:
    moment = read_time(text.removesuffix("Z"))
    return parts.NOTHING if moment is None else f"{moment + WIB:%d-%m-%Y %H:%M:%S}"
