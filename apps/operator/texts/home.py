"""Texts of the first page."""

TEXTS = {
    "home.title": ("Beranda", "Start"),
    "home.about": (
        "Banyaknya TKI yang menunggu tindakan peran Anda, hanya milik LSP, TUK, atau sesi Anda sendiri.",
        "How many TKI wait for your role, of your own LSP, TUK or sessions alone.",
    ),
    "home.attention": ("Perlu perhatian", "Needs attention"),
    "home.today": ("Hari ini", "Today"),
    "home.sessions": ("sesi uji hari ini", "exam sessions today"),
    "home.cases": ("kasus penyimpangan terbuka", "deviation cases open"),
    "home.nothing": ("Tidak ada yang menunggu Anda.", "Nothing waits for you."),
    "home.SENT_TO_KONSORSIUM": ("TKI menunggu didaftarkan", "TKI to be registered"),
    "home.REGISTERED": ("TKI terdaftar menunggu jadwal", "registered TKI to be scheduled"),
    "home.SCHEDULED": ("TKI terjadwal menunggu alokasi", "scheduled TKI to be allocated"),
    "home.ALLOCATED": ("alokasi menunggu dikirim ke BNSP", "allocations to be sent to BNSP"),
    "home.ABSENT": ("TKI tidak hadir, menunggu jadwal baru", "absent TKI to be scheduled anew"),
    "home.TURNED_AWAY_NO_MATCH": (
        "TKI ditolak karena jari tidak cocok, menunggu jadwal baru",
        "TKI turned away (no match) to be scheduled anew",
    ),
    "home.TURNED_AWAY_NOT_REGISTERED": (
        "TKI ditolak karena tidak terdaftar, menunggu jadwal baru",
        "TKI turned away (not registered) to be scheduled anew",
    ),
    "home.RETURNED_TO_BNSP": ("alokasi menunggu periksa keseimbangan", "allocations to be balanced"),
    "home.BALANCED": ("alokasi seimbang menunggu dikirim", "balanced allocations to be sent"),
    "home.DISTRIBUTED": ("peserta menunggu diterima LSP atau TUK", "candidates to be acknowledged"),
    "home.ACKNOWLEDGED": ("peserta menunggu hari uji", "candidates waiting for their exam day"),
    "home.PRESENT": ("peserta hadir, uji belum diakhiri", "candidates present, test not ended"),
    "home.TESTED": ("peserta menunggu penilaian", "candidates to be scored"),
    "home.ASSESSED": ("peserta menunggu keputusan kelulusan", "candidates to be decided"),
    "home.DECIDED": ("keputusan menunggu nomor sertifikat", "decisions waiting for a number"),
    "home.RESULT_SENT": ("hasil menunggu rapat evaluasi", "results waiting for the evaluation meeting"),
    "home.ON_HOLD": ("hasil ditahan rapat evaluasi", "results held by the meeting"),
    "home.EVALUATED": ("hasil menunggu penayangan", "results to be published"),
}
