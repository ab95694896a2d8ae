"""Where a TKI stands on her journey, and where she may go from there (§12.1-14.5; requirements section 6).

A state belongs to one attempt at one scheme. `ALLOWED` is total: every state is a key, every refusal of the Pedoman is a
state too, and any move that it does not name is refused and recorded (DV-X01). Side states stand beside the main state
and never erase it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from posko.domain.errors import IllegalMove
from posko.domain.state_table import check_move

if TYPE_CHECKING:
    from collections.abc import Mapping


class Status(StrEnum):
    """Main state of one attempt; the value is what the database holds."""

    RECEIVED = "RECEIVED"
    HELD_BACK = "HELD_BACK"
    ELIGIBLE = "ELIGIBLE"
    SENT_TO_KONSORSIUM = "SENT_TO_KONSORSIUM"
    REGISTERED = "REGISTERED"
    SCHEDULED = "SCHEDULED"
    ALLOCATED = "ALLOCATED"
    RETURNED_TO_BNSP = "RETURNED_TO_BNSP"
    BALANCED = "BALANCED"
    DISTRIBUTED = "DISTRIBUTED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    PRESENT = "PRESENT"
    ABSENT = "ABSENT"
    TURNED_AWAY_NOT_REGISTERED = "TURNED_AWAY_NOT_REGISTERED"
    TURNED_AWAY_NO_MATCH = "TURNED_AWAY_NO_MATCH"
    TESTED = "TESTED"
    ASSESSED = "ASSESSED"
    DECIDED = "DECIDED"
    CERTIFIED = "CERTIFIED"
    NOT_PASSED = "NOT_PASSED"
    RESULT_SENT = "RESULT_SENT"
    EVALUATED = "EVALUATED"
    ON_HOLD = "ON_HOLD"
    PUBLISHED = "PUBLISHED"
    SENT_TO_BNP2TKI = "SENT_TO_BNP2TKI"
    CLOSED = "CLOSED"


class SideStatus(StrEnum):
    """State beside the main one."""

    REVOKED = "REVOKED"
    SUSPENDED = "SUSPENDED"
    APPEALED = "APPEALED"


ALLOWED: Mapping[Status, frozenset[Status]] = {
    Status.RECEIVED: frozenset({Status.HELD_BACK, Status.ELIGIBLE}),
    Status.HELD_BACK: frozenset({Status.RECEIVED}),
    Status.ELIGIBLE: frozenset({Status.SENT_TO_KONSORSIUM}),
    Status.SENT_TO_KONSORSIUM: frozenset({Status.REGISTERED}),
    Status.REGISTERED: frozenset({Status.SCHEDULED}),
    Status.SCHEDULED: frozenset({Status.ALLOCATED}),
    Status.ALLOCATED: frozenset({Status.RETURNED_TO_BNSP, Status.REGISTERED}),
    Status.RETURNED_TO_BNSP: frozenset({Status.BALANCED, Status.ALLOCATED}),
    Status.BALANCED: frozenset({Status.DISTRIBUTED}),
    Status.DISTRIBUTED: frozenset({Status.ACKNOWLEDGED}),
    Status.ACKNOWLEDGED: frozenset(
        {Status.PRESENT, Status.ABSENT, Status.TURNED_AWAY_NOT_REGISTERED, Status.TURNED_AWAY_NO_MATCH}
    ),
    Status.PRESENT: frozenset({Status.TESTED}),
    Status.ABSENT: frozenset({Status.SCHEDULED}),
    Status.TURNED_AWAY_NOT_REGISTERED: frozenset({Status.SCHEDULED}),
    Status.TURNED_AWAY_NO_MATCH: frozenset({Status.SCHEDULED}),
    Status.TESTED: frozenset({Status.ASSESSED}),
    Status.ASSESSED: frozenset({Status.DECIDED}),
    Status.DECIDED: frozenset({Status.CERTIFIED, Status.NOT_PASSED}),
    Status.CERTIFIED: frozenset({Status.RESULT_SENT}),
    Status.NOT_PASSED: frozenset({Status.RESULT_SENT}),
    Status.RESULT_SENT: frozenset({Status.EVALUATED, Status.ON_HOLD}),
    Status.EVALUATED: frozenset({Status.PUBLISHED}),
    Status.ON_HOLD: frozenset({Status.EVALUATED}),
    Status.PUBLISHED: frozenset({Status.SENT_TO_BNP2TKI}),
    Status.SENT_TO_BNP2TKI: frozenset({Status.CLOSED}),
    Status.CLOSED: frozenset(),
}
"""State -> states that it may become. A move from a refusal back to SCHEDULED begins the next attempt; an allocation that
BNSP found unbalanced goes back to ALLOCATED when the Konsorsium withdraws it; a place that the Konsorsium undoes before it was
sent leaves its TKI REGISTERED, in the same attempt."""

LABELS: Mapping[Status, str] = {
    Status.RECEIVED: "DITERIMA",
    Status.HELD_BACK: "DITOLAK_FILTER",
    Status.ELIGIBLE: "LAYAK",
    Status.SENT_TO_KONSORSIUM: "DIKIRIM_KONSORSIUM",
    Status.REGISTERED: "TERDAFTAR",
    Status.SCHEDULED: "DIJADWALKAN",
    Status.ALLOCATED: "DIALOKASIKAN",
    Status.RETURNED_TO_BNSP: "DIKIRIM_BNSP",
    Status.BALANCED: "SEIMBANG",
    Status.DISTRIBUTED: "DIKIRIM_LSP_TUK",
    Status.ACKNOWLEDGED: "DITERIMA_LSP_TUK",
    Status.PRESENT: "HADIR",
    Status.ABSENT: "TIDAK_HADIR",
    Status.TURNED_AWAY_NOT_REGISTERED: "TOLAK_TIDAK_TERDAFTAR",
    Status.TURNED_AWAY_NO_MATCH: "TOLAK_TIDAK_COCOK",
    Status.TESTED: "SELESAI_UJI",
    Status.ASSESSED: "DINILAI",
    Status.DECIDED: "DIPUTUSKAN",
    Status.CERTIFIED: "BERSERTIFIKAT",
    Status.NOT_PASSED: "TIDAK_LULUS",
    Status.RESULT_SENT: "DIKIRIM_HASIL",
    Status.EVALUATED: "DIEVALUASI",
    Status.ON_HOLD: "DITAHAN",
    Status.PUBLISHED: "DITAYANGKAN",
    Status.SENT_TO_BNP2TKI: "DIKIRIM_BNP2TKI",
    Status.CLOSED: "DIMUTAKHIRKAN",
}
"""State -> label on the screen."""

SIDE_LABELS: Mapping[SideStatus, str] = {
    SideStatus.REVOKED: "DICABUT",
    SideStatus.SUSPENDED: "DITANGGUHKAN",
    SideStatus.APPEALED: "BANDING",
}
"""Side state -> label on the screen."""

WAITING: Mapping[Status, str] = {
    Status.HELD_BACK: "kiriman BNP2TKI yang sudah diperbaiki",
    Status.ABSENT: "jadwal baru (percobaan berikutnya)",
    Status.TURNED_AWAY_NOT_REGISTERED: "jadwal baru, bila TKI ternyata dikenal (percobaan berikutnya)",
    Status.TURNED_AWAY_NO_MATCH: "jadwal baru (percobaan berikutnya)",
    Status.ON_HOLD: "keputusan rapat evaluasi",
}
"""State that may last for ever -> what it waits for. Nothing drives these on by itself; the open-items list shows them."""

_CERTIFIED_ON = frozenset(
    {
        Status.CERTIFIED,
        Status.RESULT_SENT,
        Status.EVALUATED,
        Status.ON_HOLD,
        Status.PUBLISHED,
        Status.SENT_TO_BNP2TKI,
        Status.CLOSED,
    }
)

SIDE_FROM: Mapping[SideStatus, frozenset[Status]] = {
    SideStatus.REVOKED: _CERTIFIED_ON,
    SideStatus.SUSPENDED: _CERTIFIED_ON,
    SideStatus.APPEALED: _CERTIFIED_ON | {Status.DECIDED, Status.NOT_PASSED},
}
"""Side state -> main states beside which it may be set. That there is a certificate at all is for the service to see."""

LIFTED = frozenset({SideStatus.SUSPENDED, SideStatus.APPEALED})
"""Side states that end: by reinstatement, by the decision of the appeal. A revocation stands; a new certificate is new."""


def move(current: Status, to: Status) -> Status:
    """Return `to` if a TKI may go there from `current`.

    Raises:
        IllegalMove: section 6 of the requirements does not name the move.
    """
    return check_move(ALLOWED, LABELS, current, to)


def starts_next_attempt(current: Status, to: Status) -> bool:
    """Return whether this move begins the next attempt (R-183): booked again after an absence or a refusal."""
    return to is Status.SCHEDULED and current is not Status.REGISTERED


def set_side(current: Status, sides: frozenset[SideStatus], side: SideStatus) -> frozenset[SideStatus]:
    """Return the side states after `side` was added.

    Raises:
        IllegalMove: it stands already, the main state is too early, or a revoked certificate would be suspended.
    """
    is_too_late = side is SideStatus.SUSPENDED and SideStatus.REVOKED in sides
    if side in sides or is_too_late or current not in SIDE_FROM[side]:
        beside = ", ".join([LABELS[current], *sorted(SIDE_LABELS[other] for other in sides)])
        raise IllegalMove(f"{SIDE_LABELS[side]} tidak boleh ditetapkan di samping {beside}.")
    return sides | {side}


def lift_side(sides: frozenset[SideStatus], side: SideStatus) -> frozenset[SideStatus]:
    """Return the side states after `side` ended.

    Raises:
        IllegalMove: it does not stand, or it is one that never ends.
    """
    if side not in LIFTED:
        raise IllegalMove(f"{SIDE_LABELS[side]} bersifat tetap dan tidak dapat dicabut kembali.")
    if side not in sides:
        raise IllegalMove(f"{SIDE_LABELS[side]} tidak sedang berlaku, jadi tidak ada yang diakhiri.")
    return sides - {side}
