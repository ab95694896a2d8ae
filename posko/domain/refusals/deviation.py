"""Refusals of deviation cases (§5.2)."""

from __future__ import annotations

from posko.domain.refusals.common import Sentence

SENTENCES: dict[str, Sentence] = {
    "UNKNOWN_CASE": Sentence("Kasus nomor {case_id} tidak ada. Pilih dari daftar kasus."),
    "UNKNOWN_DEVIATION": Sentence("Penyimpangan nomor {deviation_id} tidak ada. Pilih dari daftar penyimpangan."),
    "DEVIATION_IN_CASE": Sentence(
        "Penyimpangan nomor {deviation_id} sudah masuk kasus nomor {case_id}. Lanjutkan di kasus itu."
    ),
    "EVIDENCE_ALTERED": Sentence(
        "Bukti penyimpangan nomor {deviation_id} tidak lagi sama dengan sidiknya: barisnya diubah di luar aplikasi. Laporkan ke BNSP.",
        "DV-X05",
    ),
    "CASE_OWN": Sentence(
        "Anda pokok kasus nomor {case_id}, jadi tidak boleh ikut menanganinya. Mintalah petugas lain."
    ),
    "NOTED_MEANWHILE": Sentence(
        "Ada catatan baru sejak Anda membuka halaman ini; tidak ada yang disimpan. Muat ulang, baca catatannya, lalu ulangi."
    ),
    "NOT_A_SUBJECT": Sentence("Pokok kasus harus berupa pasangan jenis dan kode, misalnya tuk dan kodenya."),
}
