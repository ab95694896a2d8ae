"""BNSP sends the filtered table to the Konsorsium by itself (§12.1-12.4; R-084..R-087, R-182).

Whom the filter let pass, and nobody else, gets a journey that stands at the Konsorsium. The lines of the first two hops, which `ingest`
pulled, are written at the same time, so that every TKI has a chain of hand-offs from BNP2TKI on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from posko.domain.handoff import Hop
from posko.domain.refusals import refuse
from posko.services import handoffs, inputs, journeys
from posko.services.handed_rows import delivered_hash
from posko.services.office import act
from posko.services.pipeline_results import built
from posko.services.rows import Row, many

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from posko.services.office import Tx

SCHEME = "TLRT"
HOPS = (
    (Hop.BNP2TKI_TO_RELAY, "BNP2TKI", "RELAY"),
    (Hop.RELAY_TO_BNSP, "RELAY", "BNSP"),
    (Hop.BNSP_TO_KONSORSIUM, "BNSP", "KONSORSIUM"),
)
_NEW = """
    select eligible.tki_id, coalesce(proposal.scheme_code, :scheme) as scheme_code, staged.row_crc
    from posko_model.fct_tki_eligible as eligible
    join posko_staging.tki_tlrt as staged on staged.id_tki = eligible.tki_id
    left join posko_model.fct_tuk_proposal as proposal on proposal.tki_id = eligible.tki_id
    where eligible.tki_id > :after
        and not exists (select 1 from posko.journey as journey where journey.tki_id = eligible.tki_id)
    order by eligible.tki_id limit :most"""
MOST_AT_ONCE = 5_000
"""TKI whom one sending takes: the design load of a peak day, and a transaction that no memory notices."""


@act("intake.send_eligible", None)
def send_eligible(tx: Tx, *, after: str = "", most: int = MOST_AT_ONCE) -> dict[str, Any]:
    """Open a journey at the Konsorsium for the eligible TKI who never had one; the caller repeats until nobody is left.

    Args:
        tx: the act.
        after: only ID TKI behind this one, the `last` of the sending before: a million in one night must not be looked through anew
            for every five thousand. Whoever turns up before it meanwhile goes with the next night.
        most: how many at most.

    Returns:
        `batch_id` of the hop BNSP -> Konsorsium (None: nobody new), `rows`, and the `last` ID TKI among them.

    Raises:
        Refused: the pipeline never ran, or another sending is under way.
    """
    tx.permit()
    with built():
        at_most = inputs.number(most, "Banyaknya TKI", MOST_AT_ONCE)
        new = many(tx.db, _NEW, scheme=SCHEME, after=inputs.typed_id(after) if after else "", most=at_most)
    if not new:
        tx.record("handoff", "-", {"hop": Hop.BNSP_TO_KONSORSIUM.value, "rows": 0})
        return {"batch_id": None, "rows": 0, "last": None}
    _, batch_id = open_and_send(tx, new)
    return {"batch_id": batch_id, "rows": len(new), "last": new[-1]["tki_id"]}


def open_and_send(tx: Tx, rows: Sequence[Row]) -> tuple[list[Row], int]:
    """Open journeys for rows of tki_id, scheme_code and row_crc, with their lines of the first three hops.

    Returns:
        The journeys, and the number of the batch BNSP -> Konsorsium.

    Raises:
        Refused: one of them was opened meanwhile.
    """
    try:
        with tx.db.begin_nested():
            opened = journeys.open_journeys(tx, [(row["tki_id"], row["scheme_code"]) for row in rows])
    except sa.exc.IntegrityError as error:
        raise refuse("CHANGED_MEANWHILE") from error
    hashes = {row["tki_id"]: delivered_hash(row["tki_id"], row["row_crc"]) for row in rows}
    return opened, _hand_over(tx, opened, hashes)


def _hand_over(tx: Tx, opened: Sequence[Row], hashes: Mapping[str, bytes]) -> int:
    lines = [handoffs.Line(row["tki_id"], hashes[row["tki_id"]], row["journey_id"]) for row in opened]
    batch_id = 0
    for hop, sender, receiver in HOPS:
        batch_id = handoffs.send(tx, hop, sender=sender, receiver=receiver, lines=lines)
        handoffs.take_over(tx, batch_id, hashes)
    return batch_id
