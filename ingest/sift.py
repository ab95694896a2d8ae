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
from posko.db.staging_columns import FIELD_END, KEY_COLUMN, NULL_MARK, TEXT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ingest.pull import Block

CONTROL_BYTES = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
"""Control characters that no honest text holds; tab, line feed and carriage return may stand in an address."""
CONTROL = re.compile("[" + re.escape(CONTROL_BYTES.decode("latin-1")) + "]")
COLUMNS = (*TEXT_COLUMNS, UPDATED_AT)
STRAY_ESCAPE = re.compile(re.escape(NULL_MARK[:1]) + b"(?!" + NULL_MARK[1:] + b")")
ZERO_TIME = FIELD_END + b"0000-00-00 "
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


def sift_block(block: Block) -> Sifted | None:
    """Part the lines of a block that can be loaded as they are from those that must be looked at one by one.

    Returns:
        None when the lines cannot even be told apart (the block was cut, or data hold our separators or NULL marks): then its
        rows must be read one by one.
    """
    payload = block.payload
    if payload is None or not _adds_up(block, payload):
        return None
    places = _suspect_places(block, payload)
    if places is None:
        return None
    spans = sorted({_line_at(payload, place) for place in places})
    if not spans:
        return Sifted(bulk=payload, bulk_rows=block.rows)
    kept, begin = [], 0
    for start, end in spans:
        kept.append(payload[begin:start])
        begin = end + 1
    kept.append(payload[begin:])
    bulk = b"".join(kept).removesuffix(ROW_END)
    suspects = [payload[start:end] for start, end in spans]
    if any(_holds_key(bulk, line.partition(FIELD_END)[0]) for line in suspects):
        return None  # Copies of one row are refused together, whatever else is wrong with one of them.
    looked_at = sift(rows_of(ROW_END.join(suspects)))
    looked_at.bulk, looked_at.bulk_rows = bulk, block.rows - len(spans)
    return looked_at


def _holds_key(payload: bytes, key: bytes) -> bool:
    return payload.startswith(key + FIELD_END) or ROW_END + key + FIELD_END in payload


def _adds_up(block: Block, payload: bytes) -> bool:
    """Return whether the separators and NULL marks of a block are all ours, and none stands in the data."""
    counted = (payload.count(FIELD_END), payload.count(ROW_END), payload.count(NULL_MARK))
    return counted == (block.rows * (len(COLUMNS) - 1), max(block.rows - 1, 0), block.null_fields)


def _suspect_places(block: Block, payload: bytes) -> list[int] | None:
    """Return a place in every line that may not be storable; None when one cannot be found again."""
    places = [*_control_places(block, payload), *_undecodable_places(payload), *_odd_key_places(payload)]
    places += _all_places(payload, ZERO_TIME)
    for key in block.long_keys:
        if not _holds_key(payload, key):
            return None
        places.append(0 if payload.startswith(key + FIELD_END) else payload.find(ROW_END + key + FIELD_END) + 1)
    return places


def _control_places(block: Block, payload: bytes) -> list[int]:
    """Find control characters in the data; a search a character is quicker than one pattern over all of them."""
    ours = payload.count(FIELD_END) + payload.count(ROW_END) + block.null_fields
    if len(payload) - len(payload.translate(None, CONTROL_BYTES)) == ours:
        return []
    own = FIELD_END + ROW_END + NULL_MARK[:1]
    places = [place for byte in CONTROL_BYTES if byte not in own for place in _all_places(payload, bytes([byte]))]
    return places + [found.start() for found in STRAY_ESCAPE.finditer(payload)]


def _undecodable_places(payload: bytes) -> Iterator[int]:
    begin = 0
    while True:
        try:
            payload[begin:].decode() if begin else payload.decode()
        except UnicodeDecodeError as error:
            place = begin + error.start
            yield place
            begin = payload.find(ROW_END, place)
            if begin < 0:
                return
        else:
            return


def _odd_key_places(payload: bytes) -> Iterator[int]:
    """Find keys that are empty or have white space at an end: staging takes "1" and "1 " for the same key.

    The searches over the whole block are fast; only where a field ends in white space are the keys looked at one by one.
    """
    odd = (*SPACES, FIELD_END, NULL_MARK)
    if payload.startswith(odd):
        yield 0
    for first in odd:
        yield from (place + 1 for place in _all_places(payload, ROW_END + first))
    if any(last + FIELD_END in payload for last in SPACES):
        begin = 0
        for line in payload.split(ROW_END):
            if line.partition(FIELD_END)[0].endswith(SPACES):
                yield begin
            begin += len(line) + 1


def _all_places(payload: bytes, wanted: bytes) -> Iterator[int]:
    place = payload.find(wanted)
    while place >= 0:
        yield place
        place = payload.find(wanted, place + 1)


def _line_at(payload: bytes, place: int) -> tuple[int, int]:
    """Return where the line that holds `place` begins and ends."""
    end = payload.find(ROW_END, place)
    return payload.rfind(ROW_END, 0, place) + 1, len(payload) if end < 0 else end


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
