"""Texts of taking six impressions of two fingers."""

TEXTS = {
    "enrol.about": (
        "Dua jari, masing-masing tiga kali. Tiap rekaman langsung diperiksa: mutunya, dan apakah jari yang sama. Paling lama 15 menit.",
        "Two fingers, three times each. Each touch is checked at once: its quality, and whether it is the same finger. At most 15 minutes.",
    ),
    "enrol.finger_1": ("Jari pertama", "First finger"),
    "enrol.finger_2": ("Jari kedua", "Second finger"),
    "enrol.begin": ("Mulai merekam", "Begin"),
    "enrol.take": ("Rekam {finger} ({place} dari {of})", "Take {finger} ({place} of {of})"),
    "enrol.take_again": ("Ulangi {finger}", "Take {finger} again"),
    "enrol.keep": ("Periksa dan simpan keenam rekaman", "Check and keep the six"),
    "enrol.cancel": ("Batalkan perekaman", "Break off"),
    "enrol.from_start": ("Rekam ulang dari awal", "Take all of them again"),
    "enrol.left": ("Sisa waktu {minutes} menit", "{minutes} minutes left"),
    "enrol.counts": ("Rekaman dipakai", "It counts"),
    "enrol.counts_not": ("Rekaman tidak dipakai", "It does not count"),
    "enrol.quality": ("Mutu {quality}", "Quality {quality}"),
    "enrol.supervise": ("Saya menyetujui mutu rendah sebagai penyelia", "I answer for the low quality"),
    "enrol.supervised": (
        "Mutu rendah (20-34) disetujui penyelia; ini tercatat pada templat.",
        "Somebody answers for a low quality (20-34); this stands with the template.",
    ),
    "enrol.elsewhere": (
        "Perekaman ini dimulai oleh {who}. Lanjutkan hanya bila orang yang sama ada di depan Anda.",
        "{who} began this. Go on only if the same person sits before you.",
    ),
    "enrol.expired": (
        "Waktu perekaman sebelumnya habis, jadi rekamannya dihapus. Mulai lagi.",
        "The time of the earlier enrolment ran out, so what was taken was removed. Begin again.",
    ),
    "enrol.captured": (
        "Keenam rekaman tersimpan dan belum berlaku. Buktikan dengan satu jari yang baru ditempelkan.",
        "The six are kept and not in force yet. Prove them with a finger that is placed now.",
    ),
    "enrol.prove": (
        "Orang yang didaftarkan menempelkan salah satu dari kedua jari itu sekali lagi.",
        "The person who is enrolled places one of the two fingers once more.",
    ),
    "enrol.proven": ("Jari terbukti cocok (skor {score}).", "The finger matches (score {score})."),
    "enrol.prove_again": ("Ambil lagi", "Take it again"),
    "enrol.not_proven": (
        "Jari ini tidak cocok dengan rekaman tadi. Tempelkan jari yang sama, atau rekam ulang.",
        "This finger does not match what was taken. Place the same finger, or take all of them again.",
    ),
}
