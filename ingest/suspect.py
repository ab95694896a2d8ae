"""Which lines of a block must be looked at one by one, found by searches over the whole block and never line by line.

What is left of a block without its text - the marks between fields and rows, the escapes of NULL, control characters - is a
twelfth of it, and says at once that most blocks are clean, and of the others which lines are not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.contract import UPDATED_AT
from ingest.pull import ROW_END
from posko.db.staging_columns import FIELD_END, NULL_MARK, TEXT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.pull import Block

COLUMNS = (*TEXT_COLUMNS, UPDATED_AT)
CONTROL_BYTES = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
"""Control characters that no honest text holds; tab, line feed and carriage return may stand in an address."""
PLAIN_BYTES = bytes(byte for byte in range(256) if byte not in CONTROL_BYTES)
ESCAPE = NULL_MARK[:1]
OUR_MARKS = ROW_END + FIELD_END + ESCAPE
FOREIGN_ESCAPE = re.compile(rb"\x1b(?:(?!N[\x1e\x1f])|(?<=[^\x1e\x1f]\x1b))", re.DOTALL)
"""An escape that begins no NULL mark, or one that is not a whole field. It begins with its fixed byte, which makes the search
many times quicker."""
ODD_KEY = re.compile(rb"\x1e(?:[ \t\n\r\x1b\x1f]|[^\x1f]*[ \t\n\r]\x1f)")
"""The end of a row before one whose key is NULL, empty or has white space at an end."""
ZERO_TIME = FIELD_END + b"0000-00-00 "
WHITE_SPACE = b" \t\n\r"


@dataclass
class Suspects:
    """The lines of a block: all of them, their keys, and the numbers of those that must be looked at one by one.

    `unclear` are those among them that do not come apart into their fields: their data hold our separator, or bytes that look
    like a NULL mark. `null_marks` and `field_ends` are those of the whole block.
    """

    lines: list[bytes]
    keys: list[bytes]
    unclear: set[int]
    numbers: set[int]
    null_marks: int
    field_ends: int

    def rest(self) -> bytes:
        """Return the lines that need no look, as a block."""
        lines = self.lines.copy()
        for number in sorted(self.numbers, reverse=True):
            del lines[number]
        return ROW_END.join(lines)

    def rest_is_ours(self, null_fields: int) -> bool:
        """Return whether separators and NULL marks of the rest are all ours; it holds so many NULL fields by the source."""
        looked_at = [self.lines[number] for number in self.numbers]
        field_ends = self.field_ends - sum(line.count(FIELD_END) for line in looked_at)
        null_marks = self.null_marks - sum(line.count(NULL_MARK) for line in looked_at)
        return field_ends == (len(self.lines) - len(looked_at)) * (len(COLUMNS) - 1) and null_marks == null_fields

    def have_copies(self) -> bool:
        """Return whether a line that needs no look has the key of one that does."""
        wanted = {self.keys[number] for number in self.numbers}
        return sum(map(wanted.__contains__, self.keys)) != len(self.numbers)


def marks_of(payload: bytes) -> bytes:
    """Return what is left of a block without its text."""
    return payload.translate(None, PLAIN_BYTES)


def is_clean(block: Block, payload: bytes, marks: bytes) -> bool:
    """Return whether every line can be loaded as it is.

    Where the escapes are no more than the source's NULL fields, each is the mark of one, and none stands in a text.
    """
    row_ends, field_ends, escapes = (marks.count(mark) for mark in (ROW_END, FIELD_END, ESCAPE))
    first_key = ROW_END + payload[: payload.find(FIELD_END) + 1]
    return (
        len(marks) == row_ends + field_ends + escapes
        and row_ends == max(block.rows - 1, 0)
        and field_ends == block.rows * (len(COLUMNS) - 1)
        and escapes == block.null_fields
        and not block.long_keys
        and _decodes(payload)
        and ODD_KEY.match(first_key) is None
        and ODD_KEY.search(payload) is None
        and ZERO_TIME not in payload
    )


def suspects(block: Block, payload: bytes, marks: bytes) -> Suspects | None:
    """Return the lines with those that must be looked at; None when the block does not tell its rows or its NULLs apart."""
    if marks.count(ROW_END) != block.rows - 1:
        return None
    lines = payload.split(ROW_END)
    keys = [line.partition(FIELD_END)[0] for line in lines]
    null_marks, field_ends = marks.count(ESCAPE), marks.count(FIELD_END)
    places = _odd_places(payload, marks)
    false_marks: list[int] = []
    if null_marks != block.null_fields:
        strays, false_marks = _foreign_escapes(payload)
        places += strays
        null_marks -= len(strays)
        if null_marks == block.null_fields:
            false_marks = []  # Each is a mark of ours: that which ends the block.
        elif not false_marks:
            return None  # A field is nothing but such bytes: then nothing in the block tells it from NULL.
    unclear = _line_numbers(payload, false_marks)
    if field_ends != block.rows * (len(COLUMNS) - 1):
        unclear |= _shifted(marks)
    numbers = unclear | _undecodable(lines) | _odd_keys(keys) | _line_numbers(payload, places)
    if block.long_keys:
        wanted = set(block.long_keys)
        long = {number for number, key in enumerate(keys) if key in wanted}
        if len(long) < len(block.long_keys):
            return None
        numbers |= long
    return Suspects(lines, keys, unclear, numbers, null_marks, field_ends)


def _odd_places(payload: bytes, marks: bytes) -> list[int]:
    """Return the places of zero times and of control characters; the marks tell which of these occur at all."""
    controls = {bytes([byte]) for byte in marks.translate(None, OUR_MARKS)}
    return [place for one in (ZERO_TIME, *controls) for place in _all_places(payload, one)]


def _foreign_escapes(payload: bytes) -> tuple[list[int], list[int]]:
    """Return the places of escapes that are none of ours: those that begin no NULL mark, and those that seem to."""
    strays: list[int] = []
    false_marks: list[int] = []
    for found in FOREIGN_ESCAPE.finditer(payload):
        place = found.start()
        (false_marks if payload.startswith(NULL_MARK, place) else strays).append(place)
    return strays, false_marks


def _shifted(marks: bytes) -> set[int]:
    """Return the numbers of the lines with another number of field ends than ours; lines are of a few kinds."""
    lines = marks.split(ROW_END)
    shifted = {kind for kind in set(lines) if kind.count(FIELD_END) != len(COLUMNS) - 1}
    return {number for number, kind in enumerate(lines) if kind in shifted}


def _undecodable(lines: list[bytes]) -> set[int]:
    """Return the numbers of the lines that are no UTF-8; most are ASCII, which is known at once."""
    return {number for number, line in enumerate(lines) if not line.isascii() and not _decodes(line)}


def _decodes(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


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


def _line_numbers(payload: bytes, places: list[int]) -> set[int]:
    """Return the numbers of the lines that hold these places of the block."""
    numbers: set[int] = set()
    number = begin = 0
    for place in sorted(places):
        number += payload.count(ROW_END, begin, place)
        numbers.add(number)
        begin = place
    return numbers
