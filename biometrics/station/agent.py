"""The program on a TUK's computer: it owns the reader and asks the server what to capture (§8.2, §13.2-13.6; R-041, R-185).

Nothing reaches this computer from outside. While there is a line it polls, captures, signs, answers; it keeps the list of the day fresh
for when the line is cut, and sends what was taken meanwhile, in order, as soon as it is back.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from biometrics.errors import NoFinger, PoorCapture, ReaderFailed, SampleRefused
from biometrics.station import day_list, messages, uploading, wire
from biometrics.station.keys import KnownServer
from biometrics.station.link import LineCut, TurnedAway, now_utc
from biometrics.station.sealing import SealBroken

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from biometrics.station.keys import StationKeys
    from biometrics.station.link import Link
    from biometrics.station.queue import Queue
    from biometrics.types import Reader

log = logging.getLogger("posko.station")
CAPTURE_SECONDS = 30.0
"""How long a person has to put her finger down; a request waits for 60 seconds."""
LIST_SECONDS = 600.0
"""How often the list of the day is fetched anew."""
PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds between attempts to reach the server."""
REFUSED_PAUSE = 60.0
"""Seconds after the server refused the station itself: its key, its clock. Every attempt is recorded there."""


@dataclass
class Agent:
    """One station at work; `tell` shows a line to whoever sits at it, `open_reader` gives its reader.

    The reader is opened when it is first needed, and anew after it failed.
    """

    folder: Path
    keys: StationKeys
    link: Link
    queue: Queue
    open_reader: Callable[[], Reader]
    tell: Callable[[str], None]
    stop: threading.Event = field(default_factory=threading.Event)
    _reader: Reader | None = None
    _open: ExitStack = field(default_factory=ExitStack)
    _listed_at: float | None = None
    _answered: str = ""
    _failures: int = 0
    _upload_from: float = 0.0

    def run(self) -> None:
        """Work until told to stop; a cut line, a broken reader and a refusal only make it wait."""
        with self._open:
            while not self.stop.is_set():
                try:
                    self.step()
                    self._failures = 0
                except LineCut as error:
                    self._pause(error, PAUSES[min(self._failures, len(PAUSES) - 1)])
                    self._failures += 1
                except TurnedAway as error:
                    self._pause(error, REFUSED_PAUSE)

    def step(self) -> None:
        """Send what waits, keep the list fresh, and answer one request, if there is one.

        Raises:
            LineCut: the server does not answer.
            TurnedAway: the server refuses the station.
        """
        self.upload()
        self.refresh()
        asked = self.link.ask(wire.REQUESTS)["request"]
        if asked is not None and asked["request_id"] != self._answered:
            self.answer(asked)

    def upload(self) -> None:
        """Send what waits; a chain that the server refuses waits on without keeping the station from its work.

        Raises:
            LineCut: the rest waits on.
        """
        if not self.queue.entries or time.monotonic() < self._upload_from:
            return
        try:
            uploading.send(self.queue, self.link, self.tell)
        except TurnedAway as error:
            self.tell(str(error))
            self._upload_from = time.monotonic() + LIST_SECONDS

    def refresh(self) -> None:
        """Fetch the list of the day if the one here is older than ten minutes, and delete one of another day.

        Raises:
            LineCut, TurnedAway: as the line; a station without a TUK has no list, which is no failure.
        """
        day_list.forget_old(self.folder, now_utc())
        if self._listed_at is not None and time.monotonic() - self._listed_at < LIST_SECONDS:
            return
        server = KnownServer.pin(self.folder, self.link.ask(wire.SERVER))
        try:
            found = day_list.keep(self.folder, self.link.ask(wire.DAY_LIST), self.keys, server)
            self.tell(f"daftar {found.day}: {len(found.candidates)} peserta")
        except TurnedAway as error:
            if error.code != "STATION_NO_TUK":
                raise
        except SealBroken as error:
            self.tell(str(error))
        self._listed_at = time.monotonic()

    def answer(self, asked: dict[str, Any]) -> None:
        """Capture one finger for a request and send it, or why there is none.

        Raises:
            LineCut: the answer did not get through, or nobody knows; the page asks anew.
        """
        self._answered = asked["request_id"]
        self.tell(f"letakkan jari ({asked['purpose']})")
        message = self._captured(asked["request_id"], asked["nonce"])
        try:
            told = self.link.tell(wire.ANSWERS, message)
        except TurnedAway as error:
            self.tell(str(error))
            return
        self.tell(f"{told['outcome']} {told['advice']}".strip())

    def _captured(self, request_id: str, nonce: str) -> dict[str, Any]:
        kind, serial = "?", "?"
        try:
            reader = self.reader()
            kind, serial = reader.kind, reader.serial
            return messages.written(request_id, reader.capture(nonce, seconds=CAPTURE_SECONDS))
        except NoFinger as error:
            why, sentence = "NO_FINGER", str(error)
        except (PoorCapture, SampleRefused) as error:
            why, sentence = "POOR_CAPTURE", str(error)
        except ReaderFailed as error:
            why, sentence = "READER_FAILED", str(error)
            self._let_go()
        self.tell(sentence)
        return messages.without_sample(request_id, nonce, why, kind, serial)

    def reader(self) -> Reader:
        """Return the open reader.

        Raises:
            ReaderFailed: it cannot be opened.
        """
        if self._reader is None:
            self._reader = self._open.enter_context(self.open_reader())
        return self._reader

    def _let_go(self) -> None:
        """Close the reader, so that the next capture opens it anew."""
        self._reader = None
        try:
            self._open.close()
        except ReaderFailed as error:
            log.warning("the reader did not close: %s", error)

    def _pause(self, error: Exception, seconds: float) -> None:
        self.tell(str(error))
        self.stop.wait(seconds)
