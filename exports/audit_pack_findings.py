"""What a verification of an auditor's pack can find, in words (§5.7; R-025)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from posko.domain.verdict import Flaws

SENTENCES = {
    "archive": "Arsip rusak: {where}.",
    "manifest": "Manifes: {where}.",
    "key": "Paket ditandatangani kunci {where}, yang bukan kunci BNSP yang Anda berikan.",
    "signature": "Tanda tangan paket tidak cocok: manifesnya diubah sesudah ditandatangani ({where}).",
    "missing": "Berkas {where} tidak ada dalam arsip.",
    "extra": "Berkas {where} tidak tercantum dalam manifes.",
    "order": "Urutan berkas berubah mulai {where}.",
    "file": "Berkas {where} diubah: isinya bukan yang ditandatangani.",
    "table": "Tabel {where} tidak terbaca menurut bentuknya.",
    "count": "Jumlah {where} tidak cocok dengan manifes.",
    "log": "Log: {where}",
    "checkpoint": "Checkpoint {where}: akarnya bukan akar peristiwa dalam paket ini.",
    "checkpoint_key": "Checkpoint {where} tidak ditandatangani kunci log yang Anda berikan.",
    "checkpoint_gone": "Checkpoint {where} tidak ada dalam paket, atau melebihi lognya.",
    "held": "Checkpoint {where} milik Anda tidak cocok dengan log dalam paket: log diubah, atau bukan log yang sama.",
    "held_apart": "Checkpoint {where} milik Anda di luar paket, tanpa bukti penghubung. Minta paket yang dibuat dengan checkpoint itu.",
    "witness": "Checkpoint {where} milik Anda tidak ikut ditandatangani saksi.",
    "batch": "Kiriman {where}: jumlah atau sidiknya bukan milik baris-barisnya.",
    "batch_log": "Kiriman {where}: lain dari yang dicatat log.",
    "batch_gone": "Kiriman {where} tercatat dalam log, tetapi tidak ada dalam buku serah terima.",
    "line_lost": "Baris serah terima kiriman {where} tidak punya kirimannya.",
    "deviation": "Penyimpangan {where}: buktinya bukan yang dibekukan.",
    "deviation_gone": "Temuan {where}: penyimpangannya tidak ada dalam daftar.",
    "attempt": "Penyimpangan {where}: buktinya lain dari penolakan yang dicatat log.",
    "attempt_gone": "Penolakan {where} tercatat dalam log, tetapi tidak ada dalam daftar penyimpangan.",
    "rule": "Aturan {where} tidak ada dalam daftar aturan.",
    "case": "Kasus {where}: bukti yang dibekukan bukan bukti penyimpangannya.",
    "case_log": "Kasus {where}: buktinya lain dari yang dicatat log saat dibekukan.",
    "case_gone": "Kasus {where} disebut, tetapi tidak ada dalam paket.",
    "case_note": "Kasus {where}: catatan yang tercatat dalam log tidak ada, atau diubah.",
    "finding": "Temuan {where}: keadaannya bukan yang diceritakan riwayatnya.",
    "finding_change": "Riwayat temuan {where}: buktinya bukan yang dicatat.",
    "finding_log": "Riwayat temuan pada peristiwa {where}: jumlahnya lain dari yang dicatat log.",
    "meeting": "Rapat {where}: risalahnya bukan yang dibekukan.",
    "meeting_log": "Rapat {where}: sidik risalahnya lain dari yang dicatat log.",
    "seed": "Surveilans minggu {where}: seed-nya bukan yang dijanjikan.",
    "frame": "Surveilans minggu {where}: kerangkanya bukan yang dicatat.",
    "sample": "Surveilans minggu {where}: sampel yang ditarik ulang lain.",
    "parameter_log": "Parameter {where}: nilainya lain dari yang dicatat log.",
}
"""Kind of finding -> sentence; `where` is the file, the number of a row or the size of a checkpoint."""


@dataclass
class Verdict(Flaws):
    """What came out. `events` are those in the pack, `proven` those that a checkpoint of the auditor's own proves."""

    sentences = SENTENCES
    first: str = ""
    last: str = ""
    events: int = 0
    proven: int = 0
    checkpoints: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return one document."""
        return {
            "first": self.first,
            "last": self.last,
            "events": self.events,
            "proven": self.proven,
            "checkpoints": self.checkpoints,
            "counts": self.counts,
            "clean": self.is_clean,
            "findings": self.told(),
        }
