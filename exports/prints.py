"""Lists, statements and cards on paper: from the rows of `posko.services.print_lists` to PDF (§9.3, §13.3-13.10); minutes: `minutes.py`.

Every value is turned into text here; the templates only set it. `printed` says who printed it when, in the foot of each page.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from exports.certificate import long_day
from exports.printing import set_pages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NOTHING, SIGNATURE = "-", "signature"
"""What stands for nothing in a cell, and the column that is left empty for a hand."""
_LONG_WORD = re.compile(r"\S{14}(?=\S{6})")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list: field of the row, heading, width in mm (0: what is left)."""

    field: str
    title: str
    width: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """One kind of list of a session: title, columns, who signs below."""

    title: str
    columns: tuple[Column, ...]
    signers: tuple[str, ...]


_WHO = (Column("no", "No", 10), Column("tki_id", "ID TKI", 26), Column("full_name", "Nama"))
LISTS: Mapping[str, Listed] = {
    "candidates": Listed(
        "Daftar Peserta Uji Kompetensi",
        (
            *_WHO,
            Column("sex", "L/P", 12),
            Column("born_on", "Tanggal lahir", 24),
            Column("city", "Kota asal", 38),
            Column("pptkis_name", "PPTKIS", 48),
            Column("label", "Keadaan", 38),
        ),
        ("Administrator LSP", "Administrator TUK"),
    ),
    "attendance": Listed(
        "Daftar Hadir Peserta",
        (
            *_WHO,
            Column("outcome", "Hasil absensi", 48),
            Column("recorded_at", "Waktu (WIB)", 32),
            Column("statement_no", "Berita acara", 44),
            Column(SIGNATURE, "Tanda tangan", 32),
        ),
        ("Asesor", "Administrator TUK"),
    ),
    "results": Listed(
        "Daftar Hasil Uji Kompetensi",
        (
            *_WHO,
            Column("asesor_result", "Asesor", 16),
            Column("result", "Keputusan", 22),
            Column("sk_no", "Nomor SK", 44),
            Column("certificate_no", "No Sertifikat", 46),
        ),
        ("Asesor", "Administrator LSP"),
    ),
}
"""Kind -> list; the kinds are the acts of `posko.services.print_lists`."""


def list_pdf(kind: str, found: Mapping[str, Any], *, printed: str, made_on: dt.date) -> bytes:
    """Return a list of a session as PDF; `found` is the answer of the act of this kind."""
    what = LISTS[kind]
    columns = [{"title": column.title, "width": column.width} for column in what.columns]
    rows = [[_cell(row, column) for column in what.columns] for row in found["rows"]]
    data: dict[str, Any] = {
        "columns": columns,
        "rows": rows,
        "signers": what.signers,
        "facts": _facts(found["session"]),
    }
    data["space"] = 7 if any(column.field == SIGNATURE for column in what.columns) else 3.5
    return set_pages("list", {**data, **frame(what.title, printed, made_on)})


def statement_pdf(found: Mapping[str, Any], *, printed: str, made_on: dt.date) -> bytes:
    """Return the statement that a person cannot sit the test (§13.5); `found` is the answer of `statements.statement`."""
    who = found["full_name"] or "seorang yang namanya tidak ada dalam basis data"
    day = long_day(dt.date.fromisoformat(found["exam_on"]))
    sentence = (
        f"{found['tuk_name']} menyatakan bahwa {_broken(str(who))}, yang datang dengan ID TKI"
        f" {_broken(str(found['id_as_typed']))}, pada tanggal {day} tidak dapat mengikuti uji kompetensi."
    )
    facts = [
        ("Nomor", found["statement_no"]),
        ("TUK", f"{found['tuk_code']} {found['tuk_name']}, {found['tuk_city']}"),
        ("Sesi uji", found["session_id"]),
        ("Hasil", found["label"]),
        ("Waktu (WIB)", str(found["recorded_at"]).replace("T", " ")),
        ("Percobaan sidik jari", found["tries"]),
        ("Petugas", f"{found['recorded_by']} {found['recorded_by_name'] or ''}"),
    ]
    told: dict[str, Any] = {"sentence": sentence, "reason": text_of(found["reason"]), "facts": texts(facts)}
    told |= frame("Berita Acara Tidak Dapat Mengikuti Uji", printed, made_on)
    return set_pages("statement", {**told, "signers": ["Peserta", "Administrator TUK"]})


def cards_pdf(rows: Sequence[Mapping[str, Any]], *, printed: str, made_on: dt.date) -> bytes:
    """Return the cards of the stations; `rows` is the answer of `print_lists.station_cards`."""
    cards = [
        {
            "code": text_of(row["station_code"]),
            "name": text_of(row["station_name"]),
            "tuk": f"{row['tuk_code']} {text_of(row['tuk_name'])}" if row["tuk_code"] else "Bukan di TUK",
            "reader": text_of(row["reader_serial"]),
            "key": text_of(row["key_id"] or "belum terdaftar"),
        }
        for row in rows
    ]
    facts = [["Stasiun", str(len(cards))]]
    return set_pages("cards", {"cards": cards, "facts": facts, **frame("Kartu Stasiun", printed, made_on)})


def text_of(value: object) -> str:
    """Return a value as a cell shows it."""
    return NOTHING if value is None else _broken(str(value))


def _cell(row: Mapping[str, Any], column: Column) -> str:
    return "" if column.field == SIGNATURE else text_of(row.get(column.field))


def _broken(text: str) -> str:
    """Return a text of which no word is wider than a cell: long ones may be broken where a reader sees nothing (U+200B)."""
    return _LONG_WORD.sub(lambda found: f"{found[0]}\u200b", text)


def texts(facts: Sequence[tuple[str, object]]) -> list[list[str]]:
    """Return labels and values as the head of a page shows them."""
    return [[label, text_of(value)] for label, value in facts]


def frame(title: str, printed: str, made_on: dt.date) -> dict[str, str]:
    """Return what every print has in common."""
    return {"title": title, "printed": printed, "made_on": made_on.isoformat()}


def _facts(session: Mapping[str, Any]) -> list[list[str]]:
    return texts(
        [
            ("Sesi uji", f"{session['session_id']} ({session['label']})"),
            ("Tanggal", f"{long_day(dt.date.fromisoformat(session['exam_on']))}, gelombang {session['slot']}"),
            ("TUK", f"{session['tuk_code']} {session['tuk_name']}, {session['city']}"),
            ("LSP", f"{session['lsp_code']} {session['lsp_name']}"),
            ("Asesor", f"{session['met_no']} {session['asesor_name']}"),
            ("Skema", session["scheme_code"]),
        ]
    )
