"""Texts of the end of an exam day."""

TEXTS = {
    "session.title": ("Sesi", "Sessions"),
    "session.about": (
        "Buka hari uji, lihat siapa yang hadir dan keluar, lalu tutup sesi. Setelah sesi ditutup, asesor dapat menilai.",
        "Open the exam day, see who came and left, then end the session. The asesor can score once it has ended.",
    ),
    "session.tuk": ("Kode TUK", "TUK code"),
    "session.tuk_missing": ("Ketik kode TUK, lalu tekan Enter.", "Type the code of a TUK, then press Enter."),
    "session.none": (
        "Tidak ada sesi dalam 14 hari terakhir di TUK ini.",
        "This TUK had no session in the last 14 days.",
    ),
    "session.number": ("No. sesi", "Session"),
    "session.exam_on": ("Tanggal uji", "Exam day"),
    "session.lsp_code": ("LSP", "LSP"),
    "session.met_no": ("Asesor", "Assessor"),
    "session.state": ("Keadaan", "State"),
    "session.listed": ("Terdaftar", "Listed"),
    "session.present": ("Hadir", "Present"),
    "session.turned_away": ("Ditolak", "Turned away"),
    "session.without_exit": ("Tanpa jari keluar", "No exit finger"),
    "session.scored": ("Dinilai", "Scored"),
    "session.choose": ("Sesi yang dikerjakan", "Session to work on"),
    "session.left": ("{count} peserta hadir tanpa sidik jari keluar", "{count} present without an exit finger"),
    "session.left_help": (
        "Mereka hadir, tetapi belum menempelkan jari saat meninggalkan ujian. Tidak ada yang diputuskan dari ini.",
        "They were present but gave no finger when they left. Nothing is decided by it.",
    ),
    "session.end": ("Akhiri ujian", "End the test"),
    "session.end_help": (
        "{present} peserta hadir menjadi SELESAI_UJI; {waiting} yang belum datang menjadi TIDAK_HADIR. Tidak dapat dibatalkan.",
        "{present} present become TESTED; {waiting} who did not come become ABSENT. This cannot be undone.",
    ),
    "session.end_sure": ("Ujian benar sudah selesai", "The test is really over"),
    "session.ended": (
        "Sesi {number} berakhir: {tested} selesai uji, {absent} tidak hadir.",
        "Session {number} is over: {tested} tested, {absent} absent.",
    ),
    "session.release": ("Buka penilaian", "Open scoring"),
    "session.release_help": (
        "Asesor {met} lalu dapat menilai {present} peserta yang hadir.",
        "Assessor {met} may then score the {present} who were present.",
    ),
    "session.released": ("Penilaian sesi {number} dibuka bagi asesor.", "Scoring of session {number} is open."),
}
