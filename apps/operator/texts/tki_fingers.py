"""Texts of the fingers of the TKI."""

TEXTS = {
    "tki_fingers.title": ("Sidik jari TKI", "Fingers of TKI"),
    "tki_fingers.about": (
        "Rujukan adalah sidik jari dari BNP2TKI. Hanya bila tidak ada atau tidak terpakai, TKI didaftarkan di sini oleh dua petugas.",
        "BNP2TKI's print is the reference. Only where it is missing or of no use is a TKI enrolled here, by two officers.",
    ),
    "tki_fingers.id": ("ID TKI", "ID TKI"),
    "tki_fingers.missing": ("Ketik ID TKI dahulu.", "Type the ID of the TKI first."),
    "tki_fingers.go": ("Cari", "Search"),
    "tki_fingers.without": ("Peserta tanpa sidik jari yang dapat dibandingkan", "Candidates without a usable finger"),
    "tki_fingers.tki_id": ("ID TKI", "ID TKI"),
    "tki_fingers.full_name": ("Nama", "Name"),
    "tki_fingers.state": ("Keadaan", "State"),
    "tki_fingers.why": ("Sebab", "Why"),
    "tki_fingers.MISSING": ("Tidak dikirim", "Not sent"),
    "tki_fingers.UNUSABLE": ("Tidak terpakai", "Of no use"),
    "tki_fingers.reason": ("Alasan", "Reason"),
    "tki_fingers.search": ("ID TKI atau nama", "ID TKI or name"),
    "tki_fingers.none": (
        "Semua peserta yang menunggu uji punya sidik jari yang dapat dibandingkan.",
        "All candidates who wait have a finger that can be compared.",
    ),
    "tki_fingers.open": ("Buka TKI", "Open a TKI"),
    "tki_fingers.imports": ("Kiriman BNP2TKI", "What BNP2TKI sent"),
    "tki_fingers.no_imports": ("BNP2TKI belum mengirim sidik jari TKI ini.", "BNP2TKI sent no print of this TKI."),
    "tki_fingers.received": ("Diterima", "Received"),
    "tki_fingers.finger": ("Jari", "Finger"),
    "tki_fingers.format": ("Format", "Format"),
    "tki_fingers.outcome": ("Hasil", "Outcome"),
    "tki_fingers.used": ("Dipakai", "Used"),
    "tki_fingers.refused": ("Ditolak", "Refused"),
    "tki_fingers.reference": (
        "Sidik jari BNP2TKI berlaku dan menjadi rujukan; tidak didaftarkan ulang di sini.",
        "BNP2TKI's print is in force and the reference; nothing is enrolled over it.",
    ),
    "tki_fingers.behalf": (
        "Pendaftaran sidik jari TKI adalah wewenang Konsorsium. Bertindaklah atas namanya dengan alasan.",
        "Enrolling a TKI is the Konsorsium's. Act on its behalf, with a reason.",
    ),
    "tki_fingers.enrol": ("Daftarkan sidik jari", "Enrol the fingers"),
    "tki_fingers.has_set": (
        "TKI ini sudah punya sidik jari yang didaftarkan di sini. Rekam ulang hanya bila jarinya berubah.",
        "This TKI has fingers that were enrolled here. Take them again only if they changed.",
    ),
    "tki_fingers.again": ("Rekam ulang", "Take them again"),
    "tki_fingers.to_second": ("Lanjut ke orang kedua", "On to the second person"),
    "tki_fingers.enrolled": (
        "Sidik jari TKI {tki_id} berlaku dengan versi {version}.",
        "The fingers of {tki_id} are in force as version {version}.",
    ),
}
