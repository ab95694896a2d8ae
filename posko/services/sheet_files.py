"""A table from a file that somebody brings: CSV or XLSX, read strictly; nothing in it computes, unpacks without end or hides code (R-012).

A cell is a text, a whole number, a date or nothing. What cannot be one is a problem with its line and column letter; a file that is
not what its name says is refused as a whole, before it costs more than a look.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from posko.services.registry_columns import Problem
from posko.services.registry_values import FIRST_SIGNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_BYTES = 20_000_000
MOST_UNPACKED = 200_000_000
MOST_EXPANSION = 150
"""Times that a large part of an archive may grow when unpacked; a real sheet grows 10 to 40 times."""
LARGE_PART = 5_000_000
MOST_LINES = 100_000
"""Lines below the heading that a file may have, if the caller says nothing else."""
MOST_COLUMNS = 100
LONGEST_CELL = 2_000
SHEET_BROKEN = "berkas bukan buku kerja XLSX yang utuh; simpan ulang dari Excel"
_NOT_TEXT = {
    b"PK\x03\x04": "buku kerja atau ZIP",
    b"%PDF": "PDF",
    b"\xd0\xcf\x11\xe0": "buku kerja Excel lama",
    b"MZ": "program",
}
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_DOCTYPE = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
_MACRO = b"macroEnabled"
_LINKED = "xl/externallinks/"
_SHEETS, _ROW = "xl/worksheets/sheet", b"<row "
_BLOCK = 1_000_000
_OVERLAP = 64


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: its number (the heading is 1) and column -> value."""

    number: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A file as it was read: cells of the heading with its line, (line, cells) of all below, and every problem of a single cell."""

    number: int
    heading: list[Any]
    lines: list[tuple[int, list[Any]]]
    problems: list[Problem]


class SheetWrong(Exception):
    """The file cannot be read, for these reasons."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems[:3]))
        self.problems = list(problems)


def table_of(data: object, filename: object, *, most_lines: int | None = None) -> Table:
    """Return the table of a file; empty lines are left out.

    Args:
        data: the bytes of a CSV (comma, semicolon or tab; UTF-8, BOM allowed) or of an XLSX (its first sheet).
        filename: its name; the end decides which of the two.
        most_lines: lines below the heading at most; None: `MOST_LINES`.

    Raises:
        SheetWrong: not such a file, too large, or not what its name says.
    """
    most = MOST_LINES if most_lines is None else most_lines
    if not isinstance(data, bytes | bytearray) or not isinstance(filename, str):
        raise whole("berkas tidak terbaca")
    if len(data) > MOST_BYTES:
        raise whole(f"berkas lebih besar dari {MOST_BYTES // 1_000_000} MB")
    is_book = filename.lower().endswith(".xlsx")
    if not is_book and not filename.lower().endswith((".csv", ".tsv", ".txt")):
        raise whole("berkas harus .csv atau .xlsx")
    problems: list[Problem] = []
    table = (_book_lines if is_book else _text_lines)(bytes(data), problems, most)
    number, heading = next(table, (0, []))
    if not heading:
        raise whole("berkas kosong")
    lines = []
    for line in table:
        lines.append(line)
        if len(lines) > most:
            raise too_many(most)
    return Table(number, heading, lines, problems)


def whole(what: str) -> SheetWrong:
    """Return what is wrong with a file as a whole."""
    return SheetWrong([Problem(0, "-", what)])


def too_many(most: int) -> SheetWrong:
    """Return that a file has too many lines."""
    return whole(f"lebih dari {most} baris; bagi menjadi beberapa berkas")


def letter(place: int) -> str:
    """Return the letter of a column, as the spreadsheet shows it: 0 is A."""
    return chr(65 + place) if place < 26 else f"{chr(64 + place // 26)}{chr(65 + place % 26)}"


def _text_lines(data: bytes, problems: list[Problem], most: int) -> Iterator[tuple[int, list[Any]]]:
    _check_text(data, most)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise whole("berkas bukan teks UTF-8; simpan ulang sebagai CSV UTF-8") from error
    if "\0" in text:
        raise whole("berkas memuat karakter NUL")
    first = next((line for line in text.splitlines() if line.strip(" ;,\t")), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    begins = 1
    try:
        for cells in reader:
            number, begins = begins, reader.line_num + 1
            found = [cell.strip() or None for cell in cells[: MOST_COLUMNS + 1]]
            if not any(found):
                continue
            yield number, [_typed_text(cell, number, place, problems) for place, cell in enumerate(found)]
    except csv.Error as error:
        raise whole(f"tanda kutip atau pemisah tidak lengkap sekitar baris {begins}") from error


def _check_text(data: bytes, most: int) -> None:
    """Refuse by the first bytes and the number of lines, before anything is decoded."""
    for sign, what in _NOT_TEXT.items():
        if data.startswith(sign):
            raise whole(f"isi berkas {what}, bukan teks CSV; betulkan akhiran namanya atau simpan ulang")
    if data.startswith(_UTF_16):
        raise whole("berkas berkode UTF-16; simpan ulang sebagai CSV UTF-8")
    if data.count(b"\n") > 2 * most + 1_000:
        raise too_many(most)


def _typed_text(cell: str | None, number: int, place: int, problems: list[Problem]) -> str | None:
    if cell is None:
        return None
    if cell.startswith(FIRST_SIGNS):
        problems.append(Problem(number, letter(place), "mulai dengan tanda rumus (= + - @)"))
    elif len(cell) > LONGEST_CELL:
        problems.append(Problem(number, letter(place), f"lebih panjang dari {LONGEST_CELL} karakter"))
    return cell


def _book_lines(data: bytes, problems: list[Problem], most: int) -> Iterator[tuple[int, list[Any]]]:
    import openpyxl  # noqa: PLC0415 - slow to load, and most commands read no workbook

    if _check_archive(data) > 2 * most + 1_000:
        raise too_many(most)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        yield from _sheet_lines(sheet, problems, most)
    except SheetWrong:
        raise
    except Exception as error:
        raise whole(SHEET_BROKEN) from error
    else:
        book.close()


def _sheet_lines(sheet: Any, problems: list[Problem], most: int) -> Iterator[tuple[int, list[Any]]]:
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        # A sheet may name its last row a million lines below the others.
        if number > 2 * most + 1_000:
            raise too_many(most)
        found = [_typed_cell(cell, number, place, problems) for place, cell in enumerate(cells)]
        if any(value is not None for value in found):
            yield number, found


def _check_archive(data: bytes) -> int:
    """Refuse an archive that would unpack into too much, that holds code, or whose XML defines entities.

    Returns:
        How many rows its shortest sheet has at least, so that a long one is refused before it is read.
    """
    rows = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > MOST_UNPACKED or any(map(_is_bomb, parts)):
                raise whole("isi berkas terlalu besar")
            for part in parts:
                name = part.filename.lower()
                if name.endswith("vbaproject.bin"):
                    raise whole("berkas memuat makro; simpan ulang sebagai .xlsx tanpa makro")
                if name.startswith(_LINKED):
                    raise whole("berkas menautkan buku kerja lain; simpan ulang dengan nilainya saja")
                if name.endswith((".xml", ".rels")):
                    found = _check_part(archive, part)
                    rows += [found] if name.startswith(_SHEETS) else []
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise whole(SHEET_BROKEN) from error
    return min(rows, default=0)


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > LARGE_PART and part.file_size > MOST_EXPANSION * part.compress_size


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Look through a part a block at a time, so that it never stands in memory as a whole; return how many rows begin in it."""
    is_types, rows = part.filename == "[Content_Types].xml", 0
    with archive.open(part) as content:
        before = b""
        while block := content.read(_BLOCK):
            seen = before + block
            if any(sign in seen for sign in _DOCTYPE):
                raise whole("berkas memuat definisi XML yang tidak dikenal")
            if is_types and _MACRO in seen:
                raise whole("berkas memuat makro; simpan ulang sebagai .xlsx tanpa makro")
            rows += block.count(_ROW)
            before = seen[-_OVERLAP:]
    return rows


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
        problems.append(Problem(number, letter(place), what))
        return "x"
    return value
