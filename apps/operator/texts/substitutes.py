"""Texts of the appointment of another assessor."""

TEXTS = {
    "substitutes.title": ("Asesor pengganti", "Substitute assessors"),
    "substitutes.about": (
        "Hanya Konsorsium yang mengganti asesor (9.4). Asesor sebelumnya tetap dalam riwayat sesi.",
        "Only the Konsorsium appoints another assessor (9.4). The one before stays in the history of the session.",
    ),
    "substitutes.session": ("No. sesi", "Session"),
    "substitutes.exam_on": ("Tanggal uji", "Exam day"),
    "substitutes.tuk": ("TUK", "TUK"),
    "substitutes.lsp": ("LSP", "LSP"),
    "substitutes.state": ("Keadaan", "State"),
    "substitutes.tki": ("TKI", "TKI"),
    "substitutes.asesor": ("Asesor", "Assessor"),
    "substitutes.sign": ("Tanda", "Sign"),
    "substitutes.lapsed": ("asesor tidak berlaku", "assessor not in force"),
    "substitutes.not_enrolled": ("sidik jari belum terdaftar", "finger not enrolled"),
    "substitutes.only_lapsed": ("hanya yang asesornya tidak berlaku", "only with an assessor not in force"),
    "substitutes.kind": ("Jenis pergantian", "Kind"),
    "substitutes.DAY": ("menguji dan menilai", "tests and scores"),
    "substitutes.SCORING": ("hanya menilai", "only scores"),
    "substitutes.DAY_help": (
        "Pengganti menguji pada hari itu; TUK memeriksa sidik jarinya sebelum uji berlangsung.",
        "The substitute tests on the day; the TUK verifies her finger before the test.",
    ),
    "substitutes.SCORING_help": (
        "Uji sudah selesai: pengganti hanya menilai yang belum dinilai. Pergantian ini dicatat sebagai penyimpangan DV-A10.",
        "The test is over: the substitute only scores who was not scored. This is noted as deviation DV-A10.",
    ),
    "substitutes.since": ("Uji sejak", "Exam from"),
    "substitutes.until": ("Uji sampai", "Exam until"),
    "substitutes.none": (
        "Tidak ada sesi yang asesornya dapat diganti.",
        "There is no session whose assessor may be replaced.",
    ),
    "substitutes.choose": ("Sesi yang asesornya diganti", "Session whose assessor is replaced"),
    "substitutes.form": ("Ganti asesor sesi {number}", "Replace the assessor of session {number}"),
    "substitutes.nobody": (
        "Tidak ada asesor lain pada LSP ini yang berlaku bagi skema dan hari itu.",
        "No other assessor of this LSP is in force for the scheme and that day.",
    ),
    "substitutes.substitute": ("Asesor pengganti", "Substitute"),
    "substitutes.pick": ("Pilih asesor", "Pick an assessor"),
    "substitutes.choice": (
        "{met_no} · {name} · {booked} dari {most} TKI hari itu",
        "{met_no} · {name} · {booked} of {most} TKI that day",
    ),
    "substitutes.busy": ("penuh atau bertugas di tempat lain", "full or elsewhere"),
    "substitutes.reason": ("Alasan", "Reason"),
    "substitutes.appoint": ("Tunjuk pengganti", "Appoint"),
    "substitutes.appointed": (
        "{met_no} ditunjuk untuk sesi nomor {number}.",
        "{met_no} was appointed to session {number}.",
    ),
}
