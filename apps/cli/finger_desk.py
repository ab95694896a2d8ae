"""What the commands with a finger share: a reader at this terminal, the matcher, and who puts which finger (§8.2, R-048)."""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from apps.cli import context
from apps.cli.acts import place_here
from biometrics.attendance import sign_in
from biometrics.errors import NoFinger, PoorCapture, SampleRefused
from biometrics.nbis_matcher import NbisMatcher
from biometrics.vault import Vault
from biometrics.verification import Outcome, Verifier
from posko.domain.errors import BadInput
from posko.domain.fingers import finger_name
from posko.services import sessions
from posko.services.office import Office

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from biometrics.types import Reader, Sample
    from biometrics.verification import Verification
    from posko.domain.proof import PersonKind, Purpose
    from posko.services.office import Desk

TRIES = 3
SECONDS = 30.0


@dataclass(frozen=True)
class FingerDesk:
    """A reader, and what compares the fingers that are put on it."""

    office: Office
    verifier: Verifier
    reader: Reader
    station_code: str

    @property
    def system(self) -> Desk:
        """The system's desk at this terminal."""
        return self.office.desk(None, place=place_here())

    def take(self, prompt: str) -> Sample:
        """Ask for a finger until the reader could read one, three times at most.

        Raises:
            ReaderFailed: no finger came, or the reader broke.
        """
        for tried in range(TRIES):
            click.echo(prompt, err=True)
            try:
                return self.reader.capture(secrets.token_hex(16), seconds=SECONDS)
            except (NoFinger, PoorCapture, SampleRefused) as problem:
                click.echo(str(problem), err=True)
                if tried == TRIES - 1:
                    raise
        raise NoFinger

    def three_of_two(self, fingers: tuple[int, int]) -> dict[int, list[Sample]]:
        """Ask for two fingers, three times each."""
        return {
            finger: [self.take(f"Letakkan {finger_name(finger)} ({number} dari 3).") for number in (1, 2, 3)]
            for finger in fingers
        }

    def verify(self, kind: PersonKind, person_id: str, purpose: Purpose, prompt: str) -> Verification:
        """Ask for a finger and compare it once."""
        sample = self.take(prompt)
        return self.verifier.verify(kind, person_id, purpose, sample, station_code=self.station_code)

    def proven(self, kind: PersonKind, person_id: str, purpose: Purpose, prompt: str) -> Verification:
        """Ask for a finger until it matches, three times at most; return the last comparison."""
        found = self.verify(kind, person_id, purpose, prompt)
        for _ in range(TRIES - 1):
            if found.outcome in {Outcome.MATCH, Outcome.NOT_REGISTERED}:
                break
            click.echo(found.advice.value, err=True)
            found = self.verify(kind, person_id, purpose, prompt)
        return found

    def signed_in(self, person_id: str) -> Desk:
        """Sign an officer in with her finger and return her desk.

        Raises:
            BadInput: she was not let in; nobody is told why.
        """
        sample = self.take(f"{person_id}: letakkan jari Anda untuk masuk.")
        answer = sign_in(self.verifier, person_id=person_id, sample=sample, station_code=self.station_code)
        if not answer["ok"]:
            raise BadInput("Nomor identitas atau sidik jari ditolak. Periksa keduanya, lalu ulangi.")
        return sessions.principal_of(self.office, answer["token"], self.station_code)


@contextmanager
def finger_desk(open_reader: Callable[[], Reader], station_code: str) -> Iterator[FingerDesk]:
    """Open the reader of this terminal, and end this process's part of the log behind it."""
    settings = context.settings()
    office = Office.of(settings, context.app_engine())
    try:
        with open_reader() as reader:
            verifier = Verifier(office, Vault.of(settings), NbisMatcher(), settings)
            yield FingerDesk(office, verifier, reader, station_code)
    finally:
        office.close()
