"""Six impressions one after the other, each judged as it comes; then the set as a whole (§6.1, §8.2; R-026, R-048, X11, F03).

    impressions.take(verifier, "STAFF", "BN-7", sample, station_code="ST-0", finger=2)       six times
    impressions.finish(verifier, desk, "STAFF", "BN-7")

A touch is held against what was taken before it: the same finger must match, another one must not, so whoever slips learns it at once and
not after six. What waits is sealed under a name of its own: it opens as nobody's template.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from biometrics.comparison import Outcome
from biometrics.enrolment import FINGERS, Problem, judge, problem_of
from biometrics.errors import SampleRefused
from biometrics.minutiae_digest import digest_of
from biometrics.thresholds import threshold_of
from biometrics.types import Assurance
from biometrics.verification import Advice, Verification
from posko.domain.audit import Place
from posko.domain.proof import Purpose
from posko.services import enrolment_rows, enrolment_steps, finger_attempts, template_capture, templates
from posko.services.enrolment_steps import IMPRESSIONS, Impression
from posko.services.finger_attempts import Attempt
from posko.services.templates import Captured, SealedTemplate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from biometrics.enrolment import Taken
    from biometrics.types import Sample, Template
    from biometrics.verification import Verifier
    from posko.domain.proof import PersonKind
    from posko.services.office import Desk
    from posko.services.rows import Row

SEALED_AS = "ENROLMENT:"
"""What stands before the kind of the person in the seal of an impression that is no template yet."""


def answered(verifier: Verifier, request: Row, sample: Sample) -> Verification:
    """Do with the finger that answers a capture request what it was asked for: compare it, or take it for an enrolment.

    Raises:
        Refused: as `Verifier.verify` and `take`.
    """
    kind, person_id, purpose = request["person_kind"], request["person_id"], Purpose(request["purpose"])
    station, finger = request["station_code"], request["asked_finger"]
    if purpose is Purpose.ENROL_IMPRESSION:
        return take(verifier, kind, person_id, sample, station_code=station, finger=finger)
    return verifier.verify(kind, person_id, purpose, sample, station_code=station, asked_finger=finger)


def take(
    verifier: Verifier, kind: PersonKind, person_id: str, sample: Sample, *, station_code: str, finger: int
) -> Verification:
    """Judge one touch of a finger that is being enrolled, and keep it or write down why not.

    Args:
        verifier: of this process.
        kind: `TKI` or `STAFF`.
        person_id: whose enrolment is under way.
        sample: what the reader gave.
        station_code: where it was captured.
        finger: which finger was asked for (1-10).

    Returns:
        CAPTURED, or NOT_KEPT; the reason stands in `enrolment_steps.progress`.

    Raises:
        Refused: no enrolment is under way, the sample came before (DV-I10), or it is a file in production; recorded.
    """
    with verifier.office.engine.connect() as db:
        at = verifier.office.clock(db)
        row = enrolment_rows.open_of(db, kind, person_id, at)
        before = _opened(verifier, kind, person_id, enrolment_rows.kept(db, int(row["enrolment_id"]))) if row else {}
    made, problem = _extracted(verifier, sample, finger)
    is_supervised = bool(row and row["is_supervised"])
    if made is not None and problem is None:
        problem = _judged(verifier, made, before, is_supervised=is_supervised)
    seq = len(before.get(finger, ())) + 1
    sealed = None
    if made is not None and problem is None:
        key_id, nonce, text = verifier.vault.seal(made, kind=SEALED_AS + kind, person_id=person_id, version=0, seq=seq)
        sealed = SealedTemplate(finger, seq, made.format, key_id, nonce, text, made.minutiae, made.quality)
    attempt = _attempt(
        verifier, kind, person_id, sample, made, problem, station_code=station_code, finger=finger, at=at
    )
    impression = Impression(kind, person_id, finger, attempt, sealed, problem)
    desk = verifier.office.desk(None, place=Place(device=station_code[:80]))
    told = desk.do(enrolment_steps.take_impression, impression=impression)
    outcome = Outcome.CAPTURED if told["problem"] is None else Outcome.NOT_KEPT
    threshold = threshold_of(verifier.settings, Purpose.ENROL)
    quality = made.quality if made is not None and made.quality is not None else 0
    return Verification(outcome, None, 0, threshold, quality, finger, Advice.NONE)


def finish(verifier: Verifier, desk: Desk, kind: PersonKind, person_id: str) -> Row:
    """Judge the six impressions as one set and keep it as the one that waits for its proof; nothing else of them stays.

    Returns:
        `version` of the set, and how many `impressions` it has.

    Raises:
        Refused: they are not six, what `biometrics.enrolment.judge` found, or who may not; recorded.
    """
    with verifier.office.engine.connect() as db:
        at = verifier.office.clock(db)
        row = enrolment_rows.open_of(db, kind, person_id, at)
        rows = enrolment_rows.kept(db, int(row["enrolment_id"])) if row else []
        version = templates.next_version(db, kind, person_id)
    taken, is_supervised = _opened(verifier, kind, person_id, rows), bool(row and row["is_supervised"])
    is_whole = len(taken) == FINGERS and all(len(some) == IMPRESSIONS for some in taken.values())
    threshold = threshold_of(verifier.settings, Purpose.ENROL)
    problem: Problem | None = Problem("ENROL_SHAPE")
    if is_whole:
        problem = judge(verifier.matcher, taken, threshold=threshold, is_supervised=is_supervised)
    captured = Captured(
        version=version,
        templates=() if problem else tuple(_sealed(verifier, kind, person_id, version, taken)),
        # Each sample was spent when it was taken.
        attempts=(),
        station_code=str(rows[0]["station_code"]) if rows else "",
        reader_kind=str(rows[0]["reader_kind"]) if rows else "-",
        reader_serial=str(rows[0]["reader_serial"]) if rows else "-",
        taken_at=at,
        is_supervised=is_supervised,
        problem=problem.code if problem else None,
        told={"finger": problem.finger} if problem else {},
    )
    if kind == "TKI":
        return desk.do(template_capture.capture_tki, tki_id=person_id, taken=captured)
    return desk.do(template_capture.capture_staff, person_id=person_id, taken=captured)


def _opened(verifier: Verifier, kind: PersonKind, person_id: str, rows: Sequence[Row]) -> Taken:
    """Return finger -> its impressions, opened."""
    found: Taken = {}
    for row in rows:
        sealed = {**row, "person_kind": SEALED_AS + kind, "person_id": person_id, "version": 0}
        found.setdefault(int(row["finger"]), []).append(verifier.vault.open(sealed))
    return found


def _extracted(verifier: Verifier, sample: Sample, finger: int) -> tuple[Template | None, str | None]:
    if sample.assurance is Assurance.FILE and verifier.settings.environment == "production":
        return None, finger_attempts.FOREIGN
    try:
        return verifier.matcher.extract(sample, finger=finger, with_quality=True), None
    except SampleRefused as error:
        return None, "ENROL_FEW_MINUTIAE" if error.code == "FEW_MINUTIAE" else "ENROL_UNUSABLE"


def _judged(verifier: Verifier, made: Template, before: Taken, *, is_supervised: bool) -> str | None:
    """Return what is wrong with one impression beside those that were taken before it, or None."""
    code = problem_of(made, is_supervised=is_supervised)
    if code is not None:
        return code
    threshold = threshold_of(verifier.settings, Purpose.ENROL)
    same = verifier.matcher.scores([(made, one) for one in before.get(made.finger, ())])
    if any(score < threshold for score in same):
        return "ENROL_IMPRESSIONS_DIFFER"
    others = [one for finger, some in before.items() if finger != made.finger for one in some]
    across = verifier.matcher.scores([(made, one) for one in others])
    return "ENROL_SAME_FINGER" if across and median(across) >= threshold else None


def _sealed(verifier: Verifier, kind: PersonKind, person_id: str, version: int, taken: Taken) -> list[SealedTemplate]:
    """Return the impressions as templates of a set, sealed for their rows."""
    made = []
    for finger, some in taken.items():
        for seq, one in enumerate(some, start=1):
            key_id, nonce, text = verifier.vault.seal(one, kind=kind, person_id=person_id, version=version, seq=seq)
            made.append(SealedTemplate(finger, seq, one.format, key_id, nonce, text, one.minutiae, one.quality))
    return made


def _attempt(
    verifier: Verifier,
    kind: PersonKind,
    person_id: str,
    sample: Sample,
    made: Template | None,
    problem: str | None,
    *,
    station_code: str,
    finger: int,
    at: datetime,
) -> Attempt:
    """Return the row of a touch, so that neither it nor its minutiae can be sent as a finger later."""
    return Attempt(
        person_kind=kind,
        person_id=finger_attempts.known_as(kind, person_id),
        purpose=Purpose.ENROL_IMPRESSION,
        outcome="CAPTURED" if problem is None else "REFUSED",
        station_code=station_code,
        reader_kind=sample.reader_kind[:20],
        reader_serial=sample.reader_serial[:80],
        assurance=sample.assurance.value,
        captured_at=at,
        nonce=sample.nonce or None,
        sample_sha256=sample.sha256 if sample.data else None,
        minutiae_digest=digest_of(verifier.matcher, made, verifier.digest_key) if made is not None else None,
        minutiae=made.minutiae if made is not None else None,
        quality=made.quality if made is not None else None,
        template_format=made.format if made is not None else None,
        asked_finger=finger,
        reason=problem,
    )
