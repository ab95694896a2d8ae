"""Wrong tries at certificates: few for one number, few from one place, as BNSP has set it (§14.3; R-166, DV-C04).

A try is paid for before it is made and given back when it was right, so that a crowd of tries at once finds no more than a queue.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from apps.public.limits import Buckets
from posko.domain.certificate_number import parse

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from apps.public.certificates import Certificates

    Asked = tuple[Literal["CODE", "QR"], str]

log = logging.getLogger("posko.public")
FRESH_SECONDS = 60
"""How long the limits are believed before they are asked for again."""


@dataclass
class Tries:
    """The wrong tries of one process; the limits come from the database."""

    certificates: Certificates
    clock: Callable[[], float] = time.monotonic
    numbers: Buckets = field(init=False)
    sources: Buckets = field(init=False)
    asked_at: float = field(init=False, default=float("-inf"))

    def __post_init__(self) -> None:
        self.numbers, self.sources = Buckets(1, 1, clock=self.clock), Buckets(1, 1, clock=self.clock)

    def bring_up_to_date(self, today: dt.date) -> None:
        """Ask for the limits of the day, once in a while.

        Raises:
            ConnectionFailed: the database does not answer.
        """
        now = self.clock()
        if now - self.asked_at < FRESH_SECONDS:
            return
        seconds = self.certificates.limit("verification_window_minutes", today) * 60
        for buckets, name in ((self.numbers, "number"), (self.sources, "source")):
            buckets.size = self.certificates.limit(f"verification_tries_{name}", today)
            buckets.seconds = seconds
        self.asked_at = now

    def take(self, source: str, asked: Asked) -> bool:
        """Pay for a try; False when the place, or the number, has none left."""
        if not self.sources.take(source):
            return False
        number = self._number(asked)
        if number is not None and not self.numbers.take(number):
            self.sources.give_back(source)
            log.warning("the wrong tries at certificate %s are used up", number if parse(number) else "-")
            return False
        return True

    def give_back(self, source: str, asked: Asked) -> None:
        """Give a try back that was no wrong one."""
        self.sources.give_back(source)
        number = self._number(asked)
        if number is not None:
            self.numbers.give_back(number)

    @staticmethod
    def _number(asked: Asked) -> str | None:
        """Return the number that is tried; a QR code proves itself, so no number is guessed by it."""
        kind, text = asked
        return text.strip().upper()[:40] if kind == "CODE" else None
