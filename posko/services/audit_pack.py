"""Who takes an auditor's pack of a period, and what it was: two events of the log around the long work of making it (§5.7; R-025).

The pack itself bears neither time nor name, so that the same data give the same file; this log tells of both, with its SHA-256.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.services import inputs
from posko.services.audit_pack_rows import Period
from posko.services.office import act

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posko.services.office import Tx

ENTITY, KEY = "audit", "pack"
LONGEST_DAYS = 3_660
"""Days of one pack: ten years."""


@act("audit.pack", Command.EXPORT_AUDIT)
def begin(tx: Tx, *, first: object, last: object) -> Period:
    """Let an auditor, or BNSP for one, begin a pack of these days; return the period.

    Args:
        tx: the act.
        first: first day in western Indonesia.
        last: last day, with.

    Raises:
        Refused: no days, in the wrong order or too many, or the role takes no packs.
    """
    tx.about(ENTITY, KEY)
    tx.permit()
    period = Period(inputs.day(first, "Tanggal awal"), inputs.day(last, "Tanggal akhir"))
    if period.last < period.first:
        raise refuse("DATES_REVERSED")
    if (period.last - period.first).days >= LONGEST_DAYS:
        raise refuse("PACK_TOO_LONG", most=LONGEST_DAYS)
    tx.record(ENTITY, KEY, {"step": "begun", **_days(period)})
    return period


@act("audit.pack_made", Command.EXPORT_AUDIT)
def made(tx: Tx, *, period: Period, sha256: str, counts: Mapping[str, int]) -> dict[str, Any]:
    """Write down that a pack was made, before anybody has it; return what the log then holds.

    Args:
        tx: the act.
        period: of the pack.
        sha256: of the file, in hex.
        counts: `bytes` of it, `events`, `rows` of all tables.

    Raises:
        Refused: no such pack, or the role takes none.
    """
    tx.about(ENTITY, KEY)
    tx.permit()
    if not isinstance(period, Period) or not isinstance(counts, dict):
        raise refuse("NOT_A_LIST", what="Paket")
    told = {**_days(period), "sha256": inputs.sha256(sha256), **counts}
    tx.record(ENTITY, KEY, {"step": "made", **told})
    return told


def _days(period: Period) -> dict[str, str]:
    return {"first": period.first.isoformat(), "last": period.last.isoformat()}
