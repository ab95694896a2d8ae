"""What came of the play: where each TKI stands, and the sums that must hold (§12.3-14.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.cli.screen import number
from posko.domain.status import LABELS, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HEADINGS = ("keadaan", "TKI", "artinya")
MEANINGS: Mapping[Status, str] = {
    Status.SENT_TO_KONSORSIUM: "menunggu didaftarkan Konsorsium",
    Status.REGISTERED: "menunggu jadwal",
    Status.ACKNOWLEDGED: "menunggu hari uji",
    Status.ABSENT: "tidak datang; dijadwalkan lagi",
    Status.TURNED_AWAY_NO_MATCH: "sidik jari tidak cocok; ditolak hari itu",
    Status.TURNED_AWAY_NOT_REGISTERED: "tidak ada datanya; ditolak dengan surat",
    Status.ON_HOLD: "hasil ditahan rapat, atau kasus yang belum ditutup",
    Status.SENT_TO_BNP2TKI: "BNP2TKI belum mencatat, atau menolak",
    Status.CLOSED: "hasil tercatat kembali di BNP2TKI",
}


def rows_of(by_status: Mapping[str, int]) -> Iterator[tuple[str, str, str]]:
    """Yield the lines of the table, in the order of the journey."""
    for status in Status:
        if count := by_status.get(status.value, 0):
            yield LABELS[status], number(count), MEANINGS.get(status, "")
    yield "jumlah", number(sum(by_status.values())), ""
