"""One of the staff: her fingers and their history, suspend, bring back with new fingers, retire templates (§8.2; R-048)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import enrol_fingers, finger_history, lists, opened, parts, second_person
from apps.operator.frame import attempt
from apps.operator.messages import t
from posko.domain.matrix import ROLE_LABELS, Role
from posko.services import enrolment, inputs, screen_staff, staff_templates

if TYPE_CHECKING:
    from posko.services.office import Desk

SLOT = "staff_member"


def show(desk: Desk, number: str) -> None:
    """Show one of the staff and what may be done with her."""
    seen = opened.opened(SLOT, (number,), lambda: desk.do(screen_staff.member, person_id=number))
    if seen is None:
        return
    person = seen.seen["person"]
    st.header(f"{person['full_name']} · {person['person_id']}", anchor=False)
    _facts(person)
    finger_history.show(seen.seen["sets"], seen.seen["search"])
    if desk.by is not None and desk.by.person_id == person["person_id"]:
        st.info(t("staff.oneself"))
        return
    if person["state"] == "ACTIVE":
        _suspend(desk, person, seen.token)
    else:
        _retire(desk, person, has_templates=any(row["state"] != "RETIRED" for row in seen.seen["sets"]))
    _replace(desk, person)


def _facts(person: dict[str, Any]) -> None:
    rows: list[tuple[str, object]] = [
        (t("staff.role"), ROLE_LABELS[Role(person["role"])]),
        (t("staff.scope"), person["lsp_code"] or person["tuk_code"] or person["met_no"]),
        (t("staff.state"), t(f"staff.{person['state']}")),
        (t("staff.enrolled_at"), lists.moment(person["enrolled_at"])),
        (t("staff.enrolled_by"), " + ".join(who for who in (person["enrolled_by"], person["seconded_by"]) if who)),
    ]
    if person["suspended_at"]:
        rows += [
            (t("staff.suspended_at"), lists.moment(person["suspended_at"])),
            (t("staff.suspended_by"), person["suspended_by"]),
            (t("staff.reason"), person["suspended_reason"]),
        ]
    parts.facts(rows)


def _suspend(desk: Desk, person: dict[str, Any], token: str) -> None:
    with st.expander(t("staff.suspend"), icon=":material/block:"), st.form(f"suspend:{token}", border=False):
        st.write(t("staff.suspend_help"))
        reason = st.text_input(t("staff.reason"), max_chars=500)
        is_sent = st.form_submit_button(t("staff.suspend"), type="primary")
    if not is_sent:
        return
    once = desk.once(f"{token}:suspend")
    done = attempt(lambda: once.do(enrolment.suspend, person_id=person["person_id"], reason=reason))
    if done is not None:
        opened.saved(t("staff.suspended", number=person["person_id"], sessions=done["sessions_ended"]), SLOT)


def _retire(desk: Desk, person: dict[str, Any], *, has_templates: bool) -> None:
    slot = f"retire:{person['person_id']}"
    if not has_templates:
        return
    with st.expander(t("staff.retire"), icon=":material/inventory_2:", expanded=second_person.is_laid_down(slot)):
        if second_person.is_laid_down(slot):
            done = second_person.sign(
                desk, slot, lambda once, told, proof: once.do(staff_templates.retire, second=proof, **told)
            )
            if done is not None:
                opened.saved(t("staff.retired", number=person["person_id"], count=done["retired"]), SLOT)
            return
        with st.form(slot, border=False):
            st.write(t("staff.retire_help"))
            reason = st.text_input(t("staff.reason"), max_chars=500)
            is_sent = st.form_submit_button(t("staff.to_second"), type="primary")
        if is_sent and not reason.strip():
            st.error(t("staff.reason_missing"))
        elif is_sent:
            # What the service would refuse is refused before the second person is asked to read it.
            why = attempt(lambda: inputs.reason(reason))
            if why is not None:
                told = {"person_id": person["person_id"], "reason": why}
                second_person.lay_down(
                    slot, [(t("staff.retire"), person["person_id"]), (t("staff.reason"), why)], **told
                )


def _replace(desk: Desk, person: dict[str, Any]) -> None:
    """Take new fingers: for one who is suspended, her way back."""
    number, is_back = person["person_id"], person["state"] != "ACTIVE"
    wanted = f"posko_staff_replace:{number}"
    label = t("staff.reinstate" if is_back else "staff.replace")
    if not st.session_state.get(wanted):
        st.write(t("staff.reinstate_help" if is_back else "staff.replace_help"))
        if st.button(label, icon=":material/fingerprint:", key=f"{wanted}:go"):
            st.session_state[wanted] = True
            st.rerun()
        return
    st.subheader(label, anchor=False)
    slot = f"replace:{number}"
    if not second_person.is_laid_down(slot):
        proof = enrol_fingers.proven(desk, "STAFF", number) if enrol_fingers.captured(desk, "STAFF", number) else None
        if proof is not None and st.button(t("staff.to_second"), type="primary", key=f"{wanted}:second"):
            second_person.lay_down(
                slot, [(label, number), (t("staff.full_name"), person["full_name"])], person_id=number, proof=proof
            )
        return
    done = second_person.sign(
        desk, slot, lambda once, told, proof: once.do(enrolment.replace_finger, second=proof, **told)
    )
    if done is not None:
        del st.session_state[wanted]
        enrol_fingers.forget("STAFF", number)
        opened.saved(t("staff.replaced", number=number, version=done["template_version"]), SLOT)
