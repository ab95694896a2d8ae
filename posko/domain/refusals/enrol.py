"""Refusals of an enrolment under way, and of what the office does with the staff's fingers (§6.1, §8.2; R-048, X11)."""

from __future__ import annotations

from posko.domain.refusals.common import Sentence

SENTENCES: dict[str, Sentence] = {
    "ENROL_NOT_OPEN": Sentence(
        "Perekaman sidik jari orang ini tidak sedang berjalan, atau waktunya sudah habis. Mulai lagi dari awal."
    ),
    "ENROL_RUNNING": Sentence(
        "Sidik jari orang ini sedang direkam oleh {who}. Tunggu sampai selesai, atau minta petugas itu membatalkan."
    ),
    "ENROL_FINGERS": Sentence("Pilih dua jari yang berbeda, masing-masing salah satu dari sepuluh jari."),
    "ENROL_FINGER_FULL": Sentence("Jari ini sudah direkam tiga kali. Lanjutkan dengan jari yang lain."),
    "NOT_SUSPENDED": Sentence("Petugas ini masih aktif. Bekukan dahulu, lalu pensiunkan templatnya."),
    "NO_TEMPLATES": Sentence(
        "Petugas ini tidak punya templat sidik jari yang berlaku, jadi tidak ada yang dipensiunkan."
    ),
    "ENTRY_EXISTS": Sentence(
        "Baris dengan kunci itu sudah ada pada daftar {register}. Buka baris itu untuk mengubahnya."
    ),
}
