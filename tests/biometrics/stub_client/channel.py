"""The secured channel of HID's client, its own side: SRP-6a with HID's hashes, then AES-256-CBC, as `websdk.client.ui.js` asks for it.

Written from what the SDK sends and expects, with nothing of the SDK's code. Names follow RFC 5054: N, g, k, A (theirs), B (public), u, v.
"""

from __future__ import annotations

import base64
import json
import secrets
import struct
from dataclasses import dataclass, field
from hashlib import sha1, sha256
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

N = int(
    "EEAF0AB9ADB38DD69C33F80AFA8FC5E86072618775FF3C0B9EA2314C9C256576D674DF7496EA81D3383B4813D692C6E0E0D5D8E250B98BE4"
    "8E495C1D6089DAD15DC7D7B46154D6B6CE8EF4AD69B15D4982559B297BCF1885C529F566660E57EC68EDBC3C05726CC02FD4CBF4976EAA9A"
    "FD5138FE8376435B9FC61D2FC0EB06E3",
    16,
)
G = 2
WIDTH = 128
AES_VERSION, UNICODE, HEADER = 1, 2, 8


def whole(number: int) -> bytes:
    """Return a number in as few whole bytes as hold it, as the SDK writes them."""
    return number.to_bytes(max(1, (number.bit_length() + 7) // 8), "big")


def _number(*parts: bytes) -> int:
    return int.from_bytes(sha1(b"".join(parts)).digest(), "big")


K = _number(N.to_bytes(WIDTH, "big"), G.to_bytes(WIDTH, "big"))


@dataclass
class Account:
    """What `get_connection` gives out: a name, a password and a salt, for one run of the client."""

    name: str = field(default_factory=lambda: secrets.token_urlsafe(8))
    password: bytes = field(default_factory=lambda: secrets.token_bytes(8))
    salt: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    @property
    def verifier(self) -> int:
        """Return v of the account."""
        inner = sha1(self.name.encode() + b":" + self.password).digest()
        return pow(G, _number(self.salt, inner), N)


@dataclass
class Handshake:
    """One agreed key: `public` goes to the page, `proof` is what the page must show with the WebSocket."""

    account: Account
    theirs: int
    private: int = field(default_factory=lambda: secrets.randbits(256))

    def __post_init__(self) -> None:
        if self.theirs % N == 0:
            raise ValueError("A is no key")
        v = self.account.verifier
        self.public = (K * v + pow(G, self.private, N)) % N
        u = _number(self.theirs.to_bytes(WIDTH, "big"), self.public.to_bytes(WIDTH, "big"))
        shared = sha1(whole(pow(self.theirs * pow(v, u, N), self.private, N))).digest()
        mixed = bytes(a ^ b for a, b in zip(sha1(whole(N)).digest(), sha1(whole(G)).digest(), strict=True))
        name = sha1(self.account.name.encode()).digest()
        salt, theirs, ours = self.account.salt, whole(self.theirs), whole(self.public)
        self.proof = sha1(mixed + name + salt + theirs + ours + shared).digest()
        self.key = sha256(shared).digest()

    def sealed(self, text: str) -> bytes:
        """Return a text as the SDK reads it."""
        data = text.encode("utf-16-le")
        padder = PKCS7(128).padder()
        plain = struct.pack("<BBIH", AES_VERSION, UNICODE, len(data), HEADER) + data
        encryptor = self._cipher().encryptor()
        return encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()

    def opened(self, sealed: bytes) -> str:
        """Return the text that the SDK sent."""
        decryptor, unpadder = self._cipher().decryptor(), PKCS7(128).unpadder()
        plain = unpadder.update(decryptor.update(sealed) + decryptor.finalize()) + unpadder.finalize()
        version, kind, length, offset = struct.unpack_from("<BBIH", plain)
        assert (version, kind, length + offset) == (AES_VERSION, UNICODE, len(plain))
        return plain[offset:].decode("utf-16-le")

    def _cipher(self) -> Cipher[CBC]:
        return Cipher(AES(self.key), CBC(self.proof[:16]))


def packed(table: Any) -> str:
    """Return a table as the SDK packs it: JSON in base64url without padding."""
    return url_safe(json.dumps(table).encode())


def unpacked(text: str) -> Any:
    """Return the table that the SDK packed."""
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def url_safe(data: bytes) -> str:
    """Return bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
