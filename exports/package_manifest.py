"""The manifest of a package: who sends what to whom, as JSON that is signed byte for byte (§12.4, 12.6, 12.9; F09, R-182).

`format`, `format_version`, `schema`, `schema_version`, `sender`, `recipient`, `sequence`, `previous_sha256`, `created_at`, `facts` of the
hand-off (batch, hop, rows), and `files`: name, rows, bytes and SHA-256 of each table.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from typing import Any

from posko.domain.errors import Refused
from posko.domain.package import FIRST, Link
from posko.domain.package import body as checked_body
from posko.domain.refusals import refuse

FORMAT, FORMAT_VERSION = "posko-package", 1
MOST_BYTES = 256 * 1024
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_FILE = re.compile(r"[a-z][a-z0-9_]{0,39}\.parquet")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z")
_LONGEST_FACT = 500


@dataclass(frozen=True, slots=True)
class File:
    """One table of a package: name of the file, rows, bytes and SHA-256 in hex."""

    name: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a package says of itself. `facts` are short values of the hand-off; `files` are filled in by `package.write`.

    `created_at` is ISO, UTC, with a Z. `sequence` counts from 1 in each direction between two bodies; `previous_sha256` is the SHA-256 of
    the manifest before it in hex, "" of the first.
    """

    schema: str
    schema_version: int
    sender: str
    recipient: str
    sequence: int
    previous_sha256: str
    created_at: str
    facts: dict[str, str | int] = field(default_factory=dict)
    files: tuple[File, ...] = ()

    @property
    def text(self) -> bytes:
        """The bytes that are signed."""
        told = {"format": FORMAT, "format_version": FORMAT_VERSION, **asdict(self)}
        return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"

    @property
    def link(self) -> Link:
        """Its place in the chain, which the next package names."""
        return Link(self.sequence, sha256(self.text).hexdigest())

    def with_files(self, files: tuple[File, ...]) -> Manifest:
        """Return it with its files."""
        return replace(self, files=files)


def read_manifest(text: bytes) -> Manifest:
    """Read a manifest; only the exact bytes that `Manifest.text` writes are one.

    Raises:
        Refused: it is none, or of a newer format.
    """
    try:
        told: Any = json.loads(text)
        version, is_ours = told.pop("format_version"), told.pop("format") == FORMAT
        is_newer = is_ours and isinstance(version, int) and version > FORMAT_VERSION
        made = None if is_newer else Manifest(**{**told, "files": tuple(File(**one) for one in told["files"])})
        is_whole = made is not None and is_ours and version == FORMAT_VERSION and _fits(made) and made.text == text
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, Refused) as error:
        raise refuse("PACKAGE_CONTENT", what="manifes tidak terbaca") from error
    if is_newer:
        raise refuse("PACKAGE_SCHEMA_NEW", version=version)
    if made is None or not is_whole:
        raise refuse("PACKAGE_CONTENT", what="manifes tidak terbaca")
    return made


def _fits(made: Manifest) -> bool:
    """Return whether every value is of its kind; raises ValueError or Refused for what is no text or body."""
    numbers = [
        made.schema_version,
        made.sequence,
        *(number for one in made.files for number in (one.rows + 1, one.bytes)),
    ]
    texts = [made.schema, made.created_at, made.previous_sha256]
    return (
        all(type(number) is int and 0 < number < 2**53 for number in numbers)
        and all(isinstance(text, str) for text in texts)
        and checked_body(made.sender) != checked_body(made.recipient)
        and _NAME.fullmatch(made.schema) is not None
        and _TIME.fullmatch(made.created_at) is not None
        and (made.previous_sha256 == FIRST if made.sequence == 1 else bool(_DIGEST.fullmatch(made.previous_sha256)))
        and len({one.name for one in made.files}) == len(made.files) > 0
        and all(_FILE.fullmatch(one.name) and _DIGEST.fullmatch(one.sha256) for one in made.files)
        and all(_is_fact(name, value) for name, value in made.facts.items())
    )


def _is_fact(name: str, value: object) -> bool:
    """Return whether a fact is a short text or a number, as hand-offs need them."""
    if not _NAME.fullmatch(name):
        return False
    if isinstance(value, str):
        return len(value) <= _LONGEST_FACT
    return type(value) is int and abs(value) < 2**53
