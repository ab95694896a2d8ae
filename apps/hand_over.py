"""What goes from body to body without a click: to the Konsorsium, and back to BNP2TKI (§12.3-12.4, §14.3-14.5; R-018, R-087, R-164).

Each step is an act of its own and may be repeated: whatever was cut short, the next run goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from posko.services import intake, publication, returns

if TYPE_CHECKING:
    from posko.services.office import Office

_UNDER_WAY = (
    "select return_batch_id, source_batch_id is null as is_to_relay from posko.return_batch"
    " where acknowledged_at is null order by return_batch_id"
)


def hand_over(office: Office) -> dict[str, int]:
    """Do all that is due and return the counts: `sent` to the Konsorsium, `refreshed` publications, `returned`, `closed`."""
    system = office.desk(None)
    counts = {"sent": 0, "refreshed": 0, "returned": 0, "closed": 0}
    while rows := int(system.do(intake.send_eligible)["rows"]):
        counts["sent"] += rows
    counts["refreshed"] = system.do(publication.refresh)["published"]
    counts["returned"] = system.do(returns.make_return)["rows"] or 0
    for return_batch_id, is_to_relay in _under_way(office):
        if is_to_relay:
            system.do(returns.relay, return_batch_id=return_batch_id)
        read_back = system.do(returns.read_back_from_staging, return_batch_id=return_batch_id)
        counts["closed"] += int(read_back["closed"])
    return counts


def _under_way(office: Office) -> list[tuple[int, bool]]:
    with office.engine.connect() as db:
        return [(int(number), bool(is_to_relay)) for number, is_to_relay in db.execute(sa.text(_UNDER_WAY))]
