"""Row-by-row inspection of what cannot be loaded as a block: which rows cannot be stored exactly, and why.

Of a block only the lines that a search over the whole finds suspect are looked at. Refused rows are kept as they
were sent, byte for byte, with their reasons.
"""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from ingest.contract import UPDATED_AT
from ingest.pull import ROW_END
from ingest.suspect import COLUMNS, CONTROL_BYTES, WHITE_SPACE, is_clean, marks_of, suspects
from posko.db.staging_columns import FIELD_END, KEY_COLUMN, NULL_MARK, TEXT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from ingest.pull import Block

CONTROL = re.compile("[" + re.escape(CONTROL_BYTES.decode("latin-1")) + "]")

Row = tuple[list[bytes | None], int, int]
"""One row: its fields as bytes, the checksum of its key, the checksum of the row."""


@dataclass(frozen=True)
class Refused:
    """One row that was quarantined during the pull; `as_sent` is JSON, bytes that are no UTF-8 stand as hex."""

    key: str | None
    reasons: str
    as_sent: str
    key_crc: int
    row_crc: int
    copy_no: int


@dataclass
class Sifted:
    """Outcome of one inspection: the lines that can be stored exactly, and the rows that cannot.

    `bulk` are lines that were not looked at one by one, because nothing in them can keep them from being stored.
    """

    lines: list[bytes] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    bulk: bytes = b""
    bulk_rows: int = 0

    @property
    def rows(self) -> int:
        """Number of lines that can be stored."""
        return self.bulk_rows + len(self.lines)

    @property
    def payload(self) -> bytes:
        """The lines that can be stored, as a block."""
        return ROW_END.join([self.bulk, *self.lines] if self.bulk_rows else self.lines) if self.lines else self.bulk


def sift_block(block: Block, read_rows: Callable[[tuple[bytes, ...]], list[Row]] | None = None) -> Sifted | None:
    """Part the lines of a block that can be loaded as they are from those that must be looked at one by one.

    Args:
        block: lines with the source's own counts.
        read_rows: reads the rows of these keys field by field; for lines whose data hold our separators or NULL marks.

    Returns:
        None when not even that tells the rows apart: then all must be read field by field.
    """
    payload = block.payload
    if payload is None:
        return None
    marks = marks_of(payload)
    if is_clean(block, payload, marks):
        return Sifted(bulk=payload, bulk_rows=block.rows)
    found = suspects(block, payload, marks)
    if found is None or found.have_copies():
        return None  # Copies of a row are refused together, whatever ails one of them.
    rows = [row for number in sorted(found.numbers - found.unclear) for row in rows_of(found.lines[number])]
    if found.unclear and read_rows is not None:
        rows += read_rows(tuple(found.keys[number] for number in sorted(found.unclear)))
    nulls = sum(value is None for fields, _, _ in rows for value in fields)
    if len(rows) != len(found.numbers) or not found.rest_is_ours(block.null_fields - nulls):
        return None
    looked_at = sift(rows)
    looked_at.bulk, looked_at.bulk_rows = found.rest(), block.rows - len(rows)
    return looked_at


def rows_of(payload: bytes) -> Iterator[Row]:
    """Take a clean block apart into rows, with the checksums that the source would give."""
    for line in payload.split(ROW_END):
        fields = [None if value == NULL_MARK else value for value in line.split(FIELD_END)]
        yield fields, zlib.crc32(fields[0] if fields[0] is not None else NULL_MARK), zlib.crc32(line)


def sift(rows: Iterable[Row], *, taken: Collection[str] = ()) -> Sifted:
    """Part rows that can be stored exactly from those that cannot; `taken` are keys that another row holds already."""
    seen = list(rows)
    copies: dict[bytes | None, int] = {}
    for fields, _, _ in seen:
        copies[fields[0]] = copies.get(fields[0], 0) + 1
    found = Sifted()
    numbers: dict[tuple[bytes | None, int], int] = {}
    for fields, key_crc, row_crc in seen:
        reasons = list(_reasons(fields))
        key = fields[0]
        if copies[key] > 1 or (key is not None and key.decode("utf-8", "replace") in taken):
            reasons.append("KEY_DUPLICATE")
        if not reasons:
            found.lines.append(FIELD_END.join(NULL_MARK if value is None else value for value in fields))
            continue
        numbers[key, row_crc] = numbers.get((key, row_crc), 0) + 1
        shown = None if key is None else key.decode("utf-8", "backslashreplace")[:255]
        found.refused.append(
            Refused(shown, ",".join(reasons), _as_sent(fields), key_crc, row_crc, numbers[key, row_crc])
        )
    return found


def _reasons(fields: list[bytes | None]) -> Iterator[str]:
    texts = dict(zip(COLUMNS, fields, strict=True))
    key = texts[KEY_COLUMN] or b""
    if key != key.strip(WHITE_SPACE):
        yield "KEY_WHITESPACE"
    if not key.strip(WHITE_SPACE):
        yield "KEY_BLANK"
    kinds = {reason for column, value in texts.items() if value is not None for reason in _field_reasons(column, value)}
    yield from sorted(kinds)


def _field_reasons(column: str, value: bytes) -> Iterator[str]:
    try:
        text = value.decode()
    except UnicodeDecodeError:
        yield "NOT_UTF8"
        return
    if CONTROL.search(text):
        yield "CONTROL_CHARACTER"
    if column == UPDATED_AT:
        try:
            datetime.fromisoformat(text)
        except ValueError:
            yield "UPDATED_AT_INVALID"
    elif len(text) > TEXT_COLUMNS[column]:
        yield "TOO_LONG"


def _as_sent(fields: list[bytes | None]) -> str:
    row: dict[str, object] = {}
    for column, value in zip(COLUMNS, fields, strict=True):
        try:
            row[column] = None if value is None else value.decode()
        except UnicodeDecodeError:
            row[column] = {"hex": value.hex() if value is not None else ""}
    return json.dumps(row, ensure_ascii=False)
