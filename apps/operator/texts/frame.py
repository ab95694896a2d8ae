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
    "frame.demo_clock": ("Waktu demo", "Demo time"),
    "frame.help": ("Bantuan", "Help"),
    "frame.help_of": ("Bantuan: {title}", "Help: {title}"),
    "frame.keys": (
        (
            "| Tombol | Guna |\n|---|---|\n| Enter | kirim isian, cari, atau periksa jari |\n| Ctrl+S | simpan formulir yang sedang diisi |"
            "\n| Alt+F | ke kotak pencarian |\n| Alt+B | beranda |\n| Alt+J | jadwal |\n| Alt+M | ke menu |"
            "\n| Alt+N, Alt+P | halaman daftar berikut, sebelumnya |\n| Alt+T | tampilan tersimpan |\n| Alt+U | unduh daftar |"
            "\n| Tab, Shift+Tab | isian berikut, sebelumnya |\n| Spasi | tekan tombol atau pilih |\n| Ctrl+P | cetak halaman ini |"
            "\n| Alt+H | bantuan ini |\n| Esc | tutup jendela |"
        ),
        (
            "| Key | Does |\n|---|---|\n| Enter | send, search, or check a finger |\n| Ctrl+S | save the form that is being filled in |"
            "\n| Alt+F | to the search |\n| Alt+B | home |\n| Alt+J | schedule |\n| Alt+M | to the menu |"
            "\n| Alt+N, Alt+P | next page of the list, page before |\n| Alt+T | saved views |\n| Alt+U | download the list |"
            "\n| Tab, Shift+Tab | next field, field before |\n| Space | press or choose |\n| Ctrl+P | print this page |"
            "\n| Alt+H | this help |\n| Esc | close a window |"
        ),
    ),
    "frame.language": ("English", "Bahasa Indonesia"),
    "frame.say_working": ("Sedang dikerjakan, {seconds} detik ...", "At work, {seconds} seconds ..."),
    "frame.say_cut": ("Sambungan terputus, menyambung lagi ...", "The line is cut, connecting again ..."),
    "frame.say_over": ("Sesi Anda sudah berakhir.", "Your session is over."),
    "frame.say_kept": (
        "Isian Anda disimpan di tab ini, dan kembali setelah Anda masuk lagi.",
        "What you typed is kept in this tab, and comes back when you have signed in again.",
    ),
    "frame.say_noSave": (
        "Tidak ada yang dapat disimpan di sini. Taruh kursor di formulirnya dahulu.",
        "There is nothing to save here. Put the cursor into the form first.",
    ),
    "frame.say_signIn": ("Masuk lagi", "Sign in again"),
    "frame.say_restored": (
        "Isian Anda sebelum masuk lagi telah dikembalikan. Periksa, lalu kirim.",
        "What you had typed before signing in again is back. Check it, then send it.",
    ),
    "frame.yes": ("Ya", "Yes"),
    "frame.no": ("Tidak", "No"),
}
