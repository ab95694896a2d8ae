"""Refusals of stations: their keys, their requests, what they send later (§8.2, §13.2-13.6; R-041, R-185)."""

from __future__ import annotations

from posko.domain.refusals.common import Sentence

SENTENCES: dict[str, Sentence] = {
    "CAPTURE_UNKNOWN": Sentence(
        "Permintaan sidik jari itu tidak ada, atau jawabannya tidak memuat nomor permintaan yang benar. Minta sidik jari lagi.",
        "DV-I12",
    ),
    "CAPTURE_ELSEWHERE": Sentence(
        "Permintaan sidik jari ini untuk stasiun atau halaman lain. Jawab hanya permintaan stasiun sendiri.", "DV-I12"
    ),
    "CAPTURE_USED": Sentence(
        "Permintaan sidik jari ini sudah dijawab; satu permintaan untuk satu jari. Minta sidik jari lagi.", "DV-I10"
    ),
    "CAPTURE_EXPIRED": Sentence("Permintaan sidik jari ini sudah lewat waktunya. Minta sidik jari lagi."),
    "STATION_UNKNOWN": Sentence(
        "Stasiun {station} tidak ada dalam daftar atau tidak berlaku hari ini. Daftarkan dahulu stasiunnya."
    ),
    "STATION_HAS_KEY": Sentence("Stasiun {station} sudah punya kunci yang berlaku. Cabut dahulu kunci itu."),
    "STATION_NO_KEY": Sentence("Stasiun {station} tidak punya kunci yang berlaku, jadi tidak ada yang dicabut."),
    "STATION_KEY_KNOWN": Sentence(
        "Kunci ini sudah pernah didaftarkan. Buat kunci baru di komputer stasiun dengan posko station keygen."
    ),
    "STATION_KEY_WRONG": Sentence("Kunci harus 64 angka heksadesimal. Salin utuh dari kartu stasiun."),
    "STATION_UNKNOWN_KEY": Sentence(
        "Kunci stasiun ini tidak terdaftar. Minta BNSP mendaftarkan kartu stasiun ini.", "DV-I12"
    ),
    "STATION_BAD_SIGNATURE": Sentence(
        "Tanda tangan stasiun tidak sah; pesan ini diubah atau bukan dari stasiun itu.", "DV-I12"
    ),
    "STATION_KEY_REVOKED": Sentence(
        "Kunci stasiun ini sudah dicabut. Buat kunci baru, lalu minta BNSP mendaftarkannya.", "DV-I12"
    ),
    "STATION_NOT_IN_FORCE": Sentence("Stasiun ini tidak berlaku hari ini. Hubungi BNSP.", "DV-I12"),
    "STATION_CLOCK": Sentence(
        "Jam stasiun berbeda {seconds} detik dari jam server; paling banyak {most} detik. Betulkan jam komputer ini.",
        "DV-S07",
    ),
    "STATION_REPLAYED": Sentence("Pesan stasiun ini sudah pernah dikirim, jadi tidak diterima lagi.", "DV-I10"),
    "STATION_MESSAGE": Sentence("Pesan stasiun tidak berbentuk seperti yang ditetapkan. Perbarui program stasiun."),
    "STATION_TOO_LARGE": Sentence("Pesan stasiun terlalu besar. Periksa pembaca; satu sidik jari tidak sebesar itu."),
    "STATION_OTHER_READER": Sentence(
        "Pembaca ini bukan yang terdaftar untuk stasiun. Pasang pembaca yang terdaftar, atau minta BNSP mengubah daftar.",
        "DV-I12",
    ),
    "STATION_OLD_SAMPLE": Sentence(
        "Sidik jari ini tidak diambil selama permintaannya menunggu. Minta sidik jari lagi.", "DV-I10"
    ),
    "STATION_NO_TUK": Sentence("Stasiun ini tidak berada di TUK mana pun, jadi tidak punya daftar hari uji."),
    "STATION_ENTRY_UNSIGNED": Sentence(
        "Absensi tertunda ini tidak ditandatangani kunci stasiun yang mengirimnya.", "DV-I12"
    ),
    "STATION_ENTRY_AGAIN": Sentence(
        "Absensi tertunda dengan nomor urut ini sudah ada dengan isi lain. Hubungi BNSP; jangan hapus antreannya.",
        "DV-I10",
    ),
    "STATION_GAP": Sentence(
        "Absensi tertunda harus dikirim berurutan tanpa lompatan. Kirim dari yang paling lama.", "DV-I10"
    ),
    "STATION_CHAIN": Sentence(
        "Absensi tertunda ini tidak menyambung yang sebelumnya. Hubungi BNSP; jangan hapus antreannya.", "DV-I10"
    ),
    "STATION_PROBE_BROKEN": Sentence("Sidik jari dalam absensi tertunda ini tidak terbaca, jadi tidak dicatat."),
    "STATION_NOT_COMPARED": Sentence(
        "Sidik jari dalam absensi tertunda ini tidak dapat dibandingkan: tidak ada yang terdaftar, atau terlalu buruk."
    ),
    "STATION_NOT_OPERATOR": Sentence(
        "Orang ini bukan administrator aktif TUK ini, jadi tidak dapat membuka absensi.", "DV-N01"
    ),
    "STATION_NO_OPERATOR": Sentence(
        "Tidak ada administrator TUK yang terbukti dengan sidik jarinya sebelum absensi tertunda ini, jadi tidak dicatat.",
        "DV-N01",
    ),
}
