"""The result table that goes from the LSP to BNSP by itself as soon as numbers and codes are made (§13.13-13.14; R-139, R-141, X5).

Those who passed and those who did not both go. What is handed over is hashed row by row, and the same functions
let the ledger recompute every hash from the tables (DV-C05).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.handoff import Hop, row_hash
from posko.services.handoffs import Line, send, take_over
from posko.services.rows import Row, many_among

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import sqlalchemy as sa

    from posko.services.office import Tx

_ROWS = """
    select decision.journey_id, journey.tki_id, journey.scheme_code, journey.journey_no, journey.attempt_no,
        decision.session_id, decision.lsp_code, decision.sk_no, decision.result, decision.asesor_result, decision.decided_at,
        certificate.certificate_no, certificate.secure_code_digest, certificate.certified_on, certificate.valid_until
    from posko.decision
    join posko.journey on journey.journey_id = decision.journey_id
    left join posko.certificate on certificate.decision_id = decision.decision_id
    where decision.journey_id in :ids
    order by decision.journey_id
"""


def rows_of(db: sa.Connection, journey_ids: Sequence[int]) -> list[Row]:
    """Return the rows of the result table of these journeys, as the operational tables have them now."""
    return many_among(db, _ROWS, journey_ids)


def hand_over_fields(row: Mapping[str, object]) -> tuple[object, ...]:
    """Return what of a row is handed over, in its order; nothing in it changes later, a revocation neither."""
    digest = row["secure_code_digest"]
    return (
        row["tki_id"],
        row["scheme_code"],
        row["journey_no"],
        row["session_id"],
        row["lsp_code"],
        row["sk_no"],
        row["result"],
        row["asesor_result"],
        row["decided_at"],
        row["certificate_no"],
        digest.hex() if isinstance(digest, bytes) else None,
        row["certified_on"],
        row["valid_until"],
    )


def hashes_of(db: sa.Connection, journey_ids: Sequence[int]) -> dict[int, bytes]:
    """Return journey -> hash of its row on the hop LSP -> BNSP, recomputed from the tables."""
    return {int(row["journey_id"]): row_hash(hand_over_fields(row)) for row in rows_of(db, journey_ids)}


def send_results(tx: Tx, lsp_code: str, rows: Sequence[Row]) -> int:
    """Send these rows to BNSP and take them over there, both by the system; return the batch.

    BNSP hashes what it holds anew, so that a row that was altered on the way is refused (DV-A11).
    """
    lines = [
        Line(row["tki_id"], row_hash(hand_over_fields(row)), int(row["journey_id"]), int(row["attempt_no"]))
        for row in rows
    ]
    batch_id = send(tx, Hop.LSP_TO_BNSP, sender=f"LSP:{lsp_code}", receiver="BNSP", lines=lines)
    held = rows_of(tx.db, [int(row["journey_id"]) for row in rows])
    take_over(tx, batch_id, {row["tki_id"]: row_hash(hand_over_fields(row)) for row in held})
    return batch_id
