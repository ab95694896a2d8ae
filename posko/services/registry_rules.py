"""The rule BLKLN -> TUK of the Konsorsium, replaced as a whole from an operator's file (§12.5).

The rule is data: the Konsorsium agrees on it ("misalnya berdasarkan BLK") and replaces it as a whole
from a CSV file. Everything is checked before anything is written, so a file with one bad line changes
nothing.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from posko.domain.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

RULE_COLUMNS = ("blkln_code", "priority", "tuk_code")
ANY_BLKLN = "*"
"""BLKLN code of the rule for all that have no rows of their own."""
SHOWN_PROBLEMS = 20
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/-]*")
_HIGHEST_PRIORITY = 1_000
_LONGEST = {"blkln_code": 64, "tuk_code": 20}
_RULES = sa.table("blkln_tuk_rule", *(sa.column(name) for name in RULE_COLUMNS), schema="posko")
_TUK = sa.table("tuk", sa.column("tuk_code"), schema="posko")


class RulesRefused(BadInput):
    """The file of rules has mistakes; nothing was changed. `problems` has a sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        shown = problems[:SHOWN_PROBLEMS]
        rest = len(problems) - len(shown)
        if rest:
            shown.append(f"... dan {rest} kesalahan lain.")
        super().__init__("Aturan BLKLN -> TUK tidak diganti.\n" + "\n".join(shown))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the rule: the n-th choice of TUK for a BLKLN (`*`: every BLKLN without own lines)."""

    blkln_code: str
    priority: int
    tuk_code: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class RulesImported:
    """What a replacement did, or would do: lines before and after, lines that are new and that are gone."""

    before: int
    after: int
    added: int
    removed: int
    dry_run: bool


def read_rules(data: bytes) -> list[Rule]:
    """Read the rules from a CSV file with a header, separated by comma, semicolon or tab; BOM allowed.

    Raises:
        RulesRefused: a column is missing, a value cannot be a code or a priority, or the file has no line.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RulesRefused(["Berkas bukan teks UTF-8. Simpan ulang sebagai CSV UTF-8."]) from error
    lines = text.splitlines()
    if not any(line.strip(" ;,\t") for line in lines):
        raise RulesRefused(["Berkas kosong."])
    separator = max(",;\t", key=lines[0].count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    names = {(name or "").strip().lower(): name for name in reader.fieldnames or ()}
    missing = [name for name in RULE_COLUMNS if name not in names]
    if missing:
        raise RulesRefused([f"Kolom {', '.join(missing)} tidak ada di baris 1."])
    problems: list[str] = []
    rules: list[Rule] = []
    for row in reader:
        values = {name: (row.get(names[name]) or "").strip() for name in RULE_COLUMNS}
        if not any(values.values()):
            continue
        found = list(_line_problems(values))
        problems += [f"Baris {reader.line_num}: {problem}" for problem in found]
        if not found:
            rules.append(Rule(values["blkln_code"], int(values["priority"]), values["tuk_code"], reader.line_num))
    if problems:
        raise RulesRefused(problems)
    if not rules:
        raise RulesRefused(["Berkas tidak memuat satu baris aturan pun."])
    return rules


def import_blkln_tuk_rules(db: sa.Connection, rules: Sequence[Rule], *, dry_run: bool = False) -> RulesImported:
    """Replace the whole rule BLKLN -> TUK.

    Args:
        db: open transaction; the caller commits.
        rules: the new rule, as `read_rules` gives it.
        dry_run: check and count only.

    Raises:
        RulesRefused: no rule at all, an unknown TUK, a priority or a TUK twice for one BLKLN.
    """
    known = {str(code) for code in db.scalars(sa.select(_TUK.c.tuk_code))}
    problems = list(_whole_problems(rules, known))
    if problems:
        raise RulesRefused(problems)
    old = {(rule.blkln_code, rule.priority, rule.tuk_code) for rule in list_blkln_tuk_rules(db)}
    new = {(rule.blkln_code, rule.priority, rule.tuk_code) for rule in rules}
    if not dry_run and old != new:
        db.execute(sa.delete(_RULES))
        db.execute(sa.insert(_RULES), [dict(zip(RULE_COLUMNS, rule, strict=True)) for rule in sorted(new)])
    return RulesImported(len(old), len(new), len(new - old), len(old - new), dry_run)


def list_blkln_tuk_rules(db: sa.Connection, *, blkln_code: str | None = None) -> list[Rule]:
    """Return the rule in force, by BLKLN and priority; of one BLKLN when its code is given."""
    query = sa.select(_RULES.c.blkln_code, _RULES.c.priority, _RULES.c.tuk_code)
    if blkln_code is not None:
        query = query.where(_RULES.c.blkln_code == blkln_code)
    rows = db.execute(query.order_by(_RULES.c.blkln_code, _RULES.c.priority))
    return [Rule(str(row[0]), int(row[1]), str(row[2])) for row in rows]


def _line_problems(values: dict[str, str]) -> Iterator[str]:
    for name, longest in _LONGEST.items():
        code = values[name]
        if not code:
            yield f"{name} kosong."
        elif code == ANY_BLKLN and name == "blkln_code":
            continue
        elif not _CODE.fullmatch(code):
            # A code that begins like a formula would run in the spreadsheet of the next person.
            yield f"{name} {code!r} bukan kode: huruf dan angka, tidak diawali tanda."
        elif len(code) > longest:
            yield f"{name} {code!r} lebih panjang dari {longest} karakter."
    priority = values["priority"]
    is_number = priority.isascii() and priority.isdecimal() and len(priority) <= 4
    if not is_number or not 1 <= int(priority) <= _HIGHEST_PRIORITY:
        yield f"priority {priority!r} bukan bilangan bulat 1 sampai {_HIGHEST_PRIORITY}."


def _whole_problems(rules: Sequence[Rule], known_tuk: set[str]) -> Iterator[str]:
    if not rules:
        yield "Tidak ada satu aturan pun."
    for rule in rules:
        if rule.tuk_code not in known_tuk:
            yield f"{_where(rule)}TUK {rule.tuk_code!r} tidak terdaftar."
    for rule in _repeated(rules, [(rule.blkln_code, rule.priority) for rule in rules]):
        yield f"{_where(rule)}priority {rule.priority} sudah dipakai BLKLN {rule.blkln_code!r}."
    for rule in _repeated(rules, [(rule.blkln_code, rule.tuk_code) for rule in rules]):
        yield f"{_where(rule)}TUK {rule.tuk_code!r} sudah disebut untuk BLKLN {rule.blkln_code!r}."


def _repeated(rules: Sequence[Rule], keys: Iterable[tuple[str, int | str]]) -> Iterator[Rule]:
    seen: Counter[tuple[str, int | str]] = Counter()
    for rule, key in zip(rules, keys, strict=True):
        seen[key] += 1
        if seen[key] > 1:
            yield rule


def _where(rule: Rule) -> str:
    return f"Baris {rule.line}: " if rule.line else ""
