"""Texts of one TKI's way."""

TEXTS = {
    "journey.title": ("Perjalanan TKI", "Journey of a TKI"),
    "journey.about": (
        (
            "Setiap langkah dibaca dari catatan audit, bukan dari tabel hari ini: siapa, di mana, kapan, dengan bukti apa. Percobaan yang"
            " ditolak ikut tampil, berwarna merah."
        ),
        (
            "Each step is read from the audit log, not from today's tables: who, where, when, with which proof. Refused attempts are"
            " shown too, in red."
        ),
    ),
    "journey.id": ("ID TKI", "ID TKI"),
    "journey.at": ("Keadaan pada (WIB)", "As of (WIB)"),
    "journey.at_help": (
        "Kosongkan untuk keadaan sekarang, atau tulis waktu seperti 2026-12-01T12:00.",
        "Leave empty for now, or type a time such as 2026-12-01T12:00.",
    ),
    "journey.go": ("Lihat", "Look"),
    "journey.empty": (
        "Ketik ID TKI untuk melihat seluruh perjalanannya, dari data BNP2TKI sampai hasil dikembalikan.",
        "Type an ID TKI to see the whole way, from BNP2TKI's data to the returned result.",
    ),
    "journey.unknown": ("TKI dengan ID ini tidak dikenal.", "No TKI has this ID."),
    "journey.not_begun": ("Perjalanannya belum dimulai pada waktu itu.", "The journey had not begun by then."),
    "journey.heading": ("Skema {scheme}, perjalanan ke-{number}", "Scheme {scheme}, journey {number}"),
    "journey.state": ("Keadaan", "State"),
    "journey.since": ("Sejak", "Since"),
    "journey.attempt": ("Kesempatan uji ke", "Attempt"),
    "journey.events": ("Kejadian", "Events"),
    "journey.problem": ("Kejadian tidak dapat disusun: {problem}", "The events do not fit together: {problem}"),
    "journey.refused": ("DITOLAK {code}", "REFUSED {code}"),
    "journey.system": ("sistem", "system"),
    "journey.event": ("Kejadian", "Event"),
    "journey.proof": ("bukti sidik jari", "fingerprint proof"),
    "journey.score": ("skor", "score"),
    "journey.threshold": ("batas", "threshold"),
    "journey.quality": ("mutu", "quality"),
    "journey.station": ("stasiun", "station"),
    "journey.certificate_no": ("sertifikat", "certificate"),
    "journey.statement": ("berita acara", "statement"),
    "journey.second": ("orang kedua", "second person"),
    "journey.behalf_reason": ("atas nama, alasan", "on behalf, reason"),
}
