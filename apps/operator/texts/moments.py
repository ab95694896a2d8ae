"""Texts of the field for a time."""

TEXTS = {
    "moments.at": ("Keadaan pada (WIB)", "As of (WIB)"),
    "moments.help": ("Kosongkan untuk keadaan sekarang.", "Leave empty for now."),
    "moments.now": ("sekarang", "now"),
}
