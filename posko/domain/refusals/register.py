"""Refusals of search, registration, schedule, allocation, distribution (§12.3-12.11)."""

from __future__ import annotations

from posko.domain.refusals.common import Sentence

SENTENCES: dict[str, Sentence] = {
    # registration
    "TKI_UNKNOWN": Sentence(
        "ID TKI {tki_id} tidak ada dalam data dari BNP2TKI, jadi tidak dapat didaftarkan. Periksa nomornya, lalu cari lagi."
    ),
    "TKI_HELD_BACK": Sentence(
        "TKI {tki_id} ditahan oleh saringan dan tidak dapat didaftarkan: {reasons} Minta BNP2TKI memperbaiki datanya."
    ),
    "TKI_NOT_JUDGED": Sentence("TKI {tki_id} belum disaring. Tunggu saringan berikutnya, lalu cari lagi."),
    "TKI_NOT_SENT": Sentence("TKI {tki_id} belum dikirim BNSP ke Konsorsium. Tunggu kiriman berikutnya."),
    "TKI_REGISTERED": Sentence("TKI {tki_id} sudah terdaftar ({label}); tidak perlu didaftarkan lagi."),
    "TKI_NOT_CLOSED": Sentence(
        "TKI {tki_id} belum dapat mengulang: pendaftaran sebelumnya belum selesai. Tunggu sampai hasilnya dikembalikan."
    ),
    "TKI_HAS_CERTIFICATE": Sentence("TKI {tki_id} masih memegang sertifikat yang berlaku, jadi tidak perlu mengulang."),
    "NOT_REGISTERED_YET": Sentence("TKI ini belum terdaftar. Cari dan daftarkan dahulu."),
    "JOURNEY_CLOSED": Sentence("Pendaftaran TKI ini sudah selesai dan tidak dapat diubah lagi."),
    # schedule
    "DAY_TOO_EARLY": Sentence("Tanggal uji {exam_on} harus sesudah hari ini. Pilih tanggal lain."),
    "DAY_TOO_FAR": Sentence("Tanggal uji {exam_on} lebih dari {days} hari lagi. Pilih tanggal yang lebih dekat."),
    "DAY_CLOSED": Sentence("TUK tutup pada {exam_on}: {why}. Pilih tanggal lain."),
    "LSP_UNKNOWN": Sentence("LSP {lsp_code} tidak terdaftar di BNSP. Pilih LSP dari daftar.", "DV-A03"),
    "LSP_EXPIRED": Sentence(
        "Lisensi LSP {lsp_code} tidak berlaku pada {exam_on}. Pilih LSP atau tanggal lain.", "DV-A03"
    ),
    "LSP_SUSPENDED": Sentence("LSP {lsp_code} sedang dibekukan pada {exam_on}. Pilih LSP atau tanggal lain.", "DV-A03"),
    "TUK_UNKNOWN": Sentence("TUK {tuk_code} tidak terdaftar di BNSP. Pilih TUK dari daftar.", "DV-A03"),
    "TUK_EXPIRED": Sentence("Izin TUK {tuk_code} tidak berlaku pada {exam_on}. Pilih TUK atau tanggal lain.", "DV-A03"),
    "TUK_SUSPENDED": Sentence("TUK {tuk_code} sedang dibekukan pada {exam_on}. Pilih TUK atau tanggal lain.", "DV-A03"),
    "TUK_NOT_OF_LSP": Sentence(
        "TUK {tuk_code} tidak berlisensi untuk LSP {lsp_code} dan skema {scheme_code} pada {exam_on}. Pilih TUK dari daftar LSP itu.",
        "DV-A03",
    ),
    "TUK_FULL": Sentence(
        "TUK {tuk_code} sudah penuh pada {exam_on} (kapasitas {capacity}). Pilih tanggal atau TUK lain.", "DV-A04"
    ),
    "ASESOR_UNKNOWN": Sentence("Asesor {met_no} tidak terdaftar di BNSP. Pilih asesor dari daftar.", "DV-A05"),
    "ASESOR_OF_OTHER_LSP": Sentence("Asesor {met_no} bukan asesor LSP {lsp_code}. Pilih asesor dari daftar.", "DV-A05"),
    "ASESOR_EXPIRED": Sentence("Sertifikat asesor {met_no} tidak berlaku pada {exam_on}. Pilih asesor lain.", "DV-A05"),
    "ASESOR_SCHEME": Sentence(
        "Asesor {met_no} tidak berwenang menguji skema {scheme_code} pada {exam_on}. Pilih asesor lain.", "DV-A05"
    ),
    "ASESOR_SUSPENDED": Sentence("Asesor {met_no} sedang dibekukan pada {exam_on}. Pilih asesor lain.", "DV-A05"),
    "ASESOR_ELSEWHERE": Sentence(
        "Asesor {met_no} sudah ditugaskan di tempat lain pada {exam_on}. Pilih asesor, sesi, atau tanggal lain.",
        "DV-A06",
    ),
    "ASESOR_FULL": Sentence(
        "Beban asesor {met_no} pada {exam_on} sudah penuh ({capacity} TKI). Pilih asesor atau tanggal lain.", "DV-A07"
    ),
    "NO_ASESOR": Sentence(
        "Tidak ada asesor LSP {lsp_code} yang bebas pada {exam_on}. Pilih tanggal lain atau tambah asesor.", "DV-A07"
    ),
    "TIED": Sentence(
        "{body} terikat kepemilikan dengan {party} TKI ini pada {exam_on}. Pilih LSP dan TUK yang tidak terikat.",
        "DV-A08",
    ),
    "ALREADY_ALLOCATED": Sentence("TKI ini sudah punya tempat uji ({label}); satu TKI hanya satu tempat.", "DV-A01"),
    "SESSION_BEGUN": Sentence(
        "Sesi uji itu sudah {label}; tidak dapat ditambah peserta. Pilih tanggal atau sesi lain."
    ),
    "REASON_MISSING": Sentence(
        "LSP atau TUK berbeda dari usulan aturan BLKLN ({lsp_code}, {tuk_code}). Tulis alasannya, lalu ulangi.",
        "DV-A02",
    ),
    "PAYMENT_DUE": Sentence("Pembayaran TKI ini masih Belum. Catat pembayarannya dahulu.", "DV-A13"),
    "RETAKE_TOO_SOON": Sentence("Uji ulang paling cepat {earliest} ({days} hari sesudah uji terakhir).", "DV-N08"),
    "ATTEMPTS_USED": Sentence("TKI ini sudah {made} kali dijadwalkan; paling banyak {most} kali.", "DV-N08"),
    "TOO_YOUNG": Sentence(
        "TKI ini berumur {age} tahun pada {exam_on}, paling rendah {minimum} tahun. Pilih tanggal lain.", "DV-E09"
    ),
    # undone before it is sent
    "UNDO_UNKNOWN": Sentence("Jadwal atau perubahan pembayaran itu tidak ada. Muat ulang daftarnya, lalu pilih lagi."),
    "UNDO_SENT": Sentence(
        "TKI {tki_id} sudah dikirim ke BNSP ({label}), jadi jadwal dan pembayarannya tidak dapat dibatalkan lagi."
    ),
    "UNDO_NO_PLACE": Sentence(
        "Jadwal TKI {tki_id} yang dipilih tidak berlaku lagi: sudah dibatalkan atau diganti. Muat ulang daftarnya."
    ),
    "UNDO_NOT_LAST": Sentence(
        "Pembayaran TKI {tki_id} sudah diubah lagi atau dibatalkan sejak daftar dibuka. Muat ulang daftarnya."
    ),
    "UNDO_PAYMENT_PLACED": Sentence(
        "TKI {tki_id} sudah punya jadwal dan wajib membayar dahulu. Batalkan jadwalnya sebelum pembayarannya."
    ),
    # allocation and distribution
    "UNALLOCATED_LEFT": Sentence(
        "{count} TKI terdaftar belum dialokasikan ({first}). Alokasikan, atau tulis alasan bagi setiap TKI.", "DV-A01"
    ),
    "NOTHING_LEFT_TO_JUSTIFY": Sentence(
        "TKI {tki_id} tidak sedang menunggu alokasi, jadi alasan untuknya tidak berlaku. Muat ulang daftarnya."
    ),
    "NOT_ALLOCATED": Sentence("TKI {tki_id} tidak dapat dikirim: keadaannya {label}, bukan sudah dialokasikan."),
    "NOT_AN_ALLOCATION": Sentence("Kiriman nomor {batch_id} bukan kiriman alokasi dari Konsorsium."),
    "BALANCE_DONE": Sentence("Kiriman nomor {batch_id} sudah diperiksa dan seimbang; tidak perlu diperiksa lagi."),
    "ALLOCATION_WITHDRAWN": Sentence(
        "Kiriman nomor {batch_id} sudah ditarik kembali oleh Konsorsium pada {day}. Pakai kiriman penggantinya."
    ),
    "WITHDRAW_BALANCED": Sentence(
        "Kiriman nomor {batch_id} sudah diperiksa dan seimbang, jadi tidak dapat ditarik kembali."
    ),
    "WITHDRAW_UNCHECKED": Sentence(
        "Kiriman nomor {batch_id} belum dinyatakan tidak seimbang, jadi belum dapat ditarik kembali. Tunggu pemeriksaan BNSP."
    ),
    "UNKNOWN_BALANCE": Sentence("Pemeriksaan keseimbangan nomor {number} tidak ada. Pilih dari daftar."),
    "NOT_BALANCED": Sentence(
        "Kiriman nomor {batch_id} tidak lengkap ({found}), jadi tidak diteruskan. Selesaikan temuannya, lalu periksa lagi.",
        "DV-A11",
    ),
    "RELEASED": Sentence("Kiriman nomor {batch_id} sudah dipilah dan diteruskan."),
    "PARTS_DIFFER": Sentence(
        "Jumlah bagian LSP atau TUK tidak sama dengan seluruh kiriman nomor {batch_id}; tidak ada yang diteruskan.",
        "DV-A11",
    ),
    "NOT_A_PACKAGE": Sentence("Kiriman nomor {batch_id} bukan paket bagi LSP atau TUK. Pilih dari kotak masuk."),
    # what a balance check may find; the part before "LOAD" blocks, the load opens a case
    "FOUND_STATUS": Sentence("{count} TKI tidak menunggu pemeriksaan di BNSP: {first}.", "DV-A11"),
    "FOUND_NO_PLACE": Sentence("{count} TKI tanpa tempat uji yang berlaku: {first}.", "DV-A01"),
    "FOUND_NOT_SENT": Sentence("{count} TKI tidak pernah dikirim BNSP ke Konsorsium: {first}.", "DV-A11"),
    "FOUND_NO_ASESOR": Sentence("{count} TKI pada sesi tanpa penunjukan asesor yang berlaku: {first}.", "DV-A05"),
    "FOUND_REST": Sentence("{count} TKI terdaftar tidak dikirim dan tidak diberi alasan: {first}.", "DV-A11"),
    "FOUND_COUNT": Sentence(
        "Jumlah baris {count} tidak sama dengan jumlah yang dinyatakan Konsorsium: {first}.", "DV-A11"
    ),
    "FOUND_LOAD": Sentence("Beban {scope} tidak merata: {first} mendapat {percent} persen dari rata-rata.", "DV-A12"),
}
