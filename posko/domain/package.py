"""What a package must be before anything of it is loaded: its parties, its place in the chain, its schema (§12.4, 12.6, 12.9; F09).

Packages from one body to another are numbered from 1 without a gap, and each names the SHA-256 of the manifest before it, so that a package
that was held back, repeated or slipped in shows at the next one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256

from posko.domain.refusals import refuse
from posko.domain.short_digest import short_digest

FIRST = ""
"""What the first package of a chain names as the manifest before it."""
_BODY = re.compile(r"BNSP|KONSORSIUM|RELAY|BNP2TKI|(?:LSP|TUK):[A-Za-z0-9](?:[A-Za-z0-9 ._/-]{0,38}[A-Za-z0-9._/-])?")

FILE_REFUSALS = (
    *("PACKAGE_TOO_LARGE", "PACKAGE_DAMAGED", "PACKAGE_NOT_OURS", "PACKAGE_STRANGE_FILE", "PACKAGE_UNKNOWN_SENDER"),
    *("PACKAGE_SIGNATURE", "PACKAGE_WRONG_RECIPIENT", "PACKAGE_REPLAYED", "PACKAGE_GAP", "PACKAGE_CHAIN"),
    *("PACKAGE_SCHEMA_OLD", "PACKAGE_SCHEMA_NEW", "PACKAGE_SCHEMA_UNKNOWN", "PACKAGE_CONTENT"),
)
"""Codes with which a file is refused before its content is looked at; the act `package.note_refused` records no others."""


@dataclass(frozen=True, slots=True)
class Link:
    """The last package of a chain: its number, and the SHA-256 of its manifest in hex; 0 and "" before the first."""

    sequence: int = 0
    manifest_sha256: str = FIRST


def body(value: object) -> str:
    """Return the name of a body as hand-offs name it: `BNSP`, `KONSORSIUM`, `LSP:<code>`, `TUK:<code>`, `RELAY` or `BNP2TKI`.

    Raises:
        Refused: it is none.
    """
    if not isinstance(value, str) or not value.isascii() or not _BODY.fullmatch(value):
        raise refuse("PACKAGE_BODY_WRONG")
    return value


def key_id(public: bytes) -> str:
    """Return the 16 hex digits by which a signature names its key (`short_digest`)."""
    return short_digest(sha256(b"posko-bnsp/package-key\n" + public).hexdigest())


def check_order(last: Link, *, sender: str, sequence: int, previous: str) -> None:
    """Refuse a package that is not the next one behind `last`: a replay, a gap, or one of another chain."""
    if sequence <= last.sequence:
        raise refuse("PACKAGE_REPLAYED", sequence=sequence, sender=sender)
    if sequence != last.sequence + 1:
        raise refuse("PACKAGE_GAP", sequence=sequence, sender=sender, expected=last.sequence + 1)
    if previous != last.manifest_sha256:
        raise refuse("PACKAGE_CHAIN", sequence=sequence, sender=sender)
