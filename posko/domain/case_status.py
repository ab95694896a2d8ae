"""Where a deviation case stands, and who may close it (§5.1-5.2; requirements section 7.9).

Decided here, because section 7.9 gives only the line of states:

- Every case passes TRIAGE and REVIEW; none is dismissed unread.
- DISMISSED can only be closed, CONFIRMED is closed with or without a sanction, SANCTIONED is closed when the sanction is carried out.
- Reopening leads from CLOSED to OPEN: the new evidence is frozen with its own hash, and the clock of the severity starts anew.
- The result stays held while a case that holds it is not closed; what a closed case leaves behind is the sanction, not the hold.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from posko.domain.errors import NotPermitted
from posko.domain.state_table import check_move

if TYPE_CHECKING:
    from collections.abc import Mapping


class CaseStatus(StrEnum):
    """State of one deviation case; the value is what the database holds."""

    OPEN = "OPEN"
    TRIAGE = "TRIAGE"
    REVIEW = "REVIEW"
    CONFIRMED = "CONFIRMED"
    DISMISSED = "DISMISSED"
    SANCTIONED = "SANCTIONED"
    CLOSED = "CLOSED"


ALLOWED: Mapping[CaseStatus, frozenset[CaseStatus]] = {
    CaseStatus.OPEN: frozenset({CaseStatus.TRIAGE}),
    CaseStatus.TRIAGE: frozenset({CaseStatus.REVIEW}),
    CaseStatus.REVIEW: frozenset({CaseStatus.CONFIRMED, CaseStatus.DISMISSED}),
    CaseStatus.CONFIRMED: frozenset({CaseStatus.SANCTIONED, CaseStatus.CLOSED}),
    CaseStatus.DISMISSED: frozenset({CaseStatus.CLOSED}),
    CaseStatus.SANCTIONED: frozenset({CaseStatus.CLOSED}),
    CaseStatus.CLOSED: frozenset({CaseStatus.OPEN}),
}
"""State -> states that it may become; CLOSED to OPEN is the reopening."""

LABELS: Mapping[CaseStatus, str] = {
    CaseStatus.OPEN: "DIBUKA",
    CaseStatus.TRIAGE: "DIPILAH",
    CaseStatus.REVIEW: "DITELAAH",
    CaseStatus.CONFIRMED: "TERBUKTI",
    CaseStatus.DISMISSED: "TIDAK_TERBUKTI",
    CaseStatus.SANCTIONED: "DIKENAI_SANKSI",
    CaseStatus.CLOSED: "DITUTUP",
}
"""State -> label on the screen."""


def move(current: CaseStatus, to: CaseStatus) -> CaseStatus:
    """Return `to` if a case may go there from `current`.

    Raises:
        IllegalMove: the table does not name the move.
    """
    return check_move(ALLOWED, LABELS, current, to)


def check_closers(closers: frozenset[str], subjects: frozenset[str]) -> None:
    """Let a case be closed by these persons, given by their identification numbers.

    Two persons close every case, as section 5 of the requirements says; section 7.9 repeats it for severity H. Light cases are no
    exception, so that nobody gets past the second person by calling a case light.

    Raises:
        NotPermitted: fewer than two persons, or one of them is a subject of the case.
    """
    if closers & subjects:
        raise NotPermitted("Orang yang menjadi pokok kasus tidak boleh ikut menutup kasus itu.")
    if len(closers) < 2:
        raise NotPermitted("Kasus hanya dapat ditutup oleh dua orang yang berbeda.")
