"""Which lines of a block must be looked at one by one, found by searches over the whole block and never line by line.

What is left of a block without its text - the marks between fields and rows, the escapes of NULL, control characters - is a
twelfth of it, and says at once that most blocks are clean, and of the others which lines are not.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
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
STRAY_ESCAPE = re.compile(re.escape(ESCAPE) + b"(?!" + NULL_MARK[1:] + b")")
FALSE_MARK = re.compile(rb"\x1bN(?:(?![\x1e\x1f])|(?<=[^\x1e\x1f]\x1bN))", re.DOTALL)
"""A NULL mark that is not a whole field. It begins with its fixed bytes, which makes the search many times quicker."""
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
        and next(_undecodable_places(payload), None) is None
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
    false_marks: list[int] = []
    places = [*_undecodable_places(payload), *_all_places(payload, ZERO_TIME)]
    null_marks = escapes = marks.count(ESCAPE)
    if escapes != block.null_fields:
        strays = [found.start() for found in STRAY_ESCAPE.finditer(payload)]
        places += strays
        null_marks = escapes - len(strays)
    if null_marks != block.null_fields:
        false_marks = [found.start() for found in FALSE_MARK.finditer(payload)]
        if not false_marks:
            return None  # A field is nothing but such bytes: then nothing in the block tells it from NULL.
    shifted, odd = _by_marks(marks.split(ROW_END))
    unclear = shifted | _line_numbers(lines, false_marks)
    numbers = unclear | odd | _line_numbers(lines, places) | _odd_keys(keys)
    if block.long_keys:
        wanted = set(block.long_keys)
        long = {number for number, key in enumerate(keys) if key in wanted}
        if len(long) < len(block.long_keys):
            return None
        numbers |= long
    return Suspects(lines, keys, unclear, numbers, null_marks, marks.count(FIELD_END))


def _by_marks(marks: list[bytes]) -> tuple[set[int], set[int]]:
    """Return the numbers of the lines with another number of field ends than ours, and of those with control characters.

    Lines differ little in their marks, so that only a few kinds are looked at.
    """
    kinds = set(marks)
    shifted = {kind for kind in kinds if kind.count(FIELD_END) != len(COLUMNS) - 1}
    odd = {kind for kind in kinds if kind.translate(None, OUR_MARKS)}
    return (
        {number for number, kind in enumerate(marks) if kind in shifted} if shifted else set(),
        {number for number, kind in enumerate(marks) if kind in odd} if odd else set(),
    )


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
    lengths = list(accumulate(map(len, lines)))

    def end(number: int) -> int:
        return lengths[number] + number + 1

    return {bisect_right(range(len(lines)), place, key=end) for place in places}
