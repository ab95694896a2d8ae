"""What becomes of each TKI of the play: drawn from her ID, so that the same demo plays the same again."""

from __future__ import annotations

import zlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fates:
    """Shares in per mille of those who take part; `seed` makes another play.

    `absent` do not come to their first attempt, `impostor` send somebody else, `trouble` need a second try of the finger, `failing`
    are not yet competent at their first attempt, `held` are held back by the meeting.
    """

    seed: int = 1
    absent: int = 30
    impostor: int = 10
    trouble: int = 40
    failing: int = 120
    held: int = 10

    def _draw(self, what: str, tki_id: str) -> int:
        return zlib.crc32(f"{self.seed}:{what}:{tki_id}".encode()) % 1000

    def is_absent(self, tki_id: str, attempt_no: int) -> bool:
        """Return whether she stays away; at the second attempt everybody comes."""
        return attempt_no == 1 and self._draw("absent", tki_id) < self.absent

    def pause(self, tki_id: str) -> int:
        """Return how many seconds go by before she steps to the reader."""
        return 40 + self._draw("pause", tki_id) * 80 // 1000

    def is_impostor(self, tki_id: str, attempt_no: int) -> bool:
        """Return whether another person puts the finger on the reader."""
        return attempt_no == 1 and self._draw("impostor", tki_id) < self.impostor

    def has_trouble(self, tki_id: str) -> bool:
        """Return whether her finger is read at the second try only."""
        return self._draw("trouble", tki_id) < self.trouble

    def is_failing(self, tki_id: str, journey_no: int) -> bool:
        """Return whether she is not yet competent; at a retake everybody is."""
        return journey_no == 1 and self._draw("failing", tki_id) < self.failing

    def is_held(self, tki_id: str) -> bool:
        """Return whether the evaluation meeting holds her result back once."""
        return self._draw("held", tki_id) < self.held
