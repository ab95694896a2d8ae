"""What left POSKO as a file: who took which list, how filtered, how many rows, and the digest of the file itself (§5.3; R-021).

The rows were read by the list's own act, which asked for role and scope again; this writes down what was made of them, before the file
is given out. What somebody searched for is not written, only that she searched: it may be a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.services import inputs
from posko.services.list_files import MIME
from posko.services.office import act
from posko.services.paging import MOST_ROWS

if TYPE_CHECKING:
    from posko.services.office import Tx

ENTITY = "export"
MOST_FILTERS = 30
VALUE_MOST = 100


def check_size(rows: int) -> None:
    """Refuse a list that is too long for one file.

    Raises:
        Refused: it has more than `MOST_ROWS` rows.
    """
    if rows > MOST_ROWS:
        raise refuse("EXPORT_TOO_LONG", most=f"{MOST_ROWS:,}".replace(",", "."))


@act("list.export", Command.LOGIN)
def note(tx: Tx, *, list_name: str, kind: str, filters: Mapping[str, str | None], rows: int, sha256: str) -> str:
    """Write down that a list leaves as a file, and return the name of the event.

    Args:
        tx: the act.
        list_name: the list.
        kind: csv or xlsx.
        filters: filter -> chosen word or day; None for a searched text.
        rows: lines below the heading.
        sha256: digest of the file, 64 hexadecimal digits.

    Raises:
        Refused: one of them is not what it should be, or the list is too long.
    """
    name = inputs.code(list_name, "Daftar")
    tx.about(ENTITY, name)
    tx.permit()
    kind = inputs.choice(kind, "Jenis berkas", MIME)
    if isinstance(rows, bool) or not isinstance(rows, int) or rows < 0:
        raise refuse("NOT_A_NUMBER", what="Banyak baris")
    check_size(rows)
    told = {"kind": kind, "filters": _filters(filters), "rows": rows, "sha256": inputs.sha256(sha256)}
    return tx.record(ENTITY, name, told)


def _filters(filters: object) -> dict[str, str | bool]:
    if not isinstance(filters, Mapping) or len(filters) > MOST_FILTERS:
        raise refuse("NOT_A_LIST", what="Saringan")
    return {
        inputs.code(name, "Saringan"): True if value is None else inputs.text(value, "Saringan", VALUE_MOST)
        for name, value in filters.items()
    }
