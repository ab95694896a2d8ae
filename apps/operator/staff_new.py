"""The way of a new officer: who she is, six impressions, her own proof, the second person (§8.2; R-048, R-070, F03)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import enrol_fingers, opened, parts, picked, second_person
from apps.operator.frame import attempt
from apps.operator.messages import t
from posko.domain.matrix import ROLE_LABELS, Role
from posko.services import enrolment, screen_staff
from posko.services.enrolment import ROLES

if TYPE_CHECKING:
    from posko.services.office import Desk

BEGUN, CHECKED = "posko_staff_new", "posko_staff_checked"
SLOT = "staff_new"
SCOPES = {Role.LSP: "lsp_code", Role.TUK: "tuk_code", Role.ASESOR: "met_no"}
"""Role -> name of the scope that it has."""


def is_begun() -> bool:
    """Return whether somebody is being enrolled on this page."""
    return bool(st.session_state.get(BEGUN))


def begin() -> None:
    """Show the way of a new officer from its beginning."""
    st.session_state[BEGUN] = True
    st.session_state.pop(CHECKED, None)
    second_person.discard(SLOT)
    st.rerun()


def show(desk: Desk) -> None:
    """Show the step at which the enrolment stands."""
    st.header(t("staff.new"), anchor=False)
    checked: dict[str, Any] | None = st.session_state.get(CHECKED)
    is_laid_down = second_person.is_laid_down(SLOT)
    with st.container(horizontal=True):
        if st.button(t("picked.back"), icon=":material/arrow_back:", key="posko_staff_leave"):
            _leave()
            st.rerun()
        can_edit = checked is not None and not is_laid_down
        if can_edit and st.button(t("staff.change_who"), icon=":material/edit:", key="posko_staff_edit"):
            st.session_state.pop(CHECKED)
            st.rerun()
    if checked is None:
        _who(desk)
        return
    if is_laid_down:
        _sign(desk, checked)
        return
    parts.facts(_told(checked))
    number = checked["person_id"]
    if not enrol_fingers.captured(desk, "STAFF", number):
        return
    proof = enrol_fingers.proven(desk, "STAFF", number)
    if proof is not None and st.button(t("staff.to_second"), type="primary", key="posko_staff_second"):
        second_person.lay_down(SLOT, _told(checked), proof=proof, **checked)


def _who(desk: Desk) -> None:
    """Ask who she is, and hold it against register and staff before any finger is taken."""
    left, right = st.columns(2)
    number = left.text_input(t("staff.person_id"), max_chars=40, key="posko_staff_number")
    name = right.text_input(t("staff.full_name"), max_chars=255, key="posko_staff_name")
    role = left.selectbox(
        t("staff.role"), ROLES, format_func=lambda one: ROLE_LABELS[Role(one)], key="posko_staff_role"
    )
    scope: dict[str, str | None] = {}
    column = SCOPES.get(Role(role))
    if column is not None:
        places = opened.opened("staff_scopes", (role,), lambda: desk.do(screen_staff.scopes, role=role))
        known = places.seen if places else {}
        scope[column] = right.selectbox(
            t(f"staff.{column}"), list(known), None, lambda code: f"{code} · {known[code]}",
            key=f"posko_staff_scope:{role}", placeholder=t("picked.placeholder"),
        )  # fmt: skip
    if st.button(t("staff.check"), type="primary", key="posko_staff_check"):
        who = {"person_id": number.strip(), "full_name": name, "role": str(role)}
        told: dict[str, Any] = {**who, **scope}
        checked = attempt(lambda: desk.do(enrolment.check_new, **told))
        if checked is not None:
            st.session_state[CHECKED] = checked
            st.rerun()


def _sign(desk: Desk, checked: dict[str, Any]) -> None:
    done = second_person.sign(desk, SLOT, lambda once, told, proof: once.do(enrolment.enrol, second=proof, **told))
    if done is not None:
        number = checked["person_id"]
        enrol_fingers.forget("STAFF", number)
        _leave()
        st.query_params["petugas"] = number
        opened.saved(t("staff.enrolled", number=number, role=ROLE_LABELS[Role(checked["role"])]), "staff_scopes")


def _leave() -> None:
    st.session_state.pop(BEGUN, None)
    st.session_state.pop(CHECKED, None)
    second_person.discard(SLOT)
    picked.leave("petugas")


def _told(checked: dict[str, Any]) -> list[tuple[str, object]]:
    """Return what the second person reads."""
    rows: list[tuple[str, object]] = [
        (t("staff.person_id"), checked["person_id"]),
        (t("staff.full_name"), checked["full_name"]),
        (t("staff.role"), ROLE_LABELS[Role(checked["role"])]),
    ]
    return rows + [(t(f"staff.{column}"), checked[column]) for column in SCOPES.values() if checked.get(column)]
