"""Texts of the audit log's search."""

TEXTS = {
    "log.title": ("Log audit", "Audit log"),
    "log.about": (
        (
            "Setiap tindakan, penolakan, pencarian, pembacaan, dan ekspor adalah satu kejadian. Cari menurut siapa, tindakan, pokok,"
            " TKI, tempat, hasil, dan hari (waktu server, WIB). Buka satu kejadian untuk melihat bukti bahwa ia tidak diubah, atau"
            " untuk memberi catatan. Pencarian ini sendiri juga dicatat."
        ),
        (
            "Every act, refusal, search, view and export is one event. Search by whom, act, object, TKI, place, outcome and day (server"
            " time, WIB). Open an event to see the proof that nobody changed it, or to note something on it. This search is recorded too."
        ),
    ),
    "log.none": ("Tidak ada kejadian.", "There are no events."),
    "log.at": ("Waktu (WIB)", "Time (WIB)"),
    "log.action": ("Tindakan", "Act"),
    "log.who": ("Siapa", "Who"),
    "log.object": ("Pokok", "Object"),
    "log.place": ("Tempat", "Place"),
    "log.outcome": ("Hasil", "Outcome"),
    "log.event": ("Kejadian", "Event"),
    "log.open": ("Buka", "Open"),
    "log.system": ("sistem", "system"),
    "log.behalf": ("atas nama {whom}", "on behalf of {whom}"),
    "log.outcome_ok": ("Berhasil", "Done"),
    "log.outcome_refused": ("Ditolak", "Refused"),
    "log.outcome_failed": ("Gagal", "Failed"),
    "log.filter_siapa": ("Nomor petugas", "Number of staff"),
    "log.filter_tindakan": ("Tindakan", "Act"),
    "log.filter_hasil": ("Hasil", "Outcome"),
    "log.filter_tki": ("ID TKI", "ID TKI"),
    "log.filter_jenis": ("Jenis pokok", "Kind of object"),
    "log.filter_kunci": ("Nomor pokok", "Number of object"),
    "log.filter_tempat": ("TUK atau stasiun", "TUK or station"),
    "log.filter_dari": ("Dari", "From"),
    "log.filter_sampai": ("Sampai", "Until"),
    "log.looked_to": (
        (
            "Saringan ini dicari pada {most} kejadian terbaru dari hari yang dipilih, mundur sampai {time}. Untuk yang lebih lama, isi"
            " Sampai, atau sebut petugas, tindakan, TKI, atau pokok dengan jenis dan nomornya."
        ),
        (
            "This filter was looked for among the newest {most} events of the days chosen, back to {time}. For older ones fill Until, or"
            " name staff, act, TKI, or an object by kind and number."
        ),
    ),
}
