"""A file that is not what it says is a sentence, and leaves nothing but its record (§12.5; R-012, R-021)."""

from __future__ import annotations

import json

import pytest

from posko.services import uploads
from tests.support.preparation import refused, registered, rows_of
from tests.support.sheets import book_of, csv_of, packed

pytestmark = pytest.mark.server
BOMB = b"<worksheet><sheetData>" + b"<row/>" * 5_000_000
MANY = b"<worksheet><sheetData>" + b"".join(b'<row r="%d"><c/></row>' % n for n in range(30_000))
TYPES = b'<Types xmlns="x"><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "bayar.csv", "kosong"),
        (csv_of(), "bayar.csv", "satu baris pun"),
        (csv_of("100;Siti;Lunas"), "bayar.pdf", ".csv atau .xlsx"),
        (csv_of("100;Siti;Lunas"), "bayar.xlsm", ".csv atau .xlsx"),
        (csv_of("100;Siti;Lunas"), "bayar.xlsx", "XLSX yang utuh"),
        (book_of(("ID", "Bayar"), ("100", "Lunas")), "bayar.csv", "bukan teks CSV"),
        (b"%PDF-1.7\n" + b"x" * 100, "bayar.csv", "PDF"),
        (b"MZ\x90\x00", "bayar.csv", "program"),
        (csv_of("100;Sitì;Lunas").decode().encode("latin-1"), "bayar.csv", "UTF-8"),
        (csv_of("100;Siti;Lunas").decode().encode("utf-16"), "bayar.csv", "UTF-16"),
        (csv_of("100;Si\x00ti;Lunas"), "bayar.csv", "NUL"),
        (b'"100;Siti\n' * 3, "bayar.csv", "kutip"),
        (b"x" * 50_000_000, "bayar.csv", "20 MB"),
        (csv_of(*["100;Siti;Lunas"] * 10_001), "bayar.csv", "lebih dari 10000 baris"),
        (csv_of(*["100;Siti;Lunas"] * 1_000_000), "bayar.csv", "lebih dari 10000 baris"),
        (packed(**{"xl/worksheets/sheet1.xml": BOMB}), "bayar.xlsx", "terlalu besar"),
        (packed(**{"xl/worksheets/sheet1.xml": MANY}), "bayar.xlsx", "lebih dari 10000 baris"),
        (packed(**{"xl/vbaProject.bin": b"x"}), "bayar.xlsx", "makro"),
        (packed(**{"xl/externalLinks/externalLink1.xml": b"<x/>"}), "bayar.xlsx", "menautkan buku kerja lain"),
        (packed(**{"[Content_Types].xml": TYPES}), "bayar.xlsx", "makro"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_a_sentence_and_leaves_only_the_record(world, data, name, said):
    registered(world, "100")
    before = rows_of(world)

    refusal = refused(world.desk("KO1"), uploads.read, kind="payment", data=data, filename=name)

    assert refusal.code == "UPLOAD_UNREADABLE"
    assert said in str(refusal)
    assert rows_of(world) == before
    ((payload,),) = world.ask("select payload from posko_audit.audit_event where outcome = 'refused'")
    assert json.loads(payload)["code"] == "UPLOAD_UNREADABLE"
    assert "Siti" not in payload


def test_a_row_that_names_the_last_line_of_a_sheet_does_not_make_a_million_empty_lines(world):
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    sheet += b'<row r="1"><c r="A1" t="inlineStr"><is><t>ID</t></is></c></row>'
    sheet += b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData></worksheet>'

    refusal = refused(
        world.desk("KO1"),
        uploads.read,
        kind="payment",
        data=packed(**{"xl/worksheets/sheet1.xml": sheet}),
        filename="b.xlsx",
    )

    assert "10000 baris" in str(refusal)
