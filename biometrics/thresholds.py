"""Which score is a match, by purpose; what was used stands with every decision (§8.2; facts: NBIS, section 5).

40 is the usual rule of thumb for NBIS, 50 is asked where a finger opens more than one chair. They are settings, not measured
field accuracy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.proof import Purpose
from posko.services.attendance_rows import POOR_QUALITY

if TYPE_CHECKING:
    from posko.settings import Settings

__all__ = [
    "CLEAR",
    "ENROL_MINUTIAE",
    "ENROL_QUALITY",
    "LEAST_MINUTIAE",
    "POOR_QUALITY",
    "SUPERVISED_QUALITY",
    "threshold_of",
]

LEAST_MINUTIAE = 12
"""Minutiae below which a capture says nothing (facts, recommendation 5)."""
ENROL_MINUTIAE = 25
"""Minutiae that an enrolled impression must have."""
ENROL_QUALITY = 35
"""NFIQ2 from which an impression is enrolled without more."""
SUPERVISED_QUALITY = 20
"""NFIQ2 from which it is enrolled when somebody answers for it."""


CLEAR = 2
"""So many thresholds are a score that leaves no doubt: the comparison ends there, because what else is enrolled changes no answer."""


def threshold_of(settings: Settings, purpose: Purpose) -> int:
    """Return the score (NBIS units) from which a comparison for this purpose is a match."""
    return {
        Purpose.LOGIN: settings.finger_threshold_login,
        Purpose.ENROL: settings.finger_threshold_enrol,
        Purpose.ENROL_IMPRESSION: settings.finger_threshold_enrol,
        Purpose.ATTEND: settings.finger_threshold_attend,
        Purpose.EXIT: settings.finger_threshold_attend,
        Purpose.VERIFY_ASESOR: settings.finger_threshold_attend,
        Purpose.SCORE: settings.finger_threshold_score,
        Purpose.SECOND_PERSON: settings.finger_threshold_second,
        Purpose.STATION_KEY: settings.finger_threshold_second,
        Purpose.SUBJECT_VIEW: settings.finger_threshold_second,
    }[purpose]
