"""Texts of the bulk acceptance of proposals, and in short why somebody is skipped."""

TEXTS = {
    "proposals.title": ("Usulan tempat uji", "Proposed places"),
    "proposals.about": (
        (
            "Aturan BLKLN mengusulkan tempat dan tanggal bagi TKI terdaftar. Periksa beban TUK dan asesor sesudahnya, lalu "
            "terima semuanya sekaligus."
        ),
        (
            "The rule proposes places and days for registered TKI. Look at the load of TUK and asesor afterwards, then "
            "accept all at once."
        ),
    ),
    "proposals.none": (
        "Tidak ada usulan yang menunggu: semua TKI terdaftar sudah punya tempat, atau aturan belum menemukan tempat.",
        "No proposal waits: all registered TKI have a place, or the rule found none.",
    ),
    "proposals.day": ("Tanggal usulan", "Proposed day"),
    "proposals.all_days": ("Semua tanggal · {count} TKI", "All days · {count} TKI"),
    "proposals.one_day": ("{day} · {count} TKI", "{day} · {count} TKI"),
    "proposals.most": ("Paling banyak", "At most"),
    "proposals.most_help": (
        "Banyaknya tempat yang dibagikan sekali terima, tanggal terdekat dahulu.",
        "Places given out in one go, the nearest day first.",
    ),
    "proposals.placed": ("TKI mendapat tempat", "TKI get a place"),
    "proposals.skipped": ("TKI dilewati", "TKI are skipped"),
    "proposals.tuk": ("TUK dipakai", "TUK used"),
    "proposals.load_tuk": ("Beban TUK sesudah diterima", "Load of the TUK afterwards"),
    "proposals.load_asesor": ("Beban asesor sesudah diterima", "Load of the asesor afterwards"),
    "proposals.no_load": ("Tidak ada yang bertambah.", "Nothing is added."),
    "proposals.exam_on": ("Tanggal uji", "Exam day"),
    "proposals.tuk_column": ("TUK", "TUK"),
    "proposals.asesor_column": ("Asesor", "Asesor"),
    "proposals.search": ("Kode atau nama", "Code or name"),
    "proposals.name": ("Nama", "Name"),
    "proposals.before": ("Sudah terisi", "Booked"),
    "proposals.added": ("Bertambah", "Added"),
    "proposals.capacity": ("Batas", "Limit"),
    "proposals.full": ("Terisi", "Full"),
    "proposals.why_skipped": ("Mengapa dilewati", "Why skipped"),
    "proposals.skipped_of": ("{count} TKI, misalnya {first}", "{count} TKI, e.g. {first}"),
    "proposals.accept": ("Terima {count} usulan", "Accept {count} proposals"),
    "proposals.accepted": (
        "{accepted} TKI mendapat tempat uji; {skipped} dilewati dan tetap menunggu.",
        "{accepted} TKI got a place; {skipped} were skipped and keep waiting.",
    ),
    "proposals.accepted_other": (
        "Keadaan berubah sejak pratinjau: {accepted} TKI mendapat tempat uji, bukan {previewed}; {skipped} dilewati.",
        "Something changed since the preview: {accepted} TKI got a place, not {previewed}; {skipped} were skipped.",
    ),
    "proposals.TUK_FULL": ("TUK penuh", "TUK full"),
    "proposals.NO_ASESOR": ("Tidak ada asesor yang bebas", "No asesor free"),
    "proposals.DAY_TOO_EARLY": ("Tanggal sudah lewat", "Day is over"),
    "proposals.DAY_TOO_FAR": ("Tanggal terlalu jauh", "Day too far"),
    "proposals.DAY_CLOSED": ("TUK tutup", "TUK closed"),
    "proposals.LSP_UNKNOWN": ("LSP tidak terdaftar", "LSP not registered"),
    "proposals.LSP_EXPIRED": ("Lisensi LSP habis", "LSP licence over"),
    "proposals.LSP_SUSPENDED": ("LSP dibekukan", "LSP suspended"),
    "proposals.TUK_UNKNOWN": ("TUK tidak terdaftar", "TUK not registered"),
    "proposals.TUK_EXPIRED": ("Izin TUK habis", "TUK licence over"),
    "proposals.TUK_SUSPENDED": ("TUK dibekukan", "TUK suspended"),
    "proposals.TUK_NOT_OF_LSP": ("TUK bukan milik LSP", "TUK not of the LSP"),
    "proposals.TIED": ("Terikat kepemilikan", "Tied by ownership"),
    "proposals.TOO_YOUNG": ("Terlalu muda", "Too young"),
    "proposals.PAYMENT_DUE": ("Belum membayar", "Not paid"),
    "proposals.ATTEMPTS_USED": ("Kesempatan habis", "No attempts left"),
    "proposals.RETAKE_TOO_SOON": ("Uji ulang terlalu cepat", "Retake too soon"),
    "proposals.CHANGED_MEANWHILE": ("Diubah orang lain", "Changed by somebody else"),
    "proposals.other": ("Alasan lain ({code})", "Another reason ({code})"),
}
