"""A list as a file, CSV or XLSX, in which no cell computes whatever a person once typed (R-021, R-098).

A CSV is UTF-8 with its mark and semicolons, as a spreadsheet set to Indonesian opens it. Times and counts stand as the screen shows them;
whole numbers stay numbers. When the data were read stands in the last line of a CSV and on the second sheet of a book.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Literal

from posko.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Cell = str | int | float | None

Kind = Literal["csv", "xlsx"]
_COMPUTES = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - some spreadsheets take the wide signs too
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
SHORT, BLOCK = 2_000, 200
"""Lines up to which a file is written here, and lines that are sent at a time to the process that writes a longer one."""
LONGEST_TITLE = 31
"""Characters of the name of a sheet."""
WIDEST = 48
"""Characters of the widest column of a book."""


@dataclass(frozen=True)
class Table:
    """What goes into a file: heading and lines of equal length, a title, and what is said beside them (label -> value)."""

    title: str
    heading: Sequence[str]
    lines: Sequence[Sequence[Cell]]
    beside: Mapping[str, str]


def made(table: Table, kind: Kind) -> bytes:
    """Return the table as a file."""
    return _MAKERS[kind](table)


def made_aside(table: Table, kind: Kind) -> bytes:
    """Return the same as `made`; of a long table in a process of its own, so that the threads of this one go on.

    Raises:
        RuntimeError: that process ended without a file.
    """
    if len(table.lines) <= SHORT:
        return made(table, kind)
    words = [sys.executable, "-B", "-m", "posko.services.list_files_child", kind]
    with tempfile.TemporaryFile() as file:
        child = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=file, cwd=PROJECT_ROOT, env={})
        with child, contextlib.suppress(BrokenPipeError):
            if child.stdin is not None:
                _send(table, child.stdin)
        if child.returncode != 0:
            raise RuntimeError(f"a list of {len(table.lines)} lines could not be written as {kind}")
        file.seek(0)
        return file.read()


def _send(table: Table, to: IO[bytes]) -> None:
    """Write a table a few lines at a time: one long call of the encoder would hold every other thread."""
    with to:
        to.write(json.dumps([table.title, list(table.heading), dict(table.beside)]).encode() + b"\n")
        for start in range(0, len(table.lines), BLOCK):
            some = table.lines[start : start + BLOCK]
            to.write("".join(f"{json.dumps(list(line))}\n" for line in some).encode())


def harmless(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet computes: a text that could be a formula gets an apostrophe before it."""
    if not isinstance(cell, str):
        return cell
    text = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", cell)
    return f"'{text}" if text.lstrip(" ").startswith(_COMPUTES) or text in _ERRORS else text


def _csv(table: Table) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(_safe(table.heading))
    writer.writerows(_safe(line) for line in table.lines)
    writer.writerow([" · ".join(f"{label} {value}" for label, value in table.beside.items())])
    return written.getvalue().encode("utf-8-sig")


def _xlsx(table: Table) -> bytes:
    import openpyxl  # noqa: PLC0415 - slow to load, and most processes write no workbook
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", table.title)[:LONGEST_TITLE])
    sheet.freeze_panes = "A2"
    for place, heading in enumerate(table.heading):
        longest = max((len(str(line[place])) for line in table.lines[:200]), default=0)
        letter = get_column_letter(place + 1)
        sheet.column_dimensions[letter].width = min(WIDEST, max(len(heading), longest) + 2)
    sheet.append(_safe(table.heading))
    for line in table.lines:
        sheet.append(_safe(line))
    beside = book.create_sheet("Keterangan")
    for label, value in table.beside.items():
        beside.append(_safe([label, value]))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _safe(cells: Iterable[Cell]) -> list[Cell]:
    return [harmless(cell) for cell in cells]


_MAKERS: Mapping[Kind, Callable[[Table], bytes]] = {"csv": _csv, "xlsx": _xlsx}
MIME: Mapping[Kind, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Kind -> type of the file."""
