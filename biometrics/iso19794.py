r"""Finger minutiae record of ISO/IEC 19794-2:2005, clause 7: what prints are exchanged as (§6.1, BNP2TKI's print is the reference).

    record   24 bytes   "FMR\0", " 20\0", length of all, capture device, width, height, pixels per cm in x and y, views, reserved
    view      4 bytes   finger, view number and impression type, quality, number of minutiae
    minutia   6 bytes   2 bits type + 14 bits x, 2 bits reserved + 14 bits y, angle in 1/256 of a turn, quality
    tail      2 bytes   length of the extended data that follow it

Coordinates are counted from the upper left corner, angles counter-clockwise from the right. A record of another resolution than
500 ppi is brought to it on reading; what is written always is at 500 ppi, with one view. The similar record of ANSI/INCITS 378-2004
begins with the same eight bytes and counts angles in other units: it is told apart by its two-byte length.
"""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING

from biometrics.errors import TemplateBroken
from biometrics.minutiae import Impression, Kind, Minutia

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC = b"FMR\x00 20\x00"
PER_CM = 197
"""500 ppi in pixels per centimetre, as the record counts."""
PER_CM_LEAST, PER_CM_MOST = 98, 473
"""250 and 1,200 ppi: below it ridges cannot be told apart, above it no reader is."""
MOST_MINUTIAE = 255
MOST_SIDE = 16383
"""Fourteen bits."""
TURN = 256
_RECORD = struct.Struct(">8sIHHHHHBB")
_VIEW = struct.Struct(">BBBB")
_MINUTIA = struct.Struct(">HHBB")
_SHORT = struct.Struct(">H")
_FINGERS = 10
_QUALITY = 100


def read(data: bytes) -> Impression:
    """Return the only impression of a record, at 500 ppi.

    Raises:
        TemplateBroken: not a conformant record, or one of several views; the sentence says what is wrong.
    """
    views = read_all(data)
    if len(views) != 1:
        raise TemplateBroken(
            f"Rekaman ISO 19794-2 ini memuat {len(views)} sidik jari; kirim satu rekaman untuk satu jari."
        )
    return views[0]


def read_all(data: bytes) -> tuple[Impression, ...]:
    """Return the impressions of a record, one a view, at 500 ppi.

    Raises:
        TemplateBroken: not a conformant record; the sentence says what is wrong.
    """
    width, height, per_cm, views = _record(data)
    found = []
    at = _RECORD.size
    for _ in range(views):
        finger, count, at = _view(data, at)
        points = tuple(_points(data, at, count, width, height))
        at = _after_extended(data, at + count * _MINUTIA.size)
        found.append(_at_500(Impression(finger, width, height, points), *per_cm))
    if at != len(data):
        raise TemplateBroken(f"Rekaman ISO 19794-2 rusak: {len(data) - at} bita berlebih di belakang.")
    return tuple(found)


def write(impression: Impression, *, quality: int = 0) -> bytes:
    """Return the record of one impression, with one view of a live-scan plain print.

    Angles are rounded to 1/256 of a turn. `quality` is that of the whole print, 0-100.

    Raises:
        TemplateBroken: the impression has more minutiae, a larger size or other values than the record can hold.
    """
    _must_fit(impression, quality)
    length = _RECORD.size + _VIEW.size + len(impression.minutiae) * _MINUTIA.size + _SHORT.size
    return b"".join(
        (
            _RECORD.pack(MAGIC, length, 0, impression.width, impression.height, PER_CM, PER_CM, 1, 0),
            _VIEW.pack(impression.finger, 0, quality, len(impression.minutiae)),
            *(_packed(point) for point in impression.minutiae),
            _SHORT.pack(0),
        )
    )


def quality_of(data: bytes) -> int | None:
    """Return the quality of the first print of a record that `read` took, 0-100; None: not reported."""
    stated = data[_RECORD.size + 2]
    return stated if 0 < stated <= _QUALITY else None


def step_of(angle: float) -> int:
    """Return an angle in degrees as 1/256 of a turn."""
    return round(angle / 360 * TURN) % TURN


def _packed(point: Minutia) -> bytes:
    return _MINUTIA.pack(point.kind << 14 | point.x, point.y, step_of(point.angle), point.quality)


def _record(data: bytes) -> tuple[int, int, tuple[int, int], int]:
    """Return width, height, resolution and number of views."""
    if data[: len(MAGIC)] != MAGIC:
        raise TemplateBroken("Ini bukan rekaman ISO 19794-2:2005 (tanda FMR versi 20 tidak ada di depan).")
    if len(data) < _RECORD.size:
        raise TemplateBroken(f"Rekaman ISO 19794-2 terpotong: {len(data)} bita, kepalanya saja {_RECORD.size}.")
    _, length, _, width, height, per_cm_x, per_cm_y, views, _ = _RECORD.unpack_from(data)
    if length >> 16 == len(data):
        raise TemplateBroken("Ini rekaman ANSI/INCITS 378-2004, bukan ISO 19794-2:2005. Minta ekspor ISO.")
    if length != len(data):
        raise TemplateBroken(f"Rekaman ISO 19794-2 rusak: panjangnya {len(data)} bita, tertulis {length}.")
    if not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE):
        raise TemplateBroken(f"Rekaman ISO 19794-2 rusak: ukuran gambar {width} x {height}.")
    if not all(PER_CM_LEAST <= per_cm <= PER_CM_MOST for per_cm in (per_cm_x, per_cm_y)):
        raise TemplateBroken(
            f"Rekaman ISO 19794-2 beresolusi {per_cm_x} x {per_cm_y} piksel/cm; yang diterima {PER_CM_LEAST} sampai {PER_CM_MOST}."
        )
    if not views:
        raise TemplateBroken("Rekaman ISO 19794-2 ini tidak memuat satu sidik jari pun.")
    return width, height, (per_cm_x, per_cm_y), views


def _view(data: bytes, at: int) -> tuple[int, int, int]:
    """Return finger, number of minutiae and where they begin."""
    if at + _VIEW.size > len(data):
        raise TemplateBroken("Rekaman ISO 19794-2 rusak: jumlah sidik jari melebihi isinya.")
    finger, _, _, count = _VIEW.unpack_from(data, at)
    at += _VIEW.size
    if finger > _FINGERS:
        raise TemplateBroken(f"Rekaman ISO 19794-2 rusak: posisi jari {finger}, yang ada 0 sampai {_FINGERS}.")
    if at + count * _MINUTIA.size > len(data):
        raise TemplateBroken(f"Rekaman ISO 19794-2 rusak: tertulis {count} minutia, isinya tidak sebanyak itu.")
    return finger, count, at


def _points(data: bytes, at: int, count: int, width: int, height: int) -> Iterator[Minutia]:
    for first, second, angle, quality in _MINUTIA.iter_unpack(data[at : at + count * _MINUTIA.size]):
        kind, x, y = first >> 14, first & MOST_SIDE, second & MOST_SIDE
        if kind not in set(Kind):
            raise TemplateBroken(f"Rekaman ISO 19794-2 rusak: jenis minutia {kind}.")
        if x > width or y > height:
            raise TemplateBroken(f"Rekaman ISO 19794-2 rusak: minutia di ({x}, {y}), gambarnya {width} x {height}.")
        # 101-255 are reserved; makers that measure nothing write them too, so they mean "not reported" and no damage.
        # Some count from 1 and write the width itself (UIDAI's own test record does): the last column.
        yield Minutia(
            min(x, width - 1), min(y, height - 1), angle / TURN * 360, Kind(kind), quality if quality <= _QUALITY else 0
        )


def _after_extended(data: bytes, at: int) -> int:
    """Return the place behind the extended data, which nothing here uses."""
    if at + _SHORT.size > len(data):
        raise TemplateBroken("Rekaman ISO 19794-2 terpotong: panjang data tambahan tidak ada.")
    at += _SHORT.size + _SHORT.unpack_from(data, at)[0]
    if at > len(data):
        raise TemplateBroken("Rekaman ISO 19794-2 rusak: data tambahan melebihi isinya.")
    return at


def _at_500(impression: Impression, per_cm_x: int, per_cm_y: int) -> Impression:
    """Return the impression as a reader of 500 ppi would have given it."""
    if per_cm_x == per_cm_y == PER_CM:
        return impression
    by_x, by_y = PER_CM / per_cm_x, PER_CM / per_cm_y
    width, height = max(1, round(impression.width * by_x)), max(1, round(impression.height * by_y))
    if max(width, height) > MOST_SIDE:
        raise TemplateBroken(f"Rekaman ISO 19794-2 rusak: ukuran gambar {width} x {height} pada 500 ppi.")
    points = (
        Minutia(
            min(round(point.x * by_x), width - 1),
            min(round(point.y * by_y), height - 1),
            _turned(point.angle, by_x, by_y),
            point.kind,
            point.quality,
        )
        for point in impression.minutiae
    )
    return Impression(impression.finger, width, height, tuple(points))


def _turned(angle: float, by_x: float, by_y: float) -> float:
    if by_x == by_y:
        return angle
    radians = math.radians(angle)
    return math.degrees(math.atan2(math.sin(radians) * by_y, math.cos(radians) * by_x)) % 360


def _must_fit(impression: Impression, quality: int) -> None:
    if len(impression.minutiae) > MOST_MINUTIAE:
        raise TemplateBroken(f"{len(impression.minutiae)} minutia; rekaman ISO 19794-2 menampung {MOST_MINUTIAE}.")
    if not (0 < impression.width <= MOST_SIDE and 0 < impression.height <= MOST_SIDE):
        raise TemplateBroken(f"Ukuran {impression.width} x {impression.height} tidak muat di rekaman ISO 19794-2.")
    if not (0 <= impression.finger <= _FINGERS and 0 <= quality <= _QUALITY):
        raise TemplateBroken(f"Posisi jari {impression.finger} atau mutu {quality} di luar ISO 19794-2.")
    for point in impression.minutiae:
        is_inside = 0 <= point.x < impression.width and 0 <= point.y < impression.height
        if not (is_inside and 0 <= point.quality <= _QUALITY and math.isfinite(point.angle)):
            raise TemplateBroken(f"Minutia ({point.x}, {point.y}) tidak muat di rekaman ISO 19794-2.")
