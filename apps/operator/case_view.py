"""One deviation case on the page: where it stands, evidence, subjects, whose results wait for it, what was said of it (§5.2; R-020)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import case_steps, lists, opened, parts, tabs
from apps.operator.frame import attempt
from apps.operator.lists import Column
from apps.operator.messages import CATALOGUE, t
from posko.domain.case_status import LABELS, CaseStatus
from posko.domain.matrix import MATRIX, ROLE_LABELS, Command, Role
from posko.domain.roles import ACTS, Act
from posko.domain.rules import RULES
from posko.domain.status import LABELS as STATUS_LABELS
from posko.services import case_reading, cases

if TYPE_CHECKING:
    from collections.abc import Mapping

    from apps.operator.opened import Opened
    from posko.services.office import Desk

MOST_OPEN = 50
"""Deviations whose evidence is shown at once."""
SHORT = frozenset({"tki", "tuk", "lsp", "blkln", "pptkis", "bnp2tki", "sk", "met", "nik"})
"""Words of a rule's own names that are written large."""
STATES = {status.value: label for status, label in STATUS_LABELS.items()}
"""State of a TKI as the database holds it -> its label."""


def show(desk: Desk, number: int) -> None:
    """Show one case and what the role may do with it."""
    name = slot(number)
    seen = opened.opened(name, (number,), lambda: desk.do(case_reading.view, case_id=number))
    if seen is None:
        return
    case = seen.seen
    st.header(t("cases.heading", number=number, title=case["title"]), anchor=False)
    _state(case)
    with tabs.one_of("case_tabs", {one: t(f"cases.tab_{one}") for one in ("evidence", "subjects", "notes")}) as tab:
        if tab == "evidence":
            _evidence(case)
        elif tab == "subjects":
            _subjects(case)
            _held(desk, case)
        else:
            _notes(desk, seen)
    case_steps.show(desk, seen)


def slot(number: int) -> str:
    """Return the name under which the opening of a case is kept."""
    return f"case:{number}"


def _state(case: dict[str, Any]) -> None:
    if not case["is_intact"]:
        parts.outcome("bad", t("cases.altered"), t("cases.altered_help"))
    if case["is_overdue"]:
        st.warning(t("cases.overdue", at=lists.moment(case["due_at"])))
    facts = [
        (t("cases.severity"), t(f"cases.severity_{case['severity']}")),
        (t("cases.state"), case["label"]),
        (t("cases.opened"), f"{lists.moment(case['opened_at'])} · {case['opened_by']}"),
        (t("cases.due"), lists.moment(case["due_at"])),
        (t("cases.holds"), t("cases.holding" if case["holds_result"] else "cases.not_holding")),
        (t("cases.evidence"), t("cases.intact" if case["is_intact"] else "cases.altered")),
    ]
    if case["sanction"]:
        facts.append((t("cases.sanction"), case["sanction"]))
    if case["closed_at"]:
        by = f"{case['closed_by']} + {case['seconded_by']}"
        facts.append((t("cases.closed"), f"{lists.moment(case['closed_at'])} · {by}"))
    parts.facts(facts)


def _evidence(case: dict[str, Any]) -> None:
    rows = case["deviations"]
    for row in rows[:MOST_OPEN]:
        rule = RULES[row["rule_id"]]
        about = row["tki_id"] or row["journey_id"] or ""
        mode = how(row)
        heading = f"{row['deviation_id']} · {row['rule_id']} (§{rule.paragraph}) · {row['severity']} · {mode} · {about}"
        with st.expander(heading, expanded=len(rows) == 1):
            parts.facts(
                [(label_of(name), value_of(value)) for name, value in sorted(json.loads(row["evidence"]).items())]
            )
    if len(rows) > MOST_OPEN:
        st.caption(t("cases.more", count=parts.number(len(rows) - MOST_OPEN)))


def how(row: Mapping[str, Any]) -> str:
    """Return how a deviation came into the register: refused, noted by the service that saw it happen, or found later."""
    if row["mode"] == "P" and not row["is_attempt"]:
        return t("cases.mode_noted")
    return t(f"cases.mode_{row['mode']}")


def label_of(name: str) -> str:
    """Return what a part of the evidence is called; the parts that a rule names itself have Indonesian names."""
    key = f"cases.told_{name}"
    if key in CATALOGUE:
        return t(key)
    words = " ".join(word.upper() if word in SHORT else word for word in name.split("_"))
    return words[:1].upper() + words[1:]


def value_of(value: object) -> str:
    """Return a part of the evidence as it is read; a state has the label of the Pedoman."""
    if value is None or isinstance(value, bool):
        return parts.NOTHING if value is None else t("frame.yes" if value else "frame.no")
    if isinstance(value, str) and value in STATES:
        return STATES[value]
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _subjects(case: dict[str, Any]) -> None:
    columns = [Column("kind", t("cases.kind"), is_fixed=True), Column("code", t("cases.code"))]
    rows = [{"kind": _kind(kind), "code": code} for kind, code in case["subjects"]]
    lists.show_list(columns, rows, empty=t("cases.no_subjects"))
    st.caption(t("cases.subjects_help"))


def _kind(kind: str) -> str:
    key = f"cases.kind_{kind}"
    return t(key) if key in CATALOGUE else kind


def _held(desk: Desk, case: dict[str, Any]) -> None:
    if not case["holds_result"]:
        return
    name = f"{slot(case['case_id'])}:held"
    held = opened.opened(name, (case["status"],), lambda: desk.do(case_reading.held, case_id=case["case_id"]))
    if held is None:
        return
    st.subheader(t("cases.held", count=parts.number(len(held.seen))), anchor=False)
    columns = [
        Column("tki_id", t("cases.tki"), is_fixed=True), Column("journey_id", t("cases.participant"), is_number=True),
        Column("label", t("cases.stands"), is_fixed=True),
    ]  # fmt: skip
    lists.show_list(columns, held.seen[: lists.PAGE_ROWS * 5], empty=t("cases.none_held"))


def _notes(desk: Desk, seen: Opened[dict[str, Any]]) -> None:
    case = seen.seen
    columns = [
        Column("at", t("cases.at"), is_fixed=True), Column("by", t("cases.by")), Column("step", t("cases.step"), is_fixed=True),
        Column("note", t("cases.note")),
    ]  # fmt: skip
    lists.show_list(columns, [_noted(note) for note in case["notes"]], empty=t("cases.no_notes"))
    if desk.by is None or Act.COMMENT not in ACTS[MATRIX[Command.TRIAGE_CASE][desk.by.role]]:
        return
    field = f"case_comment:{seen.token}"
    said = st.text_area(t("cases.comment"), max_chars=2000, height=90, key=field, persist_state="page")
    if st.button(t("cases.comment_send"), icon=":material/add_comment:", key="case_comment_send"):
        once = desk.once(seen.key("comment", said))
        if attempt(lambda: once.do(cases.comment, case_id=case["case_id"], note=said)) is not None:
            opened.saved(t("cases.commented"), slot(case["case_id"]))


def _noted(note: dict[str, Any]) -> dict[str, Any]:
    role = ROLE_LABELS[Role(note["noted_role"])] if note["noted_role"] in set(Role) else t("cases.system")
    return {
        "at": lists.moment(note["noted_at"]),
        "by": f"{note['noted_by']} · {role}",
        "step": LABELS[CaseStatus(note["status_to"])] if note["status_to"] else None,
        "note": note["note"],
    }
