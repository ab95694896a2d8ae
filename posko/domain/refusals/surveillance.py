"""Refusals of the surveillance: the weekly sample of sessions and what the visits found (§4.2; R-190)."""

from __future__ import annotations

from posko.domain.refusals.common import Sentence

SENTENCES: dict[str, Sentence] = {
    "WEEK_OVER": Sentence(
        "Minggu yang mulai {week} sudah lewat, jadi tidak dapat dikunjungi lagi. Pilih minggu ini atau sesudahnya."
    ),
    "WEEK_FAR": Sentence(
        "Minggu yang mulai {week} masih jauh: sesinya belum lengkap dijadwalkan. Tarik paling awal seminggu sebelumnya."
    ),
    "SAMPLE_DRAWN": Sentence(
        "Sampel minggu yang mulai {week} sudah ditarik dan tidak dapat ditarik ulang. Lihat daftarnya."
    ),
    "SAMPLE_EMPTY": Sentence(
        "Tidak ada sesi dalam minggu yang mulai {week}. Tarik sampelnya sesudah sesi dijadwalkan."
    ),
    "SAMPLE_NOT_DRAWN": Sentence("Sampel minggu yang mulai {week} belum ditarik. Tarik dahulu."),
    "SAMPLE_SEED_KEPT": Sentence(
        "Seed minggu yang mulai {week} baru dibuka sesudah semua kunjungan dicatat; {missing} sesi belum. Catat dahulu."
    ),
    "VISIT_AHEAD": Sentence(
        "Sesi nomor {session_id} baru diuji {day}. Catat kunjungannya pada hari itu atau sesudahnya."
    ),
    "VISIT_RECORDED": Sentence("Kunjungan ke sesi nomor {session_id} sudah dicatat. Catatan tidak diubah."),
    "VISIT_RULE": Sentence("Hasil ini wajib menyebut satu aturan DV-... yang dilanggar. Pilih aturannya."),
    "VISIT_NO_RULE": Sentence("Hasil ini bukan penyimpangan, jadi tidak menyebut aturan. Kosongkan aturannya."),
}
