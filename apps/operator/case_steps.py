"""The next step of a deviation case: taken up, reviewed, found proven or not, sanctioned, closed by two, opened again (§5.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import changed, lists, opened, parts, second_person
from apps.operator.allowed import may
from apps.operator.frame import attempt
from apps.operator.messages import t
from posko.domain.case_status import ALLOWED, CaseStatus
from posko.domain.matrix import Command
from posko.services import case_reading, cases, deviations, inputs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from apps.operator.opened import Opened
    from posko.services.office import Desk

STEPS: Mapping[CaseStatus, Callable[..., str]] = {
    CaseStatus.TRIAGE: cases.triage,
    CaseStatus.REVIEW: cases.review,
    CaseStatus.CONFIRMED: cases.confirm,
    CaseStatus.DISMISSED: cases.dismiss,
    CaseStatus.SANCTIONED: cases.sanction,
    CaseStatus.OPEN: cases.reopen,
}
"""Where a step leads -> its act; closing has a form of its own."""
MOST_NEW = 200


def show(desk: Desk, seen: Opened[dict[str, Any]]) -> None:
    """Show the steps that may follow and the form of the chosen one, to those who handle cases."""
    case = seen.seen
    number, status = int(case["case_id"]), CaseStatus(case["status"])
    if not may(desk, Command.TRIAGE_CASE):
        return
    st.subheader(t("cases.next"), anchor=False)
    place = f"case_close:{number}:{seen.token}"
    if second_person.is_laid_down(place):
        _close(desk, seen, place)
        return
    ways = [
        to
        for to in CaseStatus
        if to in ALLOWED[status] and (to is not CaseStatus.CLOSED or may(desk, Command.CLOSE_CASE))
    ]
    to = parts.way(t("cases.next_step"), {way: t(f"cases.to_{way}") for way in ways}, key=f"to:{seen.token}")
    st.caption(t(f"cases.help_{to}"))
    with st.form(f"step:{seen.token}:{to}", border=False):
        note = st.text_area(t("cases.note"), max_chars=2000, height=90)
        more = _more(desk, seen, to)
        is_sent = st.form_submit_button(t(f"cases.to_{to}"), type="primary", icon=":material/arrow_forward:")
    if is_sent and to is CaseStatus.CLOSED:
        said = attempt(lambda: inputs.text(note, t("cases.note"), 2000, lines=True))
        if said is not None:
            second_person.lay_down(place, _shown(case, said), note=said, seen=_last(case))
    elif is_sent:
        _do(desk, seen, to, {"note": note, **more})


def _more(desk: Desk, seen: Opened[dict[str, Any]], to: CaseStatus) -> dict[str, Any]:
    """Show the fields that only some steps have, and return what they hold."""
    if to is CaseStatus.SANCTIONED:
        sanction = st.text_input(t("cases.sanction"), max_chars=500)
        return {"sanction": sanction if sanction.strip() else None}
    if to is CaseStatus.OPEN:
        name = f"case:{seen.seen['case_id']}:new"
        found = opened.opened(name, (seen.token,), lambda: desk.do(deviations.register, has_case=False, limit=MOST_NEW))
        rows = {int(row["deviation_id"]): row for row in (found.seen if found else [])}
        chosen = st.multiselect(
            t("cases.new_deviations"),
            list(rows),
            format_func=lambda key: (
                f"{key} · {rows[key]['rule_id']} · {rows[key]['tki_id'] or rows[key]['subject_code']}"
            ),
            placeholder=t("cases.none_chosen"),
        )
        return {"deviation_ids": chosen or None}
    return {}


def _do(desk: Desk, seen: Opened[dict[str, Any]], to: CaseStatus, told: dict[str, Any]) -> None:
    case = seen.seen
    once = desk.once(seen.key(to, sorted(told.items(), key=str)))
    asked = {"case_id": int(case["case_id"]), "seen": _last(case), **told}
    made = attempt(lambda: once.do(STEPS[to], **asked), on_refused=_teller(desk, case))
    if made is not None:
        opened.saved(t("cases.moved", number=case["case_id"], state=t(f"cases.done_{to}")), f"case:{case['case_id']}")


def _close(desk: Desk, seen: Opened[dict[str, Any]], place: str) -> None:
    number = int(seen.seen["case_id"])
    made = second_person.sign(
        desk,
        place,
        lambda once, told, proof: once.do(cases.close, case_id=number, second=proof, **told),
        on_refused=_teller(desk, seen.seen),
    )
    if made is not None:
        opened.saved(t("cases.moved", number=number, state=t("cases.done_CLOSED")), f"case:{number}")


def _shown(case: dict[str, Any], note: str) -> list[tuple[str, object]]:
    return [
        (t("cases.what"), t("cases.close_what", number=case["case_id"], title=case["title"])),
        (t("cases.state"), case["label"]),
        (t("cases.sanction"), case["sanction"]),
        (t("cases.note"), note),
    ]


def _last(case: dict[str, Any]) -> int | None:
    """Return the number of the last note that is on the screen."""
    return int(case["notes"][-1]["note_id"]) if case["notes"] else None


def _teller(desk: Desk, case: dict[str, Any]) -> Callable[[Any], None]:
    return changed.teller(_facts(case), lambda: _facts(desk.do(case_reading.view, case_id=int(case["case_id"]))))


def _facts(case: dict[str, Any]) -> dict[str, str]:
    """Return what a colleague may have changed: the state, and each note."""
    notes = {
        f"{t('cases.note')} {note['note_id']}": f"{lists.moment(note['noted_at'])} · {note['noted_by']}: {note['note']}"
        for note in case["notes"]
    }
    return {t("cases.state"): case["label"], **notes}
