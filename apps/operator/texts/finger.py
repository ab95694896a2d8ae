"""Texts of the finger on every page."""

TEXTS = {
    "finger.station": ("Pembaca di stasiun", "Reader of the station"),
    "finger.browser": ("Pembaca di komputer ini", "Reader of this computer"),
    "finger.demo_own": ("Jari sendiri", "Own finger"),
    "finger.demo_other": ("Jari orang lain", "Somebody else's finger"),
    "finger.way": ("Sidik jari lewat", "Fingerprint by"),
    "finger.demo": ("khusus demo", "demo only"),
    "finger.take": ("Ambil sidik jari", "Take the fingerprint"),
    "finger.waiting": ("Tempelkan jari pada pembaca: {seconds} detik lagi", "Place the finger: {seconds} seconds left"),
    "finger.comparing": ("Mencocokkan ...", "Comparing ..."),
    "finger.none": (
        "Tidak ada sidik jari yang diterima. Periksa pembaca, lalu ulangi.",
        "No fingerprint was received. Check the reader, then try again.",
    ),
    "finger.not_registered": (
        "Belum ada sidik jari terdaftar untuk nomor ini.",
        "No fingerprint is registered for this number.",
    ),
    "finger.match": ("Sidik jari cocok.", "The fingerprint matches."),
    "finger.no_match": ("Sidik jari tidak cocok.", "The fingerprint does not match."),
}
