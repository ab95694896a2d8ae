"""Stations and units of the demo's register: one reader at each TUK and one at the office, the units of the scheme (§8.2, §13.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.services.registry_demo_rows import FIRST_DAY, SCHEME, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

OFFICE_STATION = "ST-KANTOR"
"""The station at BNSP's office, where staff are enrolled and sign in."""

_UNITS = (
    "Membersihkan ruangan dan perabot rumah tangga",
    "Mencuci dan menyetrika pakaian",
    "Menyiapkan makanan dan minuman",
    "Merawat bayi dan anak",
    "Berkomunikasi dalam bahasa negara tujuan",
    "Menerapkan keselamatan dan kesehatan kerja",
)
"""Invented titles: the units of the scheme of 2012 are not known (requirements section 9.4)."""


def station_code(tuk_code: str) -> str:
    """Return the code of the demo's station at a TUK."""
    return f"ST-{tuk_code}"


def reader_serial(station: str) -> str:
    """Return the serial number of the demo's reader at a station."""
    return f"DEMO-{station}"


def station_rows(tuk: Sequence[Row]) -> list[Row]:
    """Return one station at each TUK and one at the office."""
    places = [(OFFICE_STATION, "Kantor BNSP", None)]
    places += [(station_code(site["tuk_code"]), site["tuk_name"], site["tuk_code"]) for site in tuk]
    return [
        {
            "station_code": code,
            "station_name": name,
            "tuk_code": tuk_code,
            "reader_serial": reader_serial(code),
            "valid_from": FIRST_DAY,
            "valid_until": None,
        }
        for code, name, tuk_code in places
    ]


def unit_rows() -> list[Row]:
    """Return the units of the scheme."""
    return [
        {
            "scheme_code": SCHEME,
            "unit_code": f"{SCHEME}.{number:02d}",
            "unit_title": title,
            "position": number,
            "valid_from": FIRST_DAY,
            "valid_until": None,
        }
        for number, title in enumerate(_UNITS, 1)
    ]
