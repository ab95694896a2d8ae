"""Texts of the sign-in (Gambar 1, 2, 7)."""

TEXTS = {
    "login.title": ("Masuk", "Sign in"),
    "login.lead": (
        "Ketik nomor identitas, tekan Enter, lalu tempelkan jari.",
        "Type your identification number, press Enter, then place your finger.",
    ),
    "login.number": ("Nomor identitas", "Identification number"),
    "login.ways": ("Sidik jari lewat", "Fingerprint by"),
    "login.demo": ("khusus demo", "demo only"),
    "login.station": ("Stasiun", "Station"),
    "login.station_help": (
        "Kode stasiun komputer ini; diisi sekali, lalu diingat.",
        "Code of this computer's station; typed once, then remembered.",
    ),
    "login.submit": ("Masuk", "Sign in"),
    "login.language": ("Bahasa", "Language"),
    "login.number_missing": ("Isi nomor identitas.", "Type your identification number."),
    "login.station_missing": ("Isi kode stasiun dan pilih pembaca.", "Type the station's code and choose a reader."),
    "login.over": (
        "Sesi Anda sudah berakhir. Masuk lagi dengan sidik jari.",
        "Your session is over. Sign in again with your finger.",
    ),
    "login.rejected_title": ("DITOLAK", "REJECTED"),
    "login.rejected": (
        "Anda tidak dapat masuk. Coba lagi, atau hubungi BNSP.",
        "You cannot sign in. Try again, or contact BNSP.",
    ),
    "login.again": ("Coba lagi", "Try again"),
    "login.waiting_title": ("Tempelkan jari", "Place your finger"),
    "login.waiting": (
        "Menunggu pembaca sidik jari. Halaman ini berlanjut sendiri.",
        "Waiting for the fingerprint reader. This page goes on by itself.",
    ),
    "login.continue": ("Lanjutkan", "Continue"),
    "login.cancel": ("Batal", "Cancel"),
    "login.reader": ("Pembaca sidik jari", "Fingerprint reader"),
    "login.lost_title": ("Halaman tidak ada", "No such page"),
    "login.lost": ("Alamat ini tidak ada di POSKO.", "POSKO has no such address."),
    "login.home": ("Ke beranda", "Go to the start"),
}
