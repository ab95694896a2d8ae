"""Second attempts of the play: who was absent or turned away is booked again, who was not yet competent registers again (§12.5, R-183)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from apps.demo.cast import KONSORSIUM
from posko.domain.errors import Refused
from posko.services import registration, scheduling

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
    play.send_out("belum ada tempat")
    return sum(placed)


def _place(play: Play, row: dict[str, Any]) -> bool:
    """Give one TKI the first place that is free, at her own TUK if it can be; return whether there was one."""
    for is_own in (True, False):
        for day in _days(play):
            for place in _places(play, row, day, is_own=is_own):
                try:
                    play.cast.desk(KONSORSIUM).do(
                        scheduling.schedule,
                        journey_id=int(row["journey_id"]),
                        exam_on=day,
                        lsp_code=place["lsp_code"],
                        tuk_code=place["tuk_code"],
                        met_no=place["met_no"],
                        reason="Percobaan berikutnya" if is_own else "TUK yang dahulu tidak dapat menerima",
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


def _places(play: Play, row: dict[str, Any], day: dt.date, *, is_own: bool) -> Iterator[dict[str, str]]:
    """Yield LSP, TUK and assessor with a free seat on a day: at her own TUK, or the first few others."""
    lsps = [row["lsp_code"]] if is_own else [body["lsp_code"] for body in _choices(play, day)["lsp"]][:2]
    for lsp in lsps:
        found = _choices(play, day, lsp_code=lsp)
        sites = [site["tuk_code"] for site in found["tuk"] if int(site["free"]) > 0]
        for tuk in [tuk for tuk in sites if (tuk == row["tuk_code"]) is is_own][:2]:
            people = _choices(play, day, lsp_code=lsp, tuk_code=tuk)["asesor"]
            for person in [one for one in people if int(one["free"]) > 0][:3]:
                yield {"lsp_code": lsp, "tuk_code": tuk, "met_no": person["met_no"]}


def _choices(play: Play, day: dt.date, **picked: str) -> dict[str, Any]:
    return play.cast.desk(KONSORSIUM).do(scheduling.choices, exam_on=day, **picked)
