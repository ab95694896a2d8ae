"""A simulated BNP2TKI source: the contract's tables with plausible TKI and planted faults (§10.2, §12.1).

The same seed, size and day give the same tables, byte for byte. Rows of TKI come from `simulator_people`,
their planted faults from `simulator_faults`; what happens to the source afterwards (corrections, arrivals,
deletions) is `simulator_mutate`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ingest.simulator_faults import Fault, faulty_row, place_faults
from ingest.simulator_load import TKI_TARGET, line_of, load, plain_line_of
from ingest.simulator_mutate import Mutated, mutate
from ingest.simulator_people import PEDOMAN_ID, Plan, pedoman_row
from ingest.simulator_prints import (
    PRINT_TARGET,
    PRINTS_BY_DEFAULT,
    Planted,
    Prints,
    print_data,
    print_lines,
    without_fault,
    write_fault_file,
)
from ingest.simulator_registers import expired_blkln, small_blkln
from ingest.simulator_schema import MARKER, TABLES
from posko.domain.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pymysql.connections import Connection

__all__ = [
    "Mutated", "Planted", "Prints", "Simulated", "SourceNotOurs", "mutate", "print_data", "simulate", "write_fault_file",
]  # fmt: skip

DEFAULT_FAULT_SHARE = 0.08
PEDOMAN_EXPECTED = "finding:DV-E03+DV-E04+DV-I01"


class SourceNotOurs(BadInput):
    """The source already holds rows that the simulator did not make."""

    def __init__(self, tables: list[str]) -> None:
        super().__init__(
            f"Tabel sumber {', '.join(tables)} sudah berisi baris yang bukan buatan simulator, "
            "jadi tidak disentuh. Pakai --replace bila memang harus diganti."
        )
        self.tables = tables


@dataclass(frozen=True, slots=True)
class Simulated:
    """What one simulation wrote: rows per table and the planted faults."""

    seed: int
    today: dt.date
    tki: int
    blkln: int
    pptkis: int
    prints: int
    planted: list[Planted] = field(repr=False)

    @property
    def by_expectation(self) -> dict[str, int]:
        """Planted faults counted by what must become of them."""
        return dict(sorted(Counter(fault.expected for fault in self.planted).items()))


def simulate(
    connection: Connection[Any],
    *,
    tki: int = 5_000,
    seed: int = 1,
    today: dt.date | None = None,
    fault_share: float = DEFAULT_FAULT_SHARE,
    prints: int | None = None,
    readable: Prints | None = None,
    fault_file: Path | None = None,
    replace: bool = False,
) -> Simulated:
    """Create the source tables of the contract in the connection's database and fill them.

    Args:
        connection: to the source database, opened with `local_infile`; commits by itself (DDL does anyway).
        tki: rows of `tki_tlrt`, the Pedoman's own record of Gambar 5 included.
        seed: of everything drawn.
        today: the last training ends the day before; default today, UTC. No other clock plays a part.
        fault_share: part of the rows with one planted fault each.
        prints: how many TKI get two fingerprints; default all, and at most the first 5,000.
        readable: makes their records; default opaque bytes, which no matcher can read.
        fault_file: JSON lines of the planted faults (`id_tki`, `kind`, `expected`).
        replace: drop the source tables even when others filled them.

    Raises:
        SourceNotOurs: the tables hold rows that the simulator did not make, and `replace` is off.
        BadInput: `tki` is not positive.
        ValueError: the server altered a value.
    """
    if tki < 1:
        raise BadInput("Simulasi memerlukan paling sedikit satu TKI.")
    if not replace:
        refuse_foreign_rows(connection)
    plan = Plan(seed, tki, today or dt.datetime.now(dt.UTC).date())
    faults = place_faults(plan, fault_share)
    _create_tables(connection)
    loaded = load(connection, TKI_TARGET, _tki_lines(plan, faults))
    centres, companies = _load_registers(connection, plan, faults)
    limit = _print_limit(prints, tki)
    found_by_print = readable.plant(without_fault(plan, faults, limit), seed) if readable else []
    printed = load(connection, PRINT_TARGET, print_lines(plan, faults, limit, readable))
    _mark(connection, plan, fault_share, loaded)
    planted = [*planted_faults(plan, faults), *found_by_print]
    if fault_file is not None:
        write_fault_file(fault_file, planted)
    return Simulated(seed, plan.today, loaded, centres, companies, printed, planted)


def refuse_foreign_rows(connection: Connection[Any]) -> None:
    """Raise `SourceNotOurs` when the contract's tables hold more than the simulator's marker accounts for."""
    with connection.cursor() as cursor:
        cursor.execute("select table_name from information_schema.tables where table_schema = database()")
        present = {str(row[0]) for row in cursor.fetchall()}
        ours = None
        if MARKER in present:
            cursor.execute(f"select row_total from {MARKER}")
            ours = cursor.fetchone()
        foreign = []
        for table in sorted(present & TABLES.keys() - {MARKER, "hasil_uji", "hasil_uji_konfirmasi"}):
            cursor.execute(f"select count(*) from {table}")
            counted = int((cursor.fetchone() or [0])[0])
            if counted and (ours is None or (table == "tki_tlrt" and counted > int(ours[0]))):
                foreign.append(table)
    if foreign:
        raise SourceNotOurs(foreign)


def planted_faults(plan: Plan, faults: dict[int, Fault]) -> list[Planted]:
    """Return the planted faults under the ids as sent, in the order of the rows, Gambar 5 last."""
    ids = {number: str(faulty_row(plan, number, fault)[0]) for number, fault in faults.items()}
    planted = [
        Planted(ids[number], fault.kind, fault.expected, None if fault.partner is None else ids[fault.partner])
        for number, fault in sorted(faults.items())
    ]
    return [*planted, Planted(str(PEDOMAN_ID), "gambar_5", PEDOMAN_EXPECTED)]


def _create_tables(connection: Connection[Any]) -> None:
    with connection.cursor() as cursor:
        for table, ddl in TABLES.items():
            cursor.execute(f"drop table if exists {table}")
            cursor.execute(ddl)
        cursor.execute("show warnings")
    connection.commit()


def _tki_lines(plan: Plan, faults: dict[int, Fault]) -> Iterator[str]:
    for number in range(plan.tki - 1):
        fault = faults.get(number)
        if fault is None:
            yield plain_line_of(plan.row(plan.person(number)))
        else:
            yield line_of(faulty_row(plan, number, fault))
    yield line_of(pedoman_row())


def _print_limit(prints: int | None, tki: int) -> int:
    return min(tki, PRINTS_BY_DEFAULT if prints is None else prints)


def _load_registers(connection: Connection[Any], plan: Plan, faults: dict[int, Fault]) -> tuple[int, int]:
    crowd = sum(fault.kind == "blkln_over_capacity" for fault in faults.values())
    first_day = plan.today - dt.timedelta(days=plan.span)
    centres = [*plan.blkln, expired_blkln(first_day), small_blkln(crowd, plan.today)]
    stamp = f"{plan.today - dt.timedelta(days=1)} 06:00:00.000000"
    blkln = [
        line_of([row.code, row.name, row.city, str(row.capacity), _mdy(row.valid_until), stamp]) for row in centres
    ]
    pptkis = [line_of([row.name, row.license_no, _mdy(row.valid_until), stamp]) for row in plan.pptkis]
    return (
        load(connection, "blkln (kode_blkln, nama, kota, kapasitas, berlaku_sampai, updated_at)", blkln),
        load(connection, "pptkis (nama_pptkis, no_siup, berlaku_sampai, updated_at)", pptkis),
    )


def _mdy(day: dt.date) -> str:
    return f"{day.month}/{day.day}/{day.year}"


def _mark(connection: Connection[Any], plan: Plan, fault_share: float, rows: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {MARKER} values (%s, %s, %s, %s, %s, %s, 0)",
            (plan.seed, plan.tki, plan.today, fault_share, plan.tki - 1, rows),
        )
    connection.commit()
