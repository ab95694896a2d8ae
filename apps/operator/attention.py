"""Counts of the first page that are not TKI who wait: packages, batches, sessions, returns; each leads to where it is done (R-008)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.operator.list_address import address_of
from apps.operator.menu import BY_PATH
from apps.operator.messages import t
from posko.services import screen_attention

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posko.services.office import Desk

DONE_ON: Mapping[str, tuple[str, str]] = {
    "packages": ("terima", address_of("terima", "terima", keadaan="OPEN")),
    "packages_refused": ("kembali", address_of("kembali", "terbuka", jenis="HANDOFF")),
    "unbalanced": ("kirim", "/kirim"),
    "lapsed": ("asesor-pengganti", address_of("asesor-pengganti", "pengganti", tanda="ya")),
    "cases_overdue": ("kasus", address_of("kasus", "kasus", age="OVERDUE")),
    "duplicates": ("duplikat", address_of("duplikat", "duplikat", state="WAITING")),
    "appeals": ("banding", address_of("banding", "banding", state="OPEN")),
    "stopped": ("publikasi", "/publikasi"),
    "held_by_case": ("publikasi", address_of("publikasi", "ditahan", oleh="CASE")),
    "returns_different": ("kembali", address_of("kembali", "baris", keadaan="DIFFERENT")),
    "returns_overdue": ("kembali", address_of("kembali", "baris", keadaan="OVERDUE")),
    "behalf": ("atas-nama", "/atas-nama"),
}
"""Name of a count -> the page on which it is done, and the address that shows just those."""


def counts(desk: Desk) -> tuple[list[tuple[int, str]], dict[str, str]]:
    """Return counts with their labels, and label -> address below `/` where the role may open the page."""
    found = desk.do(screen_attention.attention)
    role = desk.by.role if desk.by else None
    rows = [(count, t(f"attention.{name}")) for name, count in found.items()]
    addresses = {
        t(f"attention.{name}"): DONE_ON[name][1].removeprefix("/")
        for name in found
        if role is not None and BY_PATH[DONE_ON[name][0]].is_open_to(role)
    }
    return rows, addresses
