"""Lines of a register from the table of a file: each column of the heading is one of the register's, none missing (R-012)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.services.registry_columns import Problem
from posko.services.sheet_files import Line, SheetWrong, table_of, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posko.services.registry_values import Register

__all__ = ["Line", "SheetWrong", "cells_of"]


def cells_of(data: object, filename: object, register: Register) -> list[Line]:
    """Return the lines of a file under the register's columns; empty lines are left out.

    Raises:
        SheetWrong: not a file of this register, or a cell that computes or cannot be read.
    """
    table = table_of(data, filename)
    columns = _columns(register, table.heading, table.number)
    problems, lines = list(table.problems), []
    for number, cells in table.lines:
        if len(cells) > len(columns) and any(cell is not None for cell in cells[len(columns) :]):
            problems.append(Problem(number, "-", "lebih banyak isian daripada judul kolom"))
        lines.append(Line(number, dict(zip(columns, cells, strict=False))))
    if problems:
        raise SheetWrong(problems)
    if not lines:
        raise whole("berkas tidak memuat satu baris pun di bawah judul")
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
