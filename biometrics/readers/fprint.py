"""Readers known to libfprint, the U are U 4500 among them (driver `uru4000`), in a process of the distribution's Python (§8.2, R-041).

libfprint captures; its own comparison (yes or no at a fixed threshold) is not used.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from biometrics.errors import NoFinger, PoorCapture, ReaderFailed
from biometrics.readers.child import Child
from biometrics.readers.device import DeviceReader
from biometrics.types import Assurance

SYSTEM_PYTHON: Final = "/usr/bin/python3"
"""The distribution's Python: the bindings of libfprint are packages of the distribution and load into no other."""
AGAIN: Final = "Cabut dan pasang kembali pembaca, lalu ulangi."
OWNED: Final = "Pembaca sedang dipakai program lain, mungkin fprintd. Hentikan dengan: systemctl stop fprintd"

RETRIES: Final = {
    "retry:0": "gambar tidak terbaca",
    "retry:1": "jari terlalu cepat diangkat",
    "retry:2": "jari tidak di tengah kaca",
    "retry:3": "jari belum diangkat",
}
"""`FpDeviceRetry` -> why a finger that was there could not be read."""
SENTENCES: Final = {
    "NO_GI": "Paket python3-gi belum terpasang. Jalankan apt-get install python3-gi gir1.2-fprint-2.0.",
    "NO_LIBFPRINT": "Paket libfprint belum terpasang. Jalankan apt-get install gir1.2-fprint-2.0.",
    "NO_DEVICE": "Tidak ada pembaca sidik jari yang dikenal libfprint. Pasang kabelnya; periksa dengan lsusb.",
    "NO_IMAGES": "Pembaca ini mencocokkan sendiri dan tidak memberi gambar. Pakai pembaca dengan gambar, misalnya U are U 4500.",
    "error:0": f"Pembaca melaporkan galat tanpa keterangan. {AGAIN}",
    "error:1": "Pembaca ini tidak mendukung pengambilan gambar. Pakai U are U 4500 atau sejenisnya.",
    "error:2": f"Pembaca belum dibuka. {AGAIN}",
    "error:3": OWNED,
    "error:4": OWNED,
    "error:5": f"Pembaca dan drivernya salah paham. {AGAIN}",
    "error:6": f"Pembaca memberi data yang tidak sah. {AGAIN}",
    "error:7": "Pembaca mencari sidik jari yang tidak disimpannya. POSKO tidak memakai fungsi ini; hubungi pengelola.",
    "error:8": "Ingatan pembaca penuh. POSKO tidak memakai fungsi ini; hubungi pengelola.",
    "error:9": "Pembaca mengenal jari ini sebagai kembar. POSKO tidak memakai fungsi ini; hubungi pengelola.",
    "error:256": "Pembaca tercabut. Pasang kembali, lalu ulangi.",
    "error:257": "Pembaca terlalu panas. Diamkan beberapa menit, lalu ulangi.",
    "usb:4": "Pembaca tercabut. Pasang kembali, lalu ulangi.",
    "usb:9": "Pengguna ini tidak berhak membuka pembaca. Pasang aturan udev dari docs/readers.md, lalu cabut dan pasang pembaca.",
}
"""Code of a failure -> sentence; `error` is `FpDeviceError`, `usb` `GUsbDeviceError`, the others are the child's own."""


@dataclass
class FprintReader(DeviceReader):
    """A reader known to libfprint.

    `driver` picks one among several (`uru4000`). `virtual` is the socket of libfprint's virtual image device, for tests: its
    samples count as files, which production refuses.
    """

    kind = "fprint"
    name = "libfprint"
    driver: str | None = None
    virtual: Path | None = None
    python: str = SYSTEM_PYTHON

    def __post_init__(self) -> None:
        environment = {} if self.virtual is None else {"FP_VIRTUAL_IMAGE": str(self.virtual)}
        program = Path(__file__).with_name("fprint_process.py")
        self._child = Child(self.name, (self.python, "-I", str(program)), environment)

    @property
    def assurance(self) -> Assurance:
        """How sure a capture is: a virtual device is no finger."""
        return Assurance.FILE if self.virtual else Assurance.STATION

    def _which(self) -> dict[str, Any]:
        return {"driver": "virtual_image" if self.virtual else self.driver}

    def _failure(self, code: str, detail: str) -> ReaderFailed:
        if code == "NO_FINGER":
            return NoFinger()
        if code in RETRIES:
            return PoorCapture(RETRIES[code])
        if code in SENTENCES:
            return ReaderFailed(SENTENCES[code])
        return ReaderFailed(f"Pembaca melaporkan galat {code} ({detail}). {AGAIN}")
