"""What the commands are called on the screen, and why those that the Pedoman does not name have the cells they have.

The words stand apart from the truth table (`matrix`), which decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.matrix import CELL_LABELS, MATRIX, ROLE_LABELS, Command, Role

if TYPE_CHECKING:
    from collections.abc import Mapping

LABELS: Mapping[Command, str] = {
    Command.LOGIN: "masuk dengan nomor identitas dan sidik jari (8.2)",
    Command.SEARCH: "mencari TKI (12.5)",
    Command.REGISTER: "mendaftarkan, mencatat pembayaran, menjadwalkan, memilih LSP, TUK, dan asesor (9.2, 12.5)",
    Command.SEND_ALLOCATION: "mengirim alokasi (12.6)",
    Command.BALANCE: "memeriksa keseimbangan, memilah, dan meneruskan (12.7-12.9)",
    Command.ACKNOWLEDGE: "mengakui penerimaan paket (12.10)",
    Command.PRINT_LIST: "mencetak daftar peserta (9.3)",
    Command.ATTEND: "membuka hari uji, memeriksa peserta, absensi, surat penolakan (9.4, 13.1-13.6)",
    Command.VERIFY_ASESOR: "memeriksa asesor di TUK (9.4)",
    Command.END_SESSION: "menutup sesi dan membuka penilaian (9.4)",
    Command.SCORE: "menilai (13.7)",
    Command.DECIDE: "menetapkan kelulusan (13.10)",
    Command.NUMBER: "membuat nomor sertifikat dan secure code: hanya sistem (13.11)",
    Command.PRINT_CERTIFICATE: "mencetak sertifikat atau salinannya (13.12)",
    Command.SEE_SECURE_CODE: "melihat secure code (Gambar 12)",
    Command.EVALUATE: "mencatat rapat evaluasi dan menahan hasil (14.2)",
    Command.PUBLISH: "menayangkan (14.1) dan mengirim ke BNP2TKI (14.3): dikerjakan sistem",
    Command.TRIAGE_CASE: "membuka dan memilah kasus penyimpangan",
    Command.CLOSE_CASE: "menutup kasus penyimpangan (dua orang, bukan pokok kasus)",
    Command.READ_LOG: "membaca log, memeriksa log, melihat keadaan pada suatu waktu",
    Command.JUDGE_DUPLICATE: "melihat dan memutus temuan sidik jari ganda (dua orang, bukan pokok temuan) (3.3)",
    Command.ENROL_STAFF: "mendaftarkan atau mengganti sidik jari petugas (R-048)",
    Command.SUSPEND_STAFF: "membekukan sidik jari petugas (R-048)",
    Command.BIOMETRIC_EXCEPTION: "mengecualikan seseorang dari sidik jari (R-050)",
    Command.CORRECT_SCORE: "memperbaiki nilai (R-131)",
    Command.REVOKE_CERTIFICATE: "mencabut sertifikat (R-186)",
    Command.SUSPEND_CERTIFICATE: "menangguhkan sertifikat (R-186)",
    Command.REINSTATE_CERTIFICATE: "memberlakukan kembali sertifikat (R-186)",
    Command.RECORD_APPEAL: "mencatat banding atau pengaduan (R-189)",
    Command.DECIDE_APPEAL: "memutuskan banding atau pengaduan (R-189)",
    Command.CHANGE_REGISTER: "mengubah daftar LSP, TUK, asesor, BLKLN, PPTKIS (R-012)",
    Command.CHANGE_PARAMETER: "mengubah parameter bertanggal (R-028)",
    Command.VERIFY_CERTIFICATE: "memeriksa keaslian sertifikat (R-166)",
    Command.SEARCH_PUBLIC: "mencari hasil yang ditayangkan (R-160)",
    Command.EXPORT_AUDIT: "mengekspor paket audit (R-025)",
    Command.DRAW_SAMPLE: "menarik sampel sesi untuk kunjungan mendadak (R-190)",
    Command.SUBJECT_VIEW: "melihat siapa yang membuka data diri sendiri",
}
"""Command -> name on the screen, with its paragraph."""

REASONS: Mapping[Command, str] = {
    Command.JUDGE_DUPLICATE: (
        "Gambar titik sidik jari adalah data biometrik: hanya dua orang yang memutus dan auditor yang memeriksa putusannya. Sebelum "
        "perintah ini ada, temuan dibaca lewat sel kasus, sehingga Konsorsium ikut dapat membukanya."
    ),
    Command.ENROL_STAFF: (
        "Dua petugas dari Super Administrator dan BNSP, bukan orang yang didaftarkan: siapa menguasai pendaftaran sidik jari "
        "menguasai semua peran. Administrator pertama masuk lewat perintah sekali pakai, di luar tabel ini."
    ),
    Command.SUSPEND_STAFF: "Satu orang cukup: jari yang disalahgunakan harus berhenti seketika; kembali aktif lewat pendaftaran dua orang.",
    Command.BIOMETRIC_EXCEPTION: (
        "Dua orang dari dua peran berbeda, masing-masing dengan sidik jarinya, dan selalu menjadi penyimpangan. Asesor tidak ikut, "
        "karena ia hanya menilai (R-064)."
    ),
    Command.CORRECT_SCORE: "Hanya asesor sesi itu sendiri, sama seperti menilai (X2); auditor membaca nilai lama dan baru.",
    Command.REVOKE_CERTIFICATE: (
        "Pencabutan bersifat tetap, jadi dua orang. LSP penerbit memberi catatan tetapi tidak menghapus putusannya sendiri."
    ),
    Command.SUSPEND_CERTIFICATE: "Dapat dipulihkan dan mendesak, jadi satu orang cukup; LSP boleh untuk sertifikat yang ia terbitkan.",
    Command.REINSTATE_CERTIFICATE: "Mengembalikan hak yang pernah diragukan, jadi dua orang dan bukan LSP yang berkepentingan.",
    Command.RECORD_APPEAL: (
        "Dicatat di mana pun banding itu tiba: LSP, TUK, atau BNSP; umum dapat mengadu. Asesor tidak, karena ia hanya menilai. "
        "Konsorsium tidak menulis apa pun di luar 9.2 (R-061)."
    ),
    Command.DECIDE_APPEAL: "Dua orang dari Super Administrator dan BNSP: LSP yang putusannya dibanding tidak memutus bandingnya sendiri.",
    Command.CHANGE_REGISTER: "Daftar berasal dari BNSP (R-098). Satu orang cukup: perubahan bertanggal dan riwayatnya disimpan.",
    Command.CHANGE_PARAMETER: "Parameter menggeser penilaian semua aturan sekaligus, jadi dua orang.",
    Command.VERIFY_CERTIFICATE: "Siapa pun yang memegang sertifikat boleh memeriksanya, tanpa masuk.",
    Command.SEARCH_PUBLIC: "Hasil yang sudah ditayangkan terbuka bagi semua, dengan nama disamarkan (R-188).",
    Command.EXPORT_AUDIT: "Auditor mengambilnya sendiri, BNSP dan Super Administrator menyerahkannya; pihak yang diaudit tidak.",
    Command.DRAW_SAMPLE: "BNSP menarik; auditor membaca. Pihak yang dapat dikunjungi tidak boleh tahu lebih dulu.",
    Command.SUBJECT_VIEW: (
        "Hanya TKI itu sendiri, dengan sidik jarinya di TUK. Petugas melihat jejak lewat perintah membaca log, menurut haknya."
    ),
}
"""Command that section 5 of the requirements leaves open -> why its cells are as they are."""

SHORT: Mapping[Role, str] = dict(zip(Role, ("SA", "KO", "LS", "TU", "AS", "BN", "AU", "PU"), strict=True))
"""Role -> heading of its column, as in the requirements."""


def roles_markdown() -> str:
    """Return the whole of docs/roles.md."""
    heads = [SHORT[role] for role in Role]
    lines = [
        "# Peran dan perintah",
        "",
        "Dicetak oleh `posko flow --roles` dari `posko/domain/matrix.py`; sebuah uji menjaga agar keduanya sama. Setiap perintah punya",
        "satu sel untuk setiap peran, tanpa nilai bawaan. Langkah yang dikerjakan sistem sendiri tidak memakai peran.",
        "",
        ", ".join(f"{SHORT[role]} = {ROLE_LABELS[role]}" for role in Role) + ".",
        "",
        _line("perintah", *heads),
        _line(*["---"] * (len(heads) + 1)),
    ]
    lines += [_line(LABELS[command], *(mark(command, role) for role in Role)) for command in MATRIX]
    lines += ["", "## Arti sel", "", "| sel | arti |", "|---|---|"]
    lines += [_line(_escaped(cell.value), label) for cell, label in CELL_LABELS.items()]
    lines += ["", "## Alasan bagi perintah yang tidak disebut Pedoman", "", "| perintah | alasan |", "|---|---|"]
    lines += [_line(LABELS[command], reason) for command, reason in REASONS.items()]
    return "\n".join(lines)


def mark(command: Command, role: Role) -> str:
    """Return one cell as Markdown."""
    return _escaped(MATRIX[command][role].value)


def _escaped(text: str) -> str:
    return text.replace("*", r"\*")


def _line(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"
