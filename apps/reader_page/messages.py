"""What the page of the reader says when the server has answered; what it says by itself stands in `messages.js` beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from biometrics.verification import Outcome
from posko.domain.proof import Purpose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from biometrics.readers.browser import Answered
    from posko.domain.errors import Refused

PURPOSES: Mapping[Purpose, str] = {
    Purpose.LOGIN: "Masuk",
    Purpose.ENROL: "Pendaftaran sidik jari",
    Purpose.ENROL_IMPRESSION: "Perekaman sidik jari",
    Purpose.ATTEND: "Absensi peserta",
    Purpose.EXIT: "Absensi keluar",
    Purpose.VERIFY_ASESOR: "Pemeriksaan asesor",
    Purpose.SCORE: "Membuka penilaian",
    Purpose.SECOND_PERSON: "Orang kedua",
    Purpose.STATION_KEY: "Kunci stasiun",
    Purpose.SUBJECT_VIEW: "Melihat data sendiri",
}
OUTCOMES: Mapping[Outcome, tuple[str, str, str]] = {
    Outcome.MATCH: ("good", "COCOK", "Lanjutkan di layar utama."),
    Outcome.NO_MATCH: ("bad", "TIDAK COCOK", "Sidik jari ini bukan milik orang yang diminta."),
    Outcome.POOR_QUALITY: ("warn", "KURANG JELAS", "Gambar sidik jari kurang jelas untuk dibandingkan."),
    Outcome.READER_ERROR: ("bad", "TIDAK ADA SIDIK JARI", "Tidak ada gambar yang dapat dibandingkan."),
    Outcome.NOT_REGISTERED: ("bad", "BELUM TERDAFTAR", "Orang ini belum punya sidik jari terdaftar."),
    Outcome.CAPTURED: ("good", "TEREKAM", "Lanjutkan di layar utama."),
    Outcome.NOT_KEPT: ("warn", "TIDAK DIPAKAI", "Layar utama mengatakan sebabnya."),
}
"""Outcome -> tone, heading, sentence."""
SENT = ("sent", "TERKIRIM", "Sidik jari sudah diterima. Lihat jawabannya di layar masuk.")
"""What a sign-in shows for every finger that was compared: the page does not say who is known (R-044)."""
COMPARED = frozenset({Outcome.MATCH, Outcome.NO_MATCH, Outcome.NOT_REGISTERED})
UNKNOWN = (
    "PERMINTAAN TIDAK ADA",
    "Permintaan sidik jari ini tidak ada untuk peramban ini. Minta lagi dari layar utama.",
)
OVER = (
    "PERMINTAAN SELESAI",
    "Permintaan sidik jari ini sudah dijawab atau lewat waktunya. Minta lagi dari layar utama.",
)
DOWN = (
    "SERVER SEDANG TERGANGGU",
    "Server tidak dapat memeriksa sidik jari sekarang. Tunggu sebentar, lalu minta lagi.",
)


def told(answered: Answered) -> dict[str, str]:
    """Return what the page shows of an answer: outcome, tone, heading, sentence."""
    outcome = answered.found.outcome
    if answered.purpose is Purpose.LOGIN and outcome in COMPARED:
        tone, heading, sentence = SENT
        return {"outcome": "SENT", "tone": tone, "heading": heading, "sentence": sentence}
    tone, heading, sentence = OUTCOMES[outcome]
    words = f"{answered.sentence or sentence} {answered.found.advice}".strip()
    return {"outcome": outcome.value, "tone": tone, "heading": heading, "sentence": words}


def refused(refusal: Refused) -> dict[str, str]:
    """Return what the page shows of a refusal."""
    told = {"outcome": refusal.code, "tone": "bad", "heading": "DITOLAK", "sentence": str(refusal)}
    return told | {"reference": refusal.reference or ""}


def down() -> dict[str, str]:
    """Return what the page shows when the server could not look."""
    heading, sentence = DOWN
    return {"outcome": "UNAVAILABLE", "tone": "bad", "heading": heading, "sentence": sentence}
