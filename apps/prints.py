"""One printed document by its kind: read by its act as its person may see it, set as PDF or XLSX (§9.3, §13.3-13.10, §14.2; R-106, R-134).

The command `posko print` and the buttons of the screens make the same bytes here.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from exports.certificate_keys import signer_in
from exports.minutes import minutes_pdf
from exports.prints import cards_pdf, list_pdf, statement_pdf
from exports.prints_sheet import list_xlsx
from posko.domain.calendar import WIB
from posko.domain.errors import BadInput
from posko.services import print_lists, statements

if TYPE_CHECKING:
    from pathlib import Path

    from posko.services.office import Desk

LISTS = {
    "candidates": print_lists.candidates,
    "attendance": print_lists.attendance,
    "results": print_lists.results,
}
"""Kind of a list of a session -> the act that reads it; lists come as XLSX too."""
KINDS = (*LISTS, "statement", "minutes", "cards")


def make(desk: Desk, kind: str, asked: Any, suffix: str = ".pdf", *, secrets: Path) -> bytes:
    """Return one document as its person may see it.

    Args:
        desk: who prints.
        kind: one of `KINDS`.
        asked: number of the session or the meeting, number of the statement; nothing for the cards.
        suffix: `.pdf`, of lists also `.xlsx`.
        secrets: folder of the key that signs closed minutes, the one of certificates.

    Raises:
        Refused: as the act of this kind.
        BadInput: there is no such kind.
    """
    with desk.office.engine.connect() as db:
        now = desk.office.clock(db) + WIB
    who = desk.by.person_id if desk.by else "posko"
    foot: dict[str, Any] = {
        "printed": f"Dicetak {who}, {now:%d-%m-%Y %H:%M} WIB",
        "made_on": dt.date(*now.timetuple()[:3]),
    }
    if kind in LISTS:
        found = desk.do(LISTS[kind], session_id=asked)
        return list_xlsx(kind, found) if suffix == ".xlsx" else list_pdf(kind, found, **foot)
    if kind == "statement":
        return statement_pdf(desk.do(statements.statement, statement_no=asked), **foot)
    if kind == "minutes":
        return minutes_pdf(desk.do(print_lists.minutes, meeting_id=asked), signer=signer_in(secrets), **foot)
    if kind == "cards":
        return cards_pdf(desk.do(print_lists.station_cards), **foot)
    raise BadInput(f"Tidak ada cetakan {kind}. Pilih: {', '.join(KINDS)}.")
