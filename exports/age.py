"""age encryption (age-encryption.org/v1) to one X25519 recipient, as the standard program `age` reads and writes it (§12.4; R-088).

age says nothing of the sender; the signature inside a package does. Whoever knows the recipient's public key can encrypt to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyrage
from pyrage import x25519

from posko.domain.refusals import refuse

if TYPE_CHECKING:
    from collections.abc import Sequence

_OTHERS_KEY = "No matching keys found"


def new_identity() -> str:
    """Return a new secret key as age writes it, `AGE-SECRET-KEY-1...`: a file with this one line is what `age -d -i` takes."""
    return str(x25519.Identity.generate())


def recipient_of(identity: str) -> str:
    """Return the public half of a secret key, `age1...`.

    Raises:
        Refused: it is no such key.
    """
    return str(_identity(identity).to_public())


def is_recipient(text: str) -> bool:
    """Return whether a text is a public key of age for X25519."""
    try:
        x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        return False
    return True


def encrypt(data: bytes, recipient: str) -> bytes:
    """Return `data` as an age file that only the holder of this public key's other half can read.

    Raises:
        Refused: it is no public key.
    """
    try:
        key = x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError as error:
        raise refuse("PACKAGE_KEY_WRONG", body="penerima") from error
    return bytes(pyrage.encrypt(data, [key]))


def decrypt(data: bytes, identities: Sequence[str], body: str) -> bytes:
    """Return what an age file holds, read with one of the secret keys of `body`.

    Raises:
        Refused: it is for another key, or not whole: each byte of it is authenticated.
    """
    keys = [_identity(identity) for identity in identities]
    try:
        return bytes(pyrage.decrypt(data, keys))
    except pyrage.DecryptError as error:
        if str(error) == _OTHERS_KEY:
            raise refuse("PACKAGE_NOT_OURS", body=body) from error
        raise refuse("PACKAGE_DAMAGED") from error


def _identity(text: str) -> x25519.Identity:
    try:
        return x25519.Identity.from_str(text)
    except pyrage.IdentityError as error:
        raise refuse("PACKAGE_KEY_WRONG", body="pemilik kunci") from error
