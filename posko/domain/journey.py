"""What of a journey is written into the log, so that its state at any time can be told from the events alone (F35, DV-X06)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from posko.domain.status import SideStatus, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ENTITY = "journey"


@dataclass(frozen=True)
class JourneyState:
    """Where one journey stands: the attempt that is under way, the main state, the side states."""

    status: Status
    attempt_no: int = 1
    sides: frozenset[SideStatus] = field(default_factory=frozenset)


def key_of(tki_id: str, scheme_code: str, journey_no: int) -> str:
    """Return the name of a journey in the log."""
    return f"{tki_id}/{scheme_code}/{journey_no}"


def parts_of(key: str) -> tuple[str, str, int] | None:
    """Return ID TKI, scheme and number of a journey's name in the log; None where the key names no single journey."""
    parts = key.rsplit("/", 2)
    if len(parts) != 3 or not parts[2].isdecimal():
        return None
    return parts[0], parts[1], int(parts[2])


def moved(before: Status | None, to: Status, attempt_no: int) -> dict[str, Any]:
    """Return the payload of a move; `before` is None where the journey begins."""
    return {"from": before.value if before else None, "to": to.value, "attempt": attempt_no}


def side_changed(side: SideStatus, *, stands: bool) -> dict[str, Any]:
    """Return the payload of a side state that was set or lifted."""
    return {"side": side.value, "stands": stands}


def after(state: JourneyState | None, payload: Mapping[str, Any]) -> JourneyState | None:
    """Return the state after one event of the journey; an event that moved nothing leaves it as it was.

    Raises:
        ValueError: the event does not follow from the state, so events are missing or were altered.
    """
    if "to" in payload:
        before = state.status.value if state else None
        if payload.get("from") != before:
            raise ValueError(f"event says {payload.get('from')}, the journey stood at {before}")
        sides = state.sides if state else frozenset()
        return JourneyState(Status(payload["to"]), int(payload["attempt"]), sides)
    if "side" in payload:
        if state is None:
            raise ValueError("a side state before the journey began")
        side = SideStatus(payload["side"])
        sides = state.sides | {side} if payload["stands"] else state.sides - {side}
        return JourneyState(state.status, state.attempt_no, sides)
    return state


def fold(told: Iterable[Mapping[str, Any]]) -> tuple[JourneyState | None, str | None]:
    """Return the state after these events, and what is wrong with them if one does not follow from those before."""
    state: JourneyState | None = None
    for payload in told:
        try:
            state = after(state, payload)
        except (ValueError, KeyError, TypeError) as error:
            return state, str(error)
    return state, None
