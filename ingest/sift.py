"""Row-by-row inspection of what cannot be loaded as a block: which rows cannot be stored exactly, and why.

A block of clean lines never comes here. Refused rows are kept as they were sent, byte for byte, with their reasons.
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
from posko.db.staging_columns import FIELD_END, KEY_COLUMN, NULL_MARK, TEXT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ingest.pull import Block

CONTROL_BYTES = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
"""Control characters that no honest text holds; tab, line feed and carriage return may stand in an address."""
CONTROL = re.compile("[" + re.escape(CONTROL_BYTES.decode("latin-1")) + "]")
COLUMNS = (*TEXT_COLUMNS, UPDATED_AT)
SPACES = (b" ", b"\t", b"\n", b"\r")

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
    """Outcome of one inspection: the lines that can be stored exactly, and the rows that cannot."""

    lines: list[bytes] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    @property
    def payload(self) -> bytes:
        """The lines as a block."""
        return ROW_END.join(self.lines)


def is_clean(block: Block) -> bool:
    """Return whether a block can be loaded as it is: whole, valid UTF-8, and its separators and NULL marks are ours."""
    payload = block.payload
    if payload is None:
        return False
    ends, marks, escapes = payload.count(FIELD_END), payload.count(NULL_MARK), payload.count(NULL_MARK[:1])
    separators = block.rows * (len(COLUMNS) - 1)
    records = payload.count(ROW_END)
    if (ends, records, marks, escapes) != (
        separators,
        max(block.rows - 1, 0),
        block.null_fields,
        block.null_fields,
    ):
        return False
    if len(payload) - len(payload.translate(None, CONTROL_BYTES)) != ends + records + escapes:
        return False
    if _has_odd_key(payload):
        return False
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return True


def _has_odd_key(payload: bytes) -> bool:
    """Return whether a key is empty or has white space at an end: staging takes "1" and "1 " for the same key.

    The searches over the whole block are fast; only where a field ends in white space are the keys looked at one by one.
    """
    if payload.startswith((*SPACES, FIELD_END)) or any(ROW_END + first in payload for first in (*SPACES, FIELD_END)):
        return True
    if not any(last + FIELD_END in payload for last in SPACES):
        return False
    return any(line.partition(FIELD_END)[0].endswith(SPACES) for line in payload.split(ROW_END))


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
    if key != key.strip(b"".join(SPACES)):
        yield "KEY_WHITESPACE"
    if not key.strip(b"".join(SPACES)):
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
