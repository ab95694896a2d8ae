"""The simulated BNP2TKI takes over results from `hasil_uji`: it confirms them and fills its own table (§14.4-14.5, R-168).

Some it leaves for a later round, some it rejects, some it confirms and does not take over, or only in part; and somebody there forges:
confirms what was never sent, or writes a certificate number that POSKO never issued. All of it is drawn from the seed and each row's own
key, so that the same results meet the same fate; a file says which.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

FAITHFUL, LATE, REJECTED, EMPTY_PROMISE, PARTIAL = "faithful", "late", "rejected", "empty_promise", "partial"
FORGED_SENDING, FORGED_VERSION, FORGED_NUMBER = "forged_sending", "forged_version", "forged_number"
EXPECTED = {
    LATE: "waiting",
    REJECTED: "rejected+waiting",
    EMPTY_PROMISE: "confirmed+waiting",
    PARTIAL: "different:DV-C07",
    FORGED_SENDING: "forged:DV-C07",
    FORGED_VERSION: "forged:DV-C07",
    FORGED_NUMBER: "fake:DV-C08",
}
"""What BNP2TKI did -> what must come of it at POSKO."""
REASON = "ID TKI tidak ditemukan pada sistem penempatan"
_STRANGE_SENDING = "POSKO-99999999-0000000000000000"
_RESULTS = (
    "select result.id_kiriman, result.id_tki, result.versi, result.kode_lsp, result.no_sertifikasi_kompetensi,"
    " result.tanggal_sertifikasi_kompetensi,"
    " not exists (select 1 from hasil_uji as newer where newer.id_tki = result.id_tki and newer.versi > result.versi)"
    " from hasil_uji as result left join hasil_uji_konfirmasi as told"
    " on told.id_kiriman = result.id_kiriman and told.id_tki = result.id_tki and told.versi = result.versi"
    " left join tki_tlrt as tki on tki.id_tki = result.id_tki where {} order by result.versi, result.id_tki"
)
_UNCONFIRMED = "told.id_tki is null"
_NOT_TAKEN_OVER = (
    "told.id_tki is null or coalesce(tki.kode_lsp, '') <> result.kode_lsp"
    " or coalesce(tki.no_sertifikasi_kompetensi, '') <> coalesce(result.no_sertifikasi_kompetensi, '')"
    " or coalesce(tki.tanggal_sertifikasi_kompetensi, '') <> coalesce(result.tanggal_sertifikasi_kompetensi, '')"
)
_CONFIRM = (
    "insert into hasil_uji_konfirmasi (id_kiriman, id_tki, versi, diterima_pada, status, alasan)"
    " values (%s, %s, %s, coalesce(%s, utc_timestamp(6)), %s, %s)"
    " on duplicate key update status = values(status), alasan = values(alasan)"
)
_UPDATE = (
    "update tki_tlrt set kode_lsp = %s, no_sertifikasi_kompetensi = %s, tanggal_sertifikasi_kompetensi = %s,"
    " updated_at = coalesce(%s, utc_timestamp(6)) where id_tki = %s"
)
_NEVER_TESTED = (
    "select tki.id_tki from tki_tlrt as tki left join hasil_uji as result on result.id_tki = tki.id_tki"
    " where result.id_tki is null and coalesce(tki.no_sertifikasi_kompetensi, '') = '' and tki.id_tki regexp '^[0-9]{1,12}$'"
    " order by tki.id_tki limit %s"
)


@dataclass(frozen=True, slots=True)
class Manners:
    """Shares of the results (0 to 1) that BNP2TKI treats otherwise than it should; `forged` is a number of forgeries of each kind."""

    seed: int = 1
    late: float = 0.0
    rejected: float = 0.0
    empty_promise: float = 0.0
    partial: float = 0.0
    forged: int = 0

    def fate(self, tki_id: str, version: int) -> str:
        """Return what becomes of one row: one fate each, the same for the same seed and shares."""
        drawn = int.from_bytes(sha256(f"{self.seed}:{tki_id}:{version}".encode()).digest()[:6]) / 2**48
        for name in (LATE, REJECTED, EMPTY_PROMISE, PARTIAL):
            drawn -= getattr(self, name)
            if drawn < 0:
                return name
        return FAITHFUL


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What one round did: kind -> ID TKI; `taken_over` are the rows that BNP2TKI's own table shows now as they were sent."""

    taken_over: int
    planted: dict[str, list[str]] = field(repr=False)

    @property
    def by_kind(self) -> dict[str, int]:
        """How many of each kind."""
        return {kind: len(ids) for kind, ids in sorted(self.planted.items())}


def acknowledge(
    connection: Any,
    manners: Manners | None = None,
    *,
    again: bool = False,
    at: dt.datetime | None = None,
    fault_file: Path | None = None,
) -> Acknowledged:
    """Answer every result that has no confirmation yet, and commit; what was late in one round may be answered by the next.

    Args:
        connection: to the source database.
        manners: what BNP2TKI does wrong; default nothing.
        again: answer also what BNP2TKI's own table does not show as it was sent: it makes good.
        at: naive UTC time of the answer; default the server's.
        fault_file: JSON lines of what was done wrong (`id_tki`, `kind`, `expected`); written anew.
    """
    manners = manners or Manners()
    planted: dict[str, list[str]] = {}
    confirmations: list[tuple[Any, ...]] = []
    updates: list[tuple[Any, ...]] = []
    taken_over = 0
    with connection.cursor() as cursor:
        cursor.execute(_RESULTS.format(_NOT_TAKEN_OVER if again else _UNCONFIRMED))
        for sending, tki_id, version, lsp_code, number, day, is_newest in cursor.fetchall():
            kind = manners.fate(tki_id, version)
            if kind != FAITHFUL:
                planted.setdefault(kind, []).append(tki_id)
            if kind == LATE:
                continue
            said = ("DITOLAK", REASON) if kind == REJECTED else ("DITERIMA", None)
            confirmations.append((sending, tki_id, version, at, *said))
            if kind in {FAITHFUL, PARTIAL} and is_newest:
                # A partial take-over forgets the date, or the code of the LSP where there is none.
                is_whole = kind == FAITHFUL
                code = lsp_code if is_whole or number else "LSP-?"
                updates.append((code, number or "", day or "" if is_whole else "", at, tki_id))
                taken_over += is_whole
        _forge(cursor, manners.forged, at, planted, confirmations, updates)
        cursor.executemany(_CONFIRM, confirmations)
        cursor.executemany(_UPDATE, updates)
    connection.commit()
    if fault_file is not None:
        _write(fault_file, planted)
    return Acknowledged(taken_over, planted)


def _forge(
    cursor: Any,
    count: int,
    at: dt.datetime | None,
    planted: dict[str, list[str]],
    confirmations: list[tuple[Any, ...]],
    updates: list[tuple[Any, ...]],
) -> None:
    """Add forgeries of each kind: a sending and a version that never were, a number that POSKO never issued."""
    if not count:
        return
    cursor.execute("select id_kiriman, id_tki, versi from hasil_uji order by id_tki, versi desc limit %s", (count,))
    for sending, tki_id, version in cursor.fetchall():
        confirmations.append((sending, tki_id, version + 90, at, "DITERIMA", None))
        planted.setdefault(FORGED_VERSION, []).append(tki_id)
        confirmations.append((_STRANGE_SENDING, tki_id, version, at, "DITERIMA", None))
        planted.setdefault(FORGED_SENDING, []).append(tki_id)
    cursor.execute(_NEVER_TESTED, (count,))
    for place, (tki_id,) in enumerate(cursor.fetchall(), 1):
        updates.append(("LSP-1", f"PRT.1025.2026.99{place:05d}", "3/11/2026", at, tki_id))
        planted.setdefault(FORGED_NUMBER, []).append(tki_id)


def _write(path: Path, planted: dict[str, list[str]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for kind, ids in planted.items():
            for tki_id in ids:
                file.write(json.dumps({"id_tki": tki_id, "kind": kind, "expected": EXPECTED[kind]}) + "\n")
