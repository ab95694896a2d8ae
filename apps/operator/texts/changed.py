"""Texts of what was changed while a form was open."""

TEXTS = {
    "changed.label": ("Isian", "What"),
    "changed.seen": ("Saat Anda membuka", "When you opened it"),
    "changed.now": ("Sekarang", "Now"),
    "changed.nothing": ("Isinya sudah sama lagi seperti saat Anda membuka.", "It stands again as when you opened it."),
}
