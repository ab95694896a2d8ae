"""One deviation on the page: its rule, its evidence, what became of its finding, its case, and what is to be done (§5.2; R-020)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import lists, opened, parts
from apps.operator.case_view import how, label_of, value_of
from apps.operator.lists import Column
from apps.operator.messages import t
from posko.domain import finding
from posko.services import finding_reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posko.services.office import Desk


def slot(number: int) -> str:
    """Return the name under which the opening of a deviation is kept."""
    return f"deviation:{number}"


def show(desk: Desk, number: int) -> None:
    """Show one deviation."""
    seen = opened.opened(slot(number), (number,), lambda: desk.do(finding_reading.explain, deviation_id=number))
    if seen is None:
        return
    found = seen.seen
    rule = found["rule"]
    st.header(t("deviations.heading", number=number, rule=found["rule_id"]), anchor=False)
    st.markdown(f"§{rule['paragraph']} · {rule['description']}")
    if not found["is_intact"]:
        parts.outcome("bad", t("cases.altered"), t("cases.altered_help"))
    st.info(t(f"deviations.todo_{finding_reading.to_do(found)}"))
    parts.facts(_facts(found))
    if found["case"]:
        number = found["case"]["case_id"]
        st.markdown(f"[{t('deviations.to_case', number=number)}](/kasus?kasus={number}) · {found['case']['label']}")
    st.subheader(t("deviations.evidence"), anchor=False)
    parts.facts(_told(found["evidence"] or {}))
    _history(found["history"])


def _facts(found: Mapping[str, Any]) -> list[tuple[str, object]]:
    return [
        (t("deviations.severity"), t(f"cases.severity_{found['severity']}")),
        (t("deviations.mode"), how(found)),
        (t("deviations.about_what"), finding.about(found["subject_kind"], found["subject_code"])),
        (t("deviations.tki"), found["tki_id"]),
        (t("deviations.session"), found["session_id"]),
        (t("deviations.occurred"), lists.moment(found["occurred_at"])),
        (t("deviations.event"), found["audit_event"]),
    ]


def _told(evidence: Mapping[str, Any]) -> list[tuple[str, object]]:
    return [(label_of(name), value_of(value)) for name, value in sorted(evidence.items())]


def _history(history: list[dict[str, Any]]) -> None:
    """Show when the finding was found, changed, gone and there again."""
    if not history:
        return
    st.subheader(t("deviations.history"), anchor=False)
    columns = [
        Column("at", t("deviations.occurred"), is_fixed=True), Column("change", t("deviations.change"), is_fixed=True),
        Column("evidence", t("deviations.evidence_then")), Column("audit_event", t("deviations.event"), is_fixed=True),
    ]  # fmt: skip
    rows = [
        {
            **each,
            "at": lists.moment(each["changed_at"]),
            "change": t(f"deviations.change_{each['change']}"),
            "evidence": ", ".join(f"{name}: {value}" for name, value in _told(each["evidence"] or {})) or None,
        }
        for each in history
    ]
    lists.show_list(columns, rows, empty="")
