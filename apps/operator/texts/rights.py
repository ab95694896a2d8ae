"""Texts of the truth table."""

TEXTS = {
    "rights.title": ("Izin menurut peran", "Rights by role"),
    "rights.about": (
        (
            "Tabel ini adalah tabel yang ditanya setiap perintah sebelum dikerjakan, bukan salinannya. Yang tidak tertulis boleh, ditolak"
            " dan dicatat. Perubahan hak hanya lewat versi aplikasi yang baru."
        ),
        (
            "This is the table that every command asks before anything is done, no copy of it. What does not say that it is allowed is"
            " refused and recorded. Rights change with a new version of the application only."
        ),
    ),
    "rights.cell_OWN": ("milik sendiri", "own"),
    "rights.cell_OWN_SESSION": ("sesi sendiri", "own session"),
    "rights.cell_READ": ("baca", "read"),
    "rights.cell_MASKED": ("baca, disamarkan", "masked"),
    "rights.cell_COMMENT": ("catatan", "comment"),
    "rights.cell_COMMENT_OWN": ("catatan, milik sendiri", "comment own"),
    "rights.cell_ANNOTATE": ("baca, catatan", "read + annotate"),
    "rights.cell_OWN_EVENTS": ("tentang dirinya", "own events"),
    "rights.cell_ONE_OF_TWO": ("satu dari dua", "one of the two"),
    "rights.cell_ONE_OF_TWO_OWN": ("satu dari dua, milik sendiri", "one of the two, own"),
    "rights.cell_AFTER_GATE": ("setelah gerbang", "after the gate"),
    "rights.cell_START_STOP": ("mulai, berhenti", "start / stop"),
    "rights.cell_COMPLAINT": ("pengaduan", "complaint"),
    "rights.cell_READ_RESULT": ("baca hasil", "read result"),
    "rights.role": ("Peran", "Role"),
    "rights.search": ("Cari", "Search"),
    "rights.what": ("Perintah", "Command"),
    "rights.right": ("Hak", "Right"),
    "rights.where": ("Halaman", "Pages"),
    "rights.none": ("Tidak ada perintah.", "There are no commands."),
    "rights.whole": ("Semua peran", "All roles"),
    "rights.cells": ("Arti tanda", "What the marks mean"),
    "rights.mark": ("Tanda", "Mark"),
    "rights.means": ("Arti", "Meaning"),
    "rights.reasons": (
        "Alasan bagi perintah yang tidak disebut Pedoman",
        "Why, for commands that the Pedoman does not name",
    ),
    "rights.why": ("Alasan", "Why"),
}
