"""The staff: who may act, with which fingers; enrolment by two persons, suspension, return, retired templates (§8.2; R-048, R-070)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import lists, opened, parts, picked, staff_member, staff_new
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from posko.domain.matrix import ROLE_LABELS, Role
from posko.services import screen_staff
from posko.services.enrolment import ROLES

if TYPE_CHECKING:
    from posko.services.office import Desk

ONE = "petugas"
"""Name of the chosen one in the address."""
TONES: dict[str, parts.Tone] = {"ACTIVE": "good", "SUSPENDED": "bad"}


def render(desk: Desk) -> None:
    """Show the staff, one of them, or the way of a new one."""
    opened.say_saved()
    number = picked.text(ONE)
    if staff_new.is_begun():
        staff_new.show(desk)
    elif number is not None:
        picked.back(ONE)
        staff_member.show(desk, number)
    else:
        _list(desk)


def _list(desk: Desk) -> None:
    if st.button(t("staff.new"), icon=":material/person_add:", type="primary"):
        staff_new.begin()
    columns = [
        Column("person_id", t("staff.person_id"), is_fixed=True), Column("full_name", t("staff.full_name")),
        Column("role", t("staff.role")), Column("scope", t("staff.scope"), is_fixed=True),
        Column("mark", t("staff.state"), is_fixed=True), Column("fingers", t("staff.fingers"), is_number=True),
        Column("enrolled_at", t("staff.enrolled_at"), is_fixed=True),
    ]  # fmt: skip
    filters = [
        Filter("cari", t("staff.search")),
        Filter("peran", t("staff.role"), "choice", {role.value: ROLE_LABELS[role] for role in ROLES}),
        Filter("keadaan", t("staff.state"), "choice", {state: t(f"staff.{state}") for state in screen_staff.STATES}),
    ]

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        told = {"search": asked.get("cari"), "role": asked.get("peran"), "state": asked.get("keadaan")}
        found = desk.do(screen_staff.listed, limit=limit, offset=offset, order=asked.get("urut"), **told)
        return {"total": found["total"], "rows": [_line(row) for row in found["rows"]]}

    what = Listing("petugas", columns, filters, read, t("staff.none"), sorts=("full_name", "role", "enrolled_at"))
    shown = listing(desk, what)
    rows = shown["rows"] if shown else []
    picked.choose(ONE, {row["person_id"]: f"{row['person_id']} · {row['full_name']}" for row in rows}, t("staff.open"))


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "role": ROLE_LABELS[Role(row["role"])],
        "mark": Mark(t(f"staff.{row['state']}"), TONES[row["state"]]),
        "enrolled_at": lists.moment(row["enrolled_at"]),
    }
