r"""The record that nbis-py calls ISO 19794-2 and that is none: 26 bytes of header, no resolution, no view header, no tail.

    record   26 bytes   "FMR\0", " 20\0", length of all, 0, width, height, 0, NFIQ2 (one byte), 4 x 0, number of minutiae (one byte)
    minutia   6 bytes   as in ISO/IEC 19794-2, but with its quality as 0-63

nbis-py loads a conformant record as one without minutiae, and without an error; so every record passes here before the library
sees it. Minutiae have the convention of ISO/IEC 19794-2 (upper left corner, along the ridge); their angles come in steps of 11.25
degrees.
"""

from __future__ import annotations

import struct
from math import isfinite

from biometrics.errors import TemplateBroken
from biometrics.iso19794 import MAGIC, MOST_SIDE, TURN
from biometrics.minutiae import Impression, Kind, Minutia

MOST_MINUTIAE = 150
"""As many as nbis-py extracts; its matcher takes no more into account."""
STEP = 8
"""Angles of the library, in 1/256 of a turn: it rounds all others to a multiple of this."""
_HEADER = struct.Struct(">8sIHHHHBIB")
_MINUTIA = struct.Struct(">HHBB")
_FULL = 63
_QUALITY = 100


def read(data: bytes, finger: int) -> Impression:
    """Return the minutiae of a record; the record does not know its finger.

    Raises:
        TemplateBroken: these bytes are no record of nbis-py.
    """
    if len(data) < _HEADER.size or data[: len(MAGIC)] != MAGIC:
        raise TemplateBroken("Templat ini rusak atau bukan templat NBIS.")
    _, length, _, width, height, resolution, _, zero, count = _HEADER.unpack_from(data)
    if resolution or zero:
        raise TemplateBroken("Templat ini rekaman ISO 19794-2, bukan templat NBIS. Impor sebagai ISO 19794-2.")
    if length != len(data) or length != _HEADER.size + count * _MINUTIA.size or count > MOST_MINUTIAE:
        raise TemplateBroken(
            f"Templat NBIS rusak: panjangnya {len(data)} bita, tertulis {length} dengan {count} minutia."
        )
    points = []
    for first, y, angle, quality in _MINUTIA.iter_unpack(data[_HEADER.size :]):
        kind, x = first >> 14, first & MOST_SIDE
        if kind not in (Kind.ENDING, Kind.BIFURCATION) or x >= width or y >= height or quality > _FULL:
            raise TemplateBroken(f"Templat NBIS rusak: minutia ({x}, {y}) di luar yang mungkin.")
        points.append(Minutia(x, y, angle / TURN * 360, Kind(kind), round(quality * _QUALITY / _FULL)))
    return Impression(finger, width, height, tuple(points))


def write(impression: Impression) -> bytes:
    """Return the record of an impression: its best 150 minutiae, their angles in steps of 11.25 degrees.

    A minutia of type "other" is written as an ending: the library knows two types, and its matcher looks at none.

    Raises:
        TemplateBroken: a size or a minutia does not fit in.
    """
    if not (0 < impression.width <= MOST_SIDE and 0 < impression.height <= MOST_SIDE):
        raise TemplateBroken(f"Ukuran {impression.width} x {impression.height} tidak muat di templat NBIS.")
    points = best(impression.minutiae)
    body = b"".join(_packed(point, impression) for point in points)
    length = _HEADER.size + len(body)
    return _HEADER.pack(MAGIC, length, 0, impression.width, impression.height, 0, 0, 0, len(points)) + body


def best(points: tuple[Minutia, ...]) -> tuple[Minutia, ...]:
    """Return the minutiae of highest quality, from left to right.

    The matcher takes this order for granted: of minutiae in any other it finds a quarter of the pairs, and says nothing.
    """
    kept = sorted(points, key=lambda point: -point.quality)[:MOST_MINUTIAE]
    return tuple(sorted(kept, key=lambda point: (point.x, point.y)))


def _packed(point: Minutia, impression: Impression) -> bytes:
    is_inside = 0 <= point.x < impression.width and 0 <= point.y < impression.height
    if not (is_inside and 0 <= point.quality <= _QUALITY and isfinite(point.angle)):
        raise TemplateBroken(f"Minutia ({point.x}, {point.y}) tidak muat di templat NBIS.")
    kind = Kind.BIFURCATION if point.kind is Kind.BIFURCATION else Kind.ENDING
    step = round(point.angle / 360 * TURN / STEP) * STEP % TURN
    return _MINUTIA.pack(kind << 14 | point.x, point.y, step, round(point.quality * _FULL / _QUALITY))
