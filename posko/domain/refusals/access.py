"""Refusals of sign-in, proofs and parts (§8.2; R-042..R-050, R-070)."""

from __future__ import annotations

from posko.domain.refusals.common import Sentence

SENTENCES: dict[str, Sentence] = {
    "TWO_PARTS": Sentence(
        "Anda sudah bertindak sebagai {other} untuk TKI ini, jadi tidak boleh juga sebagai {part}. Mintalah petugas lain.",
        "DV-N06",
    ),
    "PROOF_MISSING": Sentence("Sidik jari wajib diambil dengan pembaca; isian ketikan bukan bukti.", "DV-N01"),
    "PROOF_FORGED": Sentence("Bukti sidik jari tidak dibuat oleh modul biometrik. Ambil sidik jari lagi.", "DV-N01"),
    "PROOF_WRONG_PERSON": Sentence(
        "Bukti sidik jari ini milik orang lain. Ambil sidik jari orang yang benar.", "DV-N01"
    ),
    "PROOF_WRONG_PURPOSE": Sentence("Bukti sidik jari ini diambil untuk keperluan lain. Ambil lagi.", "DV-N01"),
    "PROOF_WRONG_PLACE": Sentence("Bukti sidik jari ini diambil di tempat lain. Ambil lagi di sini.", "DV-N01"),
    "PROOF_UNKNOWN_STATION": Sentence(
        "Stasiun {station} atau pembacanya tidak terdaftar atau tidak berlaku. Hubungi BNSP.", "DV-I12"
    ),
    "PROOF_STALE": Sentence("Bukti sidik jari sudah lewat {minutes} menit. Ambil lagi.", "DV-N01"),
    "PROOF_EARLY": Sentence("Waktu bukti sidik jari di depan waktu server. Periksa jam stasiun.", "DV-S07"),
    "PROOF_USED": Sentence("Bukti sidik jari ini sudah dipakai. Ambil lagi.", "DV-N01"),
    "SAMPLE_REPLAYED": Sentence(
        "Rekaman sidik jari ini sama persis dengan yang pernah dikirim. Ambil sidik jari langsung dari orangnya.",
        "DV-I10",
    ),
    "NONCE_USED": Sentence("Permintaan sidik jari ini sudah dijawab. Mulai lagi dari awal.", "DV-I10"),
    "FILE_IN_PRODUCTION": Sentence(
        "Sidik jari dari berkas tidak diterima di lingkungan production. Ambil sidik jari langsung dari orangnya.",
        "DV-I12",
    ),
    "FINGER_LOCKED": Sentence(
        "Sidik jari orang ini sudah terlalu sering tidak cocok. Tunggu sebentar, atau pakai jalur pengecualian."
    ),
    "PROOF_OLD_TEMPLATE": Sentence(
        "Bukti sidik jari ini dibandingkan dengan rekaman yang sudah diganti. Ambil sidik jari lagi.", "DV-N01"
    ),
    "NO_MATCH": Sentence("Sidik jari tidak cocok. Coba lagi dengan jari yang terdaftar.", "DV-N01"),
    "ENROL_SHAPE": Sentence("Pendaftaran perlu dua jari yang berbeda, masing-masing tiga kali. Rekam lagi dari awal."),
    "ENROL_UNUSABLE": Sentence(
        "Rekaman {finger} tidak dapat dibaca sebagai sidik jari. Bersihkan jari, lalu rekam lagi."
    ),
    "ENROL_FEW_MINUTIAE": Sentence("Rekaman {finger} terlalu sedikit terbaca. Tekan jari lebih rata, lalu rekam lagi."),
    "ENROL_QUALITY_UNKNOWN": Sentence("Mutu rekaman {finger} tidak dapat diukur. Rekam lagi."),
    "ENROL_QUALITY_LOW": Sentence(
        "Mutu rekaman {finger} terlalu rendah. Bersihkan jari atau pilih jari lain, lalu rekam lagi."
    ),
    "ENROL_NEEDS_SUPERVISOR": Sentence(
        "Mutu rekaman {finger} rendah. Rekam lagi, atau daftarkan dengan tanda bahwa penyelia menyetujuinya."
    ),
    "ENROL_IMPRESSIONS_DIFFER": Sentence("Ketiga rekaman {finger} tidak saling cocok. Rekam jari yang sama tiga kali."),
    "ENROL_SAME_FINGER": Sentence("Kedua jari yang direkam ternyata jari yang sama. Rekam dua jari yang berbeda."),
    "NOT_FROM_BIOMETRICS": Sentence(
        "Data sidik jari ini tidak dibuat oleh modul biometrik. Ambil sidik jari dengan pembaca.", "DV-N01"
    ),
    "NOTHING_CAPTURED": Sentence("Belum ada rekaman sidik jari orang ini yang menunggu bukti. Rekam dahulu."),
    "PRINT_IS_REFERENCE": Sentence(
        "Sidik jari TKI ini dari BNP2TKI dan menjadi rujukan. Bila salah, minta BNP2TKI mengirim yang benar."
    ),
    "KEY_IN_USE": Sentence(
        "Kunci templat ini masih dipakai. Jalankan posko finger rotate sampai selesai, lalu ulangi."
    ),
    "SECOND_PERSON_MISSING": Sentence("Perintah ini harus dilakukan dua orang, masing-masing dengan sidik jarinya."),
    "SECOND_PERSON_SAME": Sentence("Orang kedua harus orang lain. Mintalah petugas lain."),
    "SECOND_PERSON_UNKNOWN": Sentence("Orang kedua bukan petugas aktif. Mintalah petugas lain."),
    "BOOTSTRAP_OVER": Sentence(
        "Super Administrator pertama sudah ada. Petugas berikutnya didaftarkan dua petugas dari Super Administrator atau BNSP."
    ),
    "STAFF_EXISTS": Sentence("Nomor identitas {person_id} sudah terdaftar sebagai {role}. Periksa nomornya."),
    "TWO_ROLES": Sentence(
        "Nomor identitas {person_id} sudah menjadi {role}; satu orang satu peran. Pakai nomor identitas orang yang benar.",
        "DV-N06",
    ),
    "MET_TAKEN": Sentence("Nomor MET {met_no} sudah milik petugas lain. Periksa nomor MET orang ini.", "DV-N06"),
    "ROLE_WRONG": Sentence("Peran ini tidak dapat diberikan. Pilih salah satu: {choices}."),
    "SCOPE_MISSING": Sentence("Peran {role} harus menyebut {what}. Pilih dari daftar."),
    "SCOPE_TOO_MUCH": Sentence("Peran {role} tidak memakai {what}. Kosongkan isian itu."),
    "STAFF_LSP_OUT": Sentence("LSP {key} tidak terdaftar atau tidak berlaku hari ini. Pilih dari daftar.", "DV-A03"),
    "STAFF_TUK_OUT": Sentence("TUK {key} tidak terdaftar atau tidak berlaku hari ini. Pilih dari daftar.", "DV-A03"),
    "STAFF_ASESOR_OUT": Sentence(
        "Asesor dengan nomor MET {key} tidak terdaftar atau tidak berlaku hari ini. Pilih dari daftar.", "DV-A05"
    ),
    "SECOND_IS_SUBJECT": Sentence("Orang yang didaftarkan tidak boleh menjadi orang kedua. Mintalah petugas lain."),
    "OWN_FINGER": Sentence(
        "Sidik jari sendiri tidak boleh didaftarkan, diganti, atau dibekukan sendiri. Mintalah petugas lain."
    ),
    "UNKNOWN_STAFF": Sentence("Petugas dengan nomor identitas itu tidak ada. Pilih dari daftar."),
    "ALREADY_SUSPENDED": Sentence(
        "Petugas ini sudah dibekukan. Untuk mengaktifkan lagi, ganti sidik jarinya oleh dua petugas."
    ),
    "SESSION_OVER": Sentence("Anda belum masuk, atau sesi Anda sudah berakhir. Masuk lagi dengan sidik jari."),
    "BEHALF_NOT_SUPER": Sentence("Hanya Super Administrator yang dapat bertindak atas nama pihak lain.", "DV-X04"),
}
