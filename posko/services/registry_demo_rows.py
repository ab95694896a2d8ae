"""Rows of the demo's register: what exists, where, until when, and who is tied to whom (§3.2, §12.5)."""

from __future__ import annotations

import datetime as dt
import math
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from posko.services.registry_calendar import holidays
from posko.services.registry_rules import ANY_BLKLN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

SCHEME = "TLRT"
CHOICES = 3
FALLBACKS = 10
ASESOR_TOTAL = 120
FIRST_DAY = dt.date(2008, 1, 1)
"""Start of most licences: before the oldest record of the Pedoman (2012), so that history can be judged."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TrainingCentre:
    """A BLKLN of the source's table."""

    blkln_code: str
    blkln_name: str
    city: str
    capacity: int | None
    valid_until: dt.date | None


@dataclass(frozen=True, slots=True)
class PlacementCompany:
    """A PPTKIS of the source's table."""

    pptkis_name: str
    license_no: str | None
    valid_until: dt.date | None


CITY_PLACES: dict[str, tuple[float, float, int]] = {
    "JAKARTA TIMUR (KOTA)": (-6.23, 106.90, 7),
    "JAKARTA SELATAN (KOTA)": (-6.28, 106.81, 7),
    "BEKASI (KOTA)": (-6.24, 106.99, 6),
    "TANGERANG (KAB)": (-6.19, 106.49, 5),
    "BOGOR (KAB)": (-6.55, 106.78, 5),
    "SERANG (KAB)": (-6.12, 106.15, 1),
    "SUKABUMI (KAB)": (-6.98, 106.55, 1),
    "CIANJUR (KAB)": (-6.82, 107.14, 1),
    "BANDUNG (KOTA)": (-6.91, 107.61, 1),
    "CIREBON (KAB)": (-6.76, 108.48, 4),
    "INDRAMAYU (KAB)": (-6.33, 108.32, 4),
    "SUBANG (KAB)": (-6.57, 107.76, 1),
    "CILACAP (KAB)": (-7.73, 109.01, 3),
    "SEMARANG (KOTA)": (-6.97, 110.42, 3),
    "KENDAL (KAB)": (-6.92, 110.20, 1),
    "PONOROGO (KAB)": (-7.87, 111.46, 1),
    "MALANG (KAB)": (-8.13, 112.57, 2),
    "BLITAR (KAB)": (-8.10, 112.17, 1),
    "SURABAYA (KOTA)": (-7.25, 112.75, 2),
    "LOMBOK TENGAH (KAB)": (-8.71, 116.27, 1),
    "MATARAM (KOTA)": (-8.58, 116.12, 1),
    "BANDAR LAMPUNG (KOTA)": (-5.43, 105.26, 1),
    "KUPANG (KOTA)": (-10.18, 123.61, 1),
}
"""City -> latitude, longitude in degrees, number of TUK there."""

_LSP_NAMES = ("Cendana", "Kenanga", "Melati", "Mawar", "Anggrek", "Teratai", "Dahlia")
_FIRST = (
    "ADE",
    "BUDI",
    "CITRA",
    "DEWI",
    "EKO",
    "FITRI",
    "GUNAWAN",
    "HESTI",
    "INDRA",
    "JOKO",
    "KARTIKA",
    "LINA",
)
_LAST = (
    "HARTONO",
    "KUSUMA",
    "LESTARI",
    "NUGROHO",
    "PRATIWI",
    "RAHAYU",
    "SANTOSO",
    "SUSANTI",
    "WIBOWO",
    "YULIANTI",
)


def rule_rows(tuk: list[Row], centres: Sequence[TrainingCentre]) -> list[Row]:
    """Return three TUK near each BLKLN, and ten of the largest cities for every other BLKLN (`*`)."""
    rows = []
    for centre in centres:
        near = sorted(tuk, key=lambda site: _nearness(centre, site))
        chosen = near[: CHOICES - 1]
        # The last choice lies in another city, so that a full city spills over.
        chosen.append(next(site for site in near[CHOICES - 1 :] if site["city"] != near[0]["city"]))
        rows += [_rule_row(centre.blkln_code, place, site) for place, site in enumerate(chosen, 1)]
    rows += [_rule_row(ANY_BLKLN, place, site) for place, site in enumerate(tuk[:FALLBACKS], 1)]
    return rows


def _rule_row(blkln_code: str, priority: int, site: Row) -> Row:
    return {"blkln_code": blkln_code, "priority": priority, "tuk_code": site["tuk_code"]}


def _nearness(centre: TrainingCentre, site: Row) -> tuple[int, int]:
    """Order TUK by distance; those of one city by chance, so that the first of a city is not always full."""
    here, there = CITY_PLACES.get(centre.city), CITY_PLACES[site["city"]]
    pair = zlib.crc32(f"{centre.blkln_code}:{site['tuk_code']}".encode())
    if here is None:
        return (0, pair)
    width = math.cos(math.radians(here[0])) * (here[1] - there[1])
    return (round(111 * math.hypot(here[0] - there[0], width)), pair)


def lsp_rows(today: dt.date) -> list[Row]:
    """Return seven LSP; the licence of the last runs out in 20 days."""
    # The last licence runs out soon: a proposal after that day must go elsewhere.
    return [
        {
            "lsp_code": f"LSP{number:02d}",
            "lsp_name": f"LSP TLRT {name}",
            "license_no": f"BNSP-LSP-{900 + number:03d}-ID",
            "valid_from": FIRST_DAY,
            "valid_until": today + dt.timedelta(days=20 if number == len(_LSP_NAMES) else 500 + 90 * number),
        }
        for number, name in enumerate(_LSP_NAMES, 1)
    ]


def tuk_rows(rng: Random, today: dt.date) -> list[Row]:
    """Return 60 TUK; one licence has run out, one does so in 15 days."""
    rows: list[Row] = []
    for city, (_, _, count) in CITY_PLACES.items():
        for number in range(1, count + 1):
            place = city.partition(" (")[0]
            rows.append(
                {
                    "tuk_code": f"TUK-{len(rows) + 1:03d}",
                    "tuk_name": f"TUK TLRT {place} {number}",
                    "city": city,
                    "capacity_per_day": rng.choice((10, 20, 20, 20, 20, 30)),
                    "valid_from": FIRST_DAY,
                    "valid_until": today + dt.timedelta(days=rng.randrange(300, 1500)),
                }
            )
    rows[5]["valid_until"] = today - dt.timedelta(days=30)
    rows[12]["valid_until"] = today + dt.timedelta(days=15)
    return rows


def link_rows(rng: Random, today: dt.date, tuk: list[Row], lsp: list[Row]) -> list[Row]:
    """Return which LSP tests at which TUK: one or two a TUK."""
    rows = []
    for number, site in enumerate(tuk):
        first = number % len(lsp)
        second = (first + rng.randrange(1, len(lsp))) % len(lsp)
        for body in (lsp[first], lsp[second])[: rng.choice((1, 2, 2))]:
            until = min(site["valid_until"], today + dt.timedelta(days=rng.randrange(200, 1200)))
            rows.append(
                {
                    "tuk_code": site["tuk_code"],
                    "lsp_code": body["lsp_code"],
                    "scheme_code": SCHEME,
                    "valid_from": FIRST_DAY,
                    "valid_until": until,
                }
            )
    return rows


def suspension_rows(today: dt.date, tuk: list[Row], lsp: list[Row]) -> list[Row]:
    """Return one running suspension of a TUK and a past one of an LSP."""
    return [
        {
            "party_kind": "TUK",
            "party_code": tuk[2]["tuk_code"],
            "suspended_from": today - dt.timedelta(days=10),
            "suspended_until": today + dt.timedelta(days=18),
            "reason": "Peralatan ujian belum lengkap (temuan surveilans)",
        },
        {
            "party_kind": "LSP",
            "party_code": lsp[3]["lsp_code"],
            "suspended_from": today - dt.timedelta(days=200),
            "suspended_until": today - dt.timedelta(days=110),
            "reason": "Audit lisensi tertunda",
        },
    ]


def centre_row(centre: TrainingCentre) -> Row:
    """Return a BLKLN as the register holds it."""
    return {
        "blkln_code": centre.blkln_code,
        "blkln_name": centre.blkln_name,
        "city": centre.city,
        "capacity": centre.capacity,
        "valid_until": centre.valid_until,
        "closed_on": None,
    }


def company_row(company: PlacementCompany) -> Row:
    """Return a PPTKIS as the register holds it."""
    return {
        "pptkis_name": company.pptkis_name,
        "license_no": company.license_no,
        "valid_until": company.valid_until,
    }


def tie_rows(
    rng: Random,
    tuk: list[Row],
    lsp: list[Row],
    centres: Sequence[TrainingCentre],
    companies: Sequence[PlacementCompany],
) -> list[Row]:
    """Tie some companies to LSP, some centres to the TUK that the rule gives them ("jeruk makan jeruk")."""
    owners = rng.sample(list(companies), min(6, len(companies)))
    tied = [("PPTKIS", owner.pptkis_name, "LSP", rng.choice(lsp)["lsp_code"], "saham") for owner in owners]
    for centre in rng.sample(list(centres), min(6, len(centres))):
        near = min(tuk, key=lambda site: _nearness(centre, site))
        tied.append(("BLKLN", centre.blkln_code, "TUK", near["tuk_code"], "alamat dan pengurus"))
    names = ("party_kind", "party_code", "body_kind", "body_code")
    return [
        {
            **dict(zip(names, tie[:4], strict=True)),
            "valid_from": FIRST_DAY,
            "valid_until": None,
            "evidence": f"Data demo: {tie[4]} yang sama",
        }
        for tie in tied
    ]


def asesor_tables(rng: Random, today: dt.date, lsp: list[Row]) -> list[tuple[str, tuple[str, ...], list[Row]]]:
    """Return the tables of assessors and of their schemes, with keys and rows; one in twenty has run out."""
    people: list[Row] = []
    schemes: list[Row] = []
    for number in range(ASESOR_TOTAL):
        # Every twentieth registration has run out.
        until = today + dt.timedelta(days=-40 if number % 20 == 19 else rng.randrange(60, 1000))
        since = until - dt.timedelta(days=3 * 365)
        dates = {"valid_from": since, "valid_until": until}
        met_no = f"MET.000.{rng.randrange(10) + 10 * (number + 100):06d} {since.year}"
        name = f"{_FIRST[number % len(_FIRST)]} {_LAST[number // len(_FIRST) % len(_LAST)]}"
        body = lsp[number % len(lsp)]["lsp_code"]
        people.append({"met_no": met_no, "asesor_name": name, "lsp_code": body, **dates})
        schemes.append({"met_no": met_no, "scheme_code": SCHEME, **dates})
    return [
        ("asesor", ("met_no",), people),
        ("asesor_scheme", ("met_no", "scheme_code", "valid_from"), schemes),
    ]


def closed_rows(today: dt.date) -> list[Row]:
    """Return the national holidays of this year and the next, closed for every TUK."""
    days = holidays(today.year) | holidays(today.year + 1)
    return [{"closed_on": day, "tuk_code": "*", "reason": name} for day, name in days.items()]
