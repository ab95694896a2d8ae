"""Register files, CSV and XLSX, are read strictly or refused with line and column; nothing in them computes (R-012, R-098)."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from contextlib import suppress

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko.domain.errors import Refused
from posko.services import sheet_files
from posko.services.registry_columns import REGISTERS, clean
from posko.services.registry_files import FileRefused, read

HEAD = ("lsp_code", "lsp_name", "license_no", "valid_from", "valid_until")
GOOD = ("LSP-7", "LSP Tujuh", "BNSP-LSP-007-ID", "2026-01-01", "2028-12-31")


def csv_of(*rows, separator=",", head=HEAD):
    return "\n".join(separator.join(row) for row in (head, *rows)).encode()


def book_of(*rows, head=HEAD):
    book = openpyxl.Workbook()
    for row in (head, *rows):
        book.active.append(list(row))
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def found_in(data, name="lsp.csv", register="lsp"):
    with pytest.raises(FileRefused) as refused:
        read(data, name, register)
    return [(problem.line, problem.column, problem.what) for problem in refused.value.problems]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_comma_semicolon_and_tab_files_are_read_with_and_without_bom(separator, bom):
    (line,) = read(bom + csv_of(GOOD, separator=separator), "lsp.csv", "lsp")

    assert (line.number, line.values) == (2, dict(zip(HEAD, GOOD, strict=True)))


def test_columns_may_stand_in_any_order_and_case_and_empty_lines_do_no_harm():
    data = b"\r\nValid_Until;LSP_CODE;lsp_name;license_no;valid_from\r\n;;;;\r\n2028-12-31;LSP-7;LSP Tujuh;X-1;2026-01-01\r\n"

    (line,) = read(data, "lsp.CSV", "lsp")
    assert (line.number, line.values["lsp_code"], line.values["valid_until"]) == (4, "LSP-7", "2028-12-31")


def test_a_workbook_is_read_with_real_dates_and_whole_numbers():
    row = ("TUK-7", "TUK Tujuh", "Kota", 20.0, dt.date(2026, 1, 1), dt.datetime.fromisoformat("2028-12-31T00:00"))
    head = REGISTERS["tuk"].names

    (line,) = read(book_of(row, head=head), "tuk.xlsx", "tuk")
    assert clean(REGISTERS["tuk"], line.values) == (
        dict(zip(head, ("TUK-7", "TUK Tujuh", "Kota", 20, dt.date(2026, 1, 1), dt.date(2028, 12, 31)), strict=True)),
        [],
    )


def test_a_code_that_the_spreadsheet_took_for_a_number_is_a_code_again():
    (line,) = read(book_of((701, *GOOD[1:])), "lsp.xlsx", "lsp")

    assert clean(REGISTERS["lsp"], line.values)[0]["lsp_code"] == "701"


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("=1+1", "rumus"),
        ('=HYPERLINK("x")', "rumus"),
        ("#N/A", "kesalahan"),
        (True, "TRUE"),
        (1.5, "pecahan"),
        (dt.datetime.fromisoformat("2026-01-01T08:30"), "jam"),
        (dt.time(8, 30), "jam"),
    ],
)
@pytest.mark.parametrize("place", range(5))
def test_a_cell_that_computes_or_is_no_plain_value_is_named(value, what, place):
    row = [*GOOD]
    row[place] = value

    found = found_in(book_of(row), "lsp.xlsx")
    assert any(line == 2 and column in {"ABCDE"[place], HEAD[place]} and what in text for line, column, text in found)


@pytest.mark.parametrize("sign", ["=1+1", "+62", "-1", "@SUM(A1)"])
@pytest.mark.parametrize("place", range(5))
def test_a_text_that_a_spreadsheet_would_compute_is_refused_in_csv_too(sign, place):
    row = [*GOOD]
    row[place] = sign

    assert any("rumus" in what for _, _, what in found_in(csv_of(row)))


@pytest.mark.parametrize(
    "day", ["1/1/2026", "2026-1-1", "2026-02-30", "01-01-2026", "kemarin", "46023", "2026-01-01T00:00", "9999-01-01"]
)
def test_only_iso_dates_are_dates(day):
    assert [(line, column) for line, column, _ in found_in(csv_of((*GOOD[:3], day, GOOD[4])))] == [(2, "valid_from")]


def test_a_number_is_no_date_in_a_workbook():
    assert found_in(book_of((*GOOD[:3], 46023, GOOD[4])), "lsp.xlsx")[0][:2] == (2, "valid_from")


def test_dates_in_the_wrong_order_are_named():
    assert found_in(csv_of((*GOOD[:3], "2028-01-01", "2027-01-01")))[0][1] == "valid_until"


def test_every_problem_of_a_file_is_told_at_once_with_its_line():
    data = csv_of(GOOD, ("", "x", "y", "2026-01-01", "z"), ("LSP-8", "", "y", "2026-01-01", "2027-01-01"))

    assert [(line, column) for line, column, _ in found_in(data)] == [
        (3, "lsp_code"),
        (3, "valid_until"),
        (4, "lsp_name"),
    ]


def test_a_file_full_of_mistakes_does_not_flood_the_screen():
    with pytest.raises(FileRefused) as refused:
        read(csv_of(*[("", *GOOD[1:])] * 500), "lsp.csv", "lsp")
    assert len(refused.value.problems) == 500
    assert len(str(refused.value).splitlines()) == 22


def test_a_key_that_stands_twice_names_both_lines():
    assert found_in(csv_of(GOOD, GOOD)) == [(3, "lsp_code", "sama dengan baris 2")]


@pytest.mark.parametrize(
    ("head", "column"),
    [
        ((*HEAD, "catatan"), "catatan"),
        ((*HEAD, "lsp_code"), "lsp_code"),
        (HEAD[1:], "lsp_code"),
        ((*HEAD[:4], "valid_untl"), "valid_untl"),
    ],
)
def test_a_heading_with_unknown_missing_or_double_columns_is_refused(head, column):
    assert (1, column) in {(line, found) for line, found, _ in found_in(csv_of(head, head=head))}


def test_a_line_with_more_cells_than_the_heading_is_named():
    assert found_in(csv_of((*GOOD, "lebih")))[0][0] == 2


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "lsp.csv"),
        (b"\n;;;\n", "lsp.csv"),
        (csv_of(), "lsp.csv"),
        (b"\xff\xfe,\x00", "lsp.csv"),
        (csv_of(GOOD) + b"\0", "lsp.csv"),
        (csv_of(GOOD) + b'\n"LSP-8,x', "lsp.csv"),
        (csv_of(GOOD), "lsp.pdf"),
        (csv_of(GOOD), ""),
        (csv_of(GOOD), None),
        (None, "lsp.csv"),
        ("teks", "lsp.csv"),
        (csv_of(GOOD), "lsp.xlsx"),
        (b"PK\x03\x04 rusak", "lsp.xlsx"),
        (book_of(GOOD)[:-200], "lsp.xlsx"),
        (book_of(), "lsp.xlsx"),
        (b"A" * 20_000_001, "lsp.csv"),
    ],
    ids=range(16),
)
def test_what_is_no_register_file_is_refused_in_words(data, name):
    assert found_in(data, name)


def _repacked(change):
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book_of(GOOD))) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
    return made.getvalue()


def test_a_workbook_that_unpacks_into_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(sheet_files, "MOST_UNPACKED", 2_000)

    assert "terlalu besar" in found_in(book_of(GOOD), "lsp.xlsx")[0][2]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_whose_xml_defines_entities_is_refused(encoding):
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    data = _repacked(lambda name, content: bomb.encode(encoding) if name.endswith("sheet1.xml") else content)

    assert "XML" in found_in(data, "lsp.xlsx")[0][2]


def test_a_sheet_with_too_many_lines_is_refused(monkeypatch):
    monkeypatch.setattr(sheet_files, "MOST_LINES", 3)

    assert "baris" in found_in(csv_of(*((f"LSP-{n}", *GOOD[1:]) for n in range(5))))[0][2]


@pytest.mark.parametrize("register", [None, "rules", "", 7, ["lsp"]])
def test_an_unknown_register_is_refused(register):
    with pytest.raises(Refused, match="Pilih salah satu"):
        read(csv_of(GOOD), "lsp.csv", register)


def test_a_nik_in_a_file_is_refused():
    assert "NIK" in found_in(csv_of((GOOD[0], "LSP 3603054105830001", *GOOD[2:])))[0][2]


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx"]), st.sampled_from(sorted(REGISTERS)))
def test_no_file_does_worse_than_be_refused(data, name, register):
    with suppress(FileRefused):
        assert read(data, name, register)


@given(st.lists(st.text(max_size=20), max_size=6), st.sampled_from(sorted(REGISTERS)))
def test_no_text_under_a_good_heading_does_worse_than_be_refused(cells, register):
    data = (",".join(REGISTERS[register].names) + "\n" + ",".join(cells)).encode("utf-8", "replace")
    with suppress(FileRefused):
        assert read(data, "a.csv", register)


@pytest.mark.parametrize("register", REGISTERS.values(), ids=lambda register: register.name)
def test_every_register_is_described_whole(register):
    assert set(register.key) <= set(register.names)
    for column in register.columns:
        assert column.refers is None or column.refers in REGISTERS
        assert column.refers_by is None or column.refers_by in register.names
