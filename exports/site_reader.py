"""Looks a result up in the files of the public site, as its script does in a browser (§14.1; R-160)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from exports.site_address import address_of, open_text
from exports.site_folder import EMPTY, NAME, place_of

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path


def site_words(public: Path) -> dict[str, Any] | None:
    """Return what the pages need to show a result (`garam`, `lsp`, `tuk`); None where no site was published."""
    try:
        told: dict[str, Any] = json.loads((public / "situs.json").read_bytes())
    except FileNotFoundError:
        return None
    return told


def look_up(public: Path, salt: str, tki_id: str, born_on: dt.date) -> list[list[Any]]:
    """Return the results of a person as `exports.site.shown` made them; none for whoever is not in it.

    Raises:
        OSError: the site was switched twice meanwhile; ask again.
        cryptography.exceptions.InvalidTag: a file was altered.
    """
    address = address_of(tki_id, born_on, salt)
    group, at = place_of(address.shard)
    name = (public / "indeks" / f"{group:02x}").read_bytes()[at : at + NAME]
    if name == EMPTY:
        return []
    shown = name.hex()
    text = open_text(address, (public / "isi" / shown[:2] / shown).read_bytes())
    found: list[list[Any]] = [] if text is None else json.loads(text)
    return found
