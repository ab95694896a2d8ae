"""The archive of an auditor's pack: a plain tar, written in one pass, of which not one byte is free (§5.7; R-025).

Files in the order of the manifest, then `manifest.json`, then `manifest.sig`. Every header is the one that `Writer` writes, every padding
is zero, and nothing stands behind the end, so that whatever is changed, cut, moved or added shows, and `tar x` opens it all the same.
"""

from __future__ import annotations

import tarfile
from dataclasses import dataclass
from hashlib import sha256
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
BLOCK = tarfile.BLOCKSIZE
_END = bytes(2 * BLOCK)
AT_ONCE = 1 << 20


class Broken(Exception):
    """The archive is not one that `Writer` writes: `what` says why in Indonesian, `where` at which byte."""

    def __init__(self, what: str, where: int) -> None:
        super().__init__(f"{what} pada byte {where}")
        self.what, self.where = what, where


@dataclass(frozen=True, slots=True)
class Member:
    """One file in an archive: its name, where its content begins, how many bytes it has."""

    name: str
    start: int
    size: int


@dataclass
class Writer:
    """Writes an archive into an open file, file by file."""

    out: IO[bytes]

    def add(self, name: str, content: bytes) -> str:
        """Write one file and return SHA-256 of its content in hex."""
        self.out.write(_header(name, len(content)))
        self.out.write(content)
        self.out.write(bytes(-len(content) % BLOCK))
        return sha256(content).hexdigest()

    def end(self) -> None:
        """Write the end of the archive."""
        self.out.write(_END)


@dataclass
class Reader:
    """Reads an archive from an open file that can be sought in; `members` are its files in their order."""

    file: IO[bytes]
    members: list[Member]

    @classmethod
    def of(cls, file: IO[bytes]) -> Reader:
        """Return the reader of a file.

        Raises:
            Broken: it is not an archive that `Writer` wrote, to the byte.
        """
        return cls(file, list(_members(file)))

    def content(self, member: Member, most: int) -> bytes:
        """Return the content of a file, or of one that is larger than `most` bytes only its beginning."""
        self.file.seek(member.start)
        return self.file.read(min(member.size, most))

    def digest(self, member: Member) -> str:
        """Return SHA-256 of a file in hex."""
        self.file.seek(member.start)
        made, left = sha256(), member.size
        while left:
            part = self.file.read(min(left, AT_ONCE))
            made.update(part)
            left -= len(part)
        return made.hexdigest()


def _members(file: IO[bytes]) -> Iterator[Member]:
    end = file.seek(0, 2)
    at = 0
    while True:
        header = _read(file, at, BLOCK, end)
        if header == bytes(BLOCK):
            break
        member = _member(header, at)
        padded = member.size + -member.size % BLOCK
        if member.start + padded > end:
            raise Broken("arsip terpotong", end)
        if any(_read(file, member.start + member.size, padded - member.size, end)):
            raise Broken("ada isi di luar berkas", member.start + member.size)
        yield member
        at = member.start + padded
    if _read(file, at, len(_END), end) != _END or at + len(_END) != end:
        raise Broken("ada isi sesudah akhir arsip", at)


def _member(header: bytes, at: int) -> Member:
    try:
        told = tarfile.TarInfo.frombuf(header, "ascii", "strict")
        is_ours = header == _header(told.name, told.size)
    except (tarfile.TarError, ValueError) as error:
        raise Broken("kepala berkas rusak", at) from error
    if not is_ours:
        raise Broken("kepala berkas diubah", at)
    return Member(told.name, at + BLOCK, told.size)


def _read(file: IO[bytes], at: int, size: int, end: int) -> bytes:
    if at + size > end:
        raise Broken("arsip terpotong", end)
    file.seek(at)
    return file.read(size)


def _header(name: str, size: int) -> bytes:
    """Return the one header of a file of this name and size."""
    made = tarfile.TarInfo(name)
    made.size, made.mode = size, 0o600
    return made.tobuf(tarfile.USTAR_FORMAT, "ascii", "strict")
