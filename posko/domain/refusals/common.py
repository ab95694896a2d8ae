"""Refusals that any act may meet: wrong kinds of values, things that are not there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a person reads, and the deviation rule that the attempt breaks, if any."""

    text: str
    rule: str | None = None


SENTENCES = {
    "TEXT_EMPTY": Sentence("{what} wajib diisi. Isi, lalu ulangi."),
    "TEXT_TOO_LONG": Sentence("{what} lebih panjang dari {most} karakter. Persingkat, lalu ulangi."),
    "TEXT_CONTROL": Sentence("{what} memuat karakter kendali. Ketik ulang sebagai teks biasa."),
    "NOT_A_DATE": Sentence("{what} bukan tanggal. Pilih tanggal dari kalender."),
    "NOT_A_NUMBER": Sentence("{what} bukan bilangan bulat. Periksa isiannya."),
    "NOT_IN_LIST": Sentence("{what} {value!r} tidak ada dalam daftar. Pilih salah satu: {choices}."),
    "UNKNOWN_JOURNEY": Sentence("Peserta nomor {journey_id} tidak ada. Cari kembali lewat ID TKI."),
    "UNKNOWN_SESSION": Sentence("Sesi uji nomor {session_id} tidak ada. Pilih sesi dari daftar."),
    "CHANGED_MEANWHILE": Sentence("Data ini baru saja diubah orang lain. Muat ulang, periksa, lalu ulangi."),
    "PIPELINE_NEVER_RAN": Sentence("Tabel hasil saringan belum ada. Jalankan posko run dahulu."),
    "UNKNOWN_BATCH": Sentence("Kiriman nomor {batch_id} tidak ada. Pilih dari kotak masuk."),
    "BATCH_TAKEN_OVER": Sentence("Kiriman nomor {batch_id} sudah diterima dan dimuat; tidak perlu diulang."),
    "BATCH_DIFFERS": Sentence(
        "Kiriman nomor {batch_id} tidak sama dengan yang dikirim ({found}). Minta dikirim ulang; tidak ada yang dimuat.",
        "DV-A11",
    ),
    "LIST_EMPTY": Sentence("{what} kosong, jadi tidak ada yang dikerjakan."),
}
