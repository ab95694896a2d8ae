"""Row-by-row inspection of what cannot be loaded as a block: which rows cannot be stored exactly, and why.

Of a block only the lines that a search over the whole finds suspect are looked at. Refused rows are kept as they
were sent, byte for byte, with their reasons.
"""

from __future__ import annotations

import json
import re
import zlib
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from typing import TYPE_CHECKING

from ingest.contract import UPDATED_AT
from ingest.pull import ROW_END
from posko.db.staging_columns import FIELD_END, KEY_COLUMN, NULL_MARK, TEXT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from ingest.pull import Block

CONTROL_BYTES = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
"""Control characters that no honest text holds; tab, line feed and carriage return may stand in an address."""
CONTROL = re.compile("[" + re.escape(CONTROL_BYTES.decode("latin-1")) + "]")
ODD_BYTES = bytes(byte for byte in CONTROL_BYTES if byte not in FIELD_END + ROW_END + NULL_MARK)
"""Control characters that a block never holds of its own."""
COLUMNS = (*TEXT_COLUMNS, UPDATED_AT)
STRAY_ESCAPE = re.compile(re.escape(NULL_MARK[:1]) + b"(?!" + NULL_MARK[1:] + b")")
FALSE_MARK = re.compile(rb"\x1bN(?:(?![\x1e\x1f])|(?<=[^\x1e\x1f]\x1bN))", re.DOTALL)
"""A NULL mark that is not a whole field. It begins with its fixed bytes, which makes the search many times quicker."""
ZERO_TIME = FIELD_END + b"0000-00-00 "
WHITE_SPACE = b" \t\n\r"

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
    if payload is None or payload.count(ROW_END) != max(block.rows - 1, 0):
        return None
    lines = payload.split(ROW_END) if block.rows else []
    keys = [line.partition(FIELD_END)[0] for line in lines]
    unclear = _unclear_lines(block, payload, lines)
    if unclear is None:
        return None
    suspect = unclear | _odd_lines(payload, lines) | _odd_keys(keys)
    if not suspect and not block.long_keys:
        return Sifted(bulk=payload, bulk_rows=block.rows)
    long = {number for number, key in enumerate(keys) if key in block.long_keys} if block.long_keys else set()
    suspect |= long
    others = (key for number, key in enumerate(keys) if number not in suspect)
    if len(long) < len(block.long_keys) or not {keys[number] for number in suspect}.isdisjoint(others):
        return None  # A row cannot be found again, or is there twice: copies are refused together, whatever ails one of them.
    rows = [row for number in sorted(suspect - unclear) for row in rows_of(lines[number])]
    if unclear and read_rows is not None:
        rows += read_rows(tuple(keys[number] for number in sorted(unclear)))
    bulk = ROW_END.join(line for number, line in enumerate(lines) if number not in suspect)
    if len(rows) != len(suspect) or not _adds_up(block, bulk, rows):
        return None
    looked_at = sift(rows)
    looked_at.bulk, looked_at.bulk_rows = bulk, block.rows - len(suspect)
    return looked_at


def _unclear_lines(block: Block, payload: bytes, lines: list[bytes]) -> set[int] | None:
    """Return the numbers of the lines whose data hold our field separator, or bytes that look like a NULL mark.

    None when a field is nothing but such bytes: then nothing in the block tells it from NULL.
    """
    unclear: set[int] = set()
    if payload.count(NULL_MARK) != block.null_fields:
        unclear = _line_numbers(lines, [found.start() for found in FALSE_MARK.finditer(payload)])
        if not unclear:
            return None
    if payload.count(FIELD_END) != block.rows * (len(COLUMNS) - 1):
        unclear |= {number for number, line in enumerate(lines) if line.count(FIELD_END) != len(COLUMNS) - 1}
    return unclear


def _adds_up(block: Block, bulk: bytes, rows: list[Row]) -> bool:
    """Return whether separators and NULL marks of the bulk are all ours: they and the rows give the source's own counts."""
    bulk_rows = block.rows - len(rows)
    nulls = bulk.count(NULL_MARK) + sum(value is None for fields, _, _ in rows for value in fields)
    return bulk.count(FIELD_END) == bulk_rows * (len(COLUMNS) - 1) and nulls == block.null_fields


def _odd_lines(payload: bytes, lines: list[bytes]) -> set[int]:
    """Return the numbers of the lines that hold a control character, bytes that are no UTF-8, or a time that is none.

    A search for each byte is quicker than one pattern over all of them.
    """
    places = [*_undecodable_places(payload), *_all_places(payload, ZERO_TIME)]
    if len(payload.translate(None, ODD_BYTES)) != len(payload):
        places += [place for byte in ODD_BYTES for place in _all_places(payload, bytes([byte]))]
    if payload.count(NULL_MARK[:1]) != payload.count(NULL_MARK):
        places += [found.start() for found in STRAY_ESCAPE.finditer(payload)]
    return _line_numbers(lines, places)


def _undecodable_places(payload: bytes) -> Iterator[int]:
    begin = 0
    while True:
        try:
            (payload[begin:] if begin else payload).decode()
        except UnicodeDecodeError as error:
            yield begin + error.start
            begin = payload.find(ROW_END, begin + error.start)
            if begin < 0:
                return
        else:
            return


def _odd_keys(keys: list[bytes]) -> set[int]:
    """Return the numbers of keys that are empty or have white space at an end: staging takes "1" and "1 " for one key."""
    together = b"".join(keys)
    if len(together.translate(None, WHITE_SPACE)) == len(together) and b"" not in keys and NULL_MARK not in keys:
        return set()
    return {number for number, key in enumerate(keys) if key in {b"", NULL_MARK} or key != key.strip(WHITE_SPACE)}


def _all_places(payload: bytes, wanted: bytes) -> Iterator[int]:
    place = payload.find(wanted)
    while place >= 0:
        yield place
        place = payload.find(wanted, place + 1)


def _line_numbers(lines: list[bytes], places: list[int]) -> set[int]:
    """Return the numbers of the lines that hold these places of the block."""
    if not places:
        return set()
    ends = list(accumulate(len(line) + 1 for line in lines))
    return {bisect_right(ends, place) for place in places}


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
