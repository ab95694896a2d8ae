"""Texts of the standing of certificates."""

TEXTS = {
    "standings.title": ("Status sertifikat", "Standing of certificates"),
    "standings.about": (
        (
            "Sertifikat dapat ditangguhkan, diberlakukan kembali, atau dicabut untuk selamanya. Pemberlakuan kembali dan pencabutan butuh"
            " SK dan dua orang dari BNSP dan Super Administrator; LSP penerbit boleh menangguhkan miliknya dan memberi catatan."
        ),
        (
            "A certificate may be suspended, reinstated, or revoked for ever. Reinstating and revoking need a decree and two persons of"
            " BNSP and Super Administrator; the LSP that issued it may suspend its own and remark."
        ),
    ),
    "standings.none": (
        "Semua sertifikat berlaku. Cari nomor sertifikat atau ID TKI untuk mengubah status.",
        "All certificates are valid. Search a certificate number or ID TKI to change its standing.",
    ),
    "standings.choose": ("Buka sertifikat", "Open a certificate"),
    "standings.search": ("Nomor sertifikat atau ID TKI", "Certificate number or ID TKI"),
    "standings.number": ("Nomor sertifikat", "Certificate number"),
    "standings.tki": ("ID TKI", "ID TKI"),
    "standings.full_name": ("Nama", "Name"),
    "standings.lsp": ("LSP", "LSP"),
    "standings.scheme": ("Skema", "Scheme"),
    "standings.certified_on": ("Tanggal sertifikat", "Certified on"),
    "standings.valid_until": ("Berlaku sampai", "Valid until"),
    "standings.status": ("Status", "Standing"),
    "standings.since": ("Sejak (WIB)", "Since (WIB)"),
    "standings.reason": ("Alasan", "Reason"),
    "standings.heading": ("Sertifikat {number}", "Certificate {number}"),
    "standings.VALID": ("Berlaku", "Valid"),
    "standings.SUSPENDED": ("Ditangguhkan", "Suspended"),
    "standings.REVOKED": ("Dicabut", "Revoked"),
    "standings.EXPIRED": ("Habis masa berlaku", "Expired"),
    "standings.says_VALID": ("Sertifikat ini berlaku.", "This certificate is valid."),
    "standings.says_SUSPENDED": (
        "Sertifikat ini tidak berlaku sampai diberlakukan kembali.",
        "This certificate is not valid until it is reinstated.",
    ),
    "standings.says_REVOKED": (
        "Sertifikat ini dicabut untuk selamanya. Yang baru adalah uji baru dengan nomor baru.",
        "This certificate is revoked for ever. A new one is a new test with a new number.",
    ),
    "standings.says_EXPIRED": ("Masa berlaku sertifikat ini sudah lewat.", "This certificate is past its date."),
    "standings.history": ("Perubahan dan catatan", "Changes and remarks"),
    "standings.no_history": ("Belum ada perubahan atau catatan.", "There are no changes or remarks."),
    "standings.at": ("Waktu (WIB)", "Time (WIB)"),
    "standings.by": ("Oleh", "By"),
    "standings.to": ("Menjadi", "To"),
    "standings.decree": ("Nomor SK", "Number of the decree"),
    "standings.decree_later": ("Nomor SK (boleh menyusul)", "Number of the decree (may follow)"),
    "standings.note": ("Catatan", "Remark"),
    "standings.remark": ("Beri catatan", "Remark"),
    "standings.remark_add": ("Tambah catatan", "Add remark"),
    "standings.remarked": ("Catatan disimpan.", "The remark was saved."),
    "standings.change": ("Ubah status", "Change the standing"),
    "standings.which": ("Perubahan", "Change"),
    "standings.do_suspend": ("Tangguhkan", "Suspend"),
    "standings.do_reinstate": ("Berlakukan kembali", "Reinstate"),
    "standings.do_revoke": ("Cabut", "Revoke"),
    "standings.help_suspend": (
        "Mendesak dan dapat dipulihkan, jadi satu orang cukup.",
        "Urgent and not for ever, so one person may do it.",
    ),
    "standings.help_reinstate": ("Dua orang dan SK.", "Two persons and a decree."),
    "standings.help_revoke": ("Untuk selamanya. Dua orang dan SK.", "For ever. Two persons and a decree."),
    "standings.lay_down": ("Ajukan kepada orang kedua", "Lay down for the second person"),
    "standings.what": ("Yang diputuskan", "Decided"),
    "standings.done_suspend": ("Sertifikat {number} ditangguhkan.", "Certificate {number} was suspended."),
    "standings.done_reinstate": ("Sertifikat {number} berlaku kembali.", "Certificate {number} is valid again."),
    "standings.done_revoke": ("Sertifikat {number} dicabut.", "Certificate {number} was revoked."),
}
