"""Texts of the assessor's sheet (Gambar 10)."""

TEXTS = {
    "scoring.title": ("Penilaian", "Scoring"),
    "scoring.about": (
        "Nilai setiap unit K atau BK setelah sidik jari asesor. Koreksi setelah dikirim wajib beralasan dan tetap terlihat.",
        "Score each unit K or BK after the asesor's finger. A correction after sending needs a reason and stays visible.",
    ),
    "scoring.none": (
        "Belum ada sesi yang dibuka untuk Anda nilai. TUK membukanya setelah ujian selesai.",
        "No session is open for your scoring yet. The TUK opens it when the test is over.",
    ),
    "scoring.session": ("Sesi", "Session"),
    "scoring.so_far": ("{scored} dari {present} dinilai", "{scored} of {present} scored"),
    "scoring.tuk": ("TUK", "TUK"),
    "scoring.exam_on": ("Tanggal uji", "Exam day"),
    "scoring.asesor": ("Asesor", "Assessor"),
    "scoring.scheme": ("Skema", "Scheme"),
    "scoring.left": ("belum dinilai", "not scored"),
    "scoring.done": ("sudah dinilai", "scored"),
    "scoring.sheet": ("Form penilaian", "Scoring form"),
    "scoring.help": (
        "Isi tiap unit dengan K (kompeten) atau BK (belum): panah untuk pindah, ketik, Enter. Baris kosong tidak disimpan.",
        "Give each unit K (competent) or BK (not yet): arrows to move, type K or BK, Enter. Empty rows are not saved.",
    ),
    "scoring.units": ("Daftar unit", "List of units"),
    "scoring.tki_id": ("ID TKI", "TKI ID"),
    "scoring.full_name": ("Nama", "Name"),
    "scoring.nothing": ("Belum ada nilai yang diisi.", "No score was filled in yet."),
    "scoring.incomplete": (
        "{count} peserta baru terisi sebagian: lengkapi setiap unit.",
        "{count} candidates are filled in partly: complete every unit.",
    ),
    "scoring.preview": (
        "Akan disimpan: **{count}** peserta, **{passed}** K dan **{failed}** BK. Nilai tetap; perbaikan wajib beralasan.",
        "To be saved: **{count}** candidates, **{passed}** K and **{failed}** BK. Scores stand; a correction needs a reason.",
    ),
    "scoring.finger": ("Simpan dengan sidik jari Anda", "Save with your finger"),
    "scoring.saved": (
        "{scored} peserta dinilai, {left} belum.",
        "{scored} candidates scored, {left} left.",
    ),
    "scoring.saved_all": (
        "{scored} peserta dinilai. Semua sudah dinilai; tabel hasil dikirim ke LSP.",
        "{scored} candidates scored. All are scored; the table of results went to the LSP.",
    ),
    "scoring.standing": ("Nilai yang tersimpan", "Scores that stand"),
    "scoring.result": ("Hasil", "Result"),
    "scoring.failed_units": ("Unit BK", "Units BK"),
    "scoring.version": ("Versi", "Version"),
    "scoring.correct": ("Perbaiki nilai seorang peserta", "Correct one candidate's scores"),
    "scoring.candidate": ("Peserta", "Candidate"),
    "scoring.reason": ("Alasan perbaikan", "Reason of the correction"),
    "scoring.reason_missing": (
        "Tulis alasan perbaikan. Nilai lama tetap disimpan.",
        "Write the reason. The old scores are kept.",
    ),
    "scoring.corrected": (
        "Nilai {tki_id} diperbaiki: versi {version}, hasil {result}.",
        "Scores of {tki_id} corrected: version {version}, result {result}.",
    ),
}
