"""Files that somebody uploads, good and bad, for the tests of that."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import openpyxl

if TYPE_CHECKING:
    from collections.abc import Sequence

HEAD = "ID TKI;Nama;Pembayaran"


def csv_of(*lines: str, head: str = HEAD) -> bytes:
    """Return a CSV with a heading."""
    return "\n".join((head, *lines)).encode()


def book_of(*rows: Sequence[object]) -> bytes:
    """Return a workbook with one sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def packed(**parts: bytes) -> bytes:
    """Return a workbook in which parts of the archive were replaced or added."""
    made = io.BytesIO()
    plain = io.BytesIO(book_of(("ID", "Bayar"), ("100", "Lunas")))
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename not in parts:
                new.writestr(part.filename, old.read(part))
        for name, content in parts.items():
            new.writestr(name, content)
    return made.getvalue()
