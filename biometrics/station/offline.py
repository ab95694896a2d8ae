"""Attendance without a line: a typed ID, a finger, a comparison here, an entry in the queue (§13.2-13.6; R-046, R-120, R-185).

First an administrator of this TUK signs in with her finger; she answers for what follows. What this computer finds only tells the people
at the door what to do; what counts is what the server finds when it compares again.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from biometrics.errors import SampleRefused
from biometrics.station.link import now_utc
from biometrics.station.uploads import probe_of
from biometrics.thresholds import CLEAR, LEAST_MINUTIAE
from posko.domain.calendar import local_day
from posko.domain.errors import BadInput
from posko.domain.proof import Purpose
from posko.services.station_uploads import ATTEND, OPERATOR

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from biometrics.station.day_list import DayList, Person
    from biometrics.station.keys import KnownServer
    from biometrics.station.queue import Queue
    from biometrics.types import Matcher, Reader


class NotListed(BadInput):
    """Nobody of this number is expected here today."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} ini tidak ada dalam daftar hari ini di komputer ini. Periksa nomornya.")


class DayOver(BadInput):
    """The list is of another day."""

    def __init__(self) -> None:
        super().__init__("Hari uji dari daftar ini sudah lewat. Hubungkan jaringan untuk mengambil daftar hari ini.")


@dataclass(frozen=True, slots=True)
class Taken:
    """One finger that was taken and is on the disk; `is_match` is what this computer found."""

    seq: int
    name: str
    is_match: bool
    score: int


@dataclass
class Door:
    """The door of a TUK for one day without a line."""

    listed: DayList
    queue: Queue
    server: KnownServer
    matcher: Matcher
    reader: Callable[[], Reader]
    clock: Callable[[], dt.datetime] = now_utc

    def sign_in(self, person_id: str) -> Taken:
        """Take the finger of an administrator; only one that matches here is queued.

        Raises:
            NotListed: she is none of this TUK.
            SampleRefused, ReaderFailed: no usable finger.
        """
        person = self.listed.operators.get(person_id)
        if person is None:
            raise NotListed("Nomor identitas")
        return self._take(person, OPERATOR, Purpose.LOGIN, keep_misses=False)

    def attend(self, person_id: str) -> Taken:
        """Take the finger of a candidate and queue it, a match or not: misses count too (13.4).

        Raises:
            NotListed: she is not expected here today.
            SampleRefused, ReaderFailed: no usable finger; nothing was queued.
        """
        person = self.listed.candidates.get(person_id)
        if person is None:
            raise NotListed("ID TKI")
        return self._take(person, ATTEND, Purpose.ATTEND, keep_misses=True)

    def _take(self, person: Person, kind: str, purpose: Purpose, *, keep_misses: bool) -> Taken:
        if local_day(self.clock()) != self.listed.day:
            raise DayOver
        reader = self.reader()
        sample = reader.capture(secrets.token_hex(16))
        probe = self.matcher.extract(sample)
        if probe.minutiae < LEAST_MINUTIAE:
            raise SampleRefused(
                "FEW_MINUTIAE", "Sidik jari terlalu sedikit terbaca. Letakkan jari lebih penuh, lalu ulangi."
            )
        threshold = self.listed.thresholds[purpose.value]
        score = self.matcher.compare(probe, person.templates, enough=CLEAR * threshold).score
        is_match = score >= threshold
        if not is_match and not keep_misses:
            return Taken(0, person.name, is_match=False, score=score)
        entry = {
            "kind": kind,
            "list_id": self.listed.list_id,
            "session_id": person.session_id,
            "person_id": person.person_id,
            "captured_at": self.clock().isoformat(timespec="microseconds"),
            "sample_sha256": base64.b64encode(sample.sha256).decode(),
            "local_score": score,
            "assurance": sample.assurance.value,
            "reader_kind": sample.reader_kind,
            "reader_serial": sample.reader_serial,
            **probe_of(probe, self.server.sealing_key, self.listed.station_code, person.person_id),
        }
        signed = self.queue.add(entry)
        return Taken(int(signed["entry"]["seq"]), person.name, is_match=is_match, score=score)
