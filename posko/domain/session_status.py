"""Where an exam session stands: one TUK, one day, one appointed assessor (§9.4, §13.1-13.9; R-124..R-134).

Decided here, because the Pedoman names only the end of testing and the opening of scoring (R-127):

- OPEN: the TUK logged in and opened the day (13.1); attendance may be recorded (13.2-13.5).
- RUNNING: the appointed assessor's finger was verified at the TUK (13.6); without it nobody is tested. When Konsorsium appoints
  a substitute, the session goes back to OPEN until the substitute's finger was verified (R-126).
- ENDED: the TUK closed testing and the attendance list; who did not come is ABSENT. A session in which nobody may sit ends from
  OPEN; when nobody sat, there is nothing to score and it is closed at once.
- SCORING_OPEN: the TUK gave the assessor access, only when every candidate of the list is closed (9.4).
- SCORED: each tested candidate has a result; a later correction is a row of its own (R-131) and moves nothing.
- CLOSED: the LSP has received the result table (13.8-13.9). CANCELLED: called off before anybody was present.

A session is never moved to another day: it is cancelled, and its candidates are scheduled into another.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from posko.domain.state_table import check_move

if TYPE_CHECKING:
    from collections.abc import Mapping


class SessionStatus(StrEnum):
    """State of one exam session; the value is what the database holds."""

    PLANNED = "PLANNED"
    OPEN = "OPEN"
    RUNNING = "RUNNING"
    ENDED = "ENDED"
    SCORING_OPEN = "SCORING_OPEN"
    SCORED = "SCORED"
    CLOSED = "CLOSED"
    CANCELLED = "CANCELLED"


ALLOWED: Mapping[SessionStatus, frozenset[SessionStatus]] = {
    SessionStatus.PLANNED: frozenset({SessionStatus.OPEN, SessionStatus.CANCELLED}),
    SessionStatus.OPEN: frozenset({SessionStatus.RUNNING, SessionStatus.ENDED, SessionStatus.CANCELLED}),
    SessionStatus.RUNNING: frozenset({SessionStatus.OPEN, SessionStatus.ENDED}),
    SessionStatus.ENDED: frozenset({SessionStatus.SCORING_OPEN, SessionStatus.CLOSED}),
    SessionStatus.SCORING_OPEN: frozenset({SessionStatus.SCORED}),
    SessionStatus.SCORED: frozenset({SessionStatus.CLOSED}),
    SessionStatus.CLOSED: frozenset(),
    SessionStatus.CANCELLED: frozenset(),
}
"""State -> states that it may become."""

LABELS: Mapping[SessionStatus, str] = {
    SessionStatus.PLANNED: "DIRENCANAKAN",
    SessionStatus.OPEN: "DIBUKA",
    SessionStatus.RUNNING: "BERLANGSUNG",
    SessionStatus.ENDED: "SELESAI",
    SessionStatus.SCORING_OPEN: "PENILAIAN_DIBUKA",
    SessionStatus.SCORED: "SUDAH_DINILAI",
    SessionStatus.CLOSED: "DITUTUP",
    SessionStatus.CANCELLED: "DIBATALKAN",
}
"""State -> label on the screen."""

ATTENDANCE_OPEN = frozenset({SessionStatus.OPEN, SessionStatus.RUNNING})
"""States in which a candidate's finger may be checked (§13.3)."""


def move(current: SessionStatus, to: SessionStatus) -> SessionStatus:
    """Return `to` if a session may go there from `current`.

    Raises:
        IllegalMove: the table does not name the move.
    """
    return check_move(ALLOWED, LABELS, current, to)
