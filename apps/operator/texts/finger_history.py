"""Texts of a person's sets of templates."""

TEXTS = {
    "finger_history.version": ("Versi", "Version"),
    "finger_history.state": ("Keadaan", "State"),
    "finger_history.provenance": ("Asal", "From"),
    "finger_history.impressions": ("Jari x rekaman", "Fingers x touches"),
    "finger_history.quality": ("Mutu terendah", "Lowest quality"),
    "finger_history.taken_at": ("Direkam", "Taken"),
    "finger_history.taken_by": ("Oleh", "By"),
    "finger_history.place": ("Stasiun", "Station"),
    "finger_history.retired": ("Dipensiunkan", "Retired"),
    "finger_history.retired_on": ("{at}: {reason}", "{at}: {reason}"),
    "finger_history.none": ("Belum ada sidik jari yang terdaftar.", "No fingerprint is registered."),
    "finger_history.ACTIVE": ("Berlaku", "In force"),
    "finger_history.PENDING": ("Menunggu bukti", "Waits for its proof"),
    "finger_history.RETIRED": ("Dipensiunkan", "Retired"),
    "finger_history.BNP2TKI": ("BNP2TKI (rujukan)", "BNP2TKI (the reference)"),
    "finger_history.ENROLMENT": ("Didaftarkan di POSKO", "Enrolled in POSKO"),
    "finger_history.waiting": (
        "Pencarian jari yang sama pada identitas lain (1:N) belum dikerjakan. Jari ini sudah berlaku; bila ditemukan ganda, dibuka kasus.",
        "The search for the same finger under other identities (1:N) is still to come. The finger is in force; a find opens a case.",
    ),
    "finger_history.clean": (
        "Pencarian 1:N selesai {at}: tidak ada jari yang sama pada identitas lain.",
        "1:N search done {at}: no other identity has this finger.",
    ),
    "finger_history.found": (
        "Jari yang sama ada pada identitas lain: kasus nomor {cases} menunggu putusan dua orang.",
        "Another identity has the same finger: case {cases} waits for two persons.",
    ),
}
