"""Where a result stands in the public site, and how it is locked: both come from ID TKI and birth date alone (§14.1; R-160, R-188).

    master   PBKDF2-HMAC-SHA-256(ID TKI, line break, birth date as YYYY-MM-DD; salt of the site; 1,000 rounds), 32 bytes
    place    HMAC-SHA-256(master, "alamat"): two bytes name the part of the site, the next 16 the record in it
    key      HMAC-SHA-256(master, "kunci"), for AES-256-GCM; the nonce is HMAC-SHA-256(master, "nonce" and the text), 12 bytes

    record   16 bytes of place, 2 bytes of length, 12 bytes of nonce, then the locked text with its tag

So no file tells whom it is about, and none can be listed. It slows guessing down and no more: whoever knows an ID TKI can try birth dates,
and finds what the page would tell anybody who knows both. Texts are filled up, so that a record's length does not tell its result.
The same text is locked into the same bytes, so what did not change stays the same file.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROUNDS = 1_000
"""Rounds of PBKDF2: 0.2 ms here, so that half a million results take minutes, once."""
SHARDS = 65_536
TAG, NONCE = 16, 12
FILL = 192
"""Texts are filled up to a multiple of so many bytes."""
_HEAD = struct.Struct(f">{TAG}sH{NONCE}s")
_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._/&()-]{0,62}[A-Za-z0-9._/)-])?")

_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})-(?P<month>\d{1,2})-(?P<year>\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Address:
    """Where one person's results stand, and their key."""

    shard: int
    tag: bytes
    master: bytes


def address_of(tki_id: str, born_on: dt.date, salt: str) -> Address:
    """Return the address of a person's results in a site."""
    told = f"{tki_id.strip()}\n{born_on.isoformat()}".encode()
    master = hashlib.pbkdf2_hmac("sha256", told, salt.encode(), ROUNDS, 32)
    place = hmac.digest(master, b"alamat", "sha256")
    return Address(int.from_bytes(place[:2], "big"), place[2 : 2 + TAG], master)


def seal(address: Address, results: Sequence[Sequence[Any]]) -> bytes:
    """Return the record of a person: the results as JSON, filled up and locked."""
    text = json.dumps(results, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % FILL)
    nonce = hmac.digest(address.master, b"nonce" + text, "sha256")[:NONCE]
    locked = AESGCM(_key(address)).encrypt(nonce, text, address.tag)
    return _HEAD.pack(address.tag, len(locked), nonce) + locked


def open_text(address: Address, shard: bytes) -> str | None:
    """Return the text of a person's record in a part of the site, None where there is none.

    Raises:
        cryptography.exceptions.InvalidTag: the record was altered.
    """
    for tag, start, end in _records(shard):
        if tag == address.tag:
            _, _, nonce = _HEAD.unpack_from(shard, start)
            return AESGCM(_key(address)).decrypt(nonce, shard[start + _HEAD.size : end], address.tag).decode()
    return None


def merged(old: bytes, records: Sequence[bytes]) -> bytes:
    """Return a part of the site in which these records are new or take the place of their forerunners; ordered by place."""
    made = {tag: old[start:end] for tag, start, end in _records(old)}
    made |= {record[:TAG]: record for record in records}
    return b"".join(made[tag] for tag in sorted(made))


def typed(tki_id: str, born_on: str) -> tuple[str, dt.date] | None:
    """Return ID TKI and birth date as a person typed them (YYYY-MM-DD, DD-MM-YYYY or with / or .), None if they are none."""
    number, day = tki_id.strip(), re.sub(r"[/.]", "-", born_on.strip())
    found = _ISO.fullmatch(day) or _DAY_FIRST.fullmatch(day)
    if found is None or not _ID.fullmatch(number):
        return None
    try:
        return number, dt.date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def _key(address: Address) -> bytes:
    return hmac.digest(address.master, b"kunci", "sha256")


def _records(shard: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield place, beginning and end of each record."""
    at = 0
    while at < len(shard):
        tag, length, _ = _HEAD.unpack_from(shard, at)
        end = at + _HEAD.size + length
        yield tag, at, end
        at = end
