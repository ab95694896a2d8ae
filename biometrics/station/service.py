"""What the server does with the answer of a station: hold it against the request, compare, finish (§13.2-13.7; R-041, DV-I10, DV-I12).

Whatever is wrong with an answer of a station that proved itself is recorded, and the page that waits learns that no finger came.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from biometrics import impressions
from biometrics.errors import BiometricError
from biometrics.station import messages
from posko.domain.audit import Place
from posko.domain.errors import Refused
from posko.domain.proof import Purpose
from posko.services import captures
from posko.services.station_knock import MOST_SKEW, note_reader, turn_away

if TYPE_CHECKING:
    from biometrics.station.keys import ServerKeys
    from biometrics.station.messages import Answer
    from biometrics.types import Sample
    from biometrics.vault import Vault
    from biometrics.verification import Verification, Verifier
    from posko.services.office import Desk, Office
    from posko.services.rows import Row
    from posko.services.station_knock import Admitted

NO_SAMPLE = "READER_ERROR"
"""Outcome of a request whose answer held no finger that could be compared."""


@dataclass(frozen=True)
class Service:
    """The server's side of the stations, of one installation; safe for threads."""

    office: Office
    verifier: Verifier
    vault: Vault
    keys: ServerKeys

    def desk(self, station: Admitted) -> Desk:
        """Return the system's desk at a station."""
        return self.office.desk(None, place=Place(device=station.station_code, tuk=station.tuk_code))

    def shown(self, request: Row) -> dict[str, Any]:
        """Return a capture request as its station gets it: not whose finger it is."""
        names = ("request_id", "nonce", "purpose", "asked_finger")
        return {name: request[name] for name in names} | {"expires_at": request["expires_at"].isoformat()}

    def answer(self, station: Admitted, body: bytes) -> dict[str, Any]:
        """Compare what a station captured and finish the request; return what its own screen shows.

        Args:
            station: who sent it, proven.
            body: the message of `biometrics.station.messages`.

        Returns:
            `outcome`, `advice` (a sentence, may be empty), `quality` (0-100).

        Raises:
            Refused: no message of ours, not this station's request, answered before or too late, another reader than the
                registered one, captured outside the request's time, or a repeated sample; each recorded.
        """
        desk = self.desk(station)
        answer = self._read(desk, station, body)
        request = desk.do(
            captures.claim,
            request_id=answer.request_id,
            nonce=answer.nonce,
            channel="STATION",
            station_code=station.station_code,
        )
        try:
            found = self._compared(desk, station, request, answer)
        except (Refused, BiometricError):
            desk.do(captures.finish, request_id=answer.request_id, outcome=NO_SAMPLE, proof=None)
            raise
        desk.do(captures.finish, request_id=answer.request_id, outcome=found.outcome.value, proof=found.proof)
        return {"outcome": found.outcome.value, "advice": str(found.advice), "quality": found.quality}

    def check_reader(self, desk: Desk, station: Admitted, kind: str, serial: str) -> None:
        """Refuse another reader than the one that is registered for the station (DV-I12), and note what it shows."""
        note_reader(self.office, station.station_code, kind, serial)
        if serial != station.reader_serial:
            self.refuse(desk, station, "STATION_OTHER_READER", reader=serial)

    def refuse(self, desk: Desk, station: Admitted, code: str, **told: object) -> None:
        """Refuse something of a station; recorded.

        Raises:
            Refused: always.
        """
        desk.do(turn_away, code=code, station_code=station.station_code, told=dict(told))

    def _read(self, desk: Desk, station: Admitted, body: bytes) -> Answer:
        try:
            return messages.read(body)
        except Refused as refusal:
            self.refuse(desk, station, refusal.code)
            raise

    def _compared(self, desk: Desk, station: Admitted, request: Row, answer: Answer) -> Verification:
        kind, person_id, purpose = request["person_kind"], request["person_id"], Purpose(request["purpose"])
        if answer.sample is None:
            return self.verifier.reader_error(
                kind,
                person_id,
                purpose,
                station_code=station.station_code,
                reader_kind=answer.reader_kind,
                reader_serial=answer.reader_serial,
                nonce=answer.nonce,
                why=answer.why or NO_SAMPLE,
            )
        # Where there is no sample the device may not have said which it is.
        self.check_reader(desk, station, answer.reader_kind, answer.reader_serial)
        self._check_time(desk, station, request, answer.sample)
        return impressions.answered(self.verifier, request, answer.sample)

    def _check_time(self, desk: Desk, station: Admitted, request: Row, sample: Sample) -> None:
        """Refuse a finger that was not captured while the request waited, as far as the two clocks agree."""
        earliest, latest = request["asked_at"] - MOST_SKEW, request["expires_at"] + MOST_SKEW
        if not earliest <= sample.captured_at <= latest:
            seconds = round((sample.captured_at - request["asked_at"]) / dt.timedelta(seconds=1))
            self.refuse(desk, station, "STATION_OLD_SAMPLE", seconds_after_asking=seconds)
