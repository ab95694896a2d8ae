"""Pictures of fingers in files: PNG, BMP and WSQ become grey bytes, dark ridges on white, or a refusal (§6.1, import from BNP2TKI).

What is taken as it is meant: colour becomes grey, transparency white, 16 bits 8, white ridges on black are turned around. What is
refused: one bit a pixel (the greys that a quality is measured by are gone), more than four million pixels (looked up in the header,
before anything is unpacked), a resolution outside 250-1,200 ppi. A file that states none, or the 72 and 96 of a screen, is taken
for 500 ppi, which every reader in use delivers.
"""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from biometrics import wsq_file
from biometrics.errors import SampleRefused
from biometrics.types import PPI, Sample

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from biometrics.types import Assurance

MOST_PIXELS = 4_000_000
MOST_BYTES = 20_000_000
"""Four million pixels of four channels, and room for headers."""
PPI_LEAST, PPI_MOST = 250, 1200
_SCREEN = frozenset({72, 96})
"""What programs write that were told no resolution."""
_SKEW = 1.02
_DARK = 96
_PNG = b"\x89PNG\r\n\x1a\n"
_BMP = b"BM"
_BMP_OLD_HEADER = 12


def decode(data: bytes) -> tuple[bytes, int, int, int]:
    """Return grey bytes (dark ridges on white, row by row), width, height and ppi of a picture.

    Raises:
        SampleRefused: EMPTY, FORMAT, TOO_LARGE, TRUNCATED, COLOUR or RESOLUTION; the sentence says what to send instead.
    """
    if not data:
        raise SampleRefused("EMPTY", "Berkas sidik jari kosong.")
    if len(data) > MOST_BYTES:
        raise SampleRefused("TOO_LARGE", f"Berkas sidik jari {len(data)} bita; paling banyak {MOST_BYTES}.")
    if data[: len(wsq_file.MAGIC)] == wsq_file.MAGIC:
        grey, width, height, ppi = _of_wsq(data)
    else:
        grey, width, height, ppi = _of_picture(data)
    must_be_in_range(ppi)
    return dark_on_white(grey, width, height), width, height, ppi


def sample_of(
    data: bytes, *, reader_kind: str, reader_serial: str, captured_at: datetime, nonce: str, assurance: Assurance
) -> Sample:
    """Return a picture as a sample.

    Raises:
        SampleRefused: the picture cannot be used, see `decode`.
    """
    grey, width, height, ppi = decode(data)
    return Sample(grey, width, height, ppi, reader_kind, reader_serial, captured_at, nonce, assurance)


def must_be_small(width: int, height: int) -> None:
    """Refuse a picture without pixels or with too many.

    Raises:
        SampleRefused: EMPTY or TOO_LARGE.
    """
    if width < 1 or height < 1:
        raise SampleRefused("EMPTY", f"Gambar sidik jari berukuran {width} x {height} piksel.")
    if width * height > MOST_PIXELS:
        raise SampleRefused("TOO_LARGE", f"Gambar {width} x {height} piksel; paling banyak {MOST_PIXELS} piksel.")


def must_be_in_range(ppi: int) -> None:
    """Refuse a resolution that no ridge can be read at.

    Raises:
        SampleRefused: RESOLUTION.
    """
    if not PPI_LEAST <= ppi <= PPI_MOST:
        raise SampleRefused(
            "RESOLUTION",
            f"Resolusi gambar {ppi} ppi; yang diterima {PPI_LEAST} sampai {PPI_MOST} ppi, sebaiknya {PPI}.",
        )


def dark_on_white(grey: bytes, width: int, height: int) -> bytes:
    """Return a picture with dark ridges: turned around if it is dark both as a whole and along its edge.

    A picture that is full of ridges to its edge tells nothing and stays; its minutiae are the same either way, since a ridge that
    ends in the one forks in the other.
    """
    pixels = np.frombuffer(grey, np.uint8).reshape(height, width)
    edge = np.concatenate((pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]))
    if np.median(edge) < _DARK and pixels.mean() < _DARK:
        return (255 - pixels).tobytes()
    return grey


def _of_wsq(data: bytes) -> tuple[bytes, int, int, int]:
    width, height, ppi = wsq_file.header(data)
    must_be_small(width, height)
    return wsq_file.pixels(data, width, height), width, height, ppi or PPI


def _of_picture(data: bytes) -> tuple[bytes, int, int, int]:
    """Return what Pillow makes of a PNG or BMP, after a look at the size that its header states."""
    must_be_small(*_size(data))
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "BMP")) as picture:
            must_be_small(*picture.size)
            picture.load()
            return _grey(picture), *picture.size, _ppi(picture.info)
    except SampleRefused:
        raise
    # Pillow's readers raise whatever the damaged part of a file leads them to.
    except Exception as error:
        raise SampleRefused("TRUNCATED", "Gambar sidik jari terpotong atau rusak; kirim ulang berkasnya.") from error


def _size(data: bytes) -> tuple[int, int]:
    """Return the size in the header of a PNG or BMP."""
    try:
        if data.startswith(_PNG):
            width, height = struct.unpack_from(">II", data, 16)
        elif data.startswith(_BMP):
            (header,) = struct.unpack_from("<I", data, 14)
            width, height = struct.unpack_from("<HH" if header == _BMP_OLD_HEADER else "<ii", data, 18)
            height = abs(height)  # negative: the rows are stored from the top
        else:
            raise SampleRefused("FORMAT", "Berkas ini bukan PNG, BMP atau WSQ; kirim sidik jari dalam salah satunya.")
    except struct.error as error:
        raise SampleRefused("TRUNCATED", "Gambar sidik jari terpotong; kirim ulang berkasnya.") from error
    return width, height


def _grey(picture: Image.Image) -> bytes:
    """Return one byte a pixel."""
    if picture.mode == "1":
        raise SampleRefused("COLOUR", "Gambar ini hitam-putih 1 bit; kirim gambar abu-abu 8 bit.")
    if picture.mode == "L" and "transparency" not in picture.info:
        return picture.tobytes()
    if picture.mode.startswith("I"):
        return (np.asarray(picture).astype(np.int64) >> 8).clip(0, 255).astype(np.uint8).tobytes()
    layered = picture.convert("RGBA")
    white = Image.new("RGBA", layered.size, "white")
    return Image.alpha_composite(white, layered).convert("L").tobytes()


def _ppi(info: Mapping[Any, Any]) -> int:
    stated = info.get("dpi")
    if not isinstance(stated, tuple) or len(stated) != 2 or not all(stated):
        return PPI
    across, down = (float(value) for value in stated)
    if max(across, down) > _SKEW * min(across, down):
        raise SampleRefused("RESOLUTION", f"Resolusi gambar {across:.0f} x {down:.0f} ppi: pikselnya tidak persegi.")
    return PPI if round(across) in _SCREEN else round(across)
