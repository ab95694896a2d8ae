"""Refusals of meeting, publication, return, appeals (§14.1-14.5)."""

from __future__ import annotations

from posko.domain.refusals.common import Sentence

SENTENCES: dict[str, Sentence] = {
    # meeting (14.2)
    "UNKNOWN_MEETING": Sentence("Rapat evaluasi nomor {meeting_id} tidak ada. Pilih dari daftar rapat."),
    "NO_RESULTS_WAITING": Sentence("Tidak ada hasil uji yang menunggu rapat. Tunggu kiriman hasil dari LSP."),
    "NOT_WAITING_FOR_MEETING": Sentence(
        "Peserta nomor {journey_id} tidak menunggu rapat evaluasi: hasilnya belum dikirim LSP, sudah dievaluasi, atau sedang dibahas"
        " di rapat lain."
    ),
    "MEETING_CLOSED": Sentence(
        "Risalah rapat nomor {meeting_id} sudah ditutup dan tidak dapat diubah. Buka rapat baru."
    ),
    "MEETING_TOO_EARLY": Sentence(
        "Rapat ini baru diadakan pada {held_on}. Tutup risalahnya pada hari itu atau sesudahnya."
    ),
    "MEETING_EMPTY": Sentence(
        "Rapat nomor {meeting_id} tidak membahas hasil apa pun, jadi risalahnya tidak dapat ditutup."
    ),
    "NOBODY_PRESENT": Sentence("Belum ada peserta rapat yang dicatat. Catat yang hadir dari BNSP dan LSP."),
    "ORGANISATION_MISSING": Sentence(
        "Rapat evaluasi dilakukan BNSP bersama LSP; belum ada yang hadir dari {missing}. Catat pesertanya."
    ),
    "NOT_A_PARTICIPANT": Sentence(
        "{person_id} bukan petugas aktif BNSP atau Administrator LSP, jadi tidak dapat dicatat sebagai peserta rapat."
    ),
    "NOT_AN_ITEM": Sentence("Peserta nomor {journey_id} tidak dibahas di rapat nomor {meeting_id}."),
    "NOT_HELD": Sentence("Hasil peserta nomor {journey_id} tidak sedang ditahan di rapat ini."),
    "HELD_BY_CASE": Sentence(
        "Hasil peserta nomor {journey_id} ditahan karena {why}. Tutup kasusnya dahulu, lalu lepaskan."
    ),
    # publication (14.1)
    "MINUTES_OPEN": Sentence(
        "Risalah rapat nomor {meeting_id} belum ditutup, jadi hasilnya belum boleh ditayangkan. Tutup risalah dahulu.",
        "DV-C06",
    ),
    "RESULT_DIFFERS": Sentence(
        "Hasil peserta nomor {journey_id} tidak sesuai dengan putusan atau sertifikatnya. Laporkan ke BNSP; tidak ada yang ditayangkan.",
        "DV-C06",
    ),
    "SEARCH_BY_NUMBER": Sentence(
        "Cari dengan ID TKI atau nomor sertifikat secara lengkap; nama, NIK, dan potongan nomor tidak dapat dicari."
    ),
    "PUBLICATION_STOPPED": Sentence(
        "Penayangan dihentikan BNSP sejak {day} ({reason}), jadi tidak ada yang ditayangkan. Lanjutkan penayangannya dahulu."
    ),
    "PUBLICATION_STOPPED_BEFORE": Sentence("Penayangan sudah dihentikan; tidak perlu dihentikan lagi."),
    "PUBLICATION_NOT_STOPPED": Sentence("Penayangan tidak sedang dihentikan, jadi tidak ada yang dilanjutkan."),
    "SITE_LEAKS": Sentence(
        "Situs publik versi {version} memuat yang tidak boleh tayang: {found}. Versi sebelumnya tetap tayang."
        " Perbaiki datanya, lalu ulangi.",
        "DV-C06",
    ),
    # return (14.3-14.5)
    "UNKNOWN_RETURN": Sentence("Pengembalian nomor {return_batch_id} tidak ada. Pilih dari daftar pengembalian."),
    "NOT_RELAYED": Sentence(
        "Pengembalian nomor {return_batch_id} belum diteruskan oleh server BNSP di BNP2TKI, jadi belum dapat diakui."
    ),
    "OUTBOX_DIFFERS": Sentence(
        "Baris TKI {tki_id} pada pengembalian nomor {return_batch_id} berubah sesudah dicatat, jadi tidak dikirim. Periksa log audit.",
        "DV-A11",
    ),
    "DELIVERY_DIFFERS": Sentence(
        "Yang tertulis di BNP2TKI bukan yang dikirim pada pengembalian nomor {return_batch_id}: {tki_id}. Pengiriman diulang; laporkan"
        " bila terjadi lagi.",
        "DV-A11",
    ),
    "CONFIRMATION_UNREADABLE": Sentence(
        "Konfirmasi BNP2TKI tidak terbaca: setiap barisnya harus berisi id_kiriman, id_tki, dan versi. Tidak ada yang dicatat."
    ),
    "RETURN_COMPLETE": Sentence("Pengembalian nomor {return_batch_id} sudah diakui seluruhnya; tidak perlu diulang."),
    "READ_BACK_UNREADABLE": Sentence(
        "Bacaan balik BNP2TKI tidak terbaca: setiap ID TKI harus disertai kode LSP, nomor, dan tanggal sertifikasi. Minta dikirim ulang."
    ),
    # dashboards (14.2)
    "MARTS_NOT_MADE": Sentence("Tabel evaluasi belum pernah dibuat. Pipeline membuatnya pada jalannya yang berikut."),
    # appeals and complaints
    "UNKNOWN_APPEAL": Sentence("Banding atau pengaduan nomor {appeal_id} tidak ada. Pilih dari daftar."),
    "APPEAL_NEEDS_RESULT": Sentence(
        "Banding hanya dapat diajukan atas hasil yang sudah diputuskan LSP. Sebutkan pesertanya."
    ),
    "APPEAL_PENDING": Sentence("Peserta nomor {journey_id} masih mempunyai banding yang belum diputuskan."),
    "APPEAL_DIFFERS": Sentence("{what} tidak cocok dengan peserta yang disebut. Periksa isiannya."),
    "APPEAL_DECIDED": Sentence("Banding atau pengaduan nomor {appeal_id} sudah diputuskan pada {decided_on}."),
    "COMPLAINT_NAMES_PARTICIPANT": Sentence(
        "Pengaduan umum tidak memakai nomor peserta. Sebutkan ID TKI, LSP, atau TUK."
    ),
}
