"""Texts of the window of Gambar 12; its title and columns are the Pedoman's own."""

TEXTS = {
    "secure_code.title": ("TLRT - Secure Code", "TLRT - Secure Code"),
    "secure_code.about": (
        (
            "TKI yang lulus dan memperoleh nomor sertifikat serta secure code dari sistem (Gambar 12). Tidak seorang pun dapat mengisi"
            " atau mengubahnya. Daftar ini tidak dapat diunduh; setiap pembacaan dicatat."
        ),
        (
            "TKI who passed and got a certificate number and a secure code from the system (Gambar 12). Nobody can enter or change them."
            " The list cannot be downloaded; every look is recorded."
        ),
    ),
    "secure_code.masked": (
        "Secure code disamarkan bagi peran Anda.",
        "The secure codes are masked for your role.",
    ),
    "secure_code.none": (
        "Belum ada sertifikat. Nomor dan secure code dibuat sistem begitu kelulusan ditetapkan.",
        "No certificates yet. The system makes number and secure code when the decision is made.",
    ),
    "secure_code.id": ("ID", "ID"),
    "secure_code.name": ("Nama", "Nama"),
    "secure_code.date": ("Tanggal", "Tanggal"),
    "secure_code.number": ("No Sertifikat", "No Sertifikat"),
    "secure_code.code": ("Secure Code", "Secure Code"),
    "secure_code.state": ("Keadaan", "State"),
    "secure_code.lsp": ("LSP", "LSP"),
    "secure_code.since": ("Tanggal sejak", "Dated from"),
    "secure_code.until": ("Tanggal sampai", "Dated until"),
    "secure_code.VALID": ("berlaku", "valid"),
    "secure_code.SUSPENDED": ("ditangguhkan", "suspended"),
    "secure_code.REVOKED": ("dicabut", "revoked"),
    "secure_code.EXPIRED": ("habis masa berlaku", "expired"),
    "secure_code.altered": ("diubah di luar sistem", "altered outside the system"),
}
