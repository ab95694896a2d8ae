"""Whose finger lies on the reader in the play, and what compares it: the real matcher, or a script in large tests (§8.2, §13.3-13.7).

The demo's people have synthetic fingers (`biometrics.synthetic`); every sign-in, assessor and attendance is a touch of one that the real
matcher compares with the enrolled templates. A play of 5,000 TKI in a test takes the script, which compares nothing.
"""

from __future__ import annotations

import secrets
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from biometrics.attendance import attend
from biometrics.enrolment import FINGERS, Enroller
from biometrics.issue import Issuer
from biometrics.nbis_matcher import NbisMatcher
from biometrics.synthetic.reader import SyntheticReader
from biometrics.vault import Vault
from biometrics.verification import Verifier
from posko.domain.proof import Purpose
from posko.services import attendance, templates
from posko.services.enrolment_steps import IMPRESSIONS
from posko.services.registry_demo_sites import OFFICE_STATION, reader_serial

if TYPE_CHECKING:
    from apps.demo.cast import Clock
    from apps.simulated_prints import Owners
    from biometrics.scripted import ScriptedMatcher
    from biometrics.types import Sample
    from posko.domain.proof import FingerProof, PersonKind
    from posko.services.office import Desk, Office
    from posko.settings import Settings

WATCHED = 0.6
"""How badly a finger lies on the reader of the office, where somebody helps; at a TUK it is 1."""
FIRST_FINGER, OTHER_FINGER, STRANGE_FINGER = 2, 7, 3
"""Both index fingers are enrolled; the right middle finger is not."""


class Manner(StrEnum):
    """How a candidate comes to the reader."""

    HERSELF = "HERSELF"
    WRONG_FINGER_FIRST = "WRONG_FINGER_FIRST"
    SOMEBODY_ELSE = "SOMEBODY_ELSE"


class Hands(Protocol):
    """What the cast asks of whoever puts a finger on a reader."""

    def enrol(self, desk: Desk, person_id: str) -> FingerProof:
        """Have the fingers of one of the staff taken at the office, and return the proof of a fresh one."""
        ...

    def prove(self, kind: PersonKind, person_id: str, purpose: Purpose, station: str) -> FingerProof:
        """Take one finger and return the sealed outcome."""
        ...

    def come(self, desk: Desk, session_id: int, tki_id: str, station: str, manner: Manner) -> str:
        """Let one candidate try until the outcome is final; return it. NOT_REGISTERED: there is nothing to compare with."""
        ...


class ScriptedHands:
    """Answers as told, for plays too large to compare."""

    def __init__(self, office: Office, clock: Clock, matcher: ScriptedMatcher) -> None:
        self.matcher, self.clock = matcher, clock
        self._issuer = Issuer(matcher, office.keys["finger-proof"])

    def enrol(self, desk: Desk, person_id: str) -> FingerProof:  # noqa: ARG002 - nothing is taken
        """Return a proof; there is no finger."""
        return self.prove("STAFF", person_id, Purpose.ENROL, OFFICE_STATION)

    def prove(self, kind: PersonKind, person_id: str, purpose: Purpose, station: str) -> FingerProof:
        """Return what the script says."""
        where = {"station_code": station, "reader_serial": reader_serial(station)}
        return self._issuer.prove(kind, person_id, purpose, **where, at=self.clock.now)

    def come(self, desk: Desk, session_id: int, tki_id: str, station: str, manner: Manner) -> str:
        """Miss as often as the manner wants, then match."""
        misses = {Manner.HERSELF: 0, Manner.WRONG_FINGER_FIRST: 1, Manner.SOMEBODY_ELSE: 99}
        self.matcher.misses[tki_id] = misses[manner]
        while True:
            finger = self.prove("TKI", tki_id, Purpose.ATTEND, station)
            seen = desk.do(attendance.record_attendance, session_id=session_id, tki_id=tki_id, proof=finger)
            if seen["outcome"] != "TRY_AGAIN":
                self.matcher.misses.pop(tki_id, None)
                return str(seen["outcome"])


class SyntheticHands:
    """Synthetic fingers on synthetic readers, and the real matcher."""

    def __init__(self, office: Office, clock: Clock, settings: Settings, owners: Owners) -> None:
        self.settings, self.clock, self.owners = settings, clock, owners
        self.vault, self.matcher = Vault.of(settings), NbisMatcher()
        self.verifier = Verifier(office, self.vault, self.matcher, settings)

    def enrol(self, desk: Desk, person_id: str) -> FingerProof:
        """Take two fingers three times each, then one again."""
        seed = f"staff:{person_id}"
        taken = {
            finger: [self._touch(seed, finger, OFFICE_STATION) for _ in range(IMPRESSIONS)]
            for finger in (FIRST_FINGER, OTHER_FINGER)[:FINGERS]
        }
        Enroller(self.verifier).capture(desk, "STAFF", person_id, taken, station_code=OFFICE_STATION)
        return self.prove("STAFF", person_id, Purpose.ENROL, OFFICE_STATION)

    def prove(self, kind: PersonKind, person_id: str, purpose: Purpose, station: str) -> FingerProof:
        """Take her own finger, the other one when the first is not recognised, as often as a person would.

        Raises:
            RuntimeError: she has no templates; the play enrols everybody before.
        """
        for finger in (FIRST_FINGER, FIRST_FINGER, OTHER_FINGER, OTHER_FINGER):
            sample = self._touch(f"staff:{person_id}", finger, station)
            found = self.verifier.verify(kind, person_id, purpose, sample, station_code=station, asked_finger=finger)
            if found.proof is not None and found.proof.is_match:
                break
        if found.proof is None:
            raise RuntimeError(f"no finger of {person_id} is enrolled")
        return found.proof

    def come(self, desk: Desk, session_id: int, tki_id: str, station: str, manner: Manner) -> str:
        """Try fingers until the TUK's screen says present or turned away."""
        tries, fingers = 0, iter(self._registered(tki_id))
        finger = next(fingers)
        while True:
            seed, lying = self._lies(tki_id, finger, manner if tries == 0 or manner is Manner.SOMEBODY_ELSE else None)
            sample = self._touch(seed, lying, station)
            seen = attend(
                self.verifier, desk, session_id=session_id, tki_id=tki_id, sample=sample, station_code=station, asked_finger=finger,
            )  # fmt: skip
            if seen.outcome not in {"TRY_AGAIN", "TRY_OTHER_FINGER", "POOR_QUALITY"}:
                return seen.outcome
            tries += 1
            finger = next(fingers) if seen.outcome == "TRY_OTHER_FINGER" else finger

    def _registered(self, tki_id: str) -> list[int]:
        """Return the fingers that the screen asks for, in its order."""
        with self.verifier.office.engine.connect() as db:
            rows = templates.rows_of(db, "TKI", tki_id)
        return sorted({int(row["finger"]) for row in rows}) or [FIRST_FINGER]

    def _lies(self, tki_id: str, finger: int, manner: Manner | None) -> tuple[str, int]:
        """Return whose finger really lies on the reader when this one was asked for."""
        if manner is Manner.SOMEBODY_ELSE:
            return f"calo:{tki_id}", finger
        if manner is Manner.WRONG_FINGER_FIRST:
            return f"tki:{tki_id}", STRANGE_FINGER
        return self.owners.seed_of(tki_id, finger), finger

    def _touch(self, seed: str, finger: int, station: str) -> Sample:
        reader = SyntheticReader(
            reader_serial(station),
            lambda: self.clock.now,
            lambda: (seed, finger),
            settings=self.settings,
            hard=WATCHED if station == OFFICE_STATION else 1.0,
        )
        return reader.capture(secrets.token_hex(16))
