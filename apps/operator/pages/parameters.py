"""Dated parameters: what counts on a day, since when and why, and a new value by two persons (R-028, F44; requirements section 9.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import changed, lists, opened, parts, picked, second_person
from apps.operator.frame import attempt
from apps.operator.listing import LAST
from apps.operator.lists import Column
from apps.operator.messages import CATALOGUE, t
from posko.domain.calendar import local_day
from posko.domain.matrix import MATRIX, Command
from posko.domain.parameters import DEFAULTS
from posko.domain.roles import ACTS, Act
from posko.services import inputs, parameters

if TYPE_CHECKING:
    import datetime as dt

    from apps.operator.opened import Opened
    from posko.services.office import Desk

ONE = "nama"
SLOT, ALL = "parameter_open", "parameters_all"


def render(desk: Desk) -> None:
    """Show all parameters of today, or one with its history and the form of a new value."""
    opened.say_saved()
    with desk.office.engine.connect() as db:
        today = local_day(desk.office.clock(db))
    name = picked.text(ONE)
    if name is None:
        _list(desk, today)
        return
    picked.back(ONE)
    if name not in DEFAULTS:
        st.warning(t("parameters.unknown"))
        return
    seen = opened.opened(SLOT, (name, today), lambda: _read(desk, name, today))
    if seen is None:
        return
    st.header(_called(name), anchor=False)
    now = seen.seen["now"]
    parts.facts([*_told(now), (t("parameters.name"), name)])
    if desk.by is not None and Act.DO in ACTS[MATRIX[Command.CHANGE_PARAMETER][desk.by.role]]:
        _change(desk, name, today, seen)
    else:
        st.caption(t("parameters.read_only"))
    _history(seen.seen["history"])


def _list(desk: Desk, today: dt.date) -> None:
    found = desk.do(parameters.in_force, day=today)
    columns = [
        Column("label", t("parameters.label")), Column("value", t("parameters.value"), is_number=True),
        Column("unit", t("parameters.unit")), Column("since", t("parameters.valid_from"), is_fixed=True),
        Column("source", t("parameters.source")),
    ]  # fmt: skip
    rows = [
        {**row, "label": _called(name), "since": row["valid_from"] or t("parameters.default")}
        for name, row in found.items()
    ]
    lists.show_list(columns, rows, empty=t("parameters.none"))
    picked.choose(ONE, {name: _called(name) for name in found}, t("parameters.open"))


def _read(desk: Desk, name: str, today: dt.date) -> dict[str, Any]:
    return {
        "now": desk.do(parameters.in_force, day=today)[name],
        "history": desk.do(parameters.history, name=name),
    }


def _told(now: dict[str, Any]) -> list[tuple[str, object]]:
    return [
        (t("parameters.value"), f"{now['value']} {now['unit']}"),
        (t("parameters.valid_from"), now["valid_from"] or t("parameters.default")),
        (t("parameters.source"), now["source"]),
    ]


def _change(desk: Desk, name: str, today: dt.date, seen: Opened[dict[str, Any]]) -> None:
    """Ask for the new value, and let the second person sign exactly that."""
    slot = f"parameter:{name}"
    st.subheader(t("parameters.change"), anchor=False)
    if second_person.is_laid_down(slot):
        made = second_person.sign(
            desk, slot, lambda once, told, proof: once.do(parameters.set_parameter, second=proof, **told),
            on_refused=changed.teller(_labelled(seen.seen["now"]), lambda: _labelled(_read(desk, name, today)["now"])),
        )  # fmt: skip
        if made is not None:
            opened.saved(t("parameters.saved", name=_called(name), value=made["after"]), SLOT)
        return
    least, most = parameters.limits_of(name)
    with st.form(f"parameter:{seen.token}", border=False):
        left, right = st.columns(2)
        value = left.number_input(
            t("parameters.new_value", unit=seen.seen["now"]["unit"], least=least, most=most),
            least, most, int(seen.seen["now"]["value"]), 1,
        )  # fmt: skip
        first = right.date_input(t("parameters.valid_from"), today, today, LAST, format="DD/MM/YYYY")
        reason = st.text_input(t("parameters.reason"), max_chars=500)
        is_sent = st.form_submit_button(t("parameters.to_second"), type="primary")
    if not is_sent:
        return
    if not reason.strip():
        st.error(t("parameters.reason_missing"))
        return
    # What the service would refuse is refused before the second person is asked to read it.
    why = attempt(lambda: inputs.reason(reason))
    before = None if why is None else attempt(lambda: desk.do(parameters.in_force, day=first))
    if before is not None:
        told = {"name": name, "valid_from": first.isoformat(), "value": int(value), "reason": why}
        shown = [
            (t("parameters.label"), _called(name)),
            (t("parameters.was"), f"{before[name]['value']} {before[name]['unit']}"),
            (t("parameters.value"), f"{int(value)} {before[name]['unit']}"),
            (t("parameters.valid_from"), parts.shown(first)),
            (t("parameters.reason"), why),
        ]
        second_person.lay_down(slot, shown, seen=int(before[name]["value"]), **told)


def _called(name: str) -> str:
    """Return what a parameter is called; one that has no words yet, by its technical name."""
    key = f"parameters.{name}"
    return t(key) if key in CATALOGUE else name


def _labelled(now: dict[str, Any]) -> dict[str, str]:
    return {label: parts.shown(value) for label, value in _told(now)}


def _history(rows: list[dict[str, Any]]) -> None:
    st.subheader(t("parameters.history"), anchor=False)
    columns = [
        Column("valid_from", t("parameters.valid_from"), is_fixed=True), Column("value", t("parameters.value"), is_number=True),
        Column("reason", t("parameters.reason")), Column("by", t("parameters.set_by"), is_fixed=True),
        Column("at", t("parameters.set_at"), is_fixed=True),
    ]  # fmt: skip
    shown = [
        {**row, "by": f"{row['set_by']} + {row['seconded_by']}", "at": lists.moment(row["set_at"])} for row in rows
    ]
    lists.show_list(columns, shown, empty=t("parameters.no_history"))
