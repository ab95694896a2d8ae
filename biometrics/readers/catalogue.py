"""Which kinds of readers this computer can use, and what is missing for the others (§8.2, R-041)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from biometrics.errors import ReaderFailed
from biometrics.readers.fprint import FprintReader
from biometrics.readers.zk import ZkReader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from biometrics.readers.device import DeviceReader
    from posko.settings import Settings

GUIDE: Final = "docs/readers.md"
LABELS: Final = {
    "fprint": "U are U 4500 dan pembaca lain lewat libfprint (Linux)",
    "zk": "ZKTeco lewat pyzkfp dan ZKFinger SDK (Windows)",
    "browser": "U are U 4500 lewat peramban dan HID Authentication Device Client (Windows)",
    "file": "gambar dari berkas",
    "synthetic": "jari tiruan",
}
"""Kind, as `Sample.reader_kind` names it -> what it is."""


@dataclass(frozen=True, slots=True)
class KnownReader:
    """One kind of reader on this computer; `cure` says what to do where it cannot be used."""

    kind: str
    label: str
    is_usable: bool
    seen: str
    cure: str = ""


def known(settings: Settings, *, devices: Sequence[DeviceReader] | None = None) -> list[KnownReader]:
    """Look at every kind; a driver that fails is a line, never an exception.

    Args:
        settings: of this process; production refuses what is no device.
        devices: the readers to ask what is connected; usually those of this computer.
    """
    asked = [FprintReader(_now), ZkReader(_now)] if devices is None else devices
    return [
        *(_connected(reader) for reader in asked),
        KnownReader(
            "browser",
            LABELS["browser"],
            is_usable=True,
            seen="dipakai dari halaman petugas, pada komputer petugas itu sendiri",
            cure=f"langkah pemasangannya ada di {GUIDE}",
        ),
        _only_in_demo("file", settings),
        _only_in_demo("synthetic", settings),
    ]


def _connected(reader: DeviceReader) -> KnownReader:
    label = LABELS[reader.kind]
    try:
        found = reader.devices()
    except ReaderFailed as error:
        return KnownReader(reader.kind, label, is_usable=False, seen="tidak dapat dipakai", cure=str(error))
    if not found:
        cure = f"sambungkan pembaca ke port USB; langkahnya ada di {GUIDE}"
        return KnownReader(reader.kind, label, is_usable=False, seen="tidak ada yang tersambung", cure=cure)
    return KnownReader(reader.kind, label, is_usable=True, seen=", ".join(found))


def _only_in_demo(kind: str, settings: Settings) -> KnownReader:
    if settings.environment == "production":
        cure = "pakai pembaca sungguhan"
        return KnownReader(kind, LABELS[kind], is_usable=False, seen="ditolak di lingkungan production", cure=cure)
    return KnownReader(kind, LABELS[kind], is_usable=True, seen="hanya untuk demo dan uji")


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
