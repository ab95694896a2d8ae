"""Texts of search and registration (Gambar 4, 5)."""

TEXTS = {
    "search.title": ("Cari dan daftarkan", "Search and register"),
    "search.about": (
        (
            "Cari TKI yang datanya sudah dikirim BNP2TKI, periksa datanya (Gambar 5), lalu daftarkan (Gambar 4). Data dari BNP2TKI tidak"
            " dapat diubah di sini. LSP dan TUK hanya menemukan TKI yang dialokasikan kepadanya."
        ),
        (
            "Find a TKI whom BNP2TKI sent, check the record (Gambar 5), then register her (Gambar 4). What BNP2TKI sent cannot be"
            " changed here. LSP and TUK find only those allocated to them."
        ),
    ),
    "search.id": ("ID TKI", "ID TKI"),
    "search.go": ("Cari", "Search"),
    "search.empty": (
        "Ketik ID TKI, lalu tekan Enter. Yang ditemukan hanya TKI yang datanya sudah dikirim BNP2TKI.",
        "Type an ID TKI and press Enter. Only TKI whom BNP2TKI has sent are found.",
    ),
    "search.not_found": (
        "TKI dengan ID ini belum ada di basis data. Periksa ID-nya, atau tanyakan kepada BNP2TKI.",
        "No TKI has this ID in the database. Check it, or ask BNP2TKI.",
    ),
    "search.state": ("Keadaan", "State"),
    "search.not_sent": ("belum dikirim ke Konsorsium", "not yet sent to the Konsorsium"),
    "search.held_back": ("Ditahan saringan ({rule}): {reason}", "Held back by the filter ({rule}): {reason}"),
    "search.form": ("Pendaftaran", "Registration"),
    "search.name": ("Nama", "Name"),
    "search.birth_place": ("Tempat lahir", "Place of birth"),
    "search.born_on": ("Tanggal lahir", "Date of birth"),
    "search.address": ("Alamat", "Address"),
    "search.city": ("Kota", "City"),
    "search.phone": ("Nomor telepon", "Telephone"),
    "search.email": ("Alamat email", "Email address"),
    "search.destination": ("Negara tujuan", "Destination"),
    "search.payment": ("Pembayaran", "Payment"),
    "search.schedule": ("Jadwal", "Schedule"),
    "search.lsp": ("LSP", "LSP"),
    "search.tuk": ("TUK", "TUK"),
    "search.asesor": ("Asesor", "Assessor"),
    "search.BELUM": ("Belum", "Not paid"),
    "search.LUNAS": ("Lunas", "Paid"),
    "search.DIBEBASKAN": ("Dibebaskan", "Waived"),
    "search.proposed": ("{value} (usulan)", "{value} (proposed)"),
    "search.undo": ("Batalkan jadwal ini", "Undo this schedule"),
    "search.register": ("Daftarkan", "Register"),
    "search.save": ("Simpan", "Save"),
    "search.changed": (
        "Keadaan TKI {tki_id} sudah diubah petugas lain sejak Anda membukanya: {state}. Tidak ada yang ditulis; periksa lagi.",
        "Somebody else changed TKI {tki_id} since you opened it: {state}. Nothing was written; look again.",
    ),
    "search.registered": ("TKI sudah terdaftar, nomor peserta {journey}.", "Registered as number {journey}."),
    "search.saved": ("Perubahan peserta {journey} tersimpan.", "Changes of number {journey} are saved."),
}
