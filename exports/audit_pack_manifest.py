"""The manifest of an auditor's pack: period, stretch of the log, tables with their columns, files with SHA-256; signed to the byte (R-025).

It bears no time of its making and no name of who made it: the same data give the same pack, and the sealed log tells of both.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from posko.domain.audit import canonical
from posko.services.audit_pack_tables import TABLES, VERSION

FORMAT, FORMAT_VERSION = "posko-audit-pack", 1
WHAT = "audit-pack"
"""Kind of what is signed: a signature of another kind is none of a pack."""
MOST_BYTES = 32 * 1024 * 1024
WORDS = {int: "integer", str: "text"}
SCHEMA = {name: [[column, WORDS[kind]] for column, kind in part.columns.items()] for name, part in TABLES.items()}
"""Name of a table -> its columns with their kinds, in order."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
SCHEMA_SHA256 = sha256(canonical(SCHEMA).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class File:
    """One file of a pack: its name, the rows in it (0: it is no table), bytes, SHA-256 in hex."""

    name: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class LogLink:
    """From a checkpoint outside the stretch of the log to it, hashes in hex; as `posko.services.audit_pack_rows.Link`."""

    size: int
    blocks: list[str]
    edge: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LogPart:
    """The stretch of the log: the edge of the tree before it (hex), its size there and behind it, the notes at both ends."""

    first: int
    size: int
    edge: list[str]
    older: str | None
    newest: str
    links: list[LogLink] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a pack says of itself. `counts` are rows by table, and of lines by hop and status, of deviations by rule."""

    first: str
    last: str
    log: LogPart
    counts: dict[str, dict[str, int]]
    files: list[File]

    @property
    def text(self) -> bytes:
        """The bytes that are signed."""
        told = {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "tables_version": VERSION,
            "schema": SCHEMA,
            "schema_sha256": SCHEMA_SHA256,
            **asdict(self),
        }
        return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


class NoManifest(ValueError):
    """These bytes are no manifest that this program can read; the text says why, in Indonesian."""


def read_manifest(text: bytes) -> Manifest:
    """Read a manifest; only the exact bytes that `Manifest.text` writes are one.

    Raises:
        NoManifest: they are not, or of another version of the format or of the tables.
    """
    try:
        told: Any = json.loads(text)
        versions = (told["format"], told["format_version"], told["tables_version"])
        made = Manifest(
            date.fromisoformat(told["first"]).isoformat(),
            date.fromisoformat(told["last"]).isoformat(),
            LogPart(**{**told["log"], "links": [LogLink(**link) for link in told["log"]["links"]]}),
            dict(told["counts"]),
            [File(**file) for file in told["files"]],
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NoManifest("manifes tidak terbaca") from error
    if versions != (FORMAT, FORMAT_VERSION, VERSION) or told.get("schema_sha256") != SCHEMA_SHA256:
        raise NoManifest("versi tabel lain; periksa dengan posko dari versi yang membuatnya")
    if made.text != text or not _fits(made):
        raise NoManifest("manifes tidak ditulis menurut bentuk baku")
    return made


def _fits(made: Manifest) -> bool:
    """Return whether numbers and hashes are such; texts may be any."""
    log = made.log
    numbers = [log.first, log.size, *(link.size for link in log.links)]
    numbers += [number for file in made.files for number in (file.rows, file.bytes)]
    hashes = [
        *log.edge,
        *(one for link in log.links for one in (*link.blocks, *link.edge)),
        *(file.sha256 for file in made.files),
    ]
    texts = [log.newest, log.older or "", *(file.name for file in made.files)]
    return (
        all(type(number) is int and 0 <= number < 2**63 for number in numbers)
        and log.first <= log.size
        and all(isinstance(one, str) and _DIGEST.fullmatch(one) for one in hashes)
        and all(isinstance(text, str) for text in texts)
    )
