"""Texts of the checks of the whole."""

TEXTS = {
    "verify.title": ("Periksa log dan buku", "Check log and ledger"),
    "verify.about": (
        (
            "Empat pekerjaan yang membaca semuanya: log audit dengan segelnya, buku serah terima, log yang diputar ulang terhadap tabel,"
            " dan ekspor untuk pihak luar. Masing-masing berjalan di belakang; halaman lain tetap dapat dipakai, dan hasilnya tetap di"
            " sini sampai dijalankan lagi. Pihak luar yang memegang checkpoint lama memeriksa sendiri dari berkas ekspor."
        ),
        (
            "Four works that read everything: the audit log with its seals, the hand-off ledger, the log replayed against the tables, and"
            " the export for outsiders. Each runs in the background; other pages can be used meanwhile, and the outcome stays here until"
            " it is run again. An outsider who holds an earlier checkpoint checks by himself, from the exported files."
        ),
    ),
    "verify.log": ("Log audit", "Audit log"),
    "verify.log_help": (
        "Setiap kejadian, MAC, rantai penulis, segel, akar pohon, dan tanda tangan checkpoint.",
        "Every event, MAC, chain of a writer, seal, root of the tree, and signature of a checkpoint.",
    ),
    "verify.no_seal": (
        "Log belum pernah disegel, jadi belum ada yang dapat dibuktikan. Jalankan posko audit seal, sebaiknya tiap menit.",
        "The log was never sealed, so nothing can be proven yet. Run posko audit seal, best every minute.",
    ),
    "verify.key": ("Kunci publik log", "Public key of the log"),
    "verify.with_file": ("Bandingkan juga dengan berkas log", "Compare the log file too"),
    "verify.with_file_help": (
        "Berkas log di cakram adalah saksi kedua. Pemeriksaannya lebih lama dan memakai lebih banyak memori.",
        "The log file on disk is a second witness. Checking it takes longer and more memory.",
    ),
    "verify.log_go": ("Periksa seluruh log", "Check the whole log"),
    "verify.log_clean": (
        "Tidak ada temuan: {verified} dari {size} kejadian tersegel dibuktikan oleh checkpoint.",
        "Nothing found: {verified} of {size} sealed events are proven by checkpoints.",
    ),
    "verify.log_changed": (
        "{count} temuan: log diubah. Laporkan kepada BNSP dan pegang checkpoint yang pernah Anda terima.",
        "{count} findings: the log was changed. Tell BNSP, and keep the checkpoints that you were given.",
    ),
    "verify.size": ("kejadian tersegel", "sealed events"),
    "verify.verified": ("dibuktikan checkpoint", "proven by checkpoints"),
    "verify.unverified": ("sesudah checkpoint terakhir", "after the last checkpoint"),
    "verify.unsealed": ("menunggu segel", "wait for their seal"),
    "verify.open_tails": ("penulis tanpa penutup", "writers without a close"),
    "verify.checkpoints": ("checkpoint diperiksa", "checkpoints checked"),
    "verify.where": ("Tempat", "Where"),
    "verify.text": ("Temuan", "Finding"),
    "verify.ledger": ("Buku serah terima", "Hand-off ledger"),
    "verify.ledger_help": (
        "Setiap TKI pada setiap hubungan: tidak seorang pun hilang, ganda, atau berubah di jalan.",
        "Every TKI on every hop: nobody lost, doubled or altered on the way.",
    ),
    "verify.ledger_go": ("Periksa buku", "Check the ledger"),
    "verify.ledger_clean": ("Buku seimbang: tidak ada selisih.", "The ledger balances: there is no difference."),
    "verify.ledger_broken": ("{count} selisih dalam buku.", "{count} differences in the ledger."),
    "verify.hop_label": ("Hubungan", "Hop"),
    "verify.hop_batches": ("Kiriman", "Batches"),
    "verify.hop_sent": ("Dikirim", "Sent"),
    "verify.hop_received": ("Diterima", "Received"),
    "verify.hop_loaded": ("Dimuat", "Loaded"),
    "verify.hop_rejected": ("Ditolak", "Rejected"),
    "verify.hop_in_transit": ("Di jalan", "In transit"),
    "verify.replay": ("Log terhadap tabel", "Log against tables"),
    "verify.replay_help": (
        "Log diputar ulang sampai kini; keadaan setiap TKI, sesi, dan kasus harus sama dengan tabelnya.",
        "The log is replayed to now; the state of every TKI, session and case must be the one in its table.",
    ),
    "verify.replay_go": ("Putar ulang dan bandingkan", "Replay and compare"),
    "verify.replay_equal": ("Log yang diputar ulang sama dengan tabel.", "The log replayed equals the tables."),
    "verify.replay_differs": ("{count} perbedaan antara log dan tabel.", "{count} differences between log and tables."),
    "verify.tki": ("ID TKI", "ID TKI"),
    "verify.export": ("Ekspor untuk pihak luar", "Export for outsiders"),
    "verify.export_help": (
        "Semua kejadian tersegel, semua checkpoint, dan kunci publik dalam satu berkas ZIP; tanpa nama, NIK, atau sidik jari.",
        "All sealed events, all checkpoints and the public key in one ZIP file; without names, NIK or fingerprints.",
    ),
    "verify.export_go": ("Siapkan ekspor", "Prepare the export"),
    "verify.export_made": (
        "Ekspor siap: {events} kejadian, {size} MB.",
        "The export is ready: {events} events, {size} MB.",
    ),
    "verify.export_take": ("Unduh", "Download"),
    "verify.pack": ("Paket auditor satu masa", "Auditor's pack of a period"),
    "verify.pack_help": (
        (
            "Log dengan buktinya, buku serah terima, aturan, penyimpangan, kasus, gerbang, risalah, dan surveilans dalam satu arsip "
            "bertanda tangan, yang diperiksa tanpa server. Bagi pemegang checkpoint di luar masa itu: posko audit pack --checkpoint."
        ),
        (
            "The log with its proofs, the ledger, rules, deviations, cases, gates, minutes and surveillance in one signed archive "
            "that is verified without a server. For who holds a checkpoint outside these days: posko audit pack --checkpoint."
        ),
    ),
    "verify.pack_first": ("Hari pertama", "First day"),
    "verify.pack_last": ("Hari terakhir", "Last day"),
    "verify.pack_days": ("Pilih kedua harinya dahulu.", "Choose both days first."),
    "verify.pack_go": ("Buat paket auditor", "Make the auditor's pack"),
    "verify.pack_made": (
        "Paket {first} sampai {last} siap: {events} kejadian, {rows} baris, {size} MB.",
        "The pack of {first} to {last} is ready: {events} events, {rows} rows, {size} MB.",
    ),
    "verify.readme": (
        (
            "Log audit POSKO BNSP\n\n"
            "events.jsonl    satu kejadian sebaris; baris ke-n (dari 0) adalah daun dengan tempat n\n"
            "checkpoints/    checkpoint yang ditandatangani (bentuk C2SP tlog-checkpoint)\n"
            "log.vkey        kunci publik log. Jangan percaya salinan ini: ambil dari tempat terbitnya.\n\n"
            "Periksa tanpa basis data, dengan checkpoint yang pernah Anda terima:\n"
            "  posko audit verify --from FOLDER --checkpoint BERKAS.note --log-key log.vkey\n\n"
            "Kejadian sesudah checkpoint itu belum terbukti. Cara menghitung daun dan akar: RFC 6962, bagian 2.1.\n"
        ),
        (
            "Audit log of POSKO BNSP\n\n"
            "events.jsonl    one event a line; line n (from 0) is the leaf with place n\n"
            "checkpoints/    signed checkpoints (in the form of C2SP tlog-checkpoint)\n"
            "log.vkey        public key of the log. Do not trust this copy: take it from where it was published.\n\n"
            "Check without a database, with a checkpoint that you were given:\n"
            "  posko audit verify --from FOLDER --checkpoint FILE.note --log-key log.vkey\n\n"
            "Events after that checkpoint are not proven. How leaves and roots are computed: RFC 6962, section 2.1.\n"
        ),
    ),
}
