"""Readable fingerprint records for the simulated source, and prints planted to be found (§6.1; R-026, DV-I05, DV-I06).

    prints = SimulatedPrints()
    simulate(connection, readable=prints, fault_file=path)
    owners = owners_in(path)                    # later, elsewhere: whose finger a TKI puts on a reader
    seed = owners.seed_of("9000017", 2)

A person's fingers are those of her seed: `tki:ID` for a TKI, `staff:NUMBER` for staff, `print:N` for the prints of the repository.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from biometrics import iso19794
from biometrics.synthetic import committed, people
from ingest.simulator import Planted
from ingest.simulator_registers import dice

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

ISO = "ISO19794-2"
TOUCH = "bnp2tki"
"""Name of the touch that BNP2TKI once took."""
EASE = 0.6
"""How hard that touch was: an enrolment is watched, a scan at a door is not."""
QUALITY = 70
FEWEST = 200
"""In a smaller source nothing is planted: every tenth TKI would be a case."""
PAIRS = 2
STAFF = "staff:KONS-001"
STAFF_FINGER = 2
_IMAGE_FORMATS = ("PNG", "WSQ", "BMP")
_COUNT_AT = 27
"""Place of the number of minutiae in a record of one view."""

TWICE, OF_STAFF, CUT, ABSURD, IMAGE = "print_twice", "print_of_staff", "print_cut", "print_absurd_count", "print_image"


@dataclass(frozen=True)
class Owners:
    """Whose finger it really is: (id_tki, finger) -> seed, where it is not her own."""

    others: dict[tuple[str, int], str]

    def seed_of(self, id_tki: str, finger: int) -> str:
        """Return the seed of the person whose finger the TKI puts on a reader."""
        return self.others.get((id_tki, finger), f"tki:{id_tki}")


@dataclass
class SimulatedPrints:
    """Makes the records; give each simulation one of its own."""

    _owners: Owners = field(default_factory=lambda: Owners({}))
    _formats: dict[str, str] = field(default_factory=dict)
    _damaged: dict[str, str] = field(default_factory=dict)

    def plant(self, ids: Sequence[str], seed: int) -> list[Planted]:
        """Choose who shares a finger, whose record is damaged, and whose prints came as images."""
        if len(ids) < FEWEST:
            return []
        chosen = iter(dice(seed, "prints").sample(sorted(ids), 2 * PAIRS + 3 + len(committed.PEOPLE)))
        planted = []
        for _ in range(PAIRS):
            first, second = next(chosen), next(chosen)
            planted.append(Planted(first, TWICE, "print:DV-I05", second))
            planted.append(Planted(second, TWICE, "print:DV-I05", first))
        planted.append(Planted(next(chosen), OF_STAFF, "print:DV-I06", STAFF))
        planted += [Planted(next(chosen), kind, "print:BROKEN") for kind in (CUT, ABSURD)]
        for place, person in enumerate(committed.PEOPLE):
            form = _IMAGE_FORMATS[place % len(_IMAGE_FORMATS)]
            planted.append(Planted(next(chosen), IMAGE, f"print:{form}", person))
        self._owners = owners_of(planted)
        self._damaged = {one.id_tki: one.kind for one in planted if one.kind in (CUT, ABSURD)}
        self._formats = {one.id_tki: one.expected.removeprefix("print:") for one in planted if one.kind == IMAGE}
        return planted

    def record(self, id_tki: str, finger: int) -> tuple[str, bytes]:
        """Return format and bytes of one record; of a damaged person only the first finger is damaged."""
        seed = self._owners.seed_of(id_tki, finger)
        if id_tki in self._formats:
            form = self._formats[id_tki]
            return form, committed.encoded(seed, finger, form)
        touched = people.impression(people.master(seed, finger), f"{TOUCH}:{id_tki}", hard=EASE)
        data = iso19794.write(touched, quality=QUALITY)
        if finger == committed.FINGERS[0] and id_tki in self._damaged:
            return ISO, _damaged(data, self._damaged[id_tki])
        return ISO, data


def owners_of(planted: Iterable[Planted]) -> Owners:
    """Return whose fingers the planted ones are: of a pair, those of the lower number."""
    others: dict[tuple[str, int], str] = {}
    for one in planted:
        if one.partner is None:
            continue
        if one.kind == TWICE and one.partner < one.id_tki:
            others |= {(one.id_tki, finger): f"tki:{one.partner}" for finger in committed.FINGERS}
        elif one.kind == OF_STAFF:
            others[one.id_tki, STAFF_FINGER] = one.partner
        elif one.kind == IMAGE:
            others |= {(one.id_tki, finger): one.partner for finger in committed.FINGERS}
    return Owners(others)


def owners_in(fault_file: Path) -> Owners:
    """Return the same from the fault file of a simulation; without one, everybody's fingers are her own."""
    if not fault_file.exists():
        return Owners({})
    lines = (json.loads(line) for line in fault_file.read_text("utf-8").splitlines())
    return owners_of(Planted(line["id_tki"], line["kind"], line["expected"], line.get("partner")) for line in lines)


def _damaged(data: bytes, kind: str) -> bytes:
    if kind == CUT:
        return data[: len(data) // 2]
    return data[:_COUNT_AT] + b"\xff" + data[_COUNT_AT + 1 :]
