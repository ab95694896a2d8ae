"""Whether a certificate's row is still what was handed over when it was made (§13.14; DV-C05).

The hash of each row stands on the hop LSP -> BNSP and, since the decision, in the audit log, which the owner of the database cannot
rewrite. A row that no longer has its hash is vouched for nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.handoff import Hop
from posko.services import deviation_register, result_table
from posko.services.rows import many_among, one

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from posko.services.office import Tx

RULE = "DV-C05"


def altered(db: sa.Connection, journey_ids: Sequence[int]) -> set[int]:
    """Return those of these journeys whose decision or certificate is no longer what was handed over."""
    now = result_table.hashes_of(db, journey_ids)
    sql = "select journey_id, row_hash from posko.handoff_line where hop = :hop and journey_id in :ids"
    lines = many_among(db, sql, journey_ids, hop=Hop.LSP_TO_BNSP.value)
    return {int(line["journey_id"]) for line in lines if now.get(int(line["journey_id"])) != line["row_hash"]}


def note_altered(tx: Tx, journey_id: int, tki_id: str, certificate_no: str) -> None:
    """Write an altered certificate into the register of deviations, once, however often it is asked about."""
    known = one(
        tx.db,
        "select 1 as found from posko.deviation where rule_id = :rule and journey_id = :journey limit 1",
        rule=RULE,
        journey=journey_id,
    )
    if known is None:
        deviation_register.note(
            tx,
            RULE,
            {"certificate_no": certificate_no, "found_by": tx.meta.name},
            mode="D",
            subject_kind="certificate",
            subject_code=certificate_no,
            journey_id=journey_id,
            tki_id=tki_id,
        )
