"""Enrolment: two fingers, three impressions each, judged before anything is kept (§6.1, §8.2; R-026, R-048, X11, F03).

    captured = Enroller(verifier).capture(desk, "STAFF", "BN-7", {2: [s, s, s], 7: [s, s, s]}, station_code="ST-0")
    found = verifier.verify("STAFF", "BN-7", Purpose.ENROL, fresh, station_code="ST-0")
    desk.do(enrolment.enrol, person_id="BN-7", ..., proof=found.proof, second=second.proof)

The impressions of a finger must match each other, and the two fingers must not: whoever puts one finger twice, or lets another person
help, is refused here. That the set is hers shows a fresh finger afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from statistics import median
from typing import TYPE_CHECKING

from biometrics.errors import SampleRefused
from biometrics.minutiae_digest import digest_of
from biometrics.thresholds import ENROL_MINUTIAE, ENROL_QUALITY, SUPERVISED_QUALITY, threshold_of
from biometrics.types import Assurance
from posko.domain.proof import Purpose
from posko.services import finger_attempts, template_capture, templates
from posko.services.enrolment_steps import IMPRESSIONS
from posko.services.finger_attempts import Attempt
from posko.services.templates import Captured, SealedTemplate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from biometrics.nbis_matcher import NbisMatcher
    from biometrics.types import Sample, Template
    from biometrics.verification import Verifier
    from posko.domain.proof import PersonKind
    from posko.services.office import Desk
    from posko.services.rows import Row

FINGERS = 2
Taken = dict[int, list["Template"]]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a capture: a code of the catalogue, and of which finger (0: of the whole)."""

    code: str
    finger: int = 0


def judge(matcher: NbisMatcher, taken: Taken, *, threshold: int, is_supervised: bool) -> Problem | None:
    """Return the first thing that is wrong with the impressions of two fingers, or None.

    Args:
        matcher: compares them.
        taken: finger (1-10) -> its impressions, with their quality.
        threshold: score (NBIS units) that impressions of one finger must have with each other.
        is_supervised: somebody answers for a quality of 20-34.
    """
    for finger, impressions in taken.items():
        for one in impressions:
            code = problem_of(one, is_supervised=is_supervised)
            if code is not None:
                return Problem(code, finger)
    for finger, impressions in taken.items():
        if any(score < threshold for score in matcher.scores(list(combinations(impressions, 2)))):
            return Problem("ENROL_IMPRESSIONS_DIFFER", finger)
    across = matcher.scores([(one, other) for one, other in product(*taken.values())])
    # The middle one, because two fingers may by chance have one pair of impressions that looks alike.
    return Problem("ENROL_SAME_FINGER") if median(across) >= threshold else None


def problem_of(impression: Template, *, is_supervised: bool) -> str | None:
    """Return the code of what is wrong with one impression by itself, or None."""
    if impression.minutiae < ENROL_MINUTIAE:
        return "ENROL_FEW_MINUTIAE"
    if impression.quality is None:
        return "ENROL_QUALITY_UNKNOWN"
    if impression.quality < SUPERVISED_QUALITY:
        return "ENROL_QUALITY_LOW"
    return None if impression.quality >= ENROL_QUALITY or is_supervised else "ENROL_NEEDS_SUPERVISOR"


@dataclass(frozen=True, slots=True)
class _Taking:
    """One capture: whose, where, what."""

    kind: PersonKind
    person_id: str
    version: int
    fingers: Mapping[int, Sequence[Sample]]
    station_code: str
    is_supervised: bool
    at: datetime

    @property
    def samples(self) -> list[tuple[int, Sample]]:
        """Finger and sample, in the order in which they were taken."""
        return [(finger, one) for finger, some in self.fingers.items() for one in some]


class Enroller:
    """Takes sets of fingers for staff and TKI."""

    def __init__(self, verifier: Verifier) -> None:
        self.office, self.vault, self.matcher = verifier.office, verifier.vault, verifier.matcher
        self.settings, self._digest_key = verifier.settings, verifier.digest_key

    def capture(
        self,
        desk: Desk,
        kind: PersonKind,
        person_id: str,
        fingers: Mapping[int, Sequence[Sample]],
        *,
        station_code: str,
        is_supervised: bool = False,
    ) -> Row:
        """Judge what was taken of a person and keep it as her waiting set.

        Args:
            desk: of one of those who enrol; at the very first Super Administrator the system's.
            kind: `TKI` or `STAFF`.
            person_id: whose fingers they are.
            fingers: ISO number (1-10) -> three samples of that finger.
            station_code: where they were captured.
            is_supervised: who captures answers for a low quality.

        Returns:
            `version` of the set, and how many `impressions` it has.

        Raises:
            Refused: what `judge` found, a sample that came before, or who may not; recorded.
        """
        with self.office.engine.connect() as db:
            version = templates.next_version(db, kind, person_id)
            at = self.office.clock(db)
        taking = _Taking(kind, person_id, version, fingers, station_code, is_supervised, at)
        taken, problem = self._extracted(taking)
        if problem is None:
            threshold = threshold_of(self.settings, Purpose.ENROL)
            problem = judge(self.matcher, taken, threshold=threshold, is_supervised=is_supervised)
        captured = self._captured(taking, taken, problem)
        if kind == "TKI":
            return desk.do(template_capture.capture_tki, tki_id=person_id, taken=captured)
        if desk.by is None:
            return desk.do(template_capture.capture_first, person_id=person_id, taken=captured)
        return desk.do(template_capture.capture_staff, person_id=person_id, taken=captured)

    def _extracted(self, taking: _Taking) -> tuple[Taken, Problem | None]:
        """Return the templates of all samples, or the first problem."""
        fingers = taking.fingers
        if self.settings.environment == "production" and any(
            one.assurance is Assurance.FILE for _, one in taking.samples
        ):
            return {}, Problem(finger_attempts.FOREIGN)
        is_whole = len(fingers) == FINGERS and all(len(samples) == IMPRESSIONS for samples in fingers.values())
        if not is_whole or not all(1 <= finger <= 10 for finger in fingers):
            return {}, Problem("ENROL_SHAPE")
        taken: Taken = {}
        for finger, samples in fingers.items():
            try:
                taken[finger] = [self.matcher.extract(one, finger=finger, with_quality=True) for one in samples]
            except SampleRefused as error:
                is_few = error.code == "FEW_MINUTIAE"
                return {}, Problem("ENROL_FEW_MINUTIAE" if is_few else "ENROL_UNUSABLE", finger)
        return taken, None

    def _captured(self, taking: _Taking, taken: Taken, problem: Problem | None) -> Captured:
        """Return what the act gets: sealed templates and spent samples, or the problem alone."""
        first = taking.samples[0][1] if taking.samples else None
        extracted = [] if problem else [one for some in taken.values() for one in some]
        return Captured(
            version=taking.version,
            templates=tuple(self._sealed(taking, taken)) if problem is None else (),
            attempts=tuple(
                self._attempt(taking, sample, made)
                for (_, sample), made in zip(taking.samples if extracted else [], extracted, strict=True)
            ),
            station_code=taking.station_code,
            reader_kind=first.reader_kind[:20] if first else "-",
            reader_serial=first.reader_serial[:80] if first else "-",
            taken_at=taking.at,
            is_supervised=taking.is_supervised,
            problem=problem.code if problem else None,
            told={"finger": problem.finger} if problem else {},
        )

    def _sealed(self, taking: _Taking, taken: Taken) -> Iterator[SealedTemplate]:
        for finger, impressions in taken.items():
            for seq, one in enumerate(impressions, start=1):
                key_id, nonce, ciphertext = self.vault.seal(
                    one, kind=taking.kind, person_id=taking.person_id, version=taking.version, seq=seq
                )
                yield SealedTemplate(finger, seq, one.format, key_id, nonce, ciphertext, one.minutiae, one.quality)

    def _attempt(self, taking: _Taking, sample: Sample, made: Template) -> Attempt:
        """Return the row of a captured sample, so that neither it nor its minutiae can be sent as a finger later."""
        return Attempt(
            person_kind=taking.kind,
            person_id=finger_attempts.known_as(taking.kind, taking.person_id),
            purpose=Purpose.ENROL,
            outcome="CAPTURED",
            station_code=taking.station_code,
            reader_kind=sample.reader_kind[:20],
            reader_serial=sample.reader_serial[:80],
            assurance=sample.assurance.value,
            captured_at=sample.captured_at,
            nonce=sample.nonce or None,
            sample_sha256=sample.sha256,
            minutiae_digest=digest_of(self.matcher, made, self._digest_key),
            minutiae=made.minutiae,
            quality=made.quality,
            template_format=made.format,
            template_version=taking.version,
            asked_finger=made.finger,
        )
