"""Texts of the check of a certificate."""

TEXTS = {
    "genuine.title": ("Keaslian sertifikat", "Is a certificate genuine"),
    "genuine.about": (
        (
            "Nomor dan secure code diketik bersama, seperti tercetak. Yang pertama tampil adalah putusannya; nama pemegang disamarkan."
            " Kode yang salah dan nomor yang tidak ada mendapat jawaban yang sama, dan percobaan yang salah dibatasi."
        ),
        (
            "Number and secure code are typed together, as printed. The verdict comes first; the holder's name is masked. A wrong code and"
            " a number that does not exist get the same answer, and wrong tries are few."
        ),
    ),
    "genuine.number": ("Nomor sertifikat", "Number of certificate"),
    "genuine.code": ("Secure code", "Secure code"),
    "genuine.go": ("Periksa", "Check"),
    "genuine.empty": (
        "Ketik nomor sertifikat dan secure code seperti tercetak pada sertifikatnya.",
        "Type number and secure code as they are printed on the certificate.",
    ),
    "genuine.VALID": ("SAH", "VALID"),
    "genuine.VALID_means": ("Sertifikat ini asli dan berlaku.", "This certificate is genuine and in force."),
    "genuine.EXPIRED": ("KEDALUWARSA", "EXPIRED"),
    "genuine.EXPIRED_means": (
        "Sertifikat ini asli, tetapi masa berlakunya sudah lewat.",
        "This certificate is genuine, but out of date.",
    ),
    "genuine.SUSPENDED": ("DITANGGUHKAN", "SUSPENDED"),
    "genuine.SUSPENDED_means": (
        "Sertifikat ini asli, tetapi sedang ditangguhkan dan tidak boleh dipakai.",
        "This certificate is genuine, but suspended; it must not be used.",
    ),
    "genuine.REVOKED": ("DICABUT", "REVOKED"),
    "genuine.REVOKED_means": (
        "Sertifikat ini sudah dicabut dan tidak berlaku.",
        "This certificate was revoked and is void.",
    ),
    "genuine.UNKNOWN": ("TIDAK DIKENAL", "UNKNOWN"),
    "genuine.UNKNOWN_means": (
        "Nomor dan secure code ini tidak bersama-sama ada pada sertifikat mana pun. Periksa penulisannya.",
        "No certificate bears this number and this secure code together. Check the spelling.",
    ),
    "genuine.masked_name": ("Pemegang", "Holder"),
    "genuine.tki_id": ("ID TKI", "ID TKI"),
    "genuine.scheme_code": ("Skema", "Scheme"),
    "genuine.lsp_name": ("LSP", "LSP"),
    "genuine.certified_on": ("Tanggal sertifikat", "Certified on"),
    "genuine.valid_until": ("Berlaku sampai", "Valid until"),
}
