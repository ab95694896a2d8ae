"""Files of a station that a cut of the power leaves whole: the old content or the new, never half (R-185).

A station may be a Windows computer, because ZKTeco's reader needs one: a lock is taken as each system knows it.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from posko.domain.errors import LeaseHeld

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _hold(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _hold(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def write_new(path: Path, data: bytes) -> None:
    """Write a file that was not there, for its owner alone.

    Raises:
        FileExistsError: it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(path, "xb", opener=_private) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def write_whole(path: Path, data: bytes) -> None:
    """Put a file in the place of another at once; what was written is on the disk when this returns."""
    fresh = path.with_name(f".{path.name}.new")
    with open(fresh, "wb", opener=_private) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync_folder(path.parent)


def append(path: Path, data: bytes) -> None:
    """Add to a file that is there; what was added is on the disk when this returns."""
    with path.open("ab", buffering=0) as file:
        file.write(data)
        os.fsync(file.fileno())


def read_whole(path: Path) -> bytes | None:
    """Return a file's content, or None where there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def sync_folder(folder: Path) -> None:
    """Make sure that the names in a folder are on the disk; Windows does so by itself and opens no folder."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the station's folder: one process owns reader, counter and queue. The hold ends with the process, however it ends.

    Raises:
        LeaseHeld: another process holds it.
    """
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            _hold(handle)
        except OSError as error:
            raise LeaseHeld(
                "Program stasiun lain sedang berjalan di komputer ini. Hentikan dahulu (systemctl stop posko-station)."
            ) from error
        yield
    finally:
        os.close(handle)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
