"""Lists of a session as a workbook: every cell is a text or a number, nothing in it computes (§9.3)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from exports.prints import LISTS, SIGNATURE

if TYPE_CHECKING:
    from collections.abc import Mapping

_STARTS = ("=", "+", "-", "@", "\t", "\r")


def list_xlsx(kind: str, found: Mapping[str, Any]) -> bytes:
    """Return a list of a session as XLSX; `found` is the answer of the act of this kind."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Daftar")
    sheet.freeze_panes = "A2"
    columns = [column for column in LISTS[kind].columns if column.field != SIGNATURE]
    heads = [WriteOnlyCell(sheet, column.title) for column in columns]
    for cell in heads:
        cell.font = Font(bold=True)
    sheet.append(heads)
    for row in found["rows"]:
        sheet.append([_cell(sheet, row.get(column.field)) for column in columns])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: object) -> WriteOnlyCell:
    """Return a cell that shows a value; a text stays a text even when the file is saved as CSV and opened again."""
    if isinstance(value, int) and not isinstance(value, bool):
        return WriteOnlyCell(sheet, value)
    text = "" if value is None else ILLEGAL_CHARACTERS_RE.sub("", str(value))
    cell = WriteOnlyCell(sheet, f"'{text}" if text.startswith(_STARTS) else text)
    cell.data_type = "s"
    return cell
