"""What each register holds: columns, limits, keys, references; screen, files and checks read this one table (R-012, R-098).

Nothing here touches the database. A value is checked before it is stored and again before it is imported.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from posko.services.registry_values import Column, Register, ValueWrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from posko.services.rows import Row


def _code(name: str, **more: Any) -> Column:
    return Column(name, "code", **{"longest": 20, **more})


def _text(name: str, **more: Any) -> Column:
    return Column(name, "text", **more)


def _dates(*, open_end: bool = False) -> tuple[Column, Column]:
    return Column("valid_from", "date"), Column("valid_until", "date", required=not open_end)


_TUK = _code("tuk_code", refers="tuk")
_LSP = _code("lsp_code", refers="lsp")
_MET = _code("met_no", longest=40, refers="asesor")
_SCHEME = _code("scheme_code")
_PPTKIS = 200

REGISTERS: Mapping[str, Register] = {
    register.name: register
    for register in (
        Register(
            "lsp",
            "LSP",
            ("lsp_code",),
            (_code("lsp_code"), _text("lsp_name"), _text("license_no", longest=50), *_dates()),
        ),
        Register(
            "tuk",
            "TUK",
            ("tuk_code",),
            (
                _code("tuk_code"),
                _text("tuk_name"),
                _text("city"),
                Column("capacity_per_day", "whole", most=10_000),
                *_dates(),
            ),
        ),
        Register(
            "tuk_lsp",
            "TUK milik LSP",
            ("tuk_code", "lsp_code", "scheme_code", "valid_from"),
            (_TUK, _LSP, _SCHEME, *_dates()),
        ),
        Register(
            "asesor",
            "asesor",
            ("met_no",),
            (_code("met_no", longest=40), _text("asesor_name", is_personal=True), _LSP, *_dates()),
        ),
        Register("asesor_scheme", "skema asesor", ("met_no", "scheme_code", "valid_from"), (_MET, _SCHEME, *_dates())),
        Register(
            "blkln",
            "BLKLN",
            ("blkln_code",),
            (
                _code("blkln_code", longest=64),
                _text("blkln_name"),
                _text("city", required=False),
                Column("capacity", "whole", required=False, most=100_000),
                Column("valid_until", "date", required=False),
                Column("closed_on", "date", required=False),
            ),
        ),
        Register(
            "pptkis",
            "PPTKIS",
            ("pptkis_name",),
            (
                _text("pptkis_name", longest=_PPTKIS),
                _text("license_no", required=False, longest=50),
                Column("valid_until", "date", required=False),
            ),
        ),
        Register(
            "ownership_tie",
            "hubungan kepemilikan",
            ("party_kind", "party_code", "body_kind", "body_code", "valid_from"),
            (
                _code("party_kind", choices=("PPTKIS", "BLKLN")),
                _text("party_code", longest=_PPTKIS, refers_by="party_kind"),
                _code("body_kind", choices=("LSP", "TUK")),
                _code("body_code", refers_by="body_kind"),
                *_dates(open_end=True),
                _text("evidence", longest=500),
            ),
        ),
        Register(
            "station",
            "stasiun",
            ("station_code",),
            (
                _code("station_code", longest=40),
                _text("station_name"),
                _code("tuk_code", required=False, refers="tuk"),
                _code("reader_serial", longest=80),
                *_dates(open_end=True),
            ),
        ),
        Register(
            "closed_day",
            "hari tutup",
            ("closed_on", "tuk_code"),
            (
                Column("closed_on", "date"),
                _code("tuk_code", required=False, refers="tuk", default="*"),
                _text("reason"),
            ),
        ),
        Register(
            "scheme_unit",
            "unit skema",
            ("scheme_code", "unit_code", "valid_from"),
            (
                _SCHEME,
                _code("unit_code", longest=40),
                _text("unit_title"),
                Column("position", "whole", least=1, most=1000),
                *_dates(open_end=True),
            ),
        ),
    )
}
"""Name -> register. A register is changed by rows with dates, never by deletion."""

PARTIES: Mapping[str, str] = {"LSP": "lsp", "TUK": "tuk", "BLKLN": "blkln", "PPTKIS": "pptkis", "ASESOR": "asesor"}
"""Kind of a party that may be suspended or tied -> its register."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one value; `line` is its line in a file, 0 where there is none."""

    line: int
    column: str
    what: str

    def __str__(self) -> str:
        where = f"baris {self.line}, kolom {self.column}" if self.line else f"kolom {self.column}"
        return f"{where}: {self.what}."

    def told(self) -> Row:
        """Return it as it survives JSON."""
        return {"line": self.line, "column": self.column, "what": self.what}


def clean(register: Register, values: Mapping[str, object], *, line: int = 0) -> tuple[Row, list[Problem]]:
    """Return a full row as the database holds it, and every problem of it."""
    row: Row = {}
    problems = [
        Problem(line, str(name)[:40], "kolom ini tidak ada pada daftar")
        for name in values
        if name not in register.names
    ]
    for column in register.columns:
        try:
            row[column.name] = column.read(values.get(column.name))
        except ValueWrong as error:
            problems.append(Problem(line, column.name, str(error).rstrip(".")))
    problems += _date_problems(row, line)
    return row, problems


def plain_row(row: Mapping[str, Any]) -> Row:
    """Return a row as it survives JSON."""
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in row.items()}


def references(register: Register, row: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield column, register and key of every row that this one refers to."""
    for column in register.columns:
        value = row.get(column.name)
        target = column.refers
        if column.refers_by is not None:
            target = PARTIES.get(str(row.get(column.refers_by)))
        if target is not None and value is not None and value != column.default:
            yield column.name, target, str(value)


def _date_problems(row: Row, line: int) -> Iterator[Problem]:
    first, last = row.get("valid_from"), row.get("valid_until")
    if isinstance(first, dt.date) and isinstance(last, dt.date) and last < first:
        yield Problem(line, "valid_until", f"mendahului valid_from {first.isoformat()}")
