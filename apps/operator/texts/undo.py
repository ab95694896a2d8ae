"""Texts of the page on which schedules and payments are undone before they are sent."""

TEXTS = {
    "undo.title": ("Pembatalan", "Undo"),
    "undo.about": (
        (
            "Jadwal dan perubahan pembayaran dapat dibatalkan selama alokasinya belum dikirim ke BNSP. Yang dibatalkan tetap tercatat"
            " di Riwayat pembatalan: siapa, kapan, dan mengapa. TKI yang jadwalnya dibatalkan kembali terdaftar dan menunggu tempat."
        ),
        (
            "A schedule or a change of payment can be undone until the allocation is sent to BNSP. What was undone stays in the"
            " register: who, when and why. Whose schedule is undone is registered again and waits for a place."
        ),
    ),
    "undo.view": ("Yang dibatalkan", "What to undo"),
    "undo.jadwal": ("Jadwal", "Schedules"),
    "undo.pembayaran": ("Pembayaran", "Payments"),
    "undo.riwayat": ("Riwayat pembatalan", "What was undone"),
    "undo.jadwal_help": (
        "TKI yang sudah punya tempat uji dan belum dikirim ke BNSP, yang terbaru dahulu.",
        "TKI who have a place and were not sent to BNSP, the newest first.",
    ),
    "undo.pembayaran_help": (
        "Perubahan pembayaran terakhir tiap TKI yang belum dikirim ke BNSP, yang terbaru dahulu.",
        "The last change of payment of each TKI who was not sent to BNSP, the newest first.",
    ),
    "undo.no_jadwal": (
        "Tidak ada jadwal yang dapat dibatalkan: semua sudah dikirim, atau belum ada yang dijadwalkan.",
        "No schedule can be undone: all were sent, or none was made.",
    ),
    "undo.no_pembayaran": (
        "Tidak ada perubahan pembayaran yang dapat dibatalkan.",
        "No change of payment can be undone.",
    ),
    "undo.no_register": ("Belum ada yang dibatalkan.", "Nothing was undone yet."),
    "undo.pick": ("Centang satu baris atau lebih untuk membatalkannya.", "Tick one or more rows to undo them."),
    "undo.search": ("Cari ID TKI atau nama", "Search ID TKI or name"),
    "undo.since": ("Dibatalkan sejak", "Undone since"),
    "undo.kind": ("Jenis", "Kind"),
    "undo.SCHEDULE": ("Jadwal", "Schedule"),
    "undo.PAYMENT": ("Pembayaran", "Payment"),
    "undo.tki_id": ("ID TKI", "ID TKI"),
    "undo.full_name": ("Nama", "Name"),
    "undo.exam_on": ("Tanggal uji", "Exam day"),
    "undo.lsp_code": ("LSP", "LSP"),
    "undo.tuk_code": ("TUK", "TUK"),
    "undo.met_no": ("Asesor", "Assessor"),
    "undo.payment_before": ("Sebelumnya", "Before"),
    "undo.payment_after": ("Sekarang", "Now"),
    "undo.done_at": ("Dicatat pada", "Recorded at"),
    "undo.done_by": ("Dicatat oleh", "Recorded by"),
    "undo.undone_at": ("Dibatalkan pada", "Undone at"),
    "undo.undone_by": ("Dibatalkan oleh", "Undone by"),
    "undo.what": ("Yang dibatalkan", "What was undone"),
    "undo.reason": ("Alasan pembatalan", "Reason"),
    "undo.BELUM": ("Belum", "Not paid"),
    "undo.LUNAS": ("Lunas", "Paid"),
    "undo.DIBEBASKAN": ("Dibebaskan", "Waived"),
    "undo.window_jadwal": ("Batalkan jadwal {count} TKI", "Undo the schedule of {count} TKI"),
    "undo.window_pembayaran": (
        "Batalkan perubahan pembayaran {count} TKI",
        "Undo the change of payment of {count} TKI",
    ),
    "undo.and_more": ("dan {count} TKI lagi", "and {count} more TKI"),
    "undo.go_jadwal": ("Batalkan {count} jadwal", "Undo {count} schedules"),
    "undo.go_pembayaran": ("Batalkan {count} perubahan", "Undo {count} changes"),
    "undo.done_jadwal": (
        "Jadwal {undone} TKI dibatalkan; mereka kembali menunggu tempat. Sesi yang ikut dibatalkan: {cancelled}.",
        "The schedule of {undone} TKI is undone; they wait for a place again. Sessions called off with it: {cancelled}.",
    ),
    "undo.done_pembayaran": (
        "Perubahan pembayaran {undone} TKI dibatalkan.",
        "The change of payment of {undone} TKI is undone.",
    ),
}
