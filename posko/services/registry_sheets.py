"""Cells of a register's file, as texts, dates and whole numbers with their line; CSV and XLSX, and nothing that computes (R-012)."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from posko.services.registry_columns import Problem
from posko.services.registry_values import FIRST_SIGNS, Register

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_BYTES = 20_000_000
MOST_UNPACKED = 200_000_000
MOST_LINES = 100_001
MOST_COLUMNS = 100
LONGEST_CELL = 2_000
_DOCTYPE = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: its number (the heading is 1) and column -> value."""

    number: int
    values: dict[str, Any]


class SheetWrong(Exception):
    """The file cannot be read as a register, for these reasons."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems[:3]))
        self.problems = list(problems)


def cells_of(data: object, filename: object, register: Register) -> list[Line]:
    """Return the lines of a file under the register's columns; empty lines are left out.

    Raises:
        SheetWrong: not a file of this register, or a cell that computes or cannot be read.
    """
    if not isinstance(data, bytes | bytearray) or not isinstance(filename, str):
        raise _whole("berkas tidak terbaca")
    if len(data) > MOST_BYTES:
        raise _whole(f"berkas lebih besar dari {MOST_BYTES // 1_000_000} MB")
    is_book = filename.lower().endswith(".xlsx")
    if not is_book and not filename.lower().endswith((".csv", ".tsv", ".txt")):
        raise _whole("berkas harus .csv atau .xlsx")
    problems: list[Problem] = []
    table = (_book_lines if is_book else _text_lines)(bytes(data), problems)
    number, heading = next(table, (0, []))
    if not heading:
        raise _whole("berkas kosong")
    columns = _columns(register, heading, number)
    lines = []
    for number, cells in table:
        values = dict(zip(columns, cells, strict=False))
        if len(cells) > len(columns) and any(cell is not None for cell in cells[len(columns) :]):
            problems.append(Problem(number, "-", "lebih banyak isian daripada judul kolom"))
        lines.append(Line(number, values))
        if len(lines) >= MOST_LINES:
            raise _whole(f"lebih dari {MOST_LINES - 1} baris")
    if problems:
        raise SheetWrong(problems)
    if not lines:
        raise _whole("berkas tidak memuat satu baris pun di bawah judul")
    return lines


def _columns(register: Register, heading: Sequence[object], number: int) -> list[str]:
    """Return the names of the heading, each a column of the register and none missing that every row needs."""
    names = [str(cell).strip().lower() if cell is not None else "" for cell in heading]
    while names and not names[-1]:
        names.pop()
    problems = [
        Problem(number, name[:40] or "-", "kolom ini tidak ada pada daftar")
        for name in names
        if name not in register.names
    ]
    problems += [
        Problem(number, name, "kolom ini muncul dua kali") for name in sorted({n for n in names if names.count(n) > 1})
    ]
    needed = [column.name for column in register.columns if column.required and column.default is None]
    problems += [Problem(number, name, "kolom ini tidak ada di baris judul") for name in needed if name not in names]
    if problems:
        raise SheetWrong(problems)
    return names


def _text_lines(data: bytes, problems: list[Problem]) -> Iterator[tuple[int, list[Any]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _whole("berkas bukan teks UTF-8; simpan ulang sebagai CSV UTF-8") from error
    if "\0" in text:
        raise _whole("berkas memuat karakter NUL")
    first = next((line for line in text.splitlines() if line.strip(" ;,\t")), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    begins = 1
    try:
        for cells in reader:
            number, begins = begins, reader.line_num + 1
            found = [cell.strip() or None for cell in cells]
            if not any(found):
                continue
            yield number, [_typed_text(cell, number, place, problems) for place, cell in enumerate(found)]
    except csv.Error as error:
        raise _whole(f"tanda kutip atau pemisah tidak lengkap sekitar baris {begins}") from error


def _typed_text(cell: str | None, number: int, place: int, problems: list[Problem]) -> str | None:
    if cell is None:
        return None
    if cell.startswith(FIRST_SIGNS):
        problems.append(Problem(number, _letter(place), "mulai dengan tanda rumus (= + - @)"))
    elif len(cell) > LONGEST_CELL:
        problems.append(Problem(number, _letter(place), f"lebih panjang dari {LONGEST_CELL} karakter"))
    return cell


def _book_lines(data: bytes, problems: list[Problem]) -> Iterator[tuple[int, list[Any]]]:
    import openpyxl  # noqa: PLC0415 - slow to load, and most commands read no workbook

    _check_archive(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
            found = [_typed_cell(cell, number, place, problems) for place, cell in enumerate(cells)]
            if any(value is not None for value in found):
                yield number, found
    except SheetWrong:
        raise
    except Exception as error:
        raise _whole("berkas bukan buku kerja XLSX yang utuh; simpan ulang dari Excel") from error
    else:
        book.close()


def _check_archive(data: bytes) -> None:
    """Refuse an archive that would unpack into too much, or whose XML defines entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise _whole("isi berkas terlalu besar")
            for part in archive.infolist():
                content = archive.read(part) if part.filename.lower().endswith((".xml", ".rels")) else b""
                if any(sign in content for sign in _DOCTYPE):
                    raise _whole("berkas memuat definisi XML yang tidak dikenal")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise _whole("berkas bukan buku kerja XLSX yang utuh; simpan ulang dari Excel") from error


def _typed_cell(cell: Any, number: int, place: int, problems: list[Problem]) -> object:
    """Return the value of a cell as text, whole number or date; what it computes is a problem."""
    value, what = cell.value, None
    if cell.data_type == "f":
        what = "berisi rumus; ganti dengan nilainya"
    elif cell.data_type == "e":
        what = f"berisi kesalahan {str(value)[:20]}"
    elif isinstance(value, bool):
        what = "berisi TRUE atau FALSE"
    elif isinstance(value, dt.datetime):
        what = None if value.time() == dt.time() else "berisi tanggal dengan jam"
        value = value.date()
    elif isinstance(value, dt.time | dt.timedelta):
        what = "berisi jam, bukan tanggal"
    elif isinstance(value, float):
        value, what = (int(value), None) if value.is_integer() else (value, "berisi pecahan")
    elif isinstance(value, str):
        return _typed_text(value.strip() or None, number, place, problems)
    if what is not None:
        problems.append(Problem(number, _letter(place), what))
        return "x"
    return value


def _letter(place: int) -> str:
    """Return the letter of a column, as the spreadsheet shows it: 0 is A."""
    return chr(65 + place) if place < 26 else f"{chr(64 + place // 26)}{chr(65 + place % 26)}"


def _whole(what: str) -> SheetWrong:
    return SheetWrong([Problem(0, "-", what)])
