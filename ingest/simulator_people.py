"""One simulated TKI: from (seed, number) to the 25 values of her row (Gambar 5).

Every draw of a person comes from one hash of seed and number, so a row can be made again alone (a planted
pair needs its partner, a repair the row without its fault) and a million rows need no state.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import struct
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TypeVar

from ingest import simulator_names as names
from ingest.simulator_registers import PEDOMAN_PPTKIS, Blkln, Pptkis, dice, make_blkln, make_pptkis

_T = TypeVar("_T")
FIRST_ID = 9_000_000
PEDOMAN_ID = 9_264_729
MIDDLE_EAST_CLOSED = dt.date(2015, 5, 26)
"""Placement of domestic workers in 19 countries of the Middle East ended (Kepmenaker 260/2015)."""
EPOCH = dt.date(1940, 1, 1).toordinal()
LONGEST_TRAINING = 86
_DRAWS = struct.Struct("<32H")
_OPEN_NOW = (*("HONG KONG", "TAIWAN", "MALAYSIA") * 2, "SINGAPORE", "BRUNEI DARUSSALAM")
_OPEN_THEN = (*_OPEN_NOW, "UNITED ARAB EMIRATES", "QATAR", "OMAN", "BAHRAIN")
_MIDDLE_EAST = frozenset(("UNITED ARAB EMIRATES", "QATAR", "OMAN", "BAHRAIN", "SAUDI ARABIA"))
_MONTH_WEIGHT = (0.9, 1.0, 1.1, 0.7, 0.6, 1.1, 1.3, 1.2, 1.1, 1.1, 1.0, 0.8)
"""Seasons: little around Lebaran, most in the months after it."""


@dataclass(slots=True)
class Person:
    """The facts behind one row; days are proleptic ordinals."""

    number: int
    tki_id: str
    name: str
    female: bool
    city: names.City
    born: int
    entered: int
    left: int
    certified: int
    hours: int
    serial: int
    destination: str
    blkln_code: str
    pptkis_name: str
    draws: tuple[int, ...]


def tki_id_of(number: int) -> str:
    """Return the ID TKI of the n-th simulated person; the Pedoman's own is left free."""
    plain = FIRST_ID + number
    return str(plain if plain < PEDOMAN_ID else plain + 1)


def number_of(tki_id: str) -> int:
    """Return the number of a simulated person, the inverse of `tki_id_of`."""
    plain = int(tki_id)
    return plain - FIRST_ID - (plain > PEDOMAN_ID)


def mdy(ordinal: int) -> str:
    """Return the day as BNP2TKI writes it: month/day/year without leading zeros."""
    day = dt.date.fromordinal(ordinal)
    return f"{day.month}/{day.day}/{day.year}"


def training_hours(destination: str, on: dt.date) -> int:
    """Return the hours that the rule of that day asks for (requirements, section 9.1)."""
    if destination in ("HONG KONG", "TAIWAN"):
        return 600
    return 400 if destination in _MIDDLE_EAST and on >= dt.date(2014, 1, 1) else 200


def nik(region: str, born: int, *, female: bool, number: int) -> str:
    """Return a NIK: province and regency, district, DDMMYY with 40 added to a woman's day, serial.

    District and serial together are a permutation of `number`: no two below 989,901 share a NIK.
    """
    district, serial = divmod(number * 7919 % 989_901, 9_999)
    day = dt.date.fromordinal(born)
    return f"{region}{district + 1:02d}{day.day + 40 * female:02d}{day:%m%y}{serial + 1:04d}"


def blkln_certificate_no(certified: int, entered: int, *, serial: int, hours: int) -> str:
    """Return the 31 characters of Gambar 5: AP2, certificate date, nine digits, hours, entry date."""
    return f"AP2{_compact(certified)}{serial:09d}{hours:03d}{_compact(entered)}"


def _compact(ordinal: int) -> str:
    return f"{dt.date.fromordinal(ordinal):%Y%m%d}"


class Plan:
    """What (seed, size, today) decide once for all rows: registers, dates, drawing tables."""

    def __init__(self, seed: int, tki: int, today: dt.date) -> None:
        self.seed = seed
        self.tki = tki
        self.today = today
        self.last = today.toordinal() - 1
        self.span = min(max(round(tki / 300_000 * 365), 180), 8 * 365)
        self._hash = hashlib.blake2b(f"posko:{seed}:".encode(), digest_size=64)
        weights = exit_weights(self.last, self.span)
        self.left_days = _spread(list(range(self.last - self.span + 1, self.last + 1)), weights)
        self.blkln: list[Blkln] = make_blkln(seed, today, busiest=tki * _busiest(weights))
        self.pptkis: list[Pptkis] = make_pptkis(seed, today)
        self.blkln_codes = _spread([row.code for row in self.blkln], [row.weight for row in self.blkln])
        self.pptkis_names = [row.name for row in self.pptkis]
        self.cities = [city for city in names.CITIES for _ in range(city.weight)]
        days = range(EPOCH, self.last + 400)
        self.mdy = [mdy(day) for day in days]
        self.iso = [dt.date.fromordinal(day).isoformat() for day in days]

    def draws(self, number: int) -> tuple[int, ...]:
        """Return the 32 numbers (0-65,535) that decide everything about one person."""
        state = self._hash.copy()
        state.update(number.to_bytes(8, "little"))
        return _DRAWS.unpack(state.digest())

    def person(self, number: int) -> Person:
        """Return the n-th person, without any planted fault."""
        d = self.draws(number)
        return self._trained(number, d, self.left_days[d[0]])

    def _trained(self, number: int, d: tuple[int, ...], left: int) -> Person:
        on = dt.date.fromordinal(left)
        open_for = _OPEN_NOW if on >= MIDDLE_EAST_CLOSED else _OPEN_THEN
        destination = open_for[d[1] * len(open_for) >> 16]
        hours = training_hours(destination, on)
        female = d[2] > 1300
        return Person(
            number=number,
            tki_id=tki_id_of(number),
            name=_name(d, female=female),
            female=female,
            city=self.cities[d[3] * len(self.cities) >> 16],
            born=left - 21 * 366 - (d[4] * 8700 >> 16),
            entered=left + 1 - hours // 8 - d[5] % 11,
            left=left,
            certified=min(left + d[6] % 4, self.last),
            hours=hours,
            serial=100_000_000 + (number * 7919 + 78_053_142) % 900_000_000,
            destination=destination,
            blkln_code=self.blkln_codes[d[7]],
            pptkis_name=self.pptkis_names[d[8] * len(self.pptkis_names) >> 16],
            draws=d,
        )

    def row(self, person: Person) -> list[str | None]:
        """Return the 24 texts of the contract and `updated_at`, in its order."""
        d, days = person.draws, self.mdy
        updated = min(person.certified + d[9] % 3, self.last)
        return [
            person.tki_id,
            person.name,
            person.city.name.partition(" (")[0],
            days[person.born - EPOCH],
            "P" if person.female else "L",
            _MARITAL[d[10] >> 12],
            nik(person.city.code, person.born, female=person.female, number=person.number),
            _address(d),
            person.city.name,
            _RELIGION[d[15] >> 10],
            f"08{d[16] % 90 + 10}{d[17]:05d}{d[18] % 1000:03d}" if d[16] > 20_000 else "",
            f"tki{person.tki_id}@contoh.id" if d[19] < 4_000 else "",
            _EDUCATION[d[20] >> 12],
            "Informal",
            person.destination,
            None,
            None,
            None,
            person.blkln_code,
            blkln_certificate_no(person.certified, person.entered, serial=person.serial, hours=person.hours),
            person.pptkis_name,
            days[person.certified - EPOCH],
            days[person.entered - EPOCH],
            days[person.left - EPOCH],
            f"{self.iso[updated - EPOCH]} {_clock(d)}",
        ]

    def arrival(self, number: int) -> Person:
        """Return a person who finished training on one of the last days, after the first delivery."""
        d = self.draws(number)
        return self._trained(number, d, self.last - d[0] % 4)


def pedoman_row() -> list[str | None]:
    """Return Gambar 5, value for value; empty on the screen is empty text here."""
    return [
        str(PEDOMAN_ID), "KALIAH ETTALA", "TANGERANG", "5/1/1983", "P", "Kawin", "00",
        "KP. TINGGULUH RT./RW. 003/001 DS. TAMBIANG KEC.",
        "TANGERANG (KAB)", "Islam", "", "", "SD", "Informal",
        "UNITED ARAB EMIRATES", "", "", "", "H05AN001", "AP22012052517805314220020120512", PEDOMAN_PPTKIS,
        "5/25/2012", "5/12/2012", "5/25/2012", "2012-05-28 09:15:00.000000",
    ]  # fmt: skip


def respelled(person: Person) -> Person:
    """Return the same person under a name that sounds the same (DV-I04: a second ID TKI for one human)."""
    # Never the first letter of a word nor BINTI itself: both spellings must sound alike to every sound code.
    words = person.name.split()
    for old, new in (("U", "OE"), ("I", "Y"), ("A", "AA"), ("E", "EE"), ("O", "OO")):
        for place, word in enumerate(words):
            if old in word[1:] and word not in _LINKS:
                words[place] = word[0] + word[1:].replace(old, new, 1)
                return replace(person, name=" ".join(words))
    return replace(person, name=f"{person.name} S")


def exit_weights(last: int, span: int) -> list[float]:
    """Return how many leave training on each day of the span: more lately, by season, none on Sundays."""
    weights = []
    for day in range(last - span + 1, last + 1):
        on = dt.date.fromordinal(day)
        weekday = (1.0, 1.0, 1.0, 1.0, 1.2, 0.6, 0.0)[on.weekday()]
        weights.append(math.exp((day - last) / (span / 2.5)) * _MONTH_WEIGHT[on.month - 1] * weekday)
    return weights


def _busiest(weights: list[float]) -> float:
    """Return the largest share of all trainees that is in training on one day."""
    sums = [0.0, *accumulate(weights)]
    windows = (sums[min(i + LONGEST_TRAINING, len(weights))] - sums[i] for i in range(len(weights)))
    return max(windows) / sums[-1]


def _spread(values: list[_T], weights: list[float] | list[int]) -> list[_T]:
    """Return 65,536 entries, each value as often as its weight says: one draw of 16 bits picks."""
    return dice(0, "spread").choices(values, weights, k=65_536)


def _clock(d: tuple[int, ...]) -> str:
    return f"{8 + d[21] % 10:02d}:{d[22] % 60:02d}:{d[23] % 60:02d}.{d[24] * 15:06d}"


def _name(d: tuple[int, ...], *, female: bool) -> str:
    given = names.WOMEN if female else names.MEN
    parts = [given[d[25] * len(given) >> 16]]
    if d[26] > 15_000:
        parts.append(given[d[26] * len(given) >> 16])
    father = names.FATHERS[d[27] * len(names.FATHERS) >> 16]
    link = ("BT", "BT", "BT", "BINTI", "") if female else ("BIN", "BIN", "")
    parts += [link[d[28] % len(link)], father]
    if d[28] > 50_000:
        parts.append(names.FATHERS[d[29] * len(names.FATHERS) >> 16])
    return " ".join(part for part in parts if part)


def _address(d: tuple[int, ...]) -> str:
    places = names.VILLAGES
    village, office = places[d[11] * len(places) >> 16], places[d[12] * len(places) >> 16]
    district = places[d[13] * len(places) >> 16]
    return f"KP. {village} RT./RW. {d[14] % 12 + 1:03d}/{d[30] % 9 + 1:03d} DS. {office} KEC. {district}"


_LINKS = frozenset(("BT", "BINTI", "BIN"))
_MARITAL = ("Kawin",) * 8 + ("Belum Kawin",) * 5 + ("Cerai",) * 3
_RELIGION = ("Islam",) * 60 + ("Kristen", "Katolik", "Hindu", "Budha")
_EDUCATION = ("SD",) * 6 + ("SMP",) * 6 + ("SMA",) * 4
