"""Second attempts of the play: who was absent or turned away is booked again, who was not yet competent registers again (§12.5, R-183)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from apps.demo.cast import KONSORSIUM
from posko.domain.errors import Refused
from posko.services import allocation, registration, scheduling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apps.demo.play import Play

FIRST_TRY = 3
"""Days from the played today to the first day that is tried."""
DAYS_TRIED = 12
WAITING = (
    "select journey.journey_id, journey.tki_id, session.lsp_code, session.tuk_code from posko.journey as journey"
    " join posko.allocation as allocation on allocation.journey_id = journey.journey_id"
    " and allocation.attempt_no = journey.attempt_no"
    " join posko.exam_session as session on session.session_id = allocation.session_id"
    " where journey.status in ('ABSENT', 'TURNED_AWAY_NO_MATCH', 'TURNED_AWAY_NOT_REGISTERED') order by journey.journey_id"
)
FAILED = (
    "select journey.tki_id, session.lsp_code, session.tuk_code from posko.journey as journey"
    " join posko.decision as decision on decision.journey_id = journey.journey_id"
    " join posko.exam_session as session on session.session_id = decision.session_id"
    " where journey.status = 'CLOSED' and decision.result = 'BK' and not exists (select 1 from posko.journey as later"
    " where later.tki_id = journey.tki_id and later.scheme_code = journey.scheme_code and later.journey_no > journey.journey_no)"
    " order by journey.tki_id"
)


def book_again(play: Play) -> int:
    """Book every TKI again who was absent or turned away, and send them out; return how many got a place."""
    return _send_out(play, [_place(play, row) for row in play.ask(WAITING)])


def retake(play: Play) -> int:
    """Register every TKI again whose result "belum kompeten" is closed, and book and send them out; return how many got a place."""
    made = []
    for row in play.ask(FAILED):
        journey_id = play.cast.desk(KONSORSIUM).do(registration.register_again, tki_id=row["tki_id"])
        made.append(_place(play, {**row, "journey_id": journey_id}))
    return _send_out(play, made)


def _send_out(play: Play, placed: list[bool]) -> int:
    if not any(placed):
        return 0
    rest = {row["tki_id"]: "belum ada tempat" for row in play.cast.desk(KONSORSIUM).do(allocation.unallocated)}
    sent = play.cast.desk(KONSORSIUM).do(allocation.send_allocation, justified=rest)
    play.distribute(int(sent["batch_id"]))
    return sum(placed)


def _place(play: Play, row: dict[str, Any]) -> bool:
    """Give one TKI the first place at her own TUK that is free; return whether there was one."""
    for day in _days(play):
        for met_no in _free(play, row, day):
            try:
                play.cast.desk(KONSORSIUM).do(
                    scheduling.schedule,
                    journey_id=int(row["journey_id"]),
                    exam_on=day,
                    lsp_code=row["lsp_code"],
                    tuk_code=row["tuk_code"],
                    met_no=met_no,
                    reason="Percobaan berikutnya di TUK yang sama",
                )
            except Refused:
                continue
            return True
    return False


def _days(play: Play) -> Iterator[dt.date]:
    today = play.today()
    for number in range(FIRST_TRY, FIRST_TRY + DAYS_TRIED):
        day = today + dt.timedelta(days=number)
        if day.weekday() < 5:
            yield day


def _free(play: Play, row: dict[str, Any], day: dt.date) -> list[str]:
    """Return the assessors who are free at her TUK that day, those with a session there first; none where the TUK is full."""
    found = play.cast.desk(KONSORSIUM).do(
        scheduling.choices, exam_on=day, lsp_code=row["lsp_code"], tuk_code=row["tuk_code"]
    )
    seats = {site["tuk_code"]: int(site["free"]) for site in found["tuk"]}
    if seats.get(row["tuk_code"], 0) < 1:
        return []
    return [person["met_no"] for person in found["asesor"] if int(person["free"]) > 0][:5]
