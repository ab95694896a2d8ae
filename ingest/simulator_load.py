"""Rows into the source with `LOAD DATA LOCAL`, in constant memory: one chunk loads, the next is written."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.simulator_schema import TKI_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pymysql.connections import Connection

TKI_TARGET = f"tki_tlrt ({', '.join(TKI_COLUMNS)}, updated_at)"
CHUNK_ROWS = 50_000
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": "\\0"})


def line_of(values: Iterable[str | None]) -> str:
    r"""Return one row as LOAD DATA reads it: tabs between, `\N` for NULL, awkward characters escaped."""
    return "\t".join(["\\N" if value is None else value.translate(_ESCAPES) for value in values])


def plain_line_of(values: Iterable[str | None]) -> str:
    """Return the same for a row that holds nothing awkward, without looking (nearly all rows are such)."""
    return "\t".join(["\\N" if value is None else value for value in values])


def load(connection: Connection[Any], target: str, lines: Iterable[str]) -> int:
    """Load lines into `target` ("table (columns) set ...") and return how many; the caller need not commit.

    Raises:
        ValueError: the server changed or refused a value (LOAD DATA only warns, so the warnings are read).
    """
    total = 0
    with tempfile.TemporaryDirectory(prefix="posko-simulasi-") as folder, ThreadPoolExecutor(1) as writer:
        paths = [Path(folder, "a.tsv"), Path(folder, "b.tsv")]
        rest = iter(lines)
        ahead = writer.submit(_write, paths[0], rest)
        while written := ahead.result():
            ready = paths[0]
            paths.reverse()
            ahead = writer.submit(_write, paths[0], rest)
            _load_file(connection, target, ready)
            total += written
    return total


def _write(path: Path, rest: Iterator[str]) -> int:
    chunk = list(islice(rest, CHUNK_ROWS))
    path.write_text("".join(f"{line}\n" for line in chunk), encoding="utf-8", newline="")
    return len(chunk)


def _load_file(connection: Connection[Any], target: str, path: Path) -> None:
    table, _, columns = target.partition(" ")
    with connection.cursor() as cursor:
        # The zero date is one of the planted faults; a strict mode would refuse it before the receiver can.
        cursor.execute("set session sql_mode = 'NO_ENGINE_SUBSTITUTION'")
        cursor.execute(
            f"load data local infile %s into table {table} character set utf8mb4 "
            f"fields terminated by '\\t' escaped by '\\\\' lines terminated by '\\n' {columns}",
            (str(path),),
        )
        cursor.execute("show warnings")
        warnings = cursor.fetchall()
    if warnings:
        raise ValueError(f"The source server altered simulated rows of {table}: {warnings[0]!r}")
    connection.commit()
