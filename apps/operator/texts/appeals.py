"""Texts of appeals and complaints."""

TEXTS = {
    "appeals.title": ("Banding dan aduan", "Appeals, complaints"),
    "appeals.about": (
        (
            "Banding diajukan TKI atas hasil yang sudah diputuskan; pengaduan boleh dari siapa pun. Keduanya punya tenggat, catatan,"
            " dan putusan dua orang dari BNSP dan Super Administrator."
        ),
        (
            "An appeal is a TKI's against her decided result; a complaint may come from anybody. Both have a clock, notes of their progress"
            " and a decision of two persons of BNSP and Super Administrator."
        ),
    ),
    "appeals.none": ("Tidak ada banding atau pengaduan.", "There are no appeals or complaints."),
    "appeals.choose": ("Buka banding atau pengaduan", "Open an appeal or complaint"),
    "appeals.record": ("Catat banding atau pengaduan", "Record an appeal or complaint"),
    "appeals.kind": ("Jenis", "Kind"),
    "appeals.APPEAL": ("Banding", "Appeal"),
    "appeals.COMPLAINT": ("Pengaduan", "Complaint"),
    "appeals.help_APPEAL": (
        "Ketik ID TKI, pilih hasil yang dibanding. TKI ditandai banding sampai diputuskan.",
        "Type the ID TKI, choose the result. The TKI is marked until it is decided.",
    ),
    "appeals.help_COMPLAINT": (
        "Sebutkan TKI, LSP, atau TUK bila pengaduan menyangkut mereka; boleh kosong.",
        "Name TKI, LSP or TUK if it is about them; may be empty.",
    ),
    "appeals.no_result": (
        "TKI ini tidak punya hasil yang sudah diputuskan di sini, jadi belum ada yang dapat dibanding.",
        "This TKI has no decided result here, so there is nothing to appeal against.",
    ),
    "appeals.result": ("Hasil", "Result"),
    "appeals.pending": ("Hasil ini masih punya banding yang belum diputuskan.", "An appeal against it is pending."),
    "appeals.grounds": ("Alasan yang disampaikan", "Grounds"),
    "appeals.recorded_now": ("Dicatat dengan nomor {number}.", "Recorded under number {number}."),
    "appeals.number": ("Nomor", "Number"),
    "appeals.tki": ("ID TKI", "ID TKI"),
    "appeals.lsp": ("Kode LSP", "Code of the LSP"),
    "appeals.tuk": ("Kode TUK", "Code of the TUK"),
    "appeals.recorded": ("Dicatat (WIB)", "Recorded (WIB)"),
    "appeals.public": ("umum", "the public"),
    "appeals.due": ("Tenggat", "Due"),
    "appeals.state": ("Keadaan", "State"),
    "appeals.search": ("TKI, LSP, atau TUK", "TKI, LSP or TUK"),
    "appeals.OPEN": ("Belum diputuskan", "Not decided"),
    "appeals.OVERDUE": ("Lewat tenggat", "Overdue"),
    "appeals.DECIDED": ("Sudah diputuskan", "Decided"),
    "appeals.GRANTED": ("Dikabulkan", "Granted"),
    "appeals.REJECTED": ("Ditolak", "Rejected"),
    "appeals.heading": ("{kind} {number}", "{kind} {number}"),
    "appeals.overdue": ("Tenggatnya sudah lewat: {on}.", "It is overdue since {on}."),
    "appeals.progress": ("Kemajuan", "Progress"),
    "appeals.at": ("Waktu (WIB)", "Time (WIB)"),
    "appeals.by": ("Oleh", "By"),
    "appeals.note": ("Catatan", "Note"),
    "appeals.no_notes": ("Belum ada catatan.", "There are no notes yet."),
    "appeals.note_add": ("Tambah catatan", "Add note"),
    "appeals.noted": ("Catatan disimpan.", "The note was saved."),
    "appeals.decide": ("Putusan dua orang", "Decision of two persons"),
    "appeals.outcome": ("Putusan", "Outcome"),
    "appeals.answer": ("Jawaban kepada yang mengajukan", "Answer to whoever filed it"),
    "appeals.lay_down": ("Ajukan kepada orang kedua", "Lay down for the second person"),
    "appeals.what": ("Yang diputuskan", "Decided"),
    "appeals.decide_what": ("{kind} nomor {number}", "{kind} number {number}"),
    "appeals.decided": ("Diputuskan (WIB)", "Decided (WIB)"),
    "appeals.decided_now": ("Nomor {number} diputuskan: {outcome}.", "Number {number} was decided: {outcome}."),
}
