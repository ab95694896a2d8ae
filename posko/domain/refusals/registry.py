"""Refusals of registers and parameters (§3.2, §9.2, R-012)."""

from __future__ import annotations

from posko.domain.refusals.common import Sentence

SENTENCES: dict[str, Sentence] = {
    "UNKNOWN_REGISTER": Sentence("Daftar itu tidak ada. Pilih salah satu: {choices}."),
    "ENTRY_WRONG": Sentence("Isian belum benar: {problems} Perbaiki, lalu ulangi."),
    "ENTRY_SAME": Sentence("Isian sama dengan yang sudah ada, jadi tidak ada yang diubah."),
    "ENTRY_TAKEN": Sentence("Salah satu isian sudah dipakai baris lain pada daftar {register}. Periksa, lalu ulangi."),
    "UNKNOWN_ENTRY": Sentence("Baris itu tidak ada pada daftar. Pilih dari daftar."),
    "PARTY_KIND_WRONG": Sentence("Jenis pihak tidak dikenal. Pilih salah satu: {choices}."),
    "SUSPENSION_OPEN": Sentence("Pembekuan lain sudah berlaku pada masa itu. Akhiri dahulu, atau pilih masa lain."),
    "UNKNOWN_SUSPENSION": Sentence("Pembekuan nomor itu tidak ada. Pilih dari daftar."),
    "SUSPENSION_OVER": Sentence("Pembekuan itu sudah berakhir; tidak ada yang perlu diakhiri."),
    "DATES_REVERSED": Sentence("Tanggal akhir mendahului tanggal awal. Periksa kedua tanggal."),
    "DATE_PAST": Sentence("{what} sudah lewat. Pilih hari ini atau sesudahnya."),
    "ROWS_WRONG": Sentence("Baris yang akan dimuat tidak terbaca. Baca ulang berkasnya, lalu ulangi."),
    # files
    "UPLOAD_UNREADABLE": Sentence("Berkas tidak dapat dibaca: {what}. Tidak ada yang diubah."),
    "UPLOAD_COLUMN_MISSING": Sentence("Kolom {columns} wajib dipilih dari berkas. Pilih kolomnya, lalu periksa lagi."),
    "UPLOAD_COLUMN_TWICE": Sentence("Satu kolom berkas dipilih untuk dua isian. Pilih kolom yang berbeda."),
    "UPLOAD_STALE": Sentence(
        "Data berubah sejak berkas diperiksa, atau berkasnya masih salah. Periksa lagi; tidak ada yang dimuat."
    ),
    "UPLOAD_NOTHING": Sentence("Isi berkas sama dengan yang sudah tercatat, jadi tidak ada yang dimuat."),
    "UNKNOWN_PARAMETER": Sentence("Parameter itu tidak ada. Pilih dari daftar parameter."),
    "PARAMETER_RANGE": Sentence("Nilai {name} harus bilangan bulat antara {least} dan {most}. Periksa, lalu ulangi."),
    "PARAMETER_SET": Sentence(
        "Nilai {name} mulai {day} sudah pernah ditetapkan dan tidak diubah lagi. Pilih tanggal lain."
    ),
}
