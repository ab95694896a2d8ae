"""Which statements of the screens read many rows: the server itself notes them while the screens are at work (R-008)."""

from __future__ import annotations

import re
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from posko.db.engine import Server

MANY_ROWS = 20_000
"""Rows that a statement examined from which it is noted: the page of a list has twenty."""
ACCOUNT = "posko_app"
_SETTINGS = {"min_examined_row_limit": MANY_ROWS, "long_query_time": 0, "slow_query_log": 1}
_LITERAL = re.compile(r"'(?:[^'\\]|\\.)*'|\b\d+\b|x'[0-9a-f]*'", re.IGNORECASE)
_LIST = re.compile(r"\(\s*\?(?:\s*,\s*\?)+\s*\)")
_SHOWN = 160


@dataclass(frozen=True)
class Heavy:
    """One kind of statement: how often it came, rows examined and seconds at most, its text with every value as `?`."""

    times: int
    rows: int
    seconds: float
    text: str

    def line(self) -> str:
        """Return it as one line of a report."""
        return f"{self.times:>6}x {self.rows:>10} baris {1000 * self.seconds:>6.0f} ms  {self.text[:_SHOWN]}"


@contextmanager
def watched(server: Server) -> Iterator[list[Heavy]]:
    """Let the server note what posko_app asks in connections that begin within the block; the list is filled at its end."""
    found: list[Heavy] = []
    with closing(server.connect(server.admin, "mysql", autocommit=True)) as connection, connection.cursor() as cursor:
        usual = {}
        for name in (*_SETTINGS, "log_output"):
            cursor.execute(f"select @@global.{name}")
            (usual[name],) = cursor.fetchone()
        cursor.execute("set global slow_query_log = 0")
        cursor.execute("truncate table mysql.slow_log")
        for name, value in {"log_output": "TABLE", **_SETTINGS}.items():
            cursor.execute(f"set global {name} = %s", (value,))
        try:
            yield found
        finally:
            for name, value in usual.items():
                cursor.execute(f"set global {name} = %s", (value,))
        cursor.execute(
            "select sql_text, rows_examined, time_to_sec(query_time) + microsecond(query_time) / 1e6 from mysql.slow_log"
            " where user_host like %s",
            (f"{ACCOUNT}%",),
        )
        found += _grouped(cursor.fetchall())


def plain(statement: str) -> str:
    """Return a statement with every value as `?` and one blank between words, so that equal ones are counted together."""
    return " ".join(_LIST.sub("(?)", _LITERAL.sub("?", statement)).split())


def _grouped(rows: tuple[tuple[object, int, float], ...]) -> list[Heavy]:
    kinds: dict[str, list[tuple[int, float]]] = {}
    for text, examined, seconds in rows:
        said = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
        kinds.setdefault(plain(said), []).append((int(examined), float(seconds)))
    heavy = [
        Heavy(len(some), max(one for one, _ in some), max(one for _, one in some), text) for text, some in kinds.items()
    ]
    return sorted(heavy, key=lambda one: -one.times * one.seconds)
