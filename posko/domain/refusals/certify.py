"""Refusals of certificates: number, print, status, verification (§13.11-13.14)."""

from __future__ import annotations

from posko.domain.refusals.common import Sentence

SENTENCES: dict[str, Sentence] = {
    "SCHEME_WITHOUT_NUMBER": Sentence(
        "Skema {scheme_code} belum punya awalan nomor sertifikat. Minta BNSP menetapkannya."
    ),
    "NUMBERS_EXHAUSTED": Sentence(
        "Nomor sertifikat {series} sudah habis untuk tahun ini. Hubungi BNSP; tidak ada yang tersimpan."
    ),
    "CODES_EXHAUSTED": Sentence("Secure code yang bebas hampir habis. Hubungi BNSP; tidak ada yang tersimpan."),
    "CERTIFICATE_IN_FORCE": Sentence(
        "TKI {tki_id} masih memegang sertifikat skema ini yang belum dicabut, jadi tidak dapat diberi yang kedua.",
        "DV-C02",
    ),
    "NUMBER_TAKEN": Sentence(
        "Nomor sertifikat berikutnya sudah pernah dipakai: penghitung nomor telah diubah. Hubungi BNSP.", "DV-C01"
    ),
    "UNKNOWN_CERTIFICATE": Sentence("Sertifikat {certificate_no} tidak ada. Periksa nomornya."),
    "CHOOSE_LIST": Sentence("Pilih satu sesi atau satu LSP untuk daftar sertifikat."),
    "BLANK_SHAPE": Sentence(
        "Nomor blangko {what} harus berupa huruf besar, lalu 1 sampai 12 angka, misalnya BL000001."
    ),
    "BLANK_RANGE": Sentence(
        "Blangko {first} sampai {last} bukan satu urutan berisi 1 sampai {most} lembar. Periksa kedua nomornya."
    ),
    "UNKNOWN_LSP": Sentence("LSP {lsp_code} tidak terdaftar. Pilih LSP dari daftar."),
    "BLANK_EXISTS": Sentence(
        "{given} dari blangko {first} sampai {last} sudah pernah dibagikan, yang pertama {found} kepada {lsp_code}. Periksa nomornya."
    ),
    "BLANK_COUNT": Sentence("Isi banyak lembar atau nomor blangko terakhir, salah satu saja."),
    "BLANK_NOT_THIS_LSP": Sentence(
        "Blangko {blank_no} tidak dibagikan kepada LSP ini. Pakai blangko dari persediaan sendiri.", "DV-C03"
    ),
    "BLANK_NOT_FREE": Sentence("Blangko {blank_no} sudah terpakai atau rusak. Pakai blangko lain.", "DV-C03"),
    "REPRINT_WITHOUT_REASON": Sentence(
        "Sertifikat {certificate_no} sudah pernah dicetak. Cetak ulang wajib disertai alasan.", "DV-C03"
    ),
    "NOT_PRINTABLE": Sentence(
        "Sertifikat {certificate_no} sedang ditangguhkan atau sudah dicabut, jadi tidak boleh dicetak."
    ),
    "CERTIFICATE_ALTERED": Sentence(
        "Data sertifikat {certificate_no} tidak lagi sama dengan yang diserahkan, jadi tidak dicetak. Hubungi BNSP.",
        "DV-C05",
    ),
    "COPY_NOT_TODAYS": Sentence(
        "Lembar sertifikat {certificate_no} hanya disusun bagi cetakan terakhirnya, oleh pencetaknya, pada hari cetak. Catat cetak ulang."
    ),
    "STATUS_STANDS": Sentence(
        "Sertifikat {certificate_no} tidak dapat diubah dari status {status} dengan perintah ini."
    ),
    "TOO_MANY_TRIES": Sentence(
        "Terlalu banyak percobaan verifikasi yang salah. Tunggu {minutes} menit, lalu periksa nomor dan kodenya."
    ),
}
