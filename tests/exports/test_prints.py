"""Lists, statements and cards as paper: every row is there, nothing runs over, workbooks compute nothing (§9.3, §13.5)."""

from __future__ import annotations

import datetime as dt
import io

import numpy as np
import openpyxl
import pypdfium2
import pytest

from exports.prints import LISTS, cards_pdf, list_pdf, statement_pdf
from exports.prints_sheet import list_xlsx

FOOT = {"printed": "Dicetak LS1, 10-03-2026 09:00 WIB", "made_on": dt.date(2026, 3, 10)}
SESSION = {
    "session_id": 7, "exam_on": "2026-03-09", "slot": 1, "scheme_code": "TLRT", "label": "DITUTUP", "tuk_code": "TUK-1",
    "tuk_name": "TUK Satu", "city": "Kota 1", "lsp_code": "LSP-1", "lsp_name": "LSP Satu", "met_no": "MET.1",
    "asesor_name": "Asesor Satu",
}  # fmt: skip
LONG = ("WIDYANINGSIH KUSUMANINGRAT " * 10)[:255]


def row(number, **other):
    return {
        "no": number, "tki_id": str(9_000_000 + number), "full_name": f"TKI NOMOR {number}", "sex": "P", "born_on": "1983-05-01",
        "city": "TANGERANG (KAB)", "pptkis_name": "DUTA ANANDA SETIA", "label": "DITERIMA_LSP_TUK", "outcome": "HADIR",
        "recorded_at": "2026-03-09 08:01", "statement_no": None, "asesor_result": "K", "result": "K", "sk_no": "SK-1",
        "certificate_no": f"PRT.1025.2026.{number:07d}", **other,
    }  # fmt: skip


def found(*rows):
    return {"session": SESSION, "rows": list(rows)}


def texts(pdf):
    pages = pypdfium2.PdfDocument(pdf)
    return [
        " ".join(page.get_textpage().get_text_range().replace("\u200b", "").replace("\ufffe", "").split())
        for page in pages
    ]


def margins_are_empty(pdf, edge_mm=14):
    for page in pypdfium2.PdfDocument(pdf):
        drawn = np.asarray(page.render(scale=1, grayscale=True).to_pil()) < 200
        edge = round(edge_mm / 25.4 * 72)
        if drawn[:, :edge].any() or drawn[:, -edge:].any():
            return False
    return True


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_names_its_session_and_every_row_and_repeats_its_head_on_each_page(kind):
    pages = texts(list_pdf(kind, found(*(row(n) for n in range(1, 61))), **FOOT))

    assert len(pages) > 1
    for shown in (LISTS[kind].title, "9 Maret 2026", "TUK-1 TUK Satu", "MET.1 Asesor Satu"):
        assert shown in pages[0]
    for number, page in enumerate(pages, 1):
        assert f"Halaman {number} / {len(pages)}" in page
        assert "Dicetak LS1" in page
    assert all("ID TKI" in page for page in pages[:-1])
    whole = " ".join(pages)
    assert all(f"TKI NOMOR {n} " in whole for n in range(1, 61))
    assert all(signer in whole for signer in LISTS[kind].signers)


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("text", [LONG, "M" * 255, "#panic() $x$ <script>"])
def test_the_longest_texts_stay_on_the_page_and_are_whole(kind, text):
    whole = {
        "full_name": text,
        "city": text,
        "pptkis_name": text,
        "sk_no": "S" * 60,
        "tki_id": "9" * 64,
        "statement_no": "B" * 40,
    }
    pdf = list_pdf(kind, found(row(1, **whole), row(2)), **FOOT)

    assert margins_are_empty(pdf)
    assert text.replace(" ", "") in "".join(texts(pdf)).replace(" ", "")


def test_the_same_rows_give_the_same_bytes():
    assert list_pdf("results", found(row(1)), **FOOT) == list_pdf("results", found(row(1)), **FOOT)


def test_an_empty_list_says_so():
    assert "Tidak ada peserta" in texts(list_pdf("candidates", found(), **FOOT))[0]


def sheet_of(kind, *rows):
    book = openpyxl.load_workbook(io.BytesIO(list_xlsx(kind, found(*rows))))
    return [[cell.value for cell in line] for line in book.active.iter_rows()], book


@pytest.mark.parametrize("kind", LISTS)
def test_a_workbook_holds_the_columns_of_the_list_but_the_signature(kind):
    rows, _ = sheet_of(kind, row(1), row(2))

    assert rows[0] == [column.title for column in LISTS[kind].columns if column.field != "signature"]
    assert [line[:3] for line in rows[1:]] == [[1, "9000001", "TKI NOMOR 1"], [2, "9000002", "TKI NOMOR 2"]]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", "#REF!", "TRUE", "007"]
)
def test_nothing_in_a_workbook_computes(text):
    rows, book = sheet_of("candidates", row(1, full_name=text))

    assert rows[1][2].lstrip("'") == text
    assert not rows[1][2].startswith(("=", "+", "-", "@", "\t"))
    assert all(cell.data_type in {"s", "n"} for line in book.active.iter_rows() for cell in line)


def test_control_characters_do_not_break_a_workbook():
    assert sheet_of("candidates", row(1, full_name="A\x00\x0bB"))[0][1][2] == "AB"


STATEMENT = {
    "statement_no": "BA/TUK-1/20260309/0A1B2C", "session_id": 7, "outcome": "X", "label": "TOLAK_TIDAK_TERDAFTAR",
    "id_as_typed": "9999999", "reason": "Tidak terdaftar", "tries": 0, "recorded_by": "TU1", "recorded_by_name": "Petugas TU1",
    "full_name": None, "exam_on": "2026-03-09", "tuk_code": "TUK-1", "tuk_name": "TUK Satu", "tuk_city": "Kota 1",
    "recorded_at": "2026-03-09T08:05:00",
}  # fmt: skip


def test_a_statement_says_who_was_turned_away_where_when_and_why():
    (page,) = texts(statement_pdf(STATEMENT, **FOOT))

    for shown in ("BA/TUK-1/20260309/0A1B2C", "9999999", "9 Maret 2026", "tidak dapat mengikuti uji kompetensi", "Tidak terdaftar",
                  "namanya tidak ada dalam basis data", "Petugas TU1", "2026-03-09 08:05"):  # fmt: skip
        assert shown in page
    assert "SITI" in texts(statement_pdf({**STATEMENT, "full_name": "SITI"}, **FOOT))[0]
    assert margins_are_empty(statement_pdf({**STATEMENT, "full_name": "M" * 255, "reason": "W" * 500}, **FOOT))


def test_each_station_has_a_card():
    rows = [
        {"station_code": f"ST-{n}", "station_name": "W" * 255 if n == 3 else f"Loket {n}", "tuk_code": "TUK-1" if n else None,
         "tuk_name": "TUK Satu", "reader_serial": f"READER-{n}", "key_id": "0a" * 16 if n else None}
        for n in range(12)
    ]  # fmt: skip
    pdf = cards_pdf(rows, **FOOT)
    whole = " ".join(texts(pdf))

    assert all(f"ST-{n} " in whole and f"READER-{n}" in whole for n in range(12))
    assert "Bukan di TUK" in whole
    assert "belum terdaftar" in whole
    assert margins_are_empty(pdf)
