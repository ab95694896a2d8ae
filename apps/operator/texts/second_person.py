"""Texts of what two persons decide."""

TEXTS = {
    "second_person.read": ("Dibaca dan disahkan orang kedua", "Read and signed by the second person"),
    "second_person.help": (
        "Orang kedua membaca isian ini, mengetik nomornya, lalu menempelkan jarinya. Untuk mengubah isian, batalkan dan tulis lagi.",
        "The second person reads this, types her identification number and places her finger. To change it, discard it and write it anew.",
    ),
    "second_person.number": ("Nomor identitas orang kedua", "Second person's identification number"),
    "second_person.sign": ("Tempelkan jari dan sahkan", "Place the finger and sign"),
    "second_person.discard": ("Batalkan", "Discard"),
    "second_person.missing": (
        "Nomor identitas orang kedua wajib diisi. Isi, lalu ulangi.",
        "The second person's identification number is missing. Type it and try again.",
    ),
}
