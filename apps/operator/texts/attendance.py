"""Texts of the exam day at the TUK (Gambar 8, 9)."""

TEXTS = {
    "attendance.title": ("Absensi", "Attendance"),
    "attendance.about": (
        (
            "Buka hari uji, periksa sidik jari asesor, lalu absen peserta satu per satu: ketik ID, Enter, tempelkan jari. Yang tidak"
            " cocok boleh mengulang; sesudah batas percobaan ia ditolak dengan berita acara. Yang tidak datang menjadi tidak hadir"
            " ketika sesi diakhiri."
        ),
        (
            "Open the day, verify the assessor, then check in one after another: type the ID, Enter, place the finger. Who does not match"
            " may try again; after the last try she is turned away with a statement. Who never came is absent when the session ends."
        ),
    ),
    "attendance.tuk": ("Kode TUK", "Code of the TUK"),
    "attendance.tuk_missing": ("Isi kode TUK.", "Type the code of the TUK."),
    "attendance.none": ("Tidak ada sesi uji di TUK ini hari ini.", "There is no exam session at this TUK today."),
    "attendance.session": ("Sesi", "Session"),
    "attendance.state": ("Keadaan", "State"),
    "attendance.open": ("Buka hari uji", "Open the exam day"),
    "attendance.over": ("Sesi ini {state}; absensi tidak dibuka.", "This session is {state}; attendance is closed."),
    "attendance.present": ("hadir", "present"),
    "attendance.left": ("belum datang", "not yet here"),
    "attendance.turned_away": ("ditolak", "turned away"),
    "attendance.asesor": ("Periksa sidik jari asesor", "Verify the assessor"),
    "attendance.asesor_id": ("Nomor identitas asesor", "Assessor's identification number"),
    "attendance.id": ("ID TKI", "ID TKI"),
    "attendance.go": ("Periksa", "Check"),
    "attendance.ready": ("SIAP", "READY"),
    "attendance.ready_help": (
        "Ketik ID TKI, tekan Enter, tempelkan jari. Hasil tampil di sini; lalu ketik ID berikutnya.",
        "Type the ID, press Enter, place the finger. The outcome appears here; then type the next ID.",
    ),
    "attendance.PRESENT": ("HADIR", "PRESENT"),
    "attendance.say_PRESENT": ("Boleh masuk kelas.", "May enter the class."),
    "attendance.TRY_AGAIN": ("ULANGI", "AGAIN"),
    "attendance.say_TRY_AGAIN": (
        "Sidik jari tidak cocok. Tempelkan jari yang sama, tekan Enter.",
        "No match. Place the same finger, press Enter.",
    ),
    "attendance.TRY_OTHER_FINGER": ("JARI LAIN", "OTHER FINGER"),
    "attendance.say_TRY_OTHER_FINGER": (
        "Sidik jari tidak cocok. Tempelkan jari lain yang terdaftar, tekan Enter.",
        "No match. Place the other registered finger, press Enter.",
    ),
    "attendance.POOR_QUALITY": ("KURANG JELAS", "NOT CLEAR"),
    "attendance.say_POOR_QUALITY": (
        "Bersihkan jari dan pembaca, tempelkan lagi, tekan Enter.",
        "Clean finger and reader, place it again, press Enter.",
    ),
    "attendance.TURNED_AWAY_NO_MATCH": ("DITOLAK", "TURNED AWAY"),
    "attendance.say_TURNED_AWAY_NO_MATCH": (
        "Sidik jari tidak cocok. Tidak boleh mengikuti uji hari ini.",
        "The fingerprint does not match. May not sit the test today.",
    ),
    "attendance.NOTHING": ("TIDAK ADA SIDIK JARI", "NO FINGERPRINT"),
    "attendance.say_NOTHING": (
        "Tidak ada yang dibandingkan. Ulangi, atau buat berita acara penolakan di bawah.",
        "Nothing was compared. Try again, or make a statement below.",
    ),
    "attendance.exception": (
        "Jari tidak terbaca: pengecualian dua petugas",
        "Not readable: exception by two of the staff",
    ),
    "attendance.REFUSED": ("DITOLAK", "REFUSED"),
    "attendance.statement_no": ("Berita acara {number}", "Statement {number}"),
    "attendance.statements": ("Berita acara", "Statements"),
    "attendance.unknown_id": ("ID seperti yang dibawa", "ID as brought"),
    "attendance.reason": ("Alasan", "Reason"),
    "attendance.turn_away": ("Buat berita acara penolakan", "Make a statement"),
    "attendance.number": ("Nomor berita acara", "Number of the statement"),
    "attendance.birth_place": ("Tempat lahir", "Place of birth"),
    "attendance.born_on": ("Tanggal lahir", "Date of birth"),
    "attendance.city": ("Kota", "City"),
    "attendance.destination": ("Negara tujuan", "Destination"),
    "attendance.pptkis_name": ("PPTKIS", "PPTKIS"),
    "attendance.blkln_code": ("BLKLN", "BLKLN"),
    "attendance.exam_on": ("Tanggal uji", "Exam day"),
    "attendance.tuk_name": ("TUK", "TUK"),
    "attendance.tuk_city": ("Kota TUK", "City of the TUK"),
    "attendance.full_name": ("Nama", "Name"),
    "attendance.id_as_typed": ("ID yang dibawa", "ID as brought"),
    "attendance.label": ("Hasil", "Outcome"),
    "attendance.tries": ("Percobaan", "Tries"),
    "attendance.recorded_at": ("Dicatat (WIB)", "Recorded (WIB)"),
    "attendance.recorded_by_name": ("Petugas", "By"),
}
