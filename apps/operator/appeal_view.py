"""One appeal or complaint: what it says, what it is about, its notes, and the decision of two persons (R-189)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import changed, lists, opened, parts, second_person
from apps.operator.allowed import may
from apps.operator.frame import attempt
from apps.operator.lists import Column
from apps.operator.messages import t
from posko.domain.matrix import ROLE_LABELS, Command, Role
from posko.domain.roles import Act
from posko.services import appeal_notes, appeals, inputs, screen_appeals

if TYPE_CHECKING:
    from apps.operator.opened import Opened
    from posko.services.office import Desk

OUTCOMES = (appeals.GRANTED, appeals.REJECTED)


def show(desk: Desk, number: int) -> None:
    """Show one appeal or complaint and what the role may do with it."""
    name = slot(number)
    seen = opened.opened(name, (number,), lambda: desk.do(screen_appeals.view, appeal_id=number))
    if seen is None:
        return
    row = seen.seen
    st.header(t("appeals.heading", kind=t(f"appeals.{row['kind']}"), number=number), anchor=False)
    if row["is_overdue"]:
        st.warning(t("appeals.overdue", on=parts.shown(row["due_on"])))
    parts.facts(_facts(row))
    st.subheader(t("appeals.grounds"), anchor=False)
    st.text(row["grounds"])
    if row["decided_at"]:
        st.subheader(t("appeals.answer"), anchor=False)
        st.text(row["answer"])
    _notes(desk, seen)
    if not row["decided_at"] and may(desk, Command.DECIDE_APPEAL, Act.DO):
        _decide(desk, seen)


def slot(number: int) -> str:
    """Return the name under which the opening of an appeal is kept."""
    return f"appeal:{number}"


def _facts(row: dict[str, Any]) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        (t("appeals.tki"), row["tki_id"]),
        (t("appeals.lsp"), row["lsp_code"]),
        (t("appeals.tuk"), row["tuk_code"]),
        (t("appeals.recorded"), f"{lists.moment(row['recorded_at'])} · {row['recorded_by'] or t('appeals.public')}"),
        (t("appeals.due"), row["due_on"]),
        (t("appeals.state"), t(f"appeals.{row['outcome'] or 'OPEN'}")),
    ]
    result = row["result"]
    if result:
        told = f"{result['result']} · {result['sk_no']} · {parts.shown(result['exam_on'])}"
        facts.append((t("appeals.result"), told))
    if row["decided_at"]:
        by = f"{row['decided_by']} + {row['seconded_by']}"
        facts.append((t("appeals.decided"), f"{lists.moment(row['decided_at'])} · {by}"))
    return facts


def _notes(desk: Desk, seen: Opened[dict[str, Any]]) -> None:
    row = seen.seen
    st.subheader(t("appeals.progress"), anchor=False)
    columns = [
        Column("at", t("appeals.at"), is_fixed=True),
        Column("by", t("appeals.by"), is_fixed=True),
        Column("note", t("appeals.note")),
    ]
    rows = [
        {
            "at": lists.moment(note["noted_at"]),
            "by": f"{note['noted_by']} · {ROLE_LABELS[Role(note['noted_role'])]}",
            "note": note["note"],
        }
        for note in row["notes"]
    ]
    lists.show_list(columns, rows, empty=t("appeals.no_notes"))
    if row["decided_at"] or not may(desk, Command.DECIDE_APPEAL, Act.COMMENT):
        return
    with st.form(f"appeal_note:{seen.token}", border=False):
        said = st.text_area(t("appeals.note"), max_chars=2000, height=90)
        is_sent = st.form_submit_button(t("appeals.note_add"), icon=":material/add_comment:")
    if is_sent:
        once = desk.once(seen.key("note", said))
        if attempt(lambda: once.do(appeal_notes.note, appeal_id=row["appeal_id"], note=said)) is not None:
            opened.saved(t("appeals.noted"), slot(row["appeal_id"]))


def _decide(desk: Desk, seen: Opened[dict[str, Any]]) -> None:
    row = seen.seen
    number = row["appeal_id"]
    place = f"appeal_decide:{number}:{seen.token}"
    st.subheader(t("appeals.decide"), anchor=False)
    if second_person.is_laid_down(place):
        made = second_person.sign(
            desk,
            place,
            lambda once, told, proof: once.do(appeals.decide, appeal_id=number, second=proof, **told),
            on_refused=changed.teller(_said(row), lambda: _said(desk.do(screen_appeals.view, appeal_id=number))),
        )
        if made is not None:
            opened.saved(t("appeals.decided_now", number=number, outcome=t(f"appeals.{made}")), slot(number))
        return
    with st.form(f"decide:{seen.token}", border=False):
        outcome = st.radio(
            t("appeals.outcome"), OUTCOMES, index=None, format_func=lambda one: t(f"appeals.{one}"), horizontal=True
        )
        answer = st.text_area(t("appeals.answer"), max_chars=2000, height=110)
        is_sent = st.form_submit_button(t("appeals.lay_down"), type="primary", icon=":material/gavel:")
    if not is_sent:
        return
    checked = attempt(
        lambda: (
            inputs.choice(outcome, t("appeals.outcome"), OUTCOMES),
            inputs.text(answer, t("appeals.answer"), 2000, lines=True),
        )
    )
    if checked is not None:
        shown = [
            (t("appeals.what"), t("appeals.decide_what", kind=t(f"appeals.{row['kind']}"), number=number)),
            (t("appeals.outcome"), t(f"appeals.{checked[0]}")),
            (t("appeals.answer"), checked[1]),
        ]
        second_person.lay_down(place, shown, outcome=checked[0], answer=checked[1], seen=row["seen"])


def _said(row: dict[str, Any]) -> dict[str, str]:
    """Return what a colleague may have added: each note."""
    return {
        f"{t('appeals.note')} {note['note_id']}": f"{lists.moment(note['noted_at'])} · {note['noted_by']}: {note['note']}"
        for note in row["notes"]
    }
