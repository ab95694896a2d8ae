"""What may be taken over from a file, and which heading of a file is meant by which column (§9.2, §12.5; R-012, R-096, R-098).

A heading is guessed from how the same person named it last time, else from the column's own name or one of its usual names. The person
decides; nothing is taken from a column that she did not choose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posko.domain.matrix import Command
from posko.services.registry_columns import REGISTERS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

PAYMENT = "payment"
HEADING_MOST = 60
"""Characters of a heading that are remembered and shown."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One column that a kind takes: its name, and whether a file must have it: a register's row keeps what a file leaves out."""

    name: str
    is_needed: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of upload: its name, the command that allows it, its columns."""

    name: str
    command: Command
    columns: tuple[Wanted, ...]


KINDS: Mapping[str, Kind] = {
    PAYMENT: Kind(PAYMENT, Command.REGISTER, (Wanted("tki_id", True), Wanted("payment_status", True))),
    **{
        name: Kind(
            name,
            Command.CHANGE_REGISTER,
            tuple(
                Wanted(column.name, column.name in register.key and column.default is None)
                for column in register.columns
            ),
        )
        for name, register in REGISTERS.items()
    },
}
"""Name -> kind: the payments of many TKI, and every register."""

USUAL: Mapping[str, tuple[str, ...]] = {
    "tki_id": ("id", "id tki", "no tki", "nomor tki"),
    "payment_status": ("pembayaran", "status pembayaran", "status bayar", "bayar", "payment"),
    "lsp_code": ("lsp", "kode lsp"),
    "lsp_name": ("nama", "nama lsp"),
    "license_no": ("lisensi", "no lisensi", "nomor lisensi", "siup", "no siup"),
    "tuk_code": ("tuk", "kode tuk"),
    "tuk_name": ("nama", "nama tuk"),
    "city": ("kota", "kabupaten", "kota kabupaten"),
    "capacity_per_day": ("kapasitas", "kapasitas per hari", "kapasitas harian"),
    "capacity": ("kapasitas",),
    "met_no": ("met", "no met", "nomor met", "no reg"),
    "asesor_name": ("nama", "nama asesor", "asesor"),
    "blkln_code": ("blkln", "kode blkln"),
    "blkln_name": ("nama", "nama blkln"),
    "pptkis_name": ("pptkis", "nama pptkis", "nama"),
    "scheme_code": ("skema", "kode skema"),
    "valid_from": ("berlaku dari", "berlaku mulai", "mulai"),
    "valid_until": ("berlaku sampai", "berlaku hingga", "sampai", "kadaluarsa", "masa berlaku"),
    "closed_on": ("tutup", "tanggal tutup"),
    "reason": ("alasan", "keterangan"),
    "station_code": ("stasiun", "kode stasiun"),
    "station_name": ("nama", "nama stasiun"),
    "reader_serial": ("serial", "nomor seri", "nomor seri pembaca"),
    "unit_code": ("unit", "kode unit"),
    "unit_title": ("judul", "judul unit"),
    "position": ("urutan", "nomor"),
}
"""Column -> headings under which it usually comes."""


def plain(heading: object) -> str:
    """Return a heading as it is compared: letters and digits alone, in small letters."""
    return re.sub(r"[^0-9a-z]+", " ", str(heading or "").lower()).strip()


def guess(kind: Kind, heading: Sequence[object], remembered: Mapping[str, str]) -> dict[str, int]:
    """Return column -> place of the heading that is probably meant; a heading is guessed once, a column may have none."""
    places: dict[str, int] = {}
    for place, text in reversed(list(enumerate(heading))):
        places[plain(text)] = place
    places.pop("", None)
    found: dict[str, int] = {}
    for names in (_remembered(remembered), _own, _usual):
        for column in kind.columns:
            known = next((places[name] for name in names(column.name) if name in places), None)
            if column.name not in found and known is not None and known not in found.values():
                found[column.name] = known
    return found


def _remembered(remembered: Mapping[str, str]) -> Callable[[str], tuple[str, ...]]:
    return lambda name: (plain(remembered[name]),) if name in remembered else ()


def _own(name: str) -> tuple[str, ...]:
    return (plain(name),)


def _usual(name: str) -> tuple[str, ...]:
    return USUAL.get(name, ())
