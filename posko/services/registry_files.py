"""Registers from a file: CSV or XLSX, read strictly, checked as a whole, tried dry before it counts (R-012, R-098).

A cell is what it shows: a formula, an error value, a date that is not ISO or a real date of the spreadsheet is a problem with its
line and column. One problem, and nothing of the file is taken over.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from posko.domain.audit import Actor
from posko.domain.errors import BadInput
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.services import inputs
from posko.services.office import act
from posko.services.registry_columns import REGISTERS, Problem, clean
from posko.services.registry_entries import register_of
from posko.services.registry_history import ENTITY, rows_of, unknown, write
from posko.services.registry_sheets import Line, SheetWrong, cells_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from posko.services.office import Tx
    from posko.services.registry_values import Register
    from posko.services.rows import Row

    Pair = tuple[Row | None, Row]

__all__ = ["FileRefused", "Line", "import_at_terminal", "import_rows", "planned", "read"]

MOST_ROWS = 100_000
SHOWN_PROBLEMS = 20


class FileRefused(BadInput):
    """The file has mistakes; nothing was changed. `problems` names line, column and what is wrong of each."""

    def __init__(self, register: Register, problems: Sequence[Problem]) -> None:
        shown = [f"{str(problem)[0].upper()}{str(problem)[1:]}" for problem in problems[:SHOWN_PROBLEMS]]
        rest = len(problems) - len(shown)
        if rest:
            shown.append(f"... dan {rest} kesalahan lain.")
        super().__init__(f"Daftar {register.label} tidak dimuat.\n" + "\n".join(shown))
        self.problems = list(problems)


def read(data: bytes, filename: str, register: str) -> list[Line]:
    """Read the rows of a register from a file with a heading line.

    Args:
        data: the bytes of a CSV (comma, semicolon or tab; UTF-8, BOM allowed) or of an XLSX (its first sheet).
        filename: its name; the end decides which of the two.
        register: one of `REGISTERS`.

    Raises:
        FileRefused: every problem of the file at once.
        Refused: unknown register.
    """
    found = register_of(register)
    try:
        lines = cells_of(data, filename, found)
    except SheetWrong as wrong:
        raise FileRefused(found, wrong.problems) from wrong
    problems: list[Problem] = []
    for line in lines:
        problems += clean(found, line.values, line=line.number)[1]
    problems += _doubles(found, lines)
    if problems:
        raise FileRefused(found, sorted(problems, key=lambda problem: problem.line))
    return lines


@act("registry.import", Command.CHANGE_REGISTER)
def import_rows(tx: Tx, *, register: str, rows: Sequence[object], reason: str, dry_run: bool = False) -> Row:
    """Add and change rows of a register, all or none; rows that the file does not name stay.

    Args:
        tx: the act.
        register: one of `REGISTERS`.
        rows: what `read` gave, or column -> value for each; a column that is not named keeps its value.
        reason: why.
        dry_run: check and count only; nothing but the event of the check is written.

    Returns:
        `added`, `changed`, `same` (what was done, or would be), and `problems` (line, column, what); with a problem nothing is done.

    Raises:
        Refused: unknown register, no rows, too many rows, no reason.
    """
    tx.about(ENTITY, register if isinstance(register, str) and register in REGISTERS else "-")
    tx.permit()
    return _import(tx, register, rows, reason, is_dry=bool(dry_run))


@act("registry.import_at_terminal", None)
def import_at_terminal(
    tx: Tx, *, operator: str, register: str, rows: Sequence[object], reason: str, dry_run: bool = False
) -> Row:
    """Do the same for the operator of the machine, who has no finger here: the first registers come before the first administrator."""
    tx.about(ENTITY, register if isinstance(register, str) and register in REGISTERS else "-")
    tx.permit()
    tx.context["operator"] = inputs.text(operator, "Operator", 40)
    return _import(tx, register, rows, reason, is_dry=bool(dry_run))


def planned(
    db: sa.Connection, register: Register, lines: Sequence[Line], *, lock: bool
) -> tuple[list[Pair], list[Problem]]:
    """Return the row before (None: new) and after for each line, in their order, or every problem of them."""
    pairs, problems = _pairs(register, lines, rows_of(db, register, lock=lock))
    numbered = [(line.number, after) for line, (_, after) in zip(lines, pairs, strict=False)]
    problems += unknown(db, register, numbered)
    return ([], problems) if problems else (pairs, [])


def _import(tx: Tx, register: str, rows: Sequence[object], reason: str, *, is_dry: bool) -> Row:
    found, why = register_of(register), inputs.reason(reason)
    lines = _lines(rows)
    pairs, problems = planned(tx.db, found, lines, lock=not is_dry)
    differing = [(before, after) for before, after in pairs if before != after]
    added = sum(before is None for before, _ in differing)
    told: dict[str, Any] = {"rows": len(lines), "dry_run": is_dry, "reason": why, "problems": len(problems)}
    counts = {"added": added, "changed": len(differing) - added, "same": len(pairs) - len(differing)}
    told |= {name: counts[name] for name in ("added", "changed")}
    if differing and not is_dry:
        write(tx, found, differing, why)
    event = tx.event(ENTITY, found.name, told, outcome="failed" if problems else "ok")
    if "operator" in tx.context:
        event = replace(event, actor=Actor("person", tx.context["operator"], "operator"))
    tx.record_many([event])
    return {**counts, "problems": [problem.told() for problem in problems]}


def _lines(rows: object) -> list[Line]:
    if not isinstance(rows, list | tuple):
        raise refuse("ROWS_WRONG")
    if not rows:
        raise refuse("LIST_EMPTY", what="Berkas")
    if len(rows) > MOST_ROWS:
        raise refuse("LIST_TOO_LONG", what="Berkas", most=MOST_ROWS)
    lines = [Line(number, row) if isinstance(row, dict) else row for number, row in enumerate(rows, start=2)]
    for line in lines:
        if not isinstance(line, Line) or not all(isinstance(name, str) for name in line.values):
            raise refuse("ROWS_WRONG")
    return lines


def _pairs(
    register: Register, lines: Sequence[Line], known: dict[str, Row]
) -> tuple[list[tuple[Row | None, Row]], list[Problem]]:
    """Return the row before and after for each line, and every problem; without problems there is a pair for each line."""
    pairs: list[tuple[Row | None, Row]] = []
    problems = _doubles(register, lines)
    for line in lines:
        row, wrong = clean(register, line.values, line=line.number)
        is_named = not any(problem.column in register.key for problem in wrong)
        before = known.get(register.key_of(row)) if is_named else None
        if before is not None:
            row, wrong = clean(register, {**before, **line.values}, line=line.number)
        problems += wrong
        pairs.append((before, row))
    return ([], problems) if problems else (pairs, [])


def _doubles(register: Register, lines: Sequence[Line]) -> list[Problem]:
    """Return a problem for every line with the key of a line before."""
    first: dict[str, int] = {}
    problems = []
    for line in lines:
        row, wrong = clean(register, line.values, line=line.number)
        if any(problem.column in register.key for problem in wrong):
            continue
        key = register.key_of(row)
        if key in first:
            problems.append(Problem(line.number, register.key[0], f"sama dengan baris {first[key]}"))
        first.setdefault(key, line.number)
    return problems
