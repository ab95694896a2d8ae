"""What one sample says against the opened templates of one person: no database, no proof (§8.2, §13.3-13.6)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from biometrics.errors import SampleRefused, TemplateBroken
from biometrics.minutiae_digest import digest_of
from biometrics.thresholds import CLEAR, LEAST_MINUTIAE, POOR_QUALITY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from biometrics.gallery import Enrolled
    from biometrics.nbis_matcher import NbisMatcher
    from biometrics.types import Sample, Template

DEVICE_FAULTS = frozenset({"EMPTY", "TOO_LARGE", "TRUNCATED", "COLOUR", "RESOLUTION", "FORMAT"})
"""Codes of `SampleRefused` that tell of the reader and not of the finger."""
BROKEN = "TEMPLATE_BROKEN"


class Outcome(StrEnum):
    """What one comparison found; the last two: an impression of an enrolment counts, or it does not."""

    MATCH = "MATCH"
    NO_MATCH = "NO_MATCH"
    POOR_QUALITY = "POOR_QUALITY"
    READER_ERROR = "READER_ERROR"
    NOT_REGISTERED = "NOT_REGISTERED"
    CAPTURED = "CAPTURED"
    NOT_KEPT = "NOT_KEPT"


@dataclass(frozen=True, slots=True)
class Found:
    """What the matcher found.

    `score` in NBIS units (from `CLEAR` thresholds on not always the best), `quality` 0-100, `finger` that of the best template
    (0: none), `reason` a code where nothing was compared, `digest` that of the probe's minutiae, `is_copy` whether they are those
    of an enrolled impression.
    """

    outcome: Outcome
    score: int = 0
    quality: int = 0
    finger: int = 0
    minutiae: int | None = None
    digest: bytes | None = None
    reason: str | None = None
    is_copy: bool = False


def quality_of(template: Template) -> int:
    """Return the quality of a capture, 0-100: as measured, else two points a minutia.

    NFIQ2 takes half a second, so it is measured at enrolment only; too few minutiae is what makes a comparison worthless.
    """
    return template.quality if template.quality is not None else min(100, 2 * template.minutiae)


def look(
    matcher: NbisMatcher, sample: Sample, enrolled: Sequence[Enrolled], *, threshold: int, digest_key: bytes
) -> Found:
    """Compare one sample with a person's impressions; the best score decides, or the first that leaves no doubt."""
    try:
        probe = matcher.extract(sample)
    except SampleRefused as error:
        is_of_device = error.code in DEVICE_FAULTS
        return Found(Outcome.READER_ERROR if is_of_device else Outcome.POOR_QUALITY, reason=error.code)
    quality, digest = quality_of(probe), digest_of(matcher, probe, digest_key)
    if probe.minutiae < LEAST_MINUTIAE:
        few = min(quality, POOR_QUALITY - 1)
        return Found(Outcome.POOR_QUALITY, 0, few, 0, probe.minutiae, digest, "FEW_MINUTIAE")
    if not enrolled:
        return Found(Outcome.NOT_REGISTERED, 0, quality, 0, probe.minutiae, digest)
    try:
        result = matcher.compare(probe, [one.template for one in enrolled], enough=CLEAR * threshold)
        is_copy = any(digest_of(matcher, one.template, digest_key) == digest for one in enrolled)
    except TemplateBroken:
        return Found(Outcome.NOT_REGISTERED, 0, quality, 0, probe.minutiae, digest, BROKEN)
    finger = 0 if result.best is None else enrolled[result.best].finger
    outcome = Outcome.MATCH if result.score >= threshold else Outcome.NO_MATCH
    if outcome is Outcome.NO_MATCH and quality < POOR_QUALITY:
        outcome = Outcome.POOR_QUALITY
    return Found(outcome, result.score, quality, finger, probe.minutiae, digest, None, is_copy)
