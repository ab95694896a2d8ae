"""A list as a file: what was typed never computes, numbers stay numbers, and both kinds hold the same cells (R-021, R-098)."""

from __future__ import annotations

import csv
import io
import time
from typing import TYPE_CHECKING

import openpyxl
import pytest

from posko.services import list_files
from posko.services.list_files import Table

if TYPE_CHECKING:
    from posko.services.list_files import Cell, Kind

HARMFUL = [
    "=1+1",
    "+62812345",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    '=HYPERLINK("http://x","y")',
    "＝1+1",  # noqa: RUF001 - the wide sign is the point
    "#REF!",
]


def table(*lines: list[Cell]) -> Table:
    return Table("daftar/uji", ["Nama", "Banyak"], lines, {"Data per": "23-11-2026 10:00 WIB"})


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("text", HARMFUL)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_text_that_could_be_a_formula_is_shown_and_never_computed(text: str, kind: Kind) -> None:
    made = list_files.made(table([text, 1]), kind)

    if kind == "csv":
        assert read_csv(made)[1][0] == f"'{text}"
    else:
        cell = openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]["A2"]
        # XML knows no carriage return of its own.
        assert (cell.data_type, cell.value) == ("s", f"'{text}".replace("\r", "\n"))


@pytest.mark.parametrize("text", ["KALIAH", "12-03-2026", "a=b", "Rp 5", "TUK-1 · TUK 1", "0012"])
def test_an_ordinary_text_stays_as_it_is(text: str) -> None:
    assert list_files.harmless(text) == text


def test_numbers_stay_numbers_and_nothing_stays_empty() -> None:
    lines: list[list[Cell]] = [["A", -5], ["B", 1.5], ["C", None]]

    sheet = openpyxl.load_workbook(io.BytesIO(list_files.made(table(*lines), "xlsx"))).worksheets[0]

    assert [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)] == lines
    assert read_csv(list_files.made(table(*lines), "csv"))[1:4] == [["A", "-5"], ["B", "1.5"], ["C", ""]]


def test_the_heading_comes_first_and_when_the_data_were_read_is_said() -> None:
    made = table(["A;B", 1], ['say "x"\nagain', 2])

    rows = read_csv(list_files.made(made, "csv"))
    book = openpyxl.load_workbook(io.BytesIO(list_files.made(made, "xlsx")))

    assert rows == [["Nama", "Banyak"], ["A;B", "1"], ['say "x"\nagain', "2"], ["Data per 23-11-2026 10:00 WIB"]]
    assert book.sheetnames == ["daftar uji", "Keterangan"]
    assert [list(row) for row in book.worksheets[1].values] == [["Data per", "23-11-2026 10:00 WIB"]]
    assert [cell.value for cell in book.worksheets[0][1]] == ["Nama", "Banyak"]
    assert book.worksheets[0].freeze_panes == "A2"


def test_what_no_file_may_hold_is_replaced() -> None:
    made = list_files.made(table(["a\x00b\x1fc", 1]), "xlsx")

    assert openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]["A2"].value == "a\ufffdb\ufffdc"


def test_an_empty_list_has_its_heading() -> None:
    assert read_csv(list_files.made(table(), "csv"))[0] == ["Nama", "Banyak"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_long_list_written_by_a_process_of_its_own_is_the_same_file(kind: Kind) -> None:
    lines: list[list[Cell]] = [["=1+1", number] for number in range(list_files.SHORT)] + [["\x00 é\n", None]]

    here, aside = (make(table(*lines), kind) for make in (list_files.made, list_files.made_aside))

    assert cells(here, kind) == cells(aside, kind)
    assert len(cells(aside, kind)) > list_files.SHORT


def cells(data: bytes, kind: Kind) -> list[object]:
    if kind == "csv":
        return list(read_csv(data))
    return [row for sheet in openpyxl.load_workbook(io.BytesIO(data)) for row in sheet.values]


def test_a_long_list_leaves_this_process_to_its_other_threads() -> None:
    long = table(*([f"NAMA {number}", number] for number in range(20_000)))
    spent = []
    for make in (list_files.made, list_files.made_aside):
        before = time.process_time()
        make(long, "xlsx")
        spent.append(time.process_time() - before)

    assert spent[1] < spent[0] / 4


def test_a_process_that_fails_is_a_fault_and_no_empty_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_files.sys, "executable", "/bin/false")

    with pytest.raises(RuntimeError):
        list_files.made_aside(table(*(["A", 1] for _ in range(list_files.SHORT + 1))), "csv")
