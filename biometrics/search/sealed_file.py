"""A large file under a key: frames of AES-256-GCM, replaced as a whole or not at all (R-187).

Keys of minutiae tell something of a finger, so they lie on no disk in clear. The first line says what the file is; it, the number of
the frame and whether it is the last are authenticated with each frame, so that none can be moved, left out or taken from another file.
"""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FRAME = 8 << 20
NONCE = 12
_LONGEST_HEAD = 1000


class FileForeign(Exception):
    """The file is broken, was cut, or was sealed under another key or for something else."""


def write(path: Path, head: str, parts: Iterable[memoryview], key: bytes) -> None:
    """Write parts as one sealed file and put it in place of the old one.

    Args:
        path: of the file; its folder is made with mode 0700.
        head: one line in clear that says what it is; no secret.
        parts: its content, one after the other.
        key: 32 bytes.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    line = f"{head} {secrets.token_hex(16)}\n".encode()
    cipher, temporary = AESGCM(key), path.with_name(f"{path.name}.new")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(line)
            number = 0
            for frame in _frames(parts):
                file.write(_frame(cipher, line, number, frame, is_last=False))
                number += 1
            file.write(_frame(cipher, line, number, b"", is_last=True))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def read(path: Path, head: str, key: bytes) -> bytearray:
    """Return the content of a sealed file.

    Raises:
        FileForeign: it is not what `head` says, not under this key, cut or changed.
        FileNotFoundError: there is none.
    """
    cipher, content = AESGCM(key), bytearray()
    with path.open("rb") as file:
        line = file.readline(_LONGEST_HEAD)
        if not line.startswith(f"{head} ".encode()):
            raise FileForeign("another head")
        number, is_last = 0, False
        while not is_last:
            size = int.from_bytes(file.read(4), "big")
            is_last = size == 0
            nonce, sealed = file.read(NONCE), file.read(size + 16)
            try:
                content += cipher.decrypt(nonce, sealed, _associated(line, number, is_last=is_last))
            except (InvalidTag, ValueError) as error:
                raise FileForeign(f"frame {number}") from error
            number += 1
        if file.read(1):
            raise FileForeign("bytes behind the last frame")
    return content


def _frame(cipher: AESGCM, line: bytes, number: int, data: bytes | memoryview, *, is_last: bool) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    sealed = cipher.encrypt(nonce, data, _associated(line, number, is_last=is_last))
    return len(data).to_bytes(4, "big") + nonce + sealed


def _associated(line: bytes, number: int, *, is_last: bool) -> bytes:
    return line + number.to_bytes(8, "big") + (b"last" if is_last else b"more")


def _frames(parts: Iterable[memoryview]) -> Iterator[memoryview]:
    for part in parts:
        for start in range(0, len(part), FRAME):
            yield part[start : start + FRAME]
