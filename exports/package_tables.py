"""Tables of a package as Parquet, written for any tool, and read within limits that hold before anything is unpacked (§12.4; F09).

Compressed by zstd and nothing else: a dictionary could repeat one long text a million times, so a file that uses one is refused.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from posko.domain.errors import Refused
from posko.domain.refusals import CATALOGUE, refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MOST_ROWS = 500_000
"""Rows of one table: a hundred peak days."""
MOST_UNPACKED = 512 * 1024 * 1024
"""Bytes of one table when it is unpacked."""
MOST_COLUMNS = 100
_CODECS, _ENCODINGS = {"ZSTD", "UNCOMPRESSED"}, {"PLAIN", "RLE"}
HERE = Path(__file__).parent
MOST_SECONDS = 120
_UNREADABLE = "tabel tidak terbaca"


@dataclass(frozen=True)
class Schema:
    """What a kind of package holds: the newest version, its tables, and how a table of an older version becomes the next one.

    `upgrades` is version -> function from the tables of that version to those of the next; a version without one cannot be read.
    """

    name: str
    version: int
    tables: Mapping[str, pa.Schema]
    upgrades: Mapping[int, Callable[[dict[str, pa.Table]], dict[str, pa.Table]]] = field(default_factory=dict)

    def check_version(self, version: int) -> None:
        """Refuse a version that cannot be read here: newer, or older without every upgrade on the way."""
        if version > self.version:
            raise refuse("PACKAGE_SCHEMA_NEW", version=version)
        if any(step not in self.upgrades for step in range(version, self.version)):
            raise refuse("PACKAGE_SCHEMA_OLD", version=version)

    def brought_up(self, tables: dict[str, pa.Table], version: int) -> dict[str, pa.Table]:
        """Return tables of a version as those of the newest, which must then have exactly its columns.

        Raises:
            Refused: they have not.
        """
        for step in range(version, self.version):
            tables = self.upgrades[step](tables)
        if tables.keys() != self.tables.keys():
            raise refuse("PACKAGE_CONTENT", what="tabelnya lain")
        for name, table in tables.items():
            if not table.schema.equals(self.tables[name], check_metadata=False):
                raise refuse("PACKAGE_CONTENT", what=f"kolom tabel {name}")
        return tables


def to_parquet(table: pa.Table) -> bytes:
    """Return a table as a Parquet file; the same table gives the same bytes."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", use_dictionary=False, write_statistics=False, store_schema=False)
    return bytes(sink.getvalue())


def from_parquet(data: bytes, rows: int) -> pa.Table:
    """Return the table of a Parquet file whose manifest promises so many rows, read in a process of its own.

    The library that reads Parquet can be made to end its process by a file that is made for it: then only that one ends.

    Raises:
        Refused: it is none, has other rows, is over the limits, or is made so that it could grow while it is read.
    """
    words = [sys.executable, "-B", "-m", "exports.package_child", str(rows), str(MOST_ROWS), str(MOST_UNPACKED)]
    try:
        done = subprocess.run(
            words, input=data, capture_output=True, cwd=HERE.parent, env={}, timeout=MOST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise refuse("PACKAGE_TOO_LARGE", what="tabelnya") from error
    if done.returncode != 0:
        raise _told(done.stderr)
    return pa.ipc.open_stream(done.stdout).read_all()


def read_here(data: bytes, rows: int, most_rows: int, most_unpacked: int) -> pa.Table:
    """Read a table as `from_parquet` does, in this process: that of `exports.package_child`, whose memory is limited.

    Raises:
        Refused: as `from_parquet`.
    """
    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        _check_limits(file.metadata, rows, most_rows, most_unpacked)
        table = file.read(use_threads=False)
        table.validate(full=True)
    except MemoryError as error:
        raise refuse("PACKAGE_TOO_LARGE", what="tabelnya") from error
    except (pa.ArrowException, OSError, ValueError) as error:
        raise refuse("PACKAGE_CONTENT", what=_UNREADABLE) from error
    if table.num_rows != rows:
        raise refuse("PACKAGE_CONTENT", what="jumlah baris")
    return table


def _told(said: bytes) -> Refused:
    """Return the refusal that the other process said; it may have ended before it could say one."""
    try:
        told = json.loads(said.decode().splitlines()[-1])
        return Refused(str(told["sentence"]), rule=CATALOGUE[told["code"]].rule, code=told["code"])
    except (ValueError, KeyError, TypeError, IndexError):
        return refuse("PACKAGE_CONTENT", what=_UNREADABLE)


def _check_limits(metadata: Any, rows: int, most_rows: int, most_unpacked: int) -> None:
    if metadata.num_rows != rows:
        raise refuse("PACKAGE_CONTENT", what="jumlah baris")
    if rows > most_rows or metadata.num_columns > MOST_COLUMNS or metadata.num_row_groups > rows + 1:
        raise refuse("PACKAGE_TOO_LARGE", what=f"paling banyak {most_rows} baris dan {MOST_COLUMNS} kolom")
    groups = [metadata.row_group(place) for place in range(metadata.num_row_groups)]
    parts = [group.column(place) for group in groups for place in range(group.num_columns)]
    if sum(part.total_uncompressed_size for part in parts) > most_unpacked:
        raise refuse("PACKAGE_TOO_LARGE", what=f"{most_unpacked // 2**20} MiB tanpa kompresi")
    if any(part.compression not in _CODECS or not _ENCODINGS.issuperset(part.encodings) for part in parts):
        raise refuse("PACKAGE_STRANGE_FILE", what="tabel dengan pengodean lain")
