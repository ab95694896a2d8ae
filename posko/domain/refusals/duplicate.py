"""Refusals around the 1:N search and what two persons say of its finds (§3.3; DV-I05, DV-I06)."""

from __future__ import annotations

from posko.domain.refusals.common import Sentence

SENTENCES: dict[str, Sentence] = {
    "UNKNOWN_DUPLICATE": Sentence("Temuan nomor {candidate_id} tidak ada. Pilih dari daftar temuan sidik jari ganda."),
    "DUPLICATE_OWN": Sentence(
        "Salah satu sidik jari pada temuan nomor {candidate_id} milik Anda atau milik orang kedua. Mintalah petugas lain."
    ),
    "DUPLICATE_JUDGED": Sentence(
        "Temuan nomor {candidate_id} sudah diputus: {verdict}. Bila ada bukti baru, buka lagi kasus nomor {case_id}."
    ),
}
