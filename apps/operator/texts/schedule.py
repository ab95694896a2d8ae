"""Texts of the window "Atur Jadwal Ujian" (Gambar 6)."""

TEXTS = {
    "schedule.title": ("Atur Jadwal Ujian", "Set the exam schedule"),
    "schedule.about": (
        (
            "Pilih satu TKI atau lebih yang menunggu tempat uji, lalu tetapkan tanggal, LSP, TUK, dan asesornya. Yang "
            "ditawarkan hanya tempat yang berizin, terbuka, dan belum penuh pada tanggal itu."
        ),
        (
            "Pick one or more TKI who wait for a place, then set day, LSP, TUK and asesor. Only places that are licensed, "
            "open and not full on that day are offered."
        ),
    ),
    "schedule.search": ("Cari ID TKI atau nama", "Search ID TKI or name"),
    "schedule.nobody": (
        "Tidak ada TKI yang menunggu tempat uji. Daftarkan TKI di halaman Cari dan daftarkan.",
        "No TKI waits for a place. Register TKI on the page Search and register.",
    ),
    "schedule.pick": (
        "Centang satu TKI atau lebih pada daftar untuk mengatur jadwalnya.",
        "Tick one or more TKI in the list to schedule them.",
    ),
    "schedule.tki_id": ("ID TKI", "ID TKI"),
    "schedule.full_name": ("Nama", "Name"),
    "schedule.label": ("Keadaan", "State"),
    "schedule.payment": ("Pembayaran", "Payment"),
    "schedule.proposal": ("Usulan aturan BLKLN", "Proposed by the rule"),
    "schedule.REGISTERED": ("Terdaftar", "Registered"),
    "schedule.ABSENT": ("Tidak hadir", "Absent"),
    "schedule.TURNED_AWAY_NOT_REGISTERED": ("Ditolak: tidak terdaftar", "Turned away: not registered"),
    "schedule.TURNED_AWAY_NO_MATCH": ("Ditolak: sidik jari tidak cocok", "Turned away: no match"),
    "schedule.BELUM": ("Belum", "Not paid"),
    "schedule.LUNAS": ("Lunas", "Paid"),
    "schedule.DIBEBASKAN": ("Dibebaskan", "Waived"),
    "schedule.window": ("TLRT - Atur Jadwal Ujian", "TLRT - Set the exam schedule"),
    "schedule.and_more": ("dan {count} TKI lagi", "and {count} more TKI"),
    "schedule.day": ("Tanggal", "Date"),
    "schedule.lsp": ("LSP", "LSP"),
    "schedule.tuk": ("TUK", "TUK"),
    "schedule.asesor": ("Asesor", "Asesor"),
    "schedule.choice": ("{code} · {name} · {free} tempat", "{code} · {name} · {free} places"),
    "schedule.choose": ("Pilih dari daftar", "Choose from the list"),
    "schedule.choose_before": ("Pilih isian sebelumnya dahulu", "Choose the field before it first"),
    "schedule.no_place": (
        "Tidak ada LSP dan TUK yang dapat menguji pada {day}. Pilih tanggal lain.",
        "No LSP and TUK can test on {day}. Choose another date.",
    ),
    "schedule.reason": ("Alasan", "Reason"),
    "schedule.reason_help": (
        "Wajib diisi bila LSP atau TUK berbeda dari usulan aturan BLKLN.",
        "Needed when LSP or TUK are not those that the rule proposes.",
    ),
    "schedule.save": ("Simpan", "Save"),
    "schedule.close": ("Tutup", "Close"),
    "schedule.missing_lsp_code": ("LSP belum dipilih.", "No LSP is chosen."),
    "schedule.missing_tuk_code": ("TUK belum dipilih.", "No TUK is chosen."),
    "schedule.missing_met_no": ("Asesor belum dipilih.", "No Asesor is chosen."),
    "schedule.saved": (
        "{count} TKI dijadwalkan pada {day} di {tuk}, sesi uji nomor {session}.",
        "{count} TKI scheduled on {day} at {tuk}, exam session number {session}.",
    ),
}
