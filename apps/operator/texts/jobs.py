"""Texts of long work."""

TEXTS = {
    "jobs.busy": (
        "Pekerjaan yang sama sedang berjalan untuk petugas lain. Tunggu sampai selesai, lalu ulangi.",
        "The same work is under way for somebody else. Wait until it is over, then try again.",
    ),
    "jobs.progress": (
        "{done} dari {total}, {seconds} detik",
        "{done} of {total}, {seconds} seconds",
    ),
    "jobs.begun": ("Dimulai, {seconds} detik", "Begun, {seconds} seconds"),
}
