"""Refusals of the LSP's decision (§13.9-13.10)."""

from __future__ import annotations

from posko.domain.refusals.common import Sentence

SENTENCES: dict[str, Sentence] = {
    "RESULTS_NOT_RECEIVED": Sentence(
        "Tabel hasil sesi {session_id} belum diterima LSP. Terima tabelnya dahulu, lalu putuskan.", "DV-X01"
    ),
    "ALREADY_DECIDED": Sentence("Kelulusan sesi {session_id} sudah diputuskan; tidak perlu diulang."),
    "NOTHING_TO_DECIDE": Sentence("Tidak ada peserta sesi {session_id} yang menunggu keputusan."),
    "RESULT_MISSING": Sentence(
        "Peserta nomor {journey_id} tidak punya hasil dari asesor, jadi tidak boleh diputuskan. Laporkan ke BNSP.",
        "DV-C02",
    ),
    "NOT_IN_SESSION": Sentence(
        "Peserta nomor {journey_id} tidak menunggu keputusan pada sesi {session_id}. Muat ulang daftarnya."
    ),
    "DEVIATION_WITHOUT_REASON": Sentence(
        "Putusan peserta nomor {journey_id} berbeda dari hasil asesor, jadi wajib disertai alasan.", "DV-N05"
    ),
    "NOT_PAID": Sentence(
        "Pembayaran {count} peserta belum tercatat. Selesaikan pembayarannya sebelum kelulusan diputuskan.", "DV-A13"
    ),
}
