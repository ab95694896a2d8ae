"""The registers of the simulated year: LSP, TUK, assessors, staff, stations, the rule of each BLKLN, holidays, ties (§3.2, §12.5).

All licences are in force the whole year, but for one suspension that the schedule respects; whoever is tied to an LSP by ownership is
tested elsewhere. What is wrong in a register is planted later.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from apps.fraud.year_plan import SEATS, Bodies, Place
from ingest.simulator_registers import dice
from posko.services.registry_calendar import holidays
from posko.services.registry_demo_rows import CITY_PLACES, FIRST_DAY, SCHEME
from posko.services.registry_demo_sites import OFFICE_STATION, reader_serial, station_code, unit_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

FULL_YEAR = 300_000
UNTIL = dt.date(2035, 12, 31)
FIRST_SHARE = (0.8, 0.15, 0.05)
"""How many of a BLKLN's TKI go to the first, second and third TUK of its rule."""
OFFICERS = {
    "BNSP-001": "SUPER", "BNSP-002": "SUPER", "BNSP-003": "BNSP", "BNSP-004": "BNSP", "KONS-001": "KONSORSIUM", "AUDIT-001": "AUDITOR",
}  # fmt: skip
_NAMES = ("ADE", "BUDI", "CITRA", "DEWI", "EKO", "FITRI", "GUNAWAN", "HESTI", "INDRA", "JOKO", "KARTIKA", "LINA")


@dataclass(frozen=True)
class Scale:
    """How many bodies a year of so many TKI has; a full year has 7 LSP, 60 TUK and 300 assessors."""

    lsp: int
    tuk: int
    asesor: int

    @classmethod
    def of(cls, tki: int) -> Scale:
        """Return the scale of a year."""
        share = min(tki / FULL_YEAR, 1.0)
        return cls(7 if share > 0.05 else 3, max(round(60 * share), 6), max(round(300 * share), 18))


@dataclass(frozen=True)
class Registers:
    """Codes by index, the numbers of the assessors as staff, and what the plan needs."""

    lsp: list[str]
    tuk: list[str]
    asesor: list[str]
    asesor_person: list[str]
    blkln: list[str]
    pptkis: list[str]
    bodies: Bodies


def fill_registers(db: sa.Connection, *, tki: int, seed: int, today: dt.date, weights: Mapping[str, int]) -> Registers:
    """Write the registers of the year and return them.

    Args:
        db: administrator; staging is filled.
        tki: TKI of the year.
        seed: of everything drawn.
        today: last day of the year.
        weights: BLKLN -> TKI that it sends.
    """
    rng, scale = dice(seed, "tahun"), Scale.of(tki)
    pptkis = [str(name) for (name,) in db.execute(sa.text(_PPTKIS))]
    sites = _rule(weights, scale.tuk)
    places, of_tuk = _places(rng, scale)
    suspended, days = scale.tuk // 2, [today - dt.timedelta(days=days) for days in range(150, 140, -1)]
    made = Registers(
        lsp=[f"LSP{number:02d}" for number in range(1, scale.lsp + 1)],
        tuk=[f"TUK-{number:03d}" for number in range(1, scale.tuk + 1)],
        asesor=[f"MET.000.{100_000 + number:06d} 2023" for number in range(scale.asesor)],
        asesor_person=[f"AS-{number + 1:04d}" for number in range(scale.asesor)],
        blkln=sorted(weights),
        pptkis=pptkis,
        bodies=Bodies(
            places=places,
            asesor_lsp=np.arange(scale.asesor) % scale.lsp,
            choices=[[of_tuk[site] for site in sites[code]] for code in sorted(weights)],
            tied=frozenset((rng.randrange(len(pptkis)), rng.randrange(scale.lsp)) for _ in range(6)),
            closed=frozenset((suspended, day.toordinal()) for day in days),
        ),
    )
    _write_bodies(db, made)
    _write_rules(db, made, sites, today)
    out = {"party_code": made.tuk[suspended], "suspended_from": days[0], "suspended_until": days[-1]}
    _write(db, "suspension", [{"party_kind": "TUK", "reason": "Peralatan uji diperbaiki", **out}])
    for statement in _COPIED:
        db.execute(sa.text(statement))
    return made


def _write_bodies(db: sa.Connection, made: Registers) -> None:
    """Write who there is: bodies, people, readers."""
    cities, lsp_of = list(CITY_PLACES), made.bodies.asesor_lsp
    _write(
        db,
        "lsp",
        [_licensed("lsp", code, n, license_no=f"BNSP-LSP-{900 + n}-ID") for n, code in enumerate(made.lsp, 1)],
    )
    sizes = {"capacity_per_day": 2 * SEATS}
    _write(
        db,
        "tuk",
        [_licensed("tuk", code, n, city=cities[n % len(cities)], **sizes) for n, code in enumerate(made.tuk, 1)],
    )
    names = [f"{_NAMES[n % 12]} {_NAMES[n // 12 % 12]} {n + 1}" for n in range(len(made.asesor))]
    _write(
        db,
        "asesor",
        [_dated(met_no=met, asesor_name=names[n], lsp_code=made.lsp[lsp_of[n]]) for n, met in enumerate(made.asesor)],
    )
    _write(db, "asesor_scheme", [_dated(met_no=met, scheme_code=SCHEME) for met in made.asesor])
    _write(db, "staff", _staff(made))
    _write(db, "station", _stations(made.tuk))


def _write_rules(db: sa.Connection, made: Registers, sites: Mapping[str, list[int]], today: dt.date) -> None:
    """Write what the allocation goes by: links, units, the rule, closed days, ties."""
    pairs = [(made.tuk[one.tuk], made.lsp[one.lsp]) for one in made.bodies.places]
    _write(db, "tuk_lsp", [_dated(tuk_code=tuk, lsp_code=lsp, scheme_code=SCHEME) for tuk, lsp in pairs])
    _write(db, "scheme_unit", unit_rows())
    rule = [(code, place, site) for code, chosen in sites.items() for place, site in enumerate(chosen, 1)]
    _write(
        db,
        "blkln_tuk_rule",
        [{"blkln_code": code, "priority": place, "tuk_code": made.tuk[site]} for code, place, site in rule],
    )
    days = [(day, why) for year in range(today.year - 2, today.year + 2) for day, why in holidays(year).items()]
    _write(db, "closed_day", [{"closed_on": day, "tuk_code": "*", "reason": why} for day, why in days])
    ties = [(made.pptkis[company], made.lsp[body]) for company, body in sorted(made.bodies.tied)]
    shared = {
        "party_kind": "PPTKIS",
        "body_kind": "LSP",
        "valid_from": FIRST_DAY,
        "evidence": "Simulasi: saham yang sama",
    }
    _write(db, "ownership_tie", [{**shared, "party_code": company, "body_code": body} for company, body in ties])


_PPTKIS = "select nama_pptkis from posko_staging.pptkis order by 1"
_COPIED = (
    """insert ignore into posko.blkln (blkln_code, blkln_name, city, capacity, valid_until)
        select kode_blkln, nama, kota, kapasitas_int, berlaku_sampai_date from posko_staging.blkln""",
    """insert ignore into posko.pptkis (pptkis_name, license_no, valid_until)
        select nama_pptkis, no_siup, berlaku_sampai_date from posko_staging.pptkis""",
)


def _rule(weights: Mapping[str, int], tuk: int) -> dict[str, list[int]]:
    """Give each BLKLN three TUK so that the year's load is even: the largest first, each to who has least."""
    load = [0.0] * tuk
    chosen: dict[str, list[int]] = {}
    for code in sorted(weights, key=lambda one: (-weights[one], one)):
        own: list[int] = []
        for share in FIRST_SHARE:
            site = min((one for one in range(tuk) if one not in own), key=lambda one: load[one])
            load[site] += share * weights[code]
            own.append(site)
        chosen[code] = own
    return chosen


def _places(rng: Random, scale: Scale) -> tuple[list[Place], list[list[int]]]:
    """Return the places, two LSP at each TUK, and the places of each TUK."""
    places: list[Place] = []
    of_tuk: list[list[int]] = []
    for site in range(scale.tuk):
        first = site % scale.lsp
        second = (first + 1 + rng.randrange(scale.lsp - 1)) % scale.lsp
        of_tuk.append([len(places), len(places) + 1])
        places += [Place(site, first), Place(site, second)]
    return places, of_tuk


def _staff(made: Registers) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [{"person_id": who, "role": role} for who, role in OFFICERS.items()]
    rows += [{"person_id": f"ADM-{code}", "role": "LSP", "lsp_code": code} for code in made.lsp]
    rows += [{"person_id": f"ADM-{code}", "role": "TUK", "tuk_code": code} for code in made.tuk]
    asesor = zip(made.asesor_person, made.asesor, strict=True)
    rows += [{"person_id": who, "role": "ASESOR", "met_no": met} for who, met in asesor]
    shared = {"lsp_code": None, "tuk_code": None, "met_no": None, "state": "ACTIVE", "enrolled_at": dt.date(2020, 1, 1)}
    return [{**shared, "full_name": f"Petugas {row['person_id']}", **row} for row in rows]


def _stations(tuk: Sequence[str]) -> list[dict[str, Any]]:
    places = [(OFFICE_STATION, None), *((station_code(code), code) for code in tuk)]
    return [
        {"station_code": code, "station_name": code, "tuk_code": where, "reader_serial": reader_serial(code), "valid_from": FIRST_DAY}
        for code, where in places
    ]  # fmt: skip


def _licensed(kind: str, code: str, number: int, **more: Any) -> dict[str, Any]:
    return _dated(**{f"{kind}_code": code, f"{kind}_name": f"{kind.upper()} Simulasi {number}"}, **more)


def _dated(**values: Any) -> dict[str, Any]:
    return {**values, "valid_from": FIRST_DAY, "valid_until": UNTIL}


def _write(db: sa.Connection, name: str, rows: list[dict[str, Any]]) -> None:
    table = sa.table(name, *(sa.column(column) for column in rows[0]), schema="posko")
    db.execute(sa.insert(table), rows)
