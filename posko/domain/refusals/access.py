"""Refusals of sign-in, proofs and parts (§8.2; R-042..R-050, R-070)."""

from __future__ import annotations

from posko.domain.refusals.common import Sentence

SENTENCES: dict[str, Sentence] = {
    "TWO_PARTS": Sentence(
        "Anda sudah bertindak sebagai {other} untuk TKI ini, jadi tidak boleh juga sebagai {part}. Mintalah petugas lain.",
        "DV-N06",
    ),
    "PROOF_MISSING": Sentence("Sidik jari wajib diambil dengan pembaca; isian ketikan bukan bukti.", "DV-N01"),
    "PROOF_FORGED": Sentence("Bukti sidik jari tidak dibuat oleh modul biometrik. Ambil sidik jari lagi.", "DV-N01"),
    "PROOF_WRONG_PERSON": Sentence(
        "Bukti sidik jari ini milik orang lain. Ambil sidik jari orang yang benar.", "DV-N01"
    ),
    "PROOF_WRONG_PURPOSE": Sentence("Bukti sidik jari ini diambil untuk keperluan lain. Ambil lagi.", "DV-N01"),
    "PROOF_WRONG_PLACE": Sentence("Bukti sidik jari ini diambil di tempat lain. Ambil lagi di sini.", "DV-N01"),
    "PROOF_UNKNOWN_STATION": Sentence(
        "Stasiun {station} atau pembacanya tidak terdaftar atau tidak berlaku. Hubungi BNSP.", "DV-I12"
    ),
    "PROOF_STALE": Sentence("Bukti sidik jari sudah lewat {minutes} menit. Ambil lagi.", "DV-N01"),
    "PROOF_EARLY": Sentence("Waktu bukti sidik jari di depan waktu server. Periksa jam stasiun.", "DV-S07"),
    "PROOF_USED": Sentence("Bukti sidik jari ini sudah dipakai. Ambil lagi.", "DV-N01"),
    "SAMPLE_REPLAYED": Sentence(
        "Rekaman sidik jari ini sama persis dengan yang pernah dikirim. Ambil sidik jari langsung dari orangnya.",
        "DV-I10",
    ),
    "NO_MATCH": Sentence("Sidik jari tidak cocok. Coba lagi dengan jari yang terdaftar.", "DV-N01"),
    "SECOND_PERSON_MISSING": Sentence("Perintah ini harus dilakukan dua orang, masing-masing dengan sidik jarinya."),
    "SECOND_PERSON_SAME": Sentence("Orang kedua harus orang lain. Mintalah petugas lain."),
    "SECOND_PERSON_UNKNOWN": Sentence("Orang kedua bukan petugas aktif. Mintalah petugas lain."),
}
