"""Texts of exceptions from the finger (R-050)."""

TEXTS = {
    "exceptions.title": ("Pengecualian sidik jari", "Exceptions from the finger"),
    "exceptions.about": (
        (
            "Bila jari peserta terluka atau tidak terbaca juga pada jari kedua, dua petugas dari dua peran berbeda dapat mengizinkannya"
            " ikut uji. Orang kedua menempelkan jarinya sendiri. Setiap pengecualian menjadi penyimpangan DV-I09 dan punya berita acara."
        ),
        (
            "If a candidate's finger is injured or cannot be read, the second one neither, two of the staff of two roles may let her sit."
            " The second places her own finger. Every exception is a deviation DV-I09 and has a statement."
        ),
    ),
    "exceptions.register": ("Pengecualian yang pernah dibuat", "Exceptions made"),
    "exceptions.none": ("Belum ada pengecualian.", "There are no exceptions."),
    "exceptions.no_session": ("Tidak ada sesi yang pintunya terbuka hari ini.", "No session has its door open today."),
    "exceptions.help": (
        "Pilih sesi dan ketik ID TKI peserta; percobaan jarinya hari ini tampil di sini.",
        "Choose the session and type the ID TKI; how her fingers did today is shown here.",
    ),
    "exceptions.session": ("Sesi", "Session"),
    "exceptions.tki": ("ID TKI", "ID TKI"),
    "exceptions.tries": (
        "Percobaan jari hari ini (jari terdaftar: {registered})",
        "Tries of today (fingers registered: {registered})",
    ),
    "exceptions.no_tries": (
        "Belum ada jari peserta ini yang dibandingkan hari ini. Coba dahulu di halaman Absensi.",
        "No finger of this candidate was compared today. Try on the page Attendance first.",
    ),
    "exceptions.missed": (
        "Ada jari yang terbaca jelas tetapi tidak cocok. Pengecualian hanya untuk jari yang tidak terbaca: periksa identitasnya.",
        "A finger was read clearly and did not match. An exception is for fingers that cannot be read: check who she is.",
    ),
    "exceptions.at": ("Jam (WIB)", "Time (WIB)"),
    "exceptions.outcome": ("Hasil", "Outcome"),
    "exceptions.outcome_MATCH": ("cocok", "match"),
    "exceptions.outcome_NO_MATCH": ("tidak cocok", "no match"),
    "exceptions.outcome_POOR_QUALITY": ("tidak terbaca", "not readable"),
    "exceptions.outcome_READER_ERROR": ("pembaca gagal", "reader failed"),
    "exceptions.outcome_NOT_REGISTERED": ("tidak terdaftar", "not registered"),
    "exceptions.outcome_REPLAYED": ("rekaman lama", "replayed"),
    "exceptions.finger": ("Jari", "Finger"),
    "exceptions.quality": ("Mutu", "Quality"),
    "exceptions.score": ("Skor", "Score"),
    "exceptions.threshold": ("Ambang", "Threshold"),
    "exceptions.station": ("Stasiun", "Station"),
    "exceptions.reason": ("Alasan", "Reason"),
    "exceptions.lay_down": ("Ajukan kepada orang kedua", "Lay down for the second person"),
    "exceptions.what": ("Yang diputuskan", "Decided"),
    "exceptions.let_in": ("TKI {tki} ikut uji tanpa sidik jari", "TKI {tki} sits the test without a finger"),
    "exceptions.tries_short": ("Percobaan hari ini", "Tries of today"),
    "exceptions.tries_told": ("{tries}, tidak cocok {missed}", "{tries}, of which no match {missed}"),
    "exceptions.made": (
        "{name} boleh masuk kelas. Berita acara {statement}.",
        "{name} may enter the class. Statement {statement}.",
    ),
    "exceptions.search": ("TKI, LSP, TUK, atau petugas", "TKI, LSP, TUK or staff"),
    "exceptions.since": ("Hari uji dari", "Exam day from"),
    "exceptions.until": ("Hari uji sampai", "Exam day until"),
    "exceptions.exam_on": ("Hari uji", "Exam day"),
    "exceptions.tuk": ("TUK", "TUK"),
    "exceptions.lsp": ("LSP", "LSP"),
    "exceptions.first": ("Orang pertama", "First person"),
    "exceptions.second": ("Orang kedua", "Second person"),
    "exceptions.statement": ("Berita acara", "Statement"),
}
