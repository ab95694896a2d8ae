"""The demo's frauds: some acts that go wrong in the play, and BNSP's people at their cases (§5.1-5.2).

Everything goes through the services, as somebody who may sign in would do it. What became of each is counted in `found`.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from apps.demo.cast import SECOND, THIRD
from posko.domain.errors import Refused
from posko.services import cases, exam_session

if TYPE_CHECKING:
    from apps.demo.play import Play

HONEST_MINUTES, HASTY_MINUTES = 300, 12
LEAST = 3
"""Candidates of a session in which a fraud is played."""
STRANGER = 5
"""The candidate, in the order of arrival, in whose place somebody else comes."""
HASTY, OVERRULED, FOREIGN_DOOR, STRANGE_FINGER = "DV-S06", "DV-N05", "DV-X04", "DV-I07"
UNEVEN = "DV-A12"
_OPEN = "select case_id from posko.deviation_case where rule_id = :rule and status = 'OPEN' and holds_result = 0 order by case_id limit 1"
_FAILED = (
    "select journey.journey_id, journey.tki_id from posko.assessment as scored join posko.journey as journey"
    " on journey.journey_id = scored.journey_id where scored.session_id = :id and scored.result = 'BK' order by 1 limit 1"
)
_OTHER_DOOR = "select session_id from posko.exam_session where tuk_code <> :tuk and status = 'PLANNED' order by session_id limit 1"


@dataclass
class Honest:
    """What a play asks about frauds, where nobody commits one; `planted`: rule -> number of the session or ID of the TKI."""

    planted: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def minutes(self, session_id: int, present: int) -> int:  # noqa: ARG002 - every session takes its time
        """Return how long a test takes."""
        return HONEST_MINUTES

    def sends_somebody(self, tki_id: str, *, by_fate: bool) -> bool:  # noqa: ARG002 - fate alone decides
        """Return whether somebody else puts the finger on the reader."""
        return by_fate

    def overruled(self, play: Play, session_id: int) -> dict[str, Any]:  # noqa: ARG002 - the LSP decides as the assessor scored
        """Return what the LSP decides against the assessor."""
        return {}

    def try_foreign_door(self, play: Play, tuk: str) -> None:
        """Let the administrator of a TUK try to open the day of another one."""


@dataclass
class Frauds(Honest):
    """Each fraud once in a play."""

    arrived: int = 0

    def minutes(self, session_id: int, present: int) -> int:
        """Return how long a test takes: once the candidates are sent home at once."""
        if present < LEAST or self.planted[HASTY]:
            return HONEST_MINUTES
        self.planted[HASTY].append(str(session_id))
        return HASTY_MINUTES

    def sends_somebody(self, tki_id: str, *, by_fate: bool) -> bool:
        """Return whether somebody else puts the finger on the reader: by fate, and one in any case."""
        self.arrived += 1
        is_stranger = by_fate or self.arrived == STRANGER
        if is_stranger:
            self.planted[STRANGE_FINGER].append(tki_id)
        return is_stranger

    def overruled(self, play: Play, session_id: int) -> dict[str, Any]:
        """Return what the LSP decides against the assessor: once it lets somebody pass who was not yet competent."""
        failed = [] if self.planted[OVERRULED] else play.ask(_FAILED, id=session_id)
        if not failed:
            return {}
        journey_id, tki_id = int(failed[0]["journey_id"]), failed[0]["tki_id"]
        self.planted[OVERRULED].append(tki_id)
        return {"results": {journey_id: "K"}, "reasons": {journey_id: "Dinilai cukup oleh LSP"}}

    def try_foreign_door(self, play: Play, tuk: str) -> None:
        """Let the administrator of a TUK try to open the day of another one, once; the services refuse it."""
        other = [] if self.planted[FOREIGN_DOOR] else play.ask(_OTHER_DOOR, tuk=tuk)
        if other:
            self.planted[FOREIGN_DOOR].append(str(other[0]["session_id"]))
            with suppress(Refused):
                play.cast.desk(f"ADM-{tuk}").do(exam_session.open_day, session_id=int(other[0]["session_id"]))


def treat(play: Play) -> int:
    """Let BNSP treat two cases, one proven and sanctioned, one found to be nothing; the others stay open. Return how many."""
    done = 0
    for rule, judge, why in (
        (HASTY, cases.confirm, "Jam mulai dan selesai pada catatan TUK sama dengan temuan"),
        (UNEVEN, cases.dismiss, "Baru sebagian TUK yang menerima peserta pada hari-hari ini"),
    ):
        for row in play.ask(_OPEN, rule=rule):
            number, desk = int(row["case_id"]), play.cast.desk(THIRD)
            desk.do(cases.triage, case_id=number, note="Diambil untuk ditelaah")
            desk.do(cases.review, case_id=number, note="Berkas dan catatan dibaca")
            desk.do(judge, case_id=number, note=why)
            if judge is cases.confirm:
                desk.do(cases.sanction, case_id=number, note="Asesor diperingatkan tertulis")
            desk.do(cases.close, case_id=number, note="Selesai", second=play.cast.second(SECOND))
            done += 1
    return done
