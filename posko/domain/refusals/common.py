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
    "LOOKS_LIKE_NIK": Sentence("{what} memuat 16 angka seperti NIK. Hapus angka itu, lalu ulangi."),
    "NO_SUCH_CODE": Sentence("{what} tidak terdaftar. Periksa penulisannya."),
    "NUMBER_WRONG": Sentence(
        "Nomor identitas hanya huruf, angka, titik, garis, paling banyak 40, dan bukan NIK. Periksa, lalu ulangi."
    ),
    "NOT_A_DATE": Sentence("{what} bukan tanggal. Pilih tanggal dari kalender."),
    "DATE_FAR": Sentence("{what} terlalu jauh. Pilih tanggal antara tahun {first} dan {last}."),
    "NOT_A_NUMBER": Sentence("{what} bukan bilangan bulat. Periksa isiannya."),
    "NOT_IN_LIST": Sentence("{what} {value!r} tidak ada dalam daftar. Pilih salah satu: {choices}."),
    "NOT_A_LIST": Sentence("{what} harus berupa daftar. Muat ulang formulirnya, lalu ulangi."),
    "LIST_EMPTY": Sentence("{what} kosong, jadi tidak ada yang dikerjakan."),
    "LIST_DOUBLE": Sentence("{what} memuat {value} lebih dari sekali. Hapus yang ganda, lalu ulangi."),
    "LIST_TOO_LONG": Sentence(
        "{what} lebih dari {most} baris sekali kerja. Bagi menjadi beberapa bagian, lalu ulangi."
    ),
    "UNKNOWN_JOURNEY": Sentence("Peserta nomor {journey_id} tidak ada. Cari kembali lewat ID TKI."),
    "UNKNOWN_SESSION": Sentence("Sesi uji nomor {session_id} tidak ada. Pilih sesi dari daftar."),
    "CHANGED_MEANWHILE": Sentence("Data ini baru saja diubah orang lain. Muat ulang, periksa, lalu ulangi."),
    "PIPELINE_NEVER_RAN": Sentence("Tabel hasil saringan belum ada. Jalankan posko run dahulu."),
    "EXPORT_TOO_LONG": Sentence(
        "Daftar ini lebih dari {most} baris, terlalu panjang untuk satu berkas. Saring dahulu."
    ),
    "UNKNOWN_VIEW": Sentence("Tampilan ini tidak ada di antara tampilan Anda. Pilih dari daftar."),
    "VIEW_NAME_TAKEN": Sentence("Tampilan lain sudah memakai nama itu. Pilih nama lain."),
    "TOO_MANY_VIEWS": Sentence("Sudah ada {most} tampilan untuk daftar ini. Hapus satu, lalu simpan lagi."),
    "UNKNOWN_BATCH": Sentence("Kiriman nomor {batch_id} tidak ada. Pilih dari kotak masuk."),
    "BATCH_TAKEN_OVER": Sentence("Kiriman nomor {batch_id} sudah diterima dan dimuat; tidak perlu diulang."),
    "BATCH_DIFFERS": Sentence(
        "Kiriman nomor {batch_id} tidak sama dengan yang dikirim ({found}). Minta dikirim ulang; tidak ada yang dimuat.",
        "DV-A11",
    ),
}
