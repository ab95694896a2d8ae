"""Texts of the returns to BNP2TKI."""

TEXTS = {
    "returns.title": ("Kembali ke BNP2TKI", "Back to BNP2TKI"),
    "returns.about": (
        (
            "Hasil yang tayang dikembalikan sistem ke BNP2TKI lewat dua jalur, lalu dibaca balik (14.3-14.5). Yang sama diakui dan"
            " perjalanan TKI ditutup; yang berbeda atau belum dimutakhirkan tetap terbuka."
        ),
        (
            "The system returns what is public to BNP2TKI over two legs and reads it back (14.3-14.5). What is equal is acknowledged and"
            " closes the journey; what differs or was not updated stays open."
        ),
    ),
    "returns.tab_batches": ("Pengembalian", "Returns"),
    "returns.tab_lines": ("Baris dan versi", "Lines and versions"),
    "returns.tab_open": ("Daftar terbuka", "Open items"),
    "returns.start_help": (
        "Setiap putaran sistem mengirim yang sudah tayang. Tombol ini mencatatnya sekarang; putaran berikut menulisnya di BNP2TKI.",
        "Each run of the system sends what is public. This button records it now; the next run writes it at BNP2TKI.",
    ),
    "returns.start": ("Catat pengembalian", "Record a return"),
    "returns.started": (
        "Pengembalian nomor {number} dicatat: {count} TKI. Putaran sistem berikut menulisnya di BNP2TKI.",
        "Return {number} was recorded: {count} TKI. The next run of the system writes it at BNP2TKI.",
    ),
    "returns.nothing_due": (
        "Tidak ada hasil tayang yang belum dikembalikan.",
        "Nothing that is public waits to be returned.",
    ),
    "returns.number": ("No. pengembalian", "Return"),
    "returns.made_at": ("Dikirim (WIB)", "Sent (WIB)"),
    "returns.since": ("Dikirim sejak", "Sent from"),
    "returns.rows": ("TKI", "TKI"),
    "returns.versions": ("Koreksi", "Corrections"),
    "returns.first_leg": ("Ke server di BNP2TKI (WIB)", "To the server at BNP2TKI (WIB)"),
    "returns.second_leg": ("Ke BNP2TKI (WIB)", "To BNP2TKI (WIB)"),
    "returns.left": ("Belum diakui", "Not acknowledged"),
    "returns.due_on": ("Tenggat", "Due"),
    "returns.state": ("Keadaan", "State"),
    "returns.only_open": ("hanya yang terbuka", "only open ones"),
    "returns.none": ("Belum ada pengembalian ke BNP2TKI.", "Nothing was returned to BNP2TKI yet."),
    "returns.choose": ("Pengembalian yang dibuka", "Return to open"),
    "returns.relay_hash": ("SHA-256 jalur pertama", "SHA-256 of the first leg"),
    "returns.relay_loaded": ("Diterima server di BNP2TKI", "Taken over by the server at BNP2TKI"),
    "returns.source_hash": ("SHA-256 jalur kedua", "SHA-256 of the second leg"),
    "returns.source_loaded": ("Diterima BNP2TKI", "Taken over by BNP2TKI"),
    "returns.look": ("Baca balik sekarang", "Read back now"),
    "returns.looked": (
        "Pengembalian {number}: {closed} diakui sekarang, {different} berbeda, {missing} belum dimutakhirkan.",
        "Return {number}: {closed} acknowledged now, {different} differ, {missing} not updated yet.",
    ),
    "returns.lines_help": (
        "Versi 2 dan seterusnya adalah koreksi: sertifikat dicabut, ditangguhkan, atau diberlakukan lagi sesudah dikirim.",
        "Version 2 and later are corrections: a certificate was revoked, suspended or reinstated after it was sent.",
    ),
    "returns.tki_id": ("ID TKI", "ID TKI"),
    "returns.version": ("Versi", "Version"),
    "returns.result": ("Hasil", "Result"),
    "returns.lsp": ("LSP", "LSP"),
    "returns.certificate_no": ("No Sertifikat", "Certificate"),
    "returns.certified_on": ("Tanggal", "Date"),
    "returns.read_back": ("Nomor di BNP2TKI", "Number at BNP2TKI"),
    "returns.difference": ("Selisih", "Difference"),
    "returns.is_last": ("Terakhir", "Last"),
    "returns.no_lines": ("Belum ada baris yang dikembalikan.", "No line was returned yet."),
    "returns.dispatch": ("ID kiriman", "Sending"),
    "returns.dispatched": ("Tertulis di BNP2TKI (WIB)", "Written at BNP2TKI (WIB)"),
    "returns.not_dispatched": ("belum", "not yet"),
    "returns.by_TABLE": ("tabel hasil_uji", "table hasil_uji"),
    "returns.by_FILE": ("berkas paket", "package file"),
    "returns.confirmation": ("Konfirmasi BNP2TKI", "BNP2TKI's confirmation"),
    "returns.said_ACCEPTED": ("diterima", "accepted"),
    "returns.said_REJECTED": ("ditolak: {reason}", "rejected: {reason}"),
    "returns.said_UNREADABLE": ("tidak terbaca", "unreadable"),
    "returns.REJECTED": ("ditolak", "rejected"),
    "returns.DIFFERENT": ("berbeda", "differs"),
    "returns.OVERDUE": ("lewat tenggat", "overdue"),
    "returns.WAITING": ("menunggu", "waiting"),
    "returns.REPLACED": ("digantikan", "replaced"),
    "returns.ACKNOWLEDGED": ("diakui", "acknowledged"),
}
