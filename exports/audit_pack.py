"""The auditor's pack of a period: one signed archive that is verified without any server (§5.7; R-025, F38).

    with open_source(server, period) as source, path.open("wb") as out:
        made = write(source, out, signer=signer_in(secrets), held=[checkpoint])

Tables are Parquet, some thousand rows a file, so that a pack of any size is written and read in the same memory; any tool reads them.
The same data give the same bytes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

import pyarrow as pa

from exports.audit_pack_archive import MANIFEST, SIGNATURE, Writer
from exports.audit_pack_manifest import WHAT, File, LogLink, LogPart, Manifest
from exports.package_tables import to_parquet
from posko.services.audit_pack_tables import TABLES, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from exports.certificate_keys import Signer
    from posko.services.audit_notes import Checkpoint
    from posko.services.audit_pack_rows import Rows, Source, Stretch

FILE_ROWS = 25_000
"""Rows of one file: of events some 20 MB unpacked."""
README = "BACA.txt"
COUNTED = {"line": ("hop", "status"), "deviation": ("rule_id",), "deviation_case": ("status",)}
"""Table -> columns by which its rows are counted in the manifest."""


@dataclass
class _Making:
    """What was written so far."""

    writer: Writer
    told: Callable[[int], None] | None
    files: list[File] = field(default_factory=list)
    counts: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in ("table", *COUNTED)})

    def add(self, name: str, content: bytes, rows: int = 0) -> None:
        self.files.append(File(name, rows, len(content), self.writer.add(name, content)))
        if self.told is not None:
            self.told(rows)

    def count(self, name: str, rows: Rows) -> None:
        self.counts["table"][name] += len(rows)
        if name in COUNTED:
            columns = list(TABLES[name].columns)
            places = [columns.index(column) for column in COUNTED[name]]
            self.counts[name].update(" ".join(str(row[place]) for place in places) for row in rows)


def write(
    source: Source,
    out: IO[bytes],
    *,
    signer: Signer,
    held: Sequence[Checkpoint] = (),
    readme: str = "",
    told: Callable[[int], None] | None = None,
) -> Manifest:
    """Write a pack and return its manifest.

    Args:
        source: the database at one moment, and the period.
        out: an open file.
        signer: BNSP's key.
        held: checkpoints that the auditor holds; the pack proves that its stretch of the log and theirs are one log.
        readme: text for who opens it.
        told: hears rows of each file that was written.

    Raises:
        BadInput: a checkpoint is none of this log.
        Refused: the period's events are not sealed yet.
    """
    making = _Making(Writer(out), told)
    stretch = source.stretch()
    making.add(README, readme.encode())
    for name in TABLES:
        for number, rows in enumerate(_filled(source.rows(name, stretch)), start=1):
            making.count(name, rows)
            making.add(file_of(name, number), to_parquet(table_of(name, rows)), len(rows))
    period = source.period
    counts = {name: dict(sorted(counter.items())) for name, counter in making.counts.items()}
    log = _log_of(source, stretch, held)
    manifest = Manifest(period.first.isoformat(), period.last.isoformat(), log, counts, making.files)
    making.writer.add(MANIFEST, manifest.text)
    making.writer.add(SIGNATURE, f"{signer.id.hex()} {signer.sign(WHAT, manifest.text).hex()}\n".encode())
    making.writer.end()
    return manifest


def file_of(name: str, number: int) -> str:
    """Return the name of one file of a table, counted from 1."""
    return f"{name}/{number:05}.parquet"


def schema_of(name: str) -> pa.Schema:
    """Return the columns of a table as Parquet has them."""
    kinds = TABLES[name].columns.items()
    return pa.schema([(column, pa.int64() if kind is int else pa.string()) for column, kind in kinds])


def table_of(name: str, rows: Rows) -> pa.Table:
    """Return rows, each with a value for every column, as a table."""
    schema = schema_of(name)
    columns: list[list[Any]] = [[plain(value) for value in column] for column in zip(*rows, strict=True)]
    arrays = [pa.array(column, part.type) for column, part in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _filled(some: Iterator[Rows]) -> Iterator[Rows]:
    """Yield rows as many at a time as a file holds."""
    held: list[Sequence[Any]] = []
    for rows in some:
        held += rows
        while len(held) >= FILE_ROWS:
            yield held[:FILE_ROWS]
            held = held[FILE_ROWS:]
    if held:
        yield held


def _log_of(source: Source, stretch: Stretch, held: Sequence[Checkpoint]) -> LogPart:
    links = {one.size: source.link(one, stretch) for one in held}
    return LogPart(
        stretch.edge.size,
        stretch.size,
        [root.hex() for root in stretch.edge.roots],
        stretch.older,
        stretch.newest,
        [
            LogLink(link.size, [one.hex() for one in link.blocks], [one.hex() for one in link.edge])
            for _, link in sorted(links.items())
            if link is not None
        ],
    )
