"""Send what waits in the queue, in its order; what the server has is let go of, everything else waits on (R-185)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from biometrics.station import wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from biometrics.station.link import Link
    from biometrics.station.queue import Queue

AT_ONCE = 10
"""Entries of one upload."""


def send(queue: Queue, link: Link, tell: Callable[[str], None]) -> list[dict[str, Any]]:
    """Send all waiting entries and return the server's answers, in order.

    Raises:
        LineCut: the rest waits on; the server may have some of it, and will say so.
        TurnedAway: the server refused the chain; nothing of that part is let go.
    """
    answers: list[dict[str, Any]] = []
    while queue.entries:
        some = queue.entries[:AT_ONCE]
        told = link.tell(wire.UPLOADS, {"entries": some})["answers"]
        for entry, answer in zip(some, told, strict=True):
            tell(f"terkirim nomor {answer['seq']}: {entry['entry']['person_id']} {_outcome_of(answer)}")
        queue.confirm(int(told[-1]["seq"]))
        answers += told
    return answers


def _outcome_of(answer: dict[str, Any]) -> str:
    sentence = answer.get("sentence")
    return f"{answer['outcome']} ({sentence})" if sentence else str(answer["outcome"])
