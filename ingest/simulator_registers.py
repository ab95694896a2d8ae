"""BLKLN and PPTKIS of the simulated source (§10.1: the data comes from the BLK that trained the TKI).

H05AN001 is the Pedoman's own (Gambar 5). Two exist only for planted faults: one whose licence ended before
the first graduate, and one far too small for its trainees.
"""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import NamedTuple

from ingest.simulator_names import COMPANY_WORDS, TRAINING_CITIES

PEDOMAN_BLKLN = "H05AN001"
PEDOMAN_PPTKIS = "DUTA ANANDA SETIA"
EXPIRED_BLKLN = "H09ZK998"
SMALL_BLKLN = "H09ZK999"
UNKNOWN_BLKLN = "H99XX404"
"""Well formed and on no register (DV-E05)."""


class Blkln(NamedTuple):
    """One training centre; `weight` is its share of the trainees, in parts of the sum of all weights."""

    code: str
    name: str
    city: str
    weight: int
    capacity: int
    valid_until: dt.date


class Pptkis(NamedTuple):
    """One placement company with its SIUP licence."""

    name: str
    license_no: str
    valid_until: dt.date


def dice(seed: int, purpose: str) -> Random:
    """Return the generator of one purpose; purposes do not disturb one another."""
    return Random(f"{seed}:{purpose}")  # noqa: S311 - a simulation, nothing secret


def company_names(rng: Random, count: int) -> list[str]:
    """Return `count` different names of two or three words."""
    names: dict[str, None] = {PEDOMAN_PPTKIS: None}
    while len(names) < count:
        names[" ".join(rng.sample(COMPANY_WORDS, rng.choice((2, 3, 3))))] = None
    return list(names)


def make_pptkis(seed: int, today: dt.date, count: int = 120) -> list[Pptkis]:
    """Return the placement companies, the Pedoman's own first; all licences outlive `today`."""
    rng = dice(seed, "pptkis")
    return [
        Pptkis(name, f"{rng.randrange(100, 999)}/MEN/{rng.randrange(2004, 2012)}", _later(rng, today))
        for name in company_names(rng, count)
    ]


def make_blkln(seed: int, today: dt.date, *, busiest: float, count: int = 150) -> list[Blkln]:
    """Return the training centres with licensed places that regular intake never exceeds.

    Args:
        seed: of the simulation.
        today: the simulation's day.
        busiest: trainees of all centres together on the busiest day.
        count: number of centres, the Pedoman's own first.
    """
    rng = dice(seed, "blkln")
    weights = [rng.choice((1, 2, 2, 3, 3, 4, 6)) for _ in range(count)]
    names = company_names(rng, count)
    found = []
    for number, (name, weight) in enumerate(zip(names, weights, strict=True)):
        code = PEDOMAN_BLKLN if number == 0 else f"H{number % 33 + 1:02d}{_letters(rng)}{number + 1:03d}"
        places = _places(busiest * weight / sum(weights))
        found.append(Blkln(code, f"BLKLN {name}", _city(rng), weight, places, _later(rng, today)))
    return found


def small_blkln(trainees: int, today: dt.date) -> Blkln:
    """Return the centre whose licensed places cannot hold its `trainees` (DV-E08)."""
    valid_until = today + dt.timedelta(days=700)
    return Blkln(SMALL_BLKLN, "BLKLN RUMAH SEMPIT", TRAINING_CITIES[2], 0, min(trainees // 2, 20), valid_until)


def expired_blkln(first_day: dt.date) -> Blkln:
    """Return the centre whose licence ended a year before anybody's training did (DV-E05)."""
    valid_until = first_day - dt.timedelta(days=365)
    return Blkln(EXPIRED_BLKLN, "BLKLN IZIN LAMA", TRAINING_CITIES[0], 0, 5000, valid_until)


def _places(expected: float) -> int:
    """Round up to tens, five standard deviations above what a busy day brings."""
    return int((expected + 5 * expected**0.5) // 10 + 2) * 10


def _letters(rng: Random) -> str:
    return "".join(rng.choice("ABCDEFGHJKLMNPRSTUVW") for _ in range(2))


def _city(rng: Random) -> str:
    return TRAINING_CITIES[min(rng.randrange(len(TRAINING_CITIES)), rng.randrange(len(TRAINING_CITIES)))]


def _later(rng: Random, today: dt.date) -> dt.date:
    return today + dt.timedelta(days=rng.randrange(400, 1800))
