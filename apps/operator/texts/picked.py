"""Texts of a list from which one thing is opened."""

TEXTS = {
    "picked.placeholder": ("Pilih dari halaman ini", "Pick from this page"),
    "picked.back": ("Kembali ke daftar", "Back to the list"),
}
