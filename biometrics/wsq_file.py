"""WSQ, the FBI's compression of fingerprints (IAFIS-IC-0110).

The header is read here; the package `wsq` unpacks the pixels in a process of its own. The C code of that package writes past its
memory on damaged files and takes the process with it, so it never runs in one that serves anybody.
"""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from pathlib import Path

from biometrics.errors import SampleRefused

MAGIC = b"\xff\xa0"
SECONDS = 20.0
COMMAND = (sys.executable, "-I", str(Path(__file__).with_name("wsq_child.py")))
"""The program that unpacks: it sees the standard library and `_wsq`, nothing of the project or the environment."""
_MISSING = 4
"""Exit code of the child without the package."""
_FRAME = 0xFFA2
_COMMENT = 0xFFA8
_BLOCK = 0xFFA3
_PPI = re.compile(rb"\bPPI\s+(\d{2,4})\b")


def header(data: bytes) -> tuple[int, int, int | None]:
    """Return width, height and the ppi that NIST's comment states (None: it states none).

    Raises:
        SampleRefused: TRUNCATED; no frame header where the format wants one.
    """
    at, ppi = len(MAGIC), None
    try:
        while True:
            marker, length = struct.unpack_from(">HH", data, at)
            body = data[at + 4 : at + 2 + length]
            if marker == _FRAME:
                height, width = struct.unpack_from(">HH", body, 2)
                return width, height, ppi
            if marker == _COMMENT and (stated := _PPI.search(body)):
                ppi = int(stated[1])
            if not _FRAME < marker <= _COMMENT or marker == _BLOCK or length < 2:
                raise _broken()
            at += 2 + length
    except struct.error as error:
        raise _broken() from error


def pixels(data: bytes, width: int, height: int) -> bytes:
    """Return grey bytes of a WSQ file whose header says `width` x `height`.

    Raises:
        SampleRefused: TRUNCATED; the file cannot be unpacked.
    """
    try:
        done = subprocess.run(COMMAND, input=data, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise _broken() from error
    if done.returncode == _MISSING:
        raise SampleRefused("FORMAT", "Paket `wsq` belum terpasang; kirim sidik jari sebagai PNG atau BMP.")
    if done.returncode or len(done.stdout) != width * height:
        raise _broken()
    return done.stdout


def _broken() -> SampleRefused:
    return SampleRefused("TRUNCATED", "Berkas WSQ terpotong atau rusak; kirim ulang berkasnya.")
