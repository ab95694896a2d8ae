"""Checkpoints of the audit log as signed notes: the form that C2SP's tlog-checkpoint and signed-note describe (§5.3, R-181).

    posko-bnsp/audit
    1000000
    <root, base64>

    — posko-bnsp/audit <key number and Ed25519 signature, base64>

A witness who has seen that the log only grew adds a line of its own (tlog-cosignature), which also says when. Public
keys travel as `NAME+HEX+BASE64` (a "vkey"). Nothing here reads a database.
"""

from __future__ import annotations

import base64
import re
import struct
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from posko.domain.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

ORIGIN = "posko-bnsp/audit"
LOG_SIGNATURE, COSIGNATURE = b"\x01", b"\x04"
"""Kinds of signature, as C2SP numbers them."""
_DASH = "— "
_NOTE = re.compile(
    r"(?P<body>(?P<origin>[^\s+]+)\n(?P<size>0|[1-9][0-9]{0,17})\n(?P<root>[A-Za-z0-9+/=]+)\n)\n(?P<signatures>(?:— [^\n]+\n)+)"
)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a note says: the log's name, how many events, the root over them; and its signature lines."""

    origin: str
    size: int
    root: bytes
    body: str
    signatures: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole note."""
        return self.body + "\n" + "".join(line + "\n" for line in self.signatures)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key with the name of its holder and the kind of its signatures."""

    name: str
    kind: bytes
    raw: bytes

    @property
    def number(self) -> bytes:
        """The first 4 bytes of the hash that tells keys apart."""
        return sha256(self.name.encode() + b"\n" + self.kind + self.raw).digest()[:4]

    @property
    def text(self) -> str:
        """The key as a vkey."""
        return f"{self.name}+{self.number.hex()}+{base64.b64encode(self.kind + self.raw).decode()}"


def public_key(private: bytes, name: str = ORIGIN, *, kind: bytes = LOG_SIGNATURE) -> PublicKey:
    """Return the public half of a private key of 32 bytes."""
    return PublicKey(name, kind, Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw())


def read_key(text: str) -> PublicKey:
    """Read a vkey.

    Raises:
        BadInput: it is none, or its number is not the one of its bytes.
    """
    parts = text.strip().split("+", 2)
    if len(parts) != 3:
        raise BadInput("Kunci publik tidak berbentuk NAMA+NOMOR+KUNCI. Minta lagi berkasnya kepada BNSP.")
    data = _decoded(parts[2])
    key = PublicKey(parts[0], data[:1], data[1:])
    if len(key.raw) != 32 or key.kind not in {LOG_SIGNATURE, COSIGNATURE} or key.text != text.strip():
        raise BadInput("Kunci publik rusak: nomornya bukan nomor kunci ini. Minta lagi berkasnya kepada BNSP.")
    return key


def make_note(size: int, root: bytes, private: bytes, *, origin: str = ORIGIN) -> str:
    """Return the signed note of a checkpoint."""
    body = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    signature = Ed25519PrivateKey.from_private_bytes(private).sign(body.encode())
    return f"{body}\n{_line(public_key(private, origin), signature)}\n"


def read_note(text: str) -> Checkpoint:
    """Read a note, whoever signed it; `is_signed` says who did.

    Raises:
        BadInput: the text is no checkpoint.
    """
    found = _NOTE.fullmatch(text)
    root = _decoded(found["root"]) if found else b""
    if not found or len(root) != 32:
        raise BadInput("Berkas bukan checkpoint log audit. Pakai berkas .note seperti diterbitkan.")
    signatures = tuple(line for line in found["signatures"].split("\n") if line)
    return Checkpoint(found["origin"], int(found["size"]), root, found["body"], signatures)


def is_signed(checkpoint: Checkpoint, key: PublicKey) -> bool:
    """Return whether the log's own key has signed this checkpoint, under the log's own name."""
    if key.kind != LOG_SIGNATURE or checkpoint.origin != key.name:
        return False
    return any(_holds(key, data, checkpoint.body.encode()) for data in _by(checkpoint, key) if len(data) == 64)


def cosign(checkpoint: Checkpoint, private: bytes, *, witness: str, at: int) -> str:
    """Return a witness's line. The witness first checks that this log holds the whole of the last one it signed.

    Args:
        checkpoint: what is witnessed.
        private: the witness's key, 32 bytes.
        witness: its name.
        at: seconds since 1970.
    """
    message = _cosigned(checkpoint, at)
    signature = struct.pack(">Q", at) + Ed25519PrivateKey.from_private_bytes(private).sign(message)
    return _line(public_key(private, witness, kind=COSIGNATURE), signature)


def witnessed_at(checkpoint: Checkpoint, key: PublicKey) -> int | None:
    """Return when this witness cosigned, in seconds since 1970; None where it did not."""
    if key.kind != COSIGNATURE:
        return None
    for data in _by(checkpoint, key):
        if len(data) == 72:
            at = int(struct.unpack(">Q", data[:8])[0])
            if _holds(key, data[8:], _cosigned(checkpoint, at)):
                return at
    return None


def with_signatures(text: str, lines: Sequence[str]) -> str:
    """Return a note with more signature lines, each once."""
    known = read_note(text).signatures
    return text + "".join(f"{line}\n" for line in dict.fromkeys(lines) if line not in known)


def _cosigned(checkpoint: Checkpoint, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{checkpoint.body}".encode()


def _line(key: PublicKey, signature: bytes) -> str:
    return f"{_DASH}{key.name} {base64.b64encode(key.number + signature).decode()}"


def _by(checkpoint: Checkpoint, key: PublicKey) -> list[bytes]:
    """Return the signatures that claim to be by this key, without the key's number."""
    found = []
    for line in checkpoint.signatures:
        name, _, encoded = line.removeprefix(_DASH).partition(" ")
        if not line.startswith(_DASH) or name != key.name:
            continue
        data = _decoded(encoded)
        if data[:4] == key.number:
            found.append(data[4:])
    return found


def _decoded(text: str) -> bytes:
    """Return what a base64 text holds; nothing if it is not the one way to write it."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return b""
    return data if base64.b64encode(data).decode() == text else b""


def _holds(key: PublicKey, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key.raw).verify(signature, message)
    except InvalidSignature:
        return False
    return True
