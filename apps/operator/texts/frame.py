"""Texts around every page."""

TEXTS = {
    "frame.logout": ("Keluar", "Sign out"),
    "frame.over": (
        "Anda belum masuk, atau sesi Anda sudah berakhir.",
        "You are not signed in, or your session is over.",
    ),
    "frame.login": ("Masuk lagi", "Sign in again"),
    "frame.closed_title": ("Halaman ini bukan untuk peran Anda", "This page is not for your role"),
    "frame.closed": (
        "{role} tidak berhak atas halaman ini. Percobaan ini dicatat.",
        "{role} may not open this page. This attempt is recorded.",
    ),
    "frame.refused": ("{sentence}", "{sentence}"),
    "frame.reference": ("Rujukan", "Reference"),
    "frame.down": (
        "Server basis data tidak menjawab. Tunggu sebentar, lalu ulangi; tidak ada yang ditulis.",
        "The database does not answer. Wait a moment, then try again; nothing was written.",
    ),
    "frame.unknown": (
        "Sambungan terputus saat menyimpan. Periksa dahulu apakah sudah tersimpan sebelum mengulang.",
        "The line was cut while saving. Check whether it was saved before you repeat it.",
    ),
    "frame.broken": (
        "Terjadi kesalahan di sistem. Sebutkan nomor ini kepada BNSP: {number}",
        "Something went wrong in the system. Tell BNSP this number: {number}",
    ),
    "frame.behalf": ("Bertindak atas nama pihak lain", "Act on another's behalf"),
    "frame.behalf_reason": ("Alasan", "Reason"),
    "frame.behalf_begin": ("Mulai", "Begin"),
    "frame.behalf_end": ("Berhenti", "Stop"),
    "frame.behalf_on": ("Atas nama pihak lain: {reason}", "On another's behalf: {reason}"),
    "frame.demo_clock": ("Waktu demo", "Demo time"),
    "frame.help": ("Bantuan", "Help"),
    "frame.help_of": ("Bantuan: {title}", "Help: {title}"),
    "frame.keys": (
        (
            "| Tombol | Guna |\n|---|---|\n| Enter | kirim isian, cari, atau periksa jari |\n| Tab, Shift+Tab | isian berikut, sebelumnya |"
            "\n| Spasi | tekan tombol atau pilih |\n| Alt+H | bantuan ini |\n| Esc | tutup jendela |"
        ),
        (
            "| Key | Does |\n|---|---|\n| Enter | send, search, or check a finger |\n| Tab, Shift+Tab | next field, field before |"
            "\n| Space | press or choose |\n| Alt+H | this help |\n| Esc | close a window |"
        ),
    ),
    "frame.language": ("English", "Bahasa Indonesia"),
    "frame.yes": ("Ya", "Yes"),
    "frame.no": ("Tidak", "No"),
}
