"""Refusals of the audit log, its checks and its export (§5.3, §5.7; R-025, R-181), and of sessions that are ended by others (R-049)."""

from __future__ import annotations

from posko.domain.refusals.common import Sentence

SENTENCES: dict[str, Sentence] = {
    "UNKNOWN_EVENT": Sentence("Kejadian itu tidak ada dalam log. Pilih dari hasil pencarian, atau periksa rujukannya."),
    "LOG_KEY_MISSING": Sentence(
        "Kunci publik log belum ada, karena belum pernah ada segel. Jalankan posko audit seal dahulu."
    ),
    "NO_SUCH_REGISTER": Sentence("Daftar {register} tidak ada. Pilih salah satu dari pilihan."),
    "EXPORT_GONE": Sentence("Berkas ekspor itu sudah tidak ada atau bukan milik Anda. Siapkan ekspor baru."),
    "SIGNED_OUT_MEANWHILE": Sentence(
        "Petugas ini sudah keluar atau masuk lagi sejak daftar dibuka. Muat ulang daftarnya."
    ),
    "PACK_TOO_LONG": Sentence(
        "Satu paket auditor memuat paling banyak {most} hari. Bagi masanya menjadi beberapa paket."
    ),
}
