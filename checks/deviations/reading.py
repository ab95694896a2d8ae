"""One account that reads or takes out more than its work needs (§5.4; DV-X04, R-021).

Counted are, from the audit log, the rows that a person let leave as files on one day, and the records of single TKI that she looked at.
A try to reach outside the own scope is refused and noted at once, and is not counted here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from checks.deviations.dated import SINCE, local_day, value_on
from posko.domain.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

RULE = "DV-X04"
LOOKS = ("registration.search", "as_of.look", "screen.tki_fingers", "screen.certificate_standing", "journey.proofs")
"""Acts that show one TKI."""
_FROM = f"""
    from posko_audit.audit_event as event
    where event.action in :actions and event.actor_kind = 'person' and event.outcome = 'ok'
        and event.occurred_at >= {SINCE}"""
_DAY = local_day("event.occurred_at")
_TAKEN = f"""
    select counted.* from (
        select event.actor_id, {_DAY} as day_on, count(*) as times,
            sum(coalesce(cast(json_value(event.payload, '$.rows') as unsigned), 0)) as number, max(event.occurred_at) as last_at
        {_FROM} group by event.actor_id, {_DAY}
    ) as counted where counted.number >= {value_on("export_rows_a_day", "counted.day_on")}"""
_LOOKED = f"""
    select counted.* from (
        select event.actor_id, {_DAY} as day_on, count(*) as times, count(distinct event.entity_key) as number,
            max(event.occurred_at) as last_at
        {_FROM} group by event.actor_id, {_DAY}
    ) as counted where counted.times >= {value_on("record_looks_a_day", "counted.day_on")}"""


def find(db: sa.Connection, on: date, since: datetime | None = None) -> Iterator[Finding]:  # noqa: ARG001 - each day is judged by its own value
    """Yield a finding for each person and day of mass export, and for each of mass reading.

    Args:
        db: connection of `posko_export`.
        on: the day judged.
        since: only from the day on in which this moment lies (UTC); None: all.
    """
    for sql, actions, key, cause in (
        (_TAKEN, ("list.export",), "ekspor", "ekspor besar-besaran dalam satu hari"),
        (_LOOKED, LOOKS, "baca", "pembacaan besar-besaran dalam satu hari"),
    ):
        statement = sa.text(sql).bindparams(sa.bindparam("actions", expanding=True))
        for row in db.execute(statement, {"actions": actions, "since": since}).mappings():
            unit = "baris" if key == "ekspor" else "tki"
            told = {"sebab": cause, "kali": int(row["times"]), unit: int(row["number"])}
            yield Finding(RULE, "staff", row["actor_id"], f"{key} {row['day_on']}", told, row["last_at"])
