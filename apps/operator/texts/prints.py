"""Texts of the printed documents: their buttons on every page, and the page with the lists of a session."""

TEXTS = {
    "prints.title": ("Cetak daftar sesi", "Print session lists"),
    "prints.about": (
        (
            "Daftar peserta, daftar hadir, dan daftar hasil satu sesi uji sebagai PDF untuk dicetak atau XLSX untuk dihitung."
            " LSP dan TUK hanya melihat sesinya sendiri, setelah paketnya dikirim BNSP. Setiap berkas dicatat."
        ),
        (
            "Candidate, attendance and result list of one exam session as PDF to print or XLSX to reckon with. An LSP or TUK sees its own"
            " sessions only, after BNSP has sent their package. Every file is recorded."
        ),
    ),
    "prints.none": ("Belum ada sesi yang dapat dicetak.", "There is no session to print yet."),
    "prints.choose": ("Sesi yang dicetak", "Session to print"),
    "prints.recorded": (
        "Berkas dibuat saat tombol ditekan dan dicatat dengan sidik digitalnya.",
        "A file is made when its button is pressed, and recorded with its digest.",
    ),
    "prints.search": ("Nomor, TUK, LSP, atau asesor", "Number, TUK, LSP or assessor"),
    "prints.since": ("Sejak", "Since"),
    "prints.until": ("Sampai", "Until"),
    "prints.number": ("Sesi", "Session"),
    "prints.exam_on": ("Tanggal uji", "Exam day"),
    "prints.tuk": ("TUK", "TUK"),
    "prints.lsp_code": ("LSP", "LSP"),
    "prints.asesor": ("Asesor", "Assessor"),
    "prints.listed": ("Peserta", "Candidates"),
    "prints.state": ("Keadaan", "State"),
    "prints.candidates_pdf": ("Daftar peserta (PDF)", "Candidate list (PDF)"),
    "prints.candidates_xlsx": ("Daftar peserta (XLSX)", "Candidate list (XLSX)"),
    "prints.attendance_pdf": ("Daftar hadir (PDF)", "Attendance list (PDF)"),
    "prints.attendance_xlsx": ("Daftar hadir (XLSX)", "Attendance list (XLSX)"),
    "prints.results_pdf": ("Daftar hasil (PDF)", "Result list (PDF)"),
    "prints.results_xlsx": ("Daftar hasil (XLSX)", "Result list (XLSX)"),
    "prints.statement_pdf": ("Cetak berita acara (PDF)", "Print the statement (PDF)"),
    "prints.minutes_pdf": ("Cetak risalah rapat (PDF)", "Print the minutes (PDF)"),
    "prints.cards_pdf": ("Cetak kartu semua stasiun (PDF)", "Print the cards of all stations (PDF)"),
    "prints.file_candidates": ("daftar-peserta", "candidates"),
    "prints.file_attendance": ("daftar-hadir", "attendance"),
    "prints.file_results": ("daftar-hasil", "results"),
    "prints.file_statement": ("berita-acara", "statement"),
    "prints.file_minutes": ("risalah-rapat", "minutes"),
    "prints.file_cards": ("kartu-stasiun", "station-cards"),
}
