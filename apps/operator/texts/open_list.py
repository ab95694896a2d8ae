"""Texts of the list of what is open."""

TEXTS = {
    "open_list.kind": ("Jenis", "Kind"),
    "open_list.what": ("Perihal", "What"),
    "open_list.count": ("Banyak", "Count"),
    "open_list.since": ("Sejak", "Since"),
    "open_list.age": ("Umur (hari)", "Age (days)"),
    "open_list.due_on": ("Tenggat", "Due"),
    "open_list.late": ("Tenggat lewat", "Late"),
    "open_list.is_late": ("lewat", "late"),
    "open_list.only_late": ("hanya yang lewat tenggat", "only the late"),
    "open_list.tki": ("ID TKI terlama", "ID TKI, longest first"),
    "open_list.day": ("Pada tanggal", "On the day"),
    "open_list.none": ("Tidak ada yang terbuka.", "Nothing is open."),
    "open_list.WAITING": ("TKI menunggu", "TKI waiting"),
    "open_list.HELD": ("hasil ditahan", "result held"),
    "open_list.RETURN": ("belum diakui", "not acknowledged"),
    "open_list.CASE": ("kasus", "case"),
    "open_list.APPEAL": ("banding", "appeal"),
    "open_list.COMPLAINT": ("pengaduan", "complaint"),
    "open_list.HANDOFF": ("serah terima", "hand-over"),
    "open_list.STOP": ("penayangan dihentikan", "publication stopped"),
}
