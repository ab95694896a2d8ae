"""The card that a station prints when it makes its keys, read from what was pasted (§8.2; R-041)."""

from __future__ import annotations

import json
from dataclasses import dataclass

from posko.services.station_keys import KEY_BYTES, key_id_of

NAMES = ("station_code", "signing_key", "sealing_key")


@dataclass(frozen=True, slots=True)
class Card:
    """Code of the station and its two public keys, 64 hex digits each."""

    station_code: str
    signing_key: str
    sealing_key: str

    @property
    def key_id(self) -> str:
        """Return the name of the key, which the TUK reads out at the telephone."""
        return key_id_of(bytes.fromhex(self.signing_key))


def read(text: str) -> Card | None:
    """Return the card in a text as `posko station keygen` writes it (card.json), or None where it is none."""
    try:
        told = json.loads(text)
        card = Card(*(told[name].strip() for name in NAMES))
        is_key = all(len(bytes.fromhex(key)) == KEY_BYTES for key in (card.signing_key, card.sealing_key))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    is_plain = card.station_code.isprintable() and 0 < len(card.station_code) <= 40
    return card if is_key and is_plain else None
