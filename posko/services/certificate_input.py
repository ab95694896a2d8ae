"""What a person types for a decision or a certificate, checked before anything is looked up or written (R-135..R-138, R-186)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.refusals import refuse
from posko.services import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posko.services.rows import Row

LARGEST_ID = 2**63 - 1


def reason_of(value: object) -> str:
    """Return the reason of an act.

    Raises:
        Refused: as `posko.services.plain.text`.
    """
    return plain.text("Alasan", value)


def id_of(value: object, what: str) -> int:
    """Return the number of a row.

    Raises:
        Refused: it is no whole number above nothing.
    """
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= LARGEST_ID:
        raise refuse("NOT_A_NUMBER", what=what)
    return value


def lsp_of(row: Row | None) -> str | None:
    """Return the LSP to which a row belongs; what is not there is nobody's, so that no stranger learns which it is."""
    return None if row is None else str(row["lsp_code"])


def by_journey(value: object, what: str) -> Mapping[int, object]:
    """Return what was said of single participants: their number -> anything.

    Raises:
        Refused: it is no such table.
    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise refuse("NOT_A_LIST", what=what)
    return {id_of(key, "Nomor peserta"): said for key, said in value.items()}
