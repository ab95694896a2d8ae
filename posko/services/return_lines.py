"""The rows that go back to BNP2TKI, their hash on both legs, and how a read-back is compared (§14.3-14.5; R-168, R-170).

A read-back is equal when BNP2TKI shows what was sent: for who passed Kode LSP, number and date; for who did not pass, or whose
certificate is revoked, no number and no date. Nothing shown for who passed means not updated yet: missing, not different.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from posko.domain.handoff import row_hash
from posko.domain.refusals import refuse
from posko.services.rows import Row, many, many_among

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlalchemy as sa

HANDED_OVER = (
    "tki_id",
    "scheme_code",
    "version",
    "result",
    "lsp_code",
    "certificate_no",
    "certified_on",
    "certificate_status",
)
"""Columns of `return_line` that both legs carry, in their order. `is_last` is not among them: a later version changes it."""
READ_BACK = ("kode_lsp", "no_sertifikasi_kompetensi", "tanggal_sertifikasi_kompetensi")
"""BNP2TKI's own columns that its update fills (§14.5)."""
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]00:00(?::00)?)?")
_SOURCE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def hand_over_fields(row: Row) -> list[object]:
    """Return what of a return line is handed over, as both legs hash it."""
    return [row[name] for name in HANDED_OVER]


def line_hash(row: Row) -> bytes:
    """Return the hash of a return line on either leg."""
    return row_hash(hand_over_fields(row))


def of_batch(db: sa.Connection, return_batch_id: int) -> list[Row]:
    """Return the lines of a return, which the caller has locked, each with the newest version of its journey that was ever sent."""
    return many(
        db,
        "select l.*, j.attempt_no, (select max(n.version) from posko.return_line n where n.journey_id = l.journey_id)"
        " as newest from posko.return_line l join posko.journey j on j.journey_id = l.journey_id"
        " where l.return_batch_id = :id order by l.journey_id",
        id=return_batch_id,
    )


def checked_read_back(read_back: object) -> dict[str, Row]:
    """Return a read-back with its texts stripped and its date as a date where it is one.

    Raises:
        Refused: it is no table of ID TKI to the three columns.
    """
    if not isinstance(read_back, dict):
        raise refuse("READ_BACK_UNREADABLE")
    return {_tki(key): _row(value) for key, value in read_back.items()}


def _tki(key: object) -> str:
    if not isinstance(key, str) or not 0 < len(key) <= 64 or not _is_text(key):
        raise refuse("READ_BACK_UNREADABLE")
    return key


def _is_text(value: str) -> bool:
    """Return whether a text can be stored: halves of characters cannot."""
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


def _row(value: object) -> Row:
    if not isinstance(value, dict) or not set(READ_BACK) <= value.keys():
        raise refuse("READ_BACK_UNREADABLE")
    shown = [value[name] for name in READ_BACK]
    if any(not (item is None or isinstance(item, str | date)) for item in shown):
        raise refuse("READ_BACK_UNREADABLE")
    if any(isinstance(item, str) and (len(item) > 255 or not _is_text(item)) for item in shown):
        raise refuse("READ_BACK_UNREADABLE")
    lsp_code, number, day = (item.strip() if isinstance(item, str) else item for item in shown)
    return {"lsp_code": str(lsp_code or ""), "number": str(number or ""), "day": _day(day)}


def _day(value: object) -> date | str | None:
    """Return a date of the two declared forms, ISO or Gambar 5's month/day/year (X10), or the text as it is."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or not value:
        return value if isinstance(value, date) else None
    text = str(value)
    iso, source = _ISO.fullmatch(text), _SOURCE.fullmatch(text)
    try:
        if iso:
            return date(*(int(part) for part in iso.groups()))
        if source:
            month, day, year = (int(part) for part in source.groups())
            return date(year, month, day)
    except ValueError:
        return text
    return text


def is_empty(shown: Row) -> bool:
    """Return whether BNP2TKI shows neither number nor date."""
    return not shown["number"] and shown["day"] is None


def expects_number(line: Row) -> bool:
    """Return whether BNP2TKI must show a number for this line."""
    return line["certificate_no"] is not None and line["certificate_status"] != "REVOKED"


def difference(line: Row, shown: Row | None) -> str | None:
    """Return what differs, in words; "" when nothing does, None when BNP2TKI has not updated the row yet."""
    if shown is None:
        return None
    if line["certificate_no"] is None and is_empty(shown) and not shown["lsp_code"]:
        # Who did not pass has nothing else to show: the LSP's code alone says that BNP2TKI took the result over.
        return None
    if not expects_number(line):
        wrong = [] if is_empty(shown) else ["nomor atau tanggal masih terisi"]
        wrong += ["kode LSP"] if shown["lsp_code"] not in {"", line["lsp_code"]} else []
        return ", ".join(wrong)
    if is_empty(shown) and not shown["lsp_code"]:
        return None
    wrong = []
    if shown["lsp_code"] != line["lsp_code"]:
        wrong.append("kode LSP")
    if shown["number"] != line["certificate_no"]:
        wrong.append("nomor")
    if shown["day"] != line["certified_on"]:
        wrong.append("tanggal")
    return ", ".join(wrong)


def strange_numbers(db: sa.Connection, shown: Mapping[str, Row]) -> dict[str, str]:
    """Return ID TKI -> number that BNP2TKI shows and that was never issued to her: a fake (DV-C08)."""
    claimed = {tki: row["number"] for tki, row in shown.items() if row["number"]}
    sql = "select certificate_no, tki_id from posko.certificate where certificate_no in :ids"
    owners = {row["certificate_no"]: row["tki_id"] for row in many_among(db, sql, sorted(set(claimed.values())))}
    return {tki: number for tki, number in sorted(claimed.items()) if owners.get(number) != tki}
