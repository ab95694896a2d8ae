"""One TKI's whole way as a timeline with its proofs, told from the audit log alone (R-001, F35, §12.1-14.5)."""

from __future__ import annotations

import datetime as dt
from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import journey_changes, lists, parts, step_proofs
from apps.operator.frame import attempt
from apps.operator.messages import CATALOGUE, t
from posko.domain.calendar import WIB
from posko.domain.matrix import ROLE_LABELS, Role
from posko.domain.status import LABELS, Status
from posko.services import as_of

if TYPE_CHECKING:
    from posko.services.office import Desk

ID, AT = "tki", "pada"
"""Keys of the fields, and their names in the address."""
PROOFS = ("proof", "score", "threshold", "quality", "station", "certificate_no", "statement", "second", "behalf_reason")
"""What an event may tell that proves it, in this order; each has the text `journey.<name>`."""


def render(desk: Desk) -> None:
    """Show the search, and the way of the TKI that it names."""
    with st.form("journey", border=False):
        left, middle, right = st.columns([3, 2, 1], vertical_alignment="bottom")
        tki_id = left.text_input(t("journey.id"), key=ID, max_chars=64, bind="query-params", placeholder="9264729")
        at = middle.text_input(
            t("journey.at"),
            key=AT,
            max_chars=32,
            bind="query-params",
            placeholder="2026-12-01T12:00",
            help=t("journey.at_help"),
        )
        right.form_submit_button(t("journey.go"), type="primary", icon=":material/search:", width="stretch")
    if not tki_id:
        parts.focus(t("journey.id"), "empty")
        st.info(t("journey.empty"))
        return
    moment = f"{at.strip()}+07:00" if at and "+" not in at and not at.strip().endswith("Z") else (at or "").strip()
    found = attempt(lambda: desk.do(as_of.look, tki_id=tki_id.strip(), at=moment or as_of.NOW))
    if found is None:
        return
    if not found["journeys"]:
        st.warning(t("journey.not_begun" if found["known"] else "journey.unknown"))
        return
    proofs = step_proofs.read(desk, tki_id.strip())
    for one in reversed(found["journeys"]):
        _journey(one, proofs)
    journey_changes.section(desk, tki_id.strip(), found["journeys"], with_record=not moment)


def _journey(one: dict[str, Any], proofs: step_proofs.Proofs) -> None:
    st.header(t("journey.heading", scheme=one["scheme"], number=one["journey"]))
    sides = ", ".join(one["side_labels"])
    parts.facts(
        [
            (t("journey.state"), f"{one['label']} ({sides})" if sides else one["label"]),
            (t("journey.since"), _time(one["since"])),
            (t("journey.attempt"), one["attempt"]),
            (t("journey.events"), len(one["history"])),
        ]
    )
    if one["problem"]:
        st.error(t("journey.problem", problem=one["problem"]))
    steps = "".join(_step(step, proofs) for step in one["history"])
    st.html(f'{lists.STYLE}<ol class="posko-way">{steps}</ol>')


def _step(step: dict[str, Any], proofs: step_proofs.Proofs) -> str:
    told = step["told"]
    label = LABELS[Status(told["to"])] if told.get("to") in set(Status) else _outcome(step)
    is_refused = step["outcome"] != "ok"
    heading = t("journey.refused", code=told.get("code", "")) if is_refused else label
    role = ROLE_LABELS[Role(step["role"])] if step["role"] in set(Role) else t("journey.system")
    who = " · ".join(part for part in (role, step["actor"], step["place"]) if part)
    names = [name for name in PROOFS if name not in step_proofs.MEASURED or not step_proofs.has_finger(step, proofs)]
    said = " · ".join(f"{t(f'journey.{name}')} {told[name]}" for name in names if told.get(name) is not None)
    return (
        f'<li class="{"refused" if is_refused else "done"}"><time>{escape(_time(step["at"]))}</time>'
        f"<b>{escape(heading)}</b>{escape(who)}<small>{escape(said)}</small>{step_proofs.shown(step, proofs)}</li>"
    )


def _outcome(step: dict[str, Any]) -> str:
    """Return what came of a step that moved nobody, in the words of the attendance; its act where it has no such outcome."""
    key = f"attendance.{step['told'].get('outcome')}"
    return t(key) if key in CATALOGUE else str(step["action"])


def _time(text: str | None) -> str:
    """Return an ISO time of the log as it is read in western Indonesia."""
    if text is None:
        return parts.NOTHING
    return f"{dt.datetime.fromisoformat(text.removesuffix('Z')) + WIB:%d-%m-%Y %H:%M:%S} WIB"
