"""Texts of lists and forms that stay as they were when they opened."""

TEXTS = {
    "opened.reload": ("Muat ulang", "Reload"),
    "opened.about": ("Tidak ada yang disimpan, karena TKI {tki_id}:", "Nothing was saved, because of TKI {tki_id}:"),
}
