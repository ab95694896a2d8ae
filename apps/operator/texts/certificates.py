"""Texts of certificates, copies and blanks (Gambar 11)."""

TEXTS = {
    "certificates.title": ("Sertifikat", "Certificates"),
    "certificates.about": (
        (
            "Cari sertifikat, pilih satu pada daftar, lalu catat cetakannya pada blangko bernomor. Cetakan kedua dan "
            "seterusnya wajib beralasan."
        ),
        (
            "Find a certificate, pick it in the list, then note its copy on a numbered blank. Every copy after the first "
            "needs a reason."
        ),
    ),
    "certificates.search": ("ID TKI, nomor, atau nama", "ID TKI, number or name"),
    "certificates.SUDAH": ("Sudah dicetak", "Printed"),
    "certificates.BELUM": ("Belum dicetak", "Not printed"),
    "certificates.since": ("Sejak", "Since"),
    "certificates.until": ("Sampai", "Until"),
    "certificates.none": (
        "Tidak ada sertifikat di sini. Nomor dan secure code dibuat sistem begitu kelulusan ditetapkan.",
        "No certificates here. The system makes number and secure code when the decision is made.",
    ),
    "certificates.pick": ("Pilih satu sertifikat pada daftar untuk mencetaknya.", "Pick a certificate to print it."),
    "certificates.certificate_no": ("Nomor sertifikat", "Certificate number"),
    "certificates.tki_id": ("ID TKI", "ID TKI"),
    "certificates.full_name": ("Nama", "Name"),
    "certificates.certified_on": ("Tanggal", "Date"),
    "certificates.valid": ("Berlaku sampai", "Valid until"),
    "certificates.status": ("Keadaan", "State"),
    "certificates.copies": ("Cetakan", "Copies"),
    "certificates.VALID": ("Berlaku", "Valid"),
    "certificates.SUSPENDED": ("Dibekukan", "Suspended"),
    "certificates.REVOKED": ("Dicabut", "Revoked"),
    "certificates.EXPIRED": ("Habis masa berlaku", "Expired"),
    "certificates.free": ("blangko tersedia", "blanks free"),
    "certificates.used": ("blangko terpakai", "blanks used"),
    "certificates.spoiled": ("blangko rusak atau hilang", "blanks spoiled or lost"),
    "certificates.unbalanced": (
        "Blangko terpakai tidak sama dengan banyaknya cetakan. Hubungi BNSP.",
        "Blanks used and copies do not agree. Contact BNSP.",
    ),
    "certificates.spoil": ("Blangko rusak atau hilang", "Spoiled or lost blank"),
    "certificates.blank": ("Nomor blangko", "Blank number"),
    "certificates.reason": ("Alasan", "Reason"),
    "certificates.take_out": ("Keluarkan", "Take out"),
    "certificates.spoiled_done": ("Blangko {blank} dikeluarkan dari persediaan.", "Blank {blank} was taken out."),
    "certificates.window": ("Cetak {number}", "Print {number}"),
    "certificates.reprint": (
        "Sertifikat ini sudah dicetak {copies} kali, terakhir {at}. Cetakan berikut ditandai cetak ulang dan wajib beralasan.",
        "This certificate was printed {copies} times, last on {at}. The next copy is marked as a reprint and needs a reason.",
    ),
    "certificates.reprint_reason": ("Alasan cetak ulang", "Reason for the reprint"),
    "certificates.print": ("Cetak", "Print"),
    "certificates.sheet": ("Unduh lembar {first} (PDF)", "Download sheet {first} (PDF)"),
    "certificates.sheets": (
        "Unduh {count} lembar, {first} sampai {last} (PDF)",
        "Download {count} sheets, {first} to {last} (PDF)",
    ),
    "certificates.today": ("Susun lagi cetakan saya hari ini", "Set my copies of today again"),
    "certificates.today_help": (
        (
            "Bila pencetak macet, berkas lembar yang sudah Anda catat hari ini dapat diunduh lagi tanpa salinan baru."
            " Besok tidak lagi."
        ),
        "If the printer jams, the sheets that you counted today can be downloaded again without a new copy. Not tomorrow.",
    ),
    "certificates.today_show": ("Tampilkan cetakan hari ini", "Show the copies of today"),
    "certificates.today_none": ("Hari ini Anda belum mencatat cetakan.", "You counted no copy today."),
    "certificates.batch": ("Cetak sekaligus yang belum dicetak", "Print all that have no copy"),
    "certificates.batch_session": (
        "Nomor sesi uji (kosong: semua sesi)",
        "Number of the exam session (empty: all sessions)",
    ),
    "certificates.batch_look": ("Lihat", "Look"),
    "certificates.batch_none": ("Semua sertifikat di sini sudah dicetak.", "All certificates here have been printed."),
    "certificates.batch_first": ("Nomor blangko pertama di tangan", "Number of the first blank in hand"),
    "certificates.batch_no_blank": (
        "Tidak ada blangko yang tersisa. Minta blangko kepada BNSP, lalu ulangi.",
        "There is no blank left. Ask BNSP for blanks, then try again.",
    ),
    "certificates.batch_found": (
        "{count} sertifikat belum dicetak. Cocokkan nomor blangko dengan yang di tangan sebelum mencatat.",
        "{count} certificates have no copy. Hold the numbers of the blanks against those in hand before you count.",
    ),
    "certificates.batch_blanks": ("Blangko", "Blanks"),
    "certificates.batch_go": ("Catat {count} cetakan", "Count {count} copies"),
    "certificates.batch_done": (
        "{count} cetakan dicatat. Unduh lembarnya di bawah ini.",
        "{count} copies were counted. Download the sheets below.",
    ),
    "certificates.printed": (
        "Cetakan pertama {number} dicatat pada blangko {blank}.",
        "The first copy of {number} was noted on blank {blank}.",
    ),
    "certificates.printed_copy": (
        "Cetakan ke-{copy} {number} dicatat pada blangko {blank} dan ditandai cetak ulang.",
        "Copy {copy} of {number} was noted on blank {blank} and marked as a reprint.",
    ),
}
