"""Refusals of exam day, attendance, assessor, scoring (§13.1-13.8)."""

from __future__ import annotations

from posko.domain.refusals.common import Sentence

SENTENCES: dict[str, Sentence] = {
    "NO_SUCH_TUK": Sentence("TUK dengan kode itu tidak ada. Pilih TUK dari daftar."),
    "NOT_THE_DAY": Sentence(
        "Sesi uji nomor {session_id} adalah untuk {day}, bukan hari ini. Kerjakan pada harinya, atau minta Konsorsium"
        " menjadwalkan ulang.",
        "DV-S02",
    ),
    "TUK_CLOSED_TODAY": Sentence(
        "Tanggal {day} adalah hari tutup ({reason}). Minta Konsorsium membatalkan sesi ini dan menjadwalkan ulang.",
        "DV-S02",
    ),
    "TUK_NOT_IN_FORCE": Sentence(
        "Lisensi TUK, LSP, atau ikatannya untuk skema ini tidak berlaku pada {day} atau sedang dibekukan. Hubungi BNSP.",
        "DV-A03",
    ),
    "SESSION_NOT_OPEN": Sentence(
        "Sesi uji nomor {session_id} {state}, jadi absensi tidak dapat dicatat. Buka hari uji dahulu, atau gunakan sesi"
        " yang sedang dibuka.",
        "DV-S02",
    ),
    "LATE_OUTSIDE": Sentence(
        "Sidik jari ini tidak diambil selama hari uji sesi nomor {session_id} dibuka, jadi tidak dapat dicatat menyusul.",
        "DV-S02",
    ),
    "LATE_OUT_OF_ORDER": Sentence(
        "Absensi yang diambil lebih belakangan di stasiun {station} sudah masuk. Kirim absensi tertunda menurut urutan"
        " pengambilannya."
    ),
    "NOT_ON_LIST": Sentence(
        "ID TKI ini tidak ada dalam daftar peserta sesi uji nomor {session_id}. Periksa ketikannya; bila benar, buat surat"
        " penolakan.",
        "DV-S01",
    ),
    "EXPECTED_ANOTHER_TIME": Sentence(
        "TKI ini terdaftar di TUK ini untuk {day}, sesi nomor {other}, bukan untuk sesi nomor {session_id}.", "DV-S01"
    ),
    "NOT_ACKNOWLEDGED": Sentence(
        "Paket yang memuat TKI ini belum diakui LSP dan TUK. Akui paketnya dahulu, lalu ambil sidik jarinya lagi.",
        "DV-S01",
    ),
    "ATTENDANCE_RECORDED": Sentence("Kehadiran TKI ini sudah dicatat pada sesi ini; tidak perlu diulang."),
    "TURNED_AWAY_TODAY": Sentence(
        "TKI ini sudah ditolak untuk hari ini. Ia dapat datang lagi setelah Konsorsium menjadwalkan ulang.", "DV-I07"
    ),
    "EXIT_NOT_PRESENT": Sentence(
        "TKI ini tidak tercatat hadir pada sesi ini, jadi tidak ada yang keluar. Periksa ID TKI.", "DV-S01"
    ),
    "EXIT_RECORDED": Sentence("Sidik jari keluar TKI ini sudah dicatat pada sesi ini; tidak perlu diulang."),
    "UNKNOWN_STATEMENT": Sentence("Berita acara dengan nomor itu tidak ada. Periksa nomornya."),
    "SECOND_PERSON_SAME_ROLE": Sentence(
        "Pengecualian sidik jari harus dilakukan dua orang dari dua peran berbeda. Mintalah petugas dari peran lain.",
        "DV-I09",
    ),
    "SECOND_PERSON_ELSEWHERE": Sentence(
        "Orang kedua bukan petugas LSP atau TUK sesi ini. Mintalah petugas LSP atau TUK sesi ini, atau BNSP.", "DV-X04"
    ),
    "ASESOR_NOT_APPOINTED": Sentence(
        "Orang ini bukan asesor yang ditugaskan untuk sesi uji nomor {session_id}. Hanya Konsorsium yang dapat mengganti"
        " asesor.",
        "DV-S04",
    ),
    "ASESOR_LAPSED": Sentence(
        "Asesor {met_no} tidak terdaftar pada LSP sesi ini, atau sertifikat, skema, atau pendaftarannya tidak berlaku"
        " pada {day}. Minta Konsorsium menunjuk asesor lain.",
        "DV-A05",
    ),
    "SUBSTITUTE_SAME": Sentence("Asesor {met_no} sudah ditugaskan untuk sesi ini. Pilih asesor lain."),
    "SUBSTITUTE_ELSEWHERE": Sentence(
        "Asesor {met_no} sudah bertugas di sesi lain pada waktu yang sama. Pilih asesor lain.", "DV-A06"
    ),
    "SUBSTITUTE_FULL": Sentence(
        "Beban asesor {met_no} pada {day} akan melampaui batas sehari. Pilih asesor lain.", "DV-A07"
    ),
    "SUBSTITUTE_TIED": Sentence(
        "LSP atau TUK sesi ini terikat kepemilikan dengan PPTKIS atau BLKLN seorang peserta. Batalkan sesi ini dan"
        " jadwalkan pesertanya pada LSP lain.",
        "DV-A08",
    ),
    "SUBSTITUTION_TOO_LATE": Sentence(
        "Sesi uji nomor {session_id} {state}; asesor hanya dapat diganti sebelum sesi selesai."
    ),
    "SCORING_SUBSTITUTE_NOT_DUE": Sentence(
        "Sesi uji nomor {session_id} {state}; pengganti yang hanya menilai ditunjuk sesudah sesi selesai dan sebelum"
        " penilaiannya selesai."
    ),
    "ASESOR_NOT_VERIFIED": Sentence(
        "Ada peserta hadir, tetapi sidik jari asesor belum diperiksa di TUK. Periksa asesornya dahulu.", "DV-S04"
    ),
    "LIST_NOT_ACKNOWLEDGED": Sentence(
        "{count} peserta sesi ini masih dalam paket yang belum diakui. Akui paketnya dahulu, lalu ulangi."
    ),
    "LIST_NOT_CLOSED": Sentence(
        "{count} peserta sesi ini belum selesai. Selesaikan semuanya dahulu, baru penilaian dibuka.", "DV-N02"
    ),
    "SESSION_HAS_PRESENT": Sentence(
        "Sudah ada peserta yang hadir, jadi sesi ini tidak dapat dibatalkan. Tutup sesi ini seperti biasa."
    ),
    "SCORING_NOT_OPEN": Sentence(
        "Sesi uji nomor {session_id} {state}. Penilaian baru boleh setelah TUK menutup sesi dan membuka penilaian.",
        "DV-N02",
    ),
    "SHEET_NOT_OPEN": Sentence(
        "Sesi uji nomor {session_id} {state}. Formulir penilaian tampil setelah TUK membuka penilaian."
    ),
    "SCORE_NOT_TESTED": Sentence(
        "Peserta nomor {journey_id} tidak mengikuti uji pada sesi ini, jadi tidak dapat dinilai.", "DV-S05"
    ),
    "SCORED_ALREADY": Sentence(
        "Peserta nomor {journey_id} sudah dinilai. Perubahan hanya lewat perbaikan nilai dengan alasan."
    ),
    "SESSION_SCORED": Sentence(
        "Sesi uji nomor {session_id} sudah selesai dinilai. Perubahan hanya lewat perbaikan nilai dengan alasan."
    ),
    "SCORES_SHAPE": Sentence(
        "Nilai harus berupa daftar peserta dengan K atau BK untuk setiap unit. Isi ulang formulir penilaian."
    ),
    "SCORES_TWICE": Sentence("Peserta nomor {journey_id} tertulis dua kali dalam nilai. Hapus salah satunya."),
    "UNITS_DIFFER": Sentence(
        "Unit yang dinilai untuk peserta nomor {journey_id} tidak sama dengan unit skema ({problem}). Nilai setiap unit"
        " satu kali."
    ),
    "NO_UNITS": Sentence("Skema {scheme} tidak punya unit yang berlaku pada {day}. Hubungi BNSP."),
    "NOT_SCORED": Sentence("Peserta nomor {journey_id} belum dinilai pada sesi ini, jadi belum ada yang diperbaiki."),
    "CORRECTION_TOO_LATE": Sentence(
        "Kelulusan peserta nomor {journey_id} sudah diputuskan LSP; nilai tidak dapat diperbaiki lagi. Gunakan banding.",
        "DV-N04",
    ),
    "NOTHING_CORRECTED": Sentence("Nilai yang baru sama dengan yang lama, jadi tidak ada yang diperbaiki."),
    "RESULTS_NOT_READY": Sentence(
        "Sesi uji nomor {session_id} {state}; tabel hasilnya belum dikirim ke LSP. Tunggu asesor selesai menilai."
    ),
    "RESULTS_TAKEN_OVER": Sentence(
        "Tabel hasil sesi uji nomor {session_id} sudah diterima dan belum ada perbaikan baru. Buka tabel hasilnya."
    ),
}
