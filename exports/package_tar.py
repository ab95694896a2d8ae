"""The archive inside a package: a plain tar of manifest.json, manifest.sig and *.parquet, and nothing else (§12.4; F09).

Written the same for the same files. Nothing is ever unpacked onto a disk by the names that it holds.
"""

from __future__ import annotations

import io
import re
import tarfile
from typing import TYPE_CHECKING

from posko.domain.refusals import refuse

if TYPE_CHECKING:
    from collections.abc import Mapping

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
MOST_FILES = 20
_NAME = re.compile(r"manifest\.json|manifest\.sig|[a-z][a-z0-9_]{0,39}\.parquet")


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return the archive of these files, in their order."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), 0o600
            archive.addfile(member, io.BytesIO(content))
    return made.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """Return the files of an archive, name -> bytes.

    Raises:
        Refused: it is no archive, or holds a folder, a link, a device, a hole, a name outside the three kinds, one name twice, or too many.
    """
    found: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for member in archive:
                name = _name_of(member, found, len(data))
                found[name] = _content(archive, member)
    except (tarfile.TarError, ValueError, EOFError, OverflowError) as error:
        raise refuse("PACKAGE_DAMAGED") from error
    for needed in (MANIFEST, SIGNATURE):
        if needed not in found:
            raise refuse("PACKAGE_STRANGE_FILE", what=f"{needed} tidak ada")
    return found


def _name_of(member: tarfile.TarInfo, found: Mapping[str, bytes], most: int) -> str:
    """Return the name of a file that may stand here; what it claims to hold cannot be more than the archive itself."""
    shown = member.name[:40] if member.name[:40].isprintable() else "nama tak terbaca"
    if member.type != tarfile.REGTYPE or member.issparse() or member.pax_headers or not _NAME.fullmatch(member.name):
        raise refuse("PACKAGE_STRANGE_FILE", what=shown)
    if member.name in found:
        raise refuse("PACKAGE_STRANGE_FILE", what=f"{shown} dua kali")
    if len(found) >= MOST_FILES or not 0 <= member.size <= most:
        raise refuse("PACKAGE_TOO_LARGE", what="berkas di dalamnya")
    return member.name


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    opened = archive.extractfile(member)
    content = b"" if opened is None else opened.read()
    if len(content) != member.size:
        raise refuse("PACKAGE_DAMAGED")
    return content
