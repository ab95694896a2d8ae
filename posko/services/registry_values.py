"""How one value of a register is read: kinds, limits, and the sentence about what is wrong with it (R-012, R-098)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from posko.domain.errors import Refused
from posko.services import inputs

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["code", "text", "date", "whole"]
FIRST_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a text for a formula."""


class ValueWrong(Exception):
    """A value does not fit its column; the text says why, for a person to read."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `refers` names the register whose key it must be (`{kind}_kind` chooses it where it is a column's name)."""

    name: str
    kind: Kind
    required: bool = True
    longest: int = 255
    least: int = 0
    most: int = 1_000_000
    choices: tuple[str, ...] = ()
    refers: str | None = None
    refers_by: str | None = None
    default: str | None = None
    is_personal: bool = False

    def read(self, value: object) -> object:
        """Return a value as the database holds it, None where it is empty.

        Raises:
            ValueWrong: what is wrong with it, for a person to read.
        """
        if value is None or (isinstance(value, str) and not value.strip()):
            if self.default is not None:
                return self.default
            if self.required:
                raise ValueWrong("wajib diisi")
            return None
        try:
            return getattr(self, f"_read_{self.kind}")(value)
        except Refused as refused:
            raise ValueWrong(str(refused)) from refused

    def _read_code(self, value: object) -> str:
        found = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if self.default is not None and found == self.default:
            return self.default
        if not isinstance(found, str) or not inputs.CODE.fullmatch(found.strip()):
            raise ValueWrong("bukan kode (huruf, angka, spasi, . _ / -)")
        found = found.strip()
        if len(found) > self.longest:
            raise ValueWrong(f"lebih panjang dari {self.longest} karakter")
        if inputs.looks_like_nik(found):
            raise ValueWrong("memuat 16 angka seperti NIK")
        if self.choices and found not in self.choices:
            raise ValueWrong(f"harus salah satu: {', '.join(self.choices)}")
        return found

    def _read_text(self, value: object) -> str:
        if isinstance(value, str) and value.lstrip(" ").startswith(FIRST_SIGNS):
            raise ValueWrong("mulai dengan tanda rumus (= + - @)")
        return inputs.text(value, self.name, self.longest)

    def _read_date(self, value: object) -> dt.date:
        return inputs.day(value, self.name)

    def _read_whole(self, value: object) -> int:
        found = int(value) if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value.strip()) else value
        if not isinstance(found, int) or isinstance(found, bool):
            raise ValueWrong("bukan bilangan bulat")
        if not self.least <= found <= self.most:
            raise ValueWrong(f"harus antara {self.least} dan {self.most}")
        return found


@dataclass(frozen=True, slots=True)
class Register:
    """One register: its table has the same name; `key` makes a row the same row."""

    name: str
    label: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of its columns, in the order of its file."""
        return tuple(column.name for column in self.columns)

    def key_of(self, row: Mapping[str, Any]) -> str:
        """Return the key of a row as one text."""
        return "/".join(as_text(row[name]) or "" for name in self.key)


def as_text(value: object) -> str | None:
    """Return a value of a row as text: ISO dates, digits."""
    if value is None:
        return None
    return value.isoformat() if isinstance(value, dt.date) else str(value)
