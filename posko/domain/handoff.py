"""The hops over which a TKI's row is handed from one body to the next, and what each carries (F08, R-082, R-167, R-182).

BNP2TKI -> BNSP server at BNP2TKI -> BNSP -> Konsorsium -> BNSP -> LSP and TUK -> LSP -> BNSP -> BNSP server at BNP2TKI -> BNP2TKI.
The first two are pulled by `ingest`; their lines are written when the rows go on to the Konsorsium. An allocation that BNSP found
unbalanced and the Konsorsium withdrew goes back over a hop of its own, so that what was sent stays in the ledger.
"""

from __future__ import annotations

from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Hop(StrEnum):
    """One hop, in the order of the Pedoman; the value is what the database holds."""

    BNP2TKI_TO_RELAY = "BNP2TKI_TO_RELAY"
    RELAY_TO_BNSP = "RELAY_TO_BNSP"
    BNSP_TO_KONSORSIUM = "BNSP_TO_KONSORSIUM"
    KONSORSIUM_TO_BNSP = "KONSORSIUM_TO_BNSP"
    BNSP_BACK_TO_KONSORSIUM = "BNSP_BACK_TO_KONSORSIUM"
    BNSP_TO_LSP = "BNSP_TO_LSP"
    BNSP_TO_TUK = "BNSP_TO_TUK"
    TUK_TO_LSP = "TUK_TO_LSP"
    LSP_TO_BNSP = "LSP_TO_BNSP"
    BNSP_TO_RELAY = "BNSP_TO_RELAY"
    RELAY_TO_BNP2TKI = "RELAY_TO_BNP2TKI"


HOP_LABELS: Mapping[Hop, str] = {
    Hop.BNP2TKI_TO_RELAY: "BNP2TKI -> server BNSP di BNP2TKI (12.1)",
    Hop.RELAY_TO_BNSP: "server BNSP di BNP2TKI -> BNSP (12.2)",
    Hop.BNSP_TO_KONSORSIUM: "BNSP -> Konsorsium (12.3-12.4)",
    Hop.KONSORSIUM_TO_BNSP: "Konsorsium -> BNSP (12.6-12.7)",
    Hop.BNSP_BACK_TO_KONSORSIUM: "BNSP -> Konsorsium, alokasi yang ditarik kembali (12.8)",
    Hop.BNSP_TO_LSP: "BNSP -> LSP (12.9-12.11)",
    Hop.BNSP_TO_TUK: "BNSP -> TUK (12.9-12.11)",
    Hop.TUK_TO_LSP: "TUK dan asesor -> LSP (13.8-13.9)",
    Hop.LSP_TO_BNSP: "LSP -> BNSP (13.13-13.14)",
    Hop.BNSP_TO_RELAY: "BNSP -> server BNSP di BNP2TKI (14.3-14.4)",
    Hop.RELAY_TO_BNP2TKI: "server BNSP di BNP2TKI -> BNP2TKI (14.4-14.5)",
}
"""Hop -> name on the screen, with its paragraphs."""


def row_hash(fields: Sequence[object]) -> bytes:
    """Return SHA-256 of one row as handed over; each field with its length, so that no two rows share a text. None is not ''."""
    parts = ("-" if field is None else f"{len(str(field))}:{field}" for field in fields)
    return sha256("\x1f".join(parts).encode()).digest()


def batch_hash(hashes: Iterable[bytes]) -> bytes:
    """Return SHA-256 over the hashes of a batch's rows in ascending order, so that the order of the rows does not matter."""
    return sha256(b"".join(sorted(hashes))).digest()
