"""Fingerprint records of the simulated source, and what was planted in its rows and prints (§6.1, R-026).

Alone the simulator sends opaque bytes of the format `SIMULASI`, which stand for a record and say so. Records that a matcher can
read, and prints that are planted to be found, come from whoever passes `Prints`: this package knows no biometrics.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ingest.simulator_faults import faulty_row
from ingest.simulator_load import line_of
from ingest.simulator_people import pedoman_row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ingest.simulator_faults import Fault
    from ingest.simulator_people import Plan

PRINTS_BY_DEFAULT = 5_000
FINGERS = (2, 7)
"""Both index fingers, counted from the right thumb (1) to the left little finger (10)."""
PRINT_FORMAT = "SIMULASI"
PRINT_TARGET = "tki_sidik_jari (id_tki, jari, format, @hex, updated_at) set data = unhex(@hex)"


@dataclass(frozen=True, slots=True)
class Planted:
    """One planted fault as the fault file lists it."""

    id_tki: str
    kind: str
    expected: str
    partner: str | None = None


class Prints(Protocol):
    """What makes readable records."""

    def plant(self, ids: Sequence[str], seed: int) -> list[Planted]:
        """Choose among the TKI without another fault who gets a print that is to be found; called once, before `record`."""
        ...

    def record(self, id_tki: str, finger: int) -> tuple[str, bytes]:
        """Return format and bytes of the record of one finger (1-10)."""
        ...


def print_data(seed: int, number: int, finger: int) -> bytes:
    """Return the reproducible opaque bytes that stand for one fingerprint record."""
    return hashlib.shake_256(f"posko:{seed}:{number}:{finger}".encode()).digest(320 + number % 160)


def without_fault(plan: Plan, faults: dict[int, Fault], limit: int) -> list[str]:
    """Return the ids of those of the first `limit` rows that carry no planted fault, the Pedoman's own left out."""
    return [plan.person(number).tki_id for number in range(min(limit, plan.tki - 1)) if number not in faults]


def print_lines(plan: Plan, faults: dict[int, Fault], limit: int, prints: Prints | None) -> Iterator[str]:
    """Yield the lines of both fingers of the first `limit` TKI; `prints` makes them, or they are opaque."""
    for number in range(limit):
        if number == plan.tki - 1:
            row = pedoman_row()
        elif number in faults:
            row = faulty_row(plan, number, faults[number])
        else:
            row = plan.row(plan.person(number))
        if not (row[0] and row[0].isdecimal()):  # a print under a key that cannot be one proves nothing
            continue
        for finger in FINGERS:
            form, data = (
                prints.record(row[0], finger) if prints else (PRINT_FORMAT, print_data(plan.seed, number, finger))
            )
            yield line_of([row[0], str(finger), form, data.hex(), row[24]])


def write_fault_file(path: Path, planted: list[Planted]) -> None:
    """Write one JSON object a line: `id_tki`, `kind`, `expected`, and `partner` for a pair."""
    with path.open("w", encoding="utf-8") as file:
        for fault in planted:
            entry = {"id_tki": fault.id_tki, "kind": fault.kind, "expected": fault.expected}
            if fault.partner is not None:
                entry["partner"] = fault.partner
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
