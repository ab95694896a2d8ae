"""What proves one step on a TKI's timeline: her finger with its measures, and whether the event stands as it was sealed (R-025, R-124)."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from apps.operator import lists
from apps.operator.event_view import EVENT, public_key, verdict_of
from apps.operator.frame import attempt
from apps.operator.messages import t
from posko.services import journey_proofs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posko.services.office import Desk

    Proofs = Mapping[str, Mapping[str, Any]]

MEASURED = frozenset({"score", "threshold", "quality", "station"})
"""What an event tells of its finger, and the proof itself tells more fully."""


def read(desk: Desk, tki_id: str) -> Proofs:
    """Return the proofs of all steps of a TKI; nothing where that was refused, which is then said."""
    found = attempt(lambda: desk.do(journey_proofs.look, tki_id=tki_id, key=public_key()))
    return found or {"events": {}, "proofs": {}}


def has_finger(step: Mapping[str, Any], proofs: Proofs) -> bool:
    """Return whether the finger that a step names is known."""
    return step["told"].get("proof") in proofs["proofs"]


def shown(step: Mapping[str, Any], proofs: Proofs) -> str:
    """Return the lines below a step as HTML: its finger, and its event with a link to the whole proof."""
    lines = ""
    if has_finger(step, proofs):
        lines = f"<small>{escape(_finger(proofs['proofs'][step['told']['proof']]))}</small>"
    checks = proofs["events"].get(step["event"])
    mark = ""
    if checks is not None:
        name, tone = verdict_of(checks)
        mark = f' <span class="posko-mark {tone}">{escape(t(f"step_proofs.{name}"))}</span>'
    address = f"/log?{EVENT}={quote(step['event'], safe='')}"
    link = f'<a class="posko-language" href="{escape(address)}" target="_self">{escape(t("journey.event"))} {escape(step["event"])}</a>'
    return f"{lines}<small>{link} · {escape(step['action'])}{mark}</small>"


def _finger(proof: Mapping[str, Any]) -> str:
    """Return the measures of a finger in one line."""
    told = [
        t("step_proofs.match" if proof["is_match"] else "step_proofs.no_match"),
        t("step_proofs.score", score=proof["score"], threshold=proof["threshold"]),
        t("step_proofs.quality", quality=proof["quality"]),
        t(
            "step_proofs.reader",
            serial=proof["reader_serial"],
            kind=proof["reader_kind"] or "-",
            station=proof["station_code"],
        ),
        t("step_proofs.taken", at=lists.moment(proof["captured_at"])),
        t("step_proofs.sample", digest=proof["sample_sha256"]),
    ]
    if proof["is_logged"] is not None:
        told.append(t("step_proofs.logged" if proof["is_logged"] else "step_proofs.not_logged"))
    return f"{t('step_proofs.finger', person=proof['person_id'])}: {' · '.join(told)}"
