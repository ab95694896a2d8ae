"""Verification 1:1: a sample, a number, a purpose; stored before anybody learns it (§8.2, §13.3-13.7; R-042..R-050, R-120..R-128).

    found = Verifier(office, vault, matcher, settings).verify("TKI", "9264729", Purpose.ATTEND, sample, station_code="ST-1")
    desk.do(attendance.record_attendance, session_id=7, tki_id="9264729", proof=found.proof)

The best score over all impressions of the set in force decides. No match, a poor capture, a broken reader and nobody registered are
four different outcomes. At a sign-in they are one: an unknown number is compared with fingers of nobody and gets a proof that opens
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from biometrics import comparison, gallery
from biometrics.comparison import Found, Outcome
from biometrics.decoy import Decoys
from biometrics.errors import TemplateBroken
from biometrics.issue import Comparison, sealed
from biometrics.thresholds import threshold_of
from biometrics.types import ANY_FINGER, Assurance
from posko.db.secrets import read_or_make_key
from posko.domain.audit import Place
from posko.domain.proof import Purpose
from posko.domain.refusals import refuse
from posko.services import finger_attempts
from posko.services.finger_attempts import Attempt

if TYPE_CHECKING:
    from datetime import datetime

    import sqlalchemy as sa

    from biometrics.gallery import Enrolled
    from biometrics.nbis_matcher import NbisMatcher
    from biometrics.types import Sample
    from biometrics.vault import Vault
    from posko.domain.proof import FingerProof, PersonKind
    from posko.services.office import Office
    from posko.settings import Settings

__all__ = ["Advice", "Outcome", "Verification", "Verifier"]

COMPARED = frozenset({Outcome.MATCH, Outcome.NO_MATCH, Outcome.POOR_QUALITY})
"""Outcomes of which a proof is made, a match or not."""


class Advice(StrEnum):
    """What to do next, as a screen says it."""

    NONE = ""
    RETRY = "Ulangi dengan jari yang sama."
    OTHER_FINGER = "Pakai jari lain yang terdaftar."
    EXCEPTION = "Pakai jalur pengecualian: petugas dari peran lain memberi sidik jarinya."
    READER = "Periksa pembaca sidik jari, lalu ulangi."
    REGISTER = "Belum ada sidik jari terdaftar. Daftarkan dahulu, atau buat surat penolakan."


@dataclass(frozen=True, slots=True)
class Verification:
    """Outcome of one comparison; `score` and `threshold` in NBIS units, `quality` 0-100, `finger` the best one's (0: none)."""

    outcome: Outcome
    proof: FingerProof | None
    score: int
    threshold: int
    quality: int
    finger: int
    advice: Advice


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question: whose finger, what for, where, from which score on; `fingers` and `version` of the set it is compared with."""

    kind: PersonKind
    person_id: str
    purpose: Purpose
    station_code: str
    asked_finger: int
    is_late: bool
    threshold: int
    fingers: int = 0
    version: int = 0


class Verifier:
    """Compares fingers and makes proofs; one a process, safe for threads."""

    def __init__(self, office: Office, vault: Vault, matcher: NbisMatcher, settings: Settings) -> None:
        self.office, self.vault, self.matcher, self.settings = office, vault, matcher, settings
        self.digest_key = read_or_make_key(settings.secrets / "minutiae-digest")
        self._decoys = Decoys(matcher, vault)

    def verify(
        self,
        kind: PersonKind,
        person_id: str,
        purpose: Purpose,
        sample: Sample,
        *,
        station_code: str,
        asked_finger: int = ANY_FINGER,
        is_late: bool = False,
    ) -> Verification:
        """Compare one captured finger with a person's set in force (for ENROL: the one just captured), store it, return it.

        Args:
            kind: `TKI` or `STAFF`.
            person_id: whose finger it should be, as it was typed.
            purpose: what for.
            sample: what the reader gave.
            station_code: where it was captured.
            asked_finger: which finger was asked for (0-10); any of hers counts.
            is_late: it was captured while the line was cut; its proof then bears the sample's own time.

        Raises:
            Refused: the same sample or set of minutiae came before, or this nonce (DV-I10); a file in production; her fingers are
                locked for a while. All of it is recorded.
        """
        number = finger_attempts.known_as(kind, person_id)
        with self.office.engine.connect() as db:
            at = self.office.clock(db)
            enrolled, reason = self._enrolled(db, kind, number, purpose)
        fingers = len({one.finger for one in enrolled})
        version = max((one.version for one in enrolled), default=0)
        threshold = threshold_of(self.settings, purpose)
        asked = _Asked(kind, number, purpose, station_code, asked_finger, is_late, threshold, fingers, version)
        is_nobody = not enrolled and purpose is Purpose.LOGIN
        against = self._decoys.opened() if is_nobody else enrolled
        found = comparison.look(self.matcher, sample, against, threshold=threshold, digest_key=self.digest_key)
        return self._stored(asked, sample, found, sample.captured_at if is_late else at, reason, is_nobody=is_nobody)

    def reader_error(
        self,
        kind: PersonKind,
        person_id: str,
        purpose: Purpose,
        *,
        station_code: str,
        reader_kind: str,
        reader_serial: str,
        nonce: str | None,
        why: str,
    ) -> Verification:
        """Store that the reader gave no sample, and why (a code or a short sentence); no proof comes of it.

        Raises:
            Refused: this nonce was answered before (DV-I10).
        """
        with self.office.engine.connect() as db:
            at = self.office.clock(db)
        attempt = Attempt(
            person_kind=kind,
            person_id=finger_attempts.known_as(kind, person_id),
            purpose=purpose,
            outcome=Outcome.READER_ERROR.value,
            station_code=station_code,
            reader_kind=reader_kind[:20],
            reader_serial=reader_serial[:80],
            assurance="NONE",
            captured_at=at,
            nonce=nonce or None,
            reason=why[:120],
        )
        self._record(attempt, None)
        threshold = threshold_of(self.settings, purpose)
        return Verification(Outcome.READER_ERROR, None, 0, threshold, 0, 0, Advice.READER)

    def _enrolled(
        self, db: sa.Connection, kind: PersonKind, number: str, purpose: Purpose
    ) -> tuple[list[Enrolled], str | None]:
        """Return the impressions to compare with, and why there are none where rows are there."""
        look = gallery.pending if purpose is Purpose.ENROL else gallery.active
        try:
            opened = look(db, self.vault, kind, number)
        except TemplateBroken:
            return [], comparison.BROKEN
        usable = [one for one in opened if one.template.format == self.matcher.format]
        return usable, "FORMAT_DIFFERS" if opened and not usable else None

    def _stored(
        self, asked: _Asked, sample: Sample, found: Found, at: datetime, reason: str | None, *, is_nobody: bool
    ) -> Verification:
        """Seal what was found, store it, and tell it; a sign-in of nobody looks like one that did not match."""
        told_outcome = Outcome.NO_MATCH if is_nobody and found.outcome is Outcome.MATCH else found.outcome
        proof = self._proof(asked, sample, found, at, told_outcome) if told_outcome in COMPARED else None
        is_compared = found.outcome in {Outcome.MATCH, Outcome.NO_MATCH} and not is_nobody
        attempt = Attempt(
            person_kind=asked.kind,
            person_id=asked.person_id,
            purpose=asked.purpose,
            outcome=(Outcome.NOT_REGISTERED if is_nobody and proof else told_outcome).value,
            station_code=asked.station_code,
            reader_kind=sample.reader_kind[:20],
            reader_serial=sample.reader_serial[:80],
            assurance=sample.assurance.value,
            captured_at=at,
            nonce=sample.nonce or None,
            sample_sha256=sample.sha256 if sample.data else None,
            minutiae_digest=found.digest,
            minutiae=found.minutiae,
            quality=found.quality,
            score=found.score if is_compared else None,
            threshold=asked.threshold,
            template_format=self.matcher.format if is_compared else None,
            template_version=asked.version or None,
            asked_finger=asked.asked_finger,
            matched_finger=found.finger if told_outcome is Outcome.MATCH else None,
            reason=found.reason or reason,
            proof_id=proof.proof_id if proof else None,
            is_late=asked.is_late,
        )
        is_file = sample.assurance is Assurance.FILE and self.settings.environment == "production"
        problem = finger_attempts.FOREIGN if is_file else "SAMPLE_REPLAYED" if found.is_copy else None
        told = self._record(attempt, problem)
        advice = _advice(asked, told_outcome, told)
        quality, score = found.quality, found.score
        return Verification(told_outcome, proof, score, asked.threshold, quality, found.finger, advice)

    def _proof(self, asked: _Asked, sample: Sample, found: Found, at: datetime, outcome: Outcome) -> FingerProof:
        version = asked.version or 1
        compared = Comparison(found.score, asked.threshold, found.quality, version, sample.sha256)
        return sealed(
            compared,
            self.office.keys["finger-proof"],
            asked.kind,
            asked.person_id,
            asked.purpose,
            station_code=asked.station_code,
            reader_serial=sample.reader_serial,
            at=at,
            is_match=outcome is Outcome.MATCH,
        )

    def _record(self, attempt: Attempt, problem: str | None) -> dict[str, Any]:
        desk = self.office.desk(None, place=Place(device=attempt.station_code[:80]))
        told = desk.do(finger_attempts.compare, attempt=attempt, problem=problem)
        if told["problem"] is not None:
            refusal = refuse(told["problem"])
            refusal.reference = told["event"]
            raise refusal
        return told


def _advice(asked: _Asked, outcome: Outcome, told: dict[str, Any]) -> Advice:
    """Return what comes next: three tries a finger, the other finger, the exception; at a sign-in always the same."""
    if outcome is Outcome.MATCH:
        return Advice.NONE
    if outcome is Outcome.READER_ERROR:
        return Advice.READER
    if asked.purpose is Purpose.LOGIN or outcome is Outcome.POOR_QUALITY:
        return Advice.RETRY
    if outcome is Outcome.NOT_REGISTERED:
        return Advice.REGISTER
    misses, tries = sum(told["misses"].values()), int(told["tries"])
    if misses >= tries * max(1, asked.fingers):
        return Advice.EXCEPTION
    of_this = told["misses"].get(asked.asked_finger, 0) if asked.asked_finger else misses % tries or tries
    return Advice.OTHER_FINGER if of_this >= tries else Advice.RETRY
