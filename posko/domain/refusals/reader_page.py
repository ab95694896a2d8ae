"""Refusals of the page that captures in the operator's own browser (§8.2; R-041)."""

from __future__ import annotations

from posko.domain.refusals.common import Sentence

SENTENCES: dict[str, Sentence] = {
    "CAPTURE_UNBOUND": Sentence(
        "Permintaan sidik jari lewat peramban harus terikat pada sesi peramban. Buka lagi halaman masuk, lalu ulangi."
    ),
    "FAKE_FINGER": Sentence(
        "Pembaca menilai jari ini tiruan, jadi tidak diterima. Ambil sidik jari langsung dari orangnya."
    ),
}
