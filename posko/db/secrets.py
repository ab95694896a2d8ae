"""Secrets in files outside the repository: passwords of database accounts and data keys (§5.4).

One file a secret, mode 0400, in a folder of mode 0700. Nothing secret is ever in the environment of a child process
that does not need it, in a log or in the database.
"""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from posko.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path


def write_secret(path: Path, value: bytes) -> None:
    """Write a new secret file, readable by its owner only; an existing file is never replaced."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(handle, "wb") as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())


def read_or_make_password(path: Path) -> str:
    """Return the password in `path`; the first call makes one of 192 random bits."""
    if not path.exists():
        write_secret(path, secrets.token_urlsafe(24).encode())
    return path.read_text("utf-8").strip()


def read_or_make_key(path: Path) -> bytes:
    """Return the 32-byte key in `path`; the first call makes one.

    Raises:
        ConfigurationError: the file does not hold exactly 32 bytes.
    """
    if not path.exists():
        write_secret(path, secrets.token_bytes(32))
    key = path.read_bytes()
    if len(key) != 32:
        raise ConfigurationError(
            f"Berkas kunci {path.name} harus berisi 32 byte, bukan {len(key)}. Pulihkan dari cadangan."
        )
    return key
