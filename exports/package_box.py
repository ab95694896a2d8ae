"""Where packages lie that are to be sent: written whole before they count, given out after (§12.9; F09).

A package is written under a name that nobody takes for one, entered into its register, and then named `000003-allocated.posko`. Whoever
is killed in between finds the same bytes again at the next start and finishes, or throws away what was never entered.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote

from exports.package import ENDING, MOST_FILE
from posko.domain.errors import BadInput
from posko.domain.refusals import refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from exports.package import Sealed

_UNFINISHED = ".part"


@dataclass(frozen=True)
class Box:
    """A folder with one folder a recipient, readable by its owner only."""

    folder: Path

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let one program at a time work in this box; it is needed around everything below.

        Raises:
            BadInput: another one does.
        """
        make_private(self.folder)
        handle = os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(handle)
            raise BadInput(
                f"Program lain sedang bekerja di {self.folder}. Tunggu sampai selesai, lalu ulangi."
            ) from error
        try:
            yield
        finally:
            os.close(handle)

    def lay(self, sealed: Sealed) -> Path:
        """Write a package that is not entered yet; return its file."""
        path = self._path(sealed).with_suffix(_UNFINISHED)
        write_whole(path, sealed.data)
        return path

    def give_out(self, sealed: Sealed) -> Path:
        """Name a package that was entered; return its file."""
        path = self._path(sealed)
        path.with_suffix(_UNFINISHED).replace(path)
        return path

    def finish(self, is_entered: Callable[[str], bool]) -> list[Path]:
        """Give out what was entered and not named, by SHA-256 of its file in hex; remove what never was. Return the former."""
        found = []
        for path in sorted(self.folder.glob(f"*/*{_UNFINISHED}")):
            if is_entered(sha256(path.read_bytes()).hexdigest()):
                found.append(path.replace(path.with_suffix(ENDING)))
            else:
                path.unlink()
        return found

    def _path(self, sealed: Sealed) -> Path:
        manifest = sealed.manifest
        name = f"{manifest.sequence:06d}-{manifest.schema}{ENDING}"
        return self.folder / quote(manifest.recipient, safe="") / name


def make_private(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for their owner alone."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(mode=0o700, exist_ok=True)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that only its owner reads, so that it is there wholly or not at all."""
    make_private(path.parent)
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def read_file(path: Path) -> bytes:
    """Return the bytes of a package; one that is too large is refused before it is read.

    Raises:
        Refused: too large.
        BadInput: there is no such file.
    """
    try:
        if path.stat().st_size > MOST_FILE:
            raise refuse("PACKAGE_TOO_LARGE", what=f"paling besar {MOST_FILE // 2**20} MiB")
        return path.read_bytes()
    except OSError as error:
        raise BadInput(f"Berkas {path} tidak dapat dibaca. Periksa namanya.") from error


def read_text(path: Path) -> str:
    """Return the text of a card.

    Raises:
        BadInput: there is no such file, or it is no text.
    """
    try:
        return path.read_text("utf-8")
    except (OSError, ValueError) as error:
        raise BadInput(f"Berkas {path} tidak dapat dibaca. Periksa namanya.") from error
