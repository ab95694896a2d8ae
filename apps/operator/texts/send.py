"""Texts of sending the allocation to BNSP."""

TEXTS = {
    "send.title": ("Kirim alokasi ke BNSP", "Send the allocation to BNSP"),
    "send.about": (
        (
            "Alokasi dikembalikan ke BNSP sebagai satu kiriman. Setiap TKI terdaftar yang tidak ikut wajib beralasan; satu "
            "alasan dapat berlaku bagi semua."
        ),
        (
            "The allocation goes back to BNSP as one batch. Each registered TKI who is left out needs a reason; one reason "
            "may hold for all."
        ),
    ),
    "send.going": ("TKI siap dikirim", "TKI ready to send"),
    "send.left": ("TKI terdaftar belum dialokasikan", "Registered TKI without a place"),
    "send.places": ("tempat dan tanggal", "places and days"),
    "send.nothing": (
        "Belum ada TKI yang siap dikirim. Atur jadwal atau terima usulan dahulu.",
        "Nobody is ready to send. Schedule TKI or accept proposals first.",
    ),
    "send.ready": ("Yang akan dikirim", "What will be sent"),
    "send.exam_on": ("Tanggal uji", "Exam day"),
    "send.lsp_code": ("LSP", "LSP"),
    "send.tuk_code": ("TUK", "TUK"),
    "send.tuk_name": ("Nama TUK", "Name of the TUK"),
    "send.tki": ("TKI", "TKI"),
    "send.left_title": ("Yang belum dialokasikan", "Who has no place"),
    "send.left_help": (
        "Setiap TKI yang tertinggal wajib beralasan, supaya terdaftar = dialokasikan + beralasan.",
        "Each TKI who is left needs a reason, so that registered = allocated + justified.",
    ),
    "send.search_place": ("LSP atau TUK", "LSP or TUK"),
    "send.search_left": ("ID TKI, nama, atau sebab", "ID TKI, name or reason"),
    "send.nobody_left": ("Tidak ada yang tertinggal.", "Nobody is left."),
    "send.common": ("Alasan bagi semua yang tertinggal", "Reason for all who are left"),
    "send.tki_id": ("ID TKI", "ID TKI"),
    "send.full_name": ("Nama", "Name"),
    "send.why": ("Menurut aturan", "By the rule"),
    "send.reason": ("Alasan khusus", "Own reason"),
    "send.proposed": ("Usulan {day}, {tuk}", "Proposed {day}, {tuk}"),
    "send.no_proposal": ("Belum ada usulan", "No proposal"),
    "send.missing": ("{count} TKI belum beralasan.", "{count} TKI have no reason yet."),
    "send.sure": (
        "Daftar sudah diperiksa; {count} TKI boleh dikirim dan tidak dapat ditarik kembali.",
        "The list was checked; {count} TKI may be sent and cannot be taken back.",
    ),
    "send.send": ("Kirim {count} TKI ke BNSP", "Send {count} TKI to BNSP"),
    "send.sent": (
        "{count} TKI dikirim ke BNSP, kiriman nomor {batch}. BNSP memeriksa keseimbangan datanya.",
        "{count} TKI were sent to BNSP in batch {batch}. BNSP checks the balance.",
    ),
}
