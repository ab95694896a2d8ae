"""Refusals of packages: files by which a hand-off travels without a connection (§12.4, 12.6, 12.9; R-088, R-100, R-103)."""

from __future__ import annotations

from posko.domain.refusals.common import Sentence

SENTENCES: dict[str, Sentence] = {
    # the file itself
    "PACKAGE_TOO_LARGE": Sentence(
        "Isi paket melebihi batas ({what}). Minta pengirim membaginya; tidak ada yang dimuat."
    ),
    "PACKAGE_DAMAGED": Sentence(
        "Berkas ini bukan paket yang utuh: terpotong, berubah, atau bukan paket. Minta dikirim ulang."
    ),
    "PACKAGE_NOT_OURS": Sentence(
        "Paket ini tidak dapat dibuka dengan kunci {body}: dienkripsi untuk pihak lain, atau kepalanya berubah. Minta paket untuk {body}."
    ),
    "PACKAGE_STRANGE_FILE": Sentence(
        "Paket memuat berkas yang tidak semestinya ({what}). Tidak ada yang dimuat; laporkan ke pengirim."
    ),
    "PACKAGE_UNKNOWN_SENDER": Sentence(
        "Pengirim paket ({sender}) tidak terdaftar dengan kunci itu. Periksa kartu kuncinya, lalu daftarkan atau tolak."
    ),
    "PACKAGE_SIGNATURE": Sentence(
        "Tanda tangan paket tidak sah: manifesnya bukan yang ditandatangani {sender}. Minta dikirim ulang."
    ),
    "PACKAGE_WRONG_RECIPIENT": Sentence(
        "Paket ini dialamatkan kepada {recipient}, bukan kepada {body}. Teruskan kepada penerimanya."
    ),
    "PACKAGE_REPLAYED": Sentence(
        "Paket nomor {sequence} dari {sender} sudah pernah diterima. Tidak perlu dimuat lagi."
    ),
    "PACKAGE_GAP": Sentence(
        "Paket nomor {sequence} dari {sender} datang sebelum nomor {expected}. Muat nomor {expected} dahulu."
    ),
    "PACKAGE_CHAIN": Sentence(
        "Paket nomor {sequence} dari {sender} tidak menyambung paket sebelumnya. Tanyakan kepada pengirim; tidak ada yang dimuat."
    ),
    "PACKAGE_SCHEMA_OLD": Sentence(
        "Isi paket berversi {version}, lebih tua daripada yang dapat dibaca di sini. Minta pengirim memperbarui POSKO."
    ),
    "PACKAGE_SCHEMA_NEW": Sentence(
        "Isi paket berversi {version}, lebih baru daripada POSKO di sini. Perbarui POSKO, lalu ulangi."
    ),
    "PACKAGE_SCHEMA_UNKNOWN": Sentence("Jenis isi paket ({schema}) tidak dikenal di sini. Tanyakan kepada pengirim."),
    "PACKAGE_CONTENT": Sentence(
        "Isi paket tidak sesuai dengan manifesnya ({what}). Tidak ada yang dimuat; minta dikirim ulang.", "DV-A11"
    ),
    # keys
    "PACKAGE_BODY_WRONG": Sentence("Nama pihak harus BNSP, KONSORSIUM, RELAY, BNP2TKI, LSP:kode, atau TUK:kode."),
    "PACKAGE_KEY_WRONG": Sentence("Kunci pada kartu paket tidak terbaca. Minta lagi kartunya dari {body}."),
    "PACKAGE_KEY_KNOWN": Sentence("Kunci ini sudah terdaftar. Tidak perlu didaftarkan lagi."),
    "PACKAGE_KEY_NONE": Sentence(
        "{body} belum mempunyai kunci paket. Minta kartunya, lalu: posko package register KARTU."
    ),
    "PACKAGE_KEY_UNKNOWN": Sentence("Kunci paket {key} tidak terdaftar atau sudah dicabut. Periksa namanya."),
    # making and taking over
    "PACKAGE_NO_BATCH": Sentence(
        "Kiriman nomor {batch_id} bukan kiriman yang dapat dijadikan paket. Pilih dari kotak masuk."
    ),
    "PACKAGE_NOT_SENDER": Sentence(
        "Kiriman nomor {batch_id} dikirim {sender}; hanya kuncinya yang boleh menandatangani paketnya."
    ),
    "PACKAGE_ROWS_DIFFER": Sentence(
        "Baris kiriman nomor {batch_id} tidak lagi sama dengan yang dikirim ({found}), jadi tidak dijadikan paket.",
        "DV-A11",
    ),
    "PACKAGE_PARTS_DIFFER": Sentence(
        "Bagian-bagian kiriman nomor {batch_id} bukan keseluruhannya, jadi tidak satu pun dijadikan paket. Laporkan ke BNSP.",
        "DV-A11",
    ),
    "PACKAGE_RECEIPT_WRONG": Sentence(
        "Tanda terima untuk kiriman nomor {batch_id} tidak cocok dengan yang dikirim ({found}). Tidak ada yang diakui.",
        "DV-A11",
    ),
    "PACKAGE_RECEIPT_PERSON": Sentence(
        "Tanda terima ini menyebut {person} yang bukan petugas aktif {sender}. Minta tanda terima dari petugas yang berwenang."
    ),
}
