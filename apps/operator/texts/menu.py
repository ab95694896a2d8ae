"""Headings of the menu (§11)."""

TEXTS = {
    "menu.start": ("POSKO", "POSKO"),
    "menu.prepare": ("Persiapan", "Preparation"),
    "menu.carry_out": ("Pelaksanaan", "Examination"),
    "menu.evaluate": ("Evaluasi", "Evaluation"),
    "menu.audit": ("Pemeriksaan", "Audit"),
    "menu.office": ("Pengelolaan", "Administration"),
}
