"""The secure code of a certificate: six hexadecimal digits, random, and never shown to who does not know it (§13.13, Gambar 12; R-140).

Six digits are 24 bits, so two random codes soon are equal: a code is drawn until it is free. It is kept only as a keyed
digest, by which a typed code is compared, and encrypted, for the print.
"""

from __future__ import annotations

import hmac
import re
import secrets

SPACE = 16**6
"""How many codes there are."""
DIGEST_BYTES = 16
_SHAPE = re.compile(r"[0-9A-F]{6}")


def draw() -> str:
    """Return a random code from the system's cryptographic source."""
    return secrets.token_hex(3).upper()


def is_code(text: str) -> bool:
    """Return whether a text has the shape of a code."""
    return _SHAPE.fullmatch(text) is not None


def typed(text: str) -> str:
    """Return what a person typed as a code is written: upper case, without the blanks around it."""
    return text.strip().upper()


def digest_of(key: bytes, code: str) -> bytes:
    """Return the keyed digest of a code: without the key nobody can try the 16.7 million codes against it."""
    return hmac.digest(key, code.encode(), "sha256")[:DIGEST_BYTES]


def is_same(digest: bytes, other: bytes) -> bool:
    """Return whether two digests are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(digest, other)
