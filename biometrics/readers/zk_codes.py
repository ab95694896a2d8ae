"""What the return codes of ZKTeco's SDK and the failures of its loading mean, and what to do (class `zkfperrdef` of its assembly)."""

from __future__ import annotations

from typing import Final

from biometrics.errors import NoFinger, PoorCapture, ReaderFailed

AGAIN: Final = "Cabut dan pasang kembali pembaca, lalu ulangi."
REINSTALL: Final = "Pasang ulang ZKFinger SDK; langkahnya ada di docs/readers.md."

SENTENCES: Final = {
    "NOT_INSTALLED": "Pustaka pyzkfp belum terpasang. Jalankan pip install -r requirements/zk.txt; langkahnya ada di docs/readers.md.",
    "NO_DOTNET": "Runtime .NET yang dibutuhkan pyzkfp tidak ada atau tidak dapat dimuat. Pakai pembaca ZKTeco di Windows, dengan "
    ".NET Framework 4.7.2 atau lebih baru.",
    "MONO": "pyzkfp akan memuat Mono, dan Mono menghentikan programnya (SIGABRT). Pakai pembaca ZKTeco di Windows, atau setel "
    "PYTHONNET_RUNTIME=coreclr.",
    "NO_LIBRARY": f"Pustaka libzkfp dari ZKTeco tidak ditemukan. {REINSTALL}",
    "WRONG_LIBRARY": f"Pustaka libzkfp tidak cocok dengan pyzkfp (32/64 bit atau versi lain). {REINSTALL}",
    "NET_ERROR": f"Pustaka .NET pembaca ZKTeco gagal. {REINSTALL}",
    "UNPLUGGED": f"Pembaca ZKTeco tercabut saat menunggu jari. {AGAIN}",
    "NOT_OPEN": f"Pembaca ZKTeco belum dibuka. {AGAIN}",
    "BAD_SIZE": f"Pembaca ZKTeco menyebut ukuran gambar yang mustahil. {REINSTALL}",
    "1": f"Pustaka pembaca ZKTeco tidak mau dibuka ulang. {AGAIN}",
    "-1": f"Pustaka algoritma ZKTeco gagal dimulai. {REINSTALL}",
    "-2": f"Pustaka penangkap ZKTeco gagal dimulai. {REINSTALL}",
    "-3": "Pembaca ZKTeco tidak tersambung. Pasang kabelnya dan periksa lampunya, lalu ulangi.",
    "-4": "Pembaca ini tidak mendukung perintah itu. Pakai jenis pembaca yang disebut di docs/readers.md.",
    "-5": f"Pembaca ZKTeco menolak parameternya. {REINSTALL}",
    "-6": "Pembaca ZKTeco tidak dapat dibuka; mungkin dipakai program lain. Tutup program itu, lalu ulangi.",
    "-7": f"Pembaca ZKTeco tidak lagi dikenal. {AGAIN}",
    "-10": f"Pengambilan dihentikan oleh pembaca ZKTeco. {AGAIN}",
    "-11": "Memori komputer tidak cukup untuk pembaca ZKTeco. Tutup program lain, lalu ulangi.",
    "-12": "Pembaca ZKTeco sedang mengambil sidik jari untuk program lain. Tutup program itu, lalu ulangi.",
    "-13": "Pembaca ZKTeco gagal menyimpan templat. POSKO tidak memakai fungsi ini; hubungi pengelola.",
    "-14": "Pembaca ZKTeco gagal menghapus templat. POSKO tidak memakai fungsi ini; hubungi pengelola.",
    "-17": f"Perintah ke pembaca ZKTeco gagal. {AGAIN}",
    "-18": "Pengambilan sidik jari dibatalkan. Ulangi.",
    "-20": "Pembandingan pembaca ZKTeco gagal. POSKO tidak memakai fungsi ini; hubungi pengelola.",
    "-22": "Pembaca ZKTeco gagal menggabungkan templat. POSKO tidak memakai fungsi ini; hubungi pengelola.",
    "-23": f"Pembaca ZKTeco belum dinyalakan. {AGAIN}",
    "-24": f"Pustaka pembaca ZKTeco belum dimulai. {AGAIN}",
    "-25": "Pembaca ZKTeco sudah dibuka oleh program lain. Tutup program itu, lalu ulangi.",
}
"""Code of a failure -> sentence; the texts are own return codes of the child, the numbers the SDK's."""

NO_FINGER: Final = frozenset({"NO_FINGER", "-8", "-28"})
"""No finger in time; -8 is what the SDK answers while it waits, -28 its own time limit."""
POOR: Final = {
    "-9": "ciri jari tidak terbaca",
    "-26": "gambar tidak dapat dimuat",
    "-27": "gambar tidak dapat diurai",
}
"""Codes of a finger that was there and could not be read."""


def failure(code: str, detail: str = "") -> ReaderFailed:
    """Return the error that a code means; `detail` is what the runtime said, for those whom nobody foresaw."""
    if code in NO_FINGER:
        return NoFinger()
    if code in POOR:
        return PoorCapture(POOR[code])
    sentence = SENTENCES.get(code)
    if sentence is None:
        return ReaderFailed(f"Pembaca ZKTeco menjawab dengan kode yang tidak dikenal ({code}). {AGAIN}")
    return ReaderFailed(f"{sentence} ({detail})" if detail else sentence)
