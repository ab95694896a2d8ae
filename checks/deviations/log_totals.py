"""Control totals of the audit log: whether its chains and seals can be broken anywhere at all (§5.3; DV-X05).

To ask of each event for the one before it and for its seal is a look into two indexes an event, half a minute a year. Read once, the log
gives the same answer as sums of checksums: every `prev` is some event's mac but for the newest of each writer, and every event is sealed or
waits for it. Sums and no XOR, because CRC-32 is linear and two exchanged values would cancel. A checksum proves nothing against somebody
who chooses what he writes, and neither does the chain without its key: that is what `posko audit verify` is for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.audit import FIRST_PREV
from posko.services.rows import many

if TYPE_CHECKING:
    import sqlalchemy as sa

_EVENTS = """
    select count(*) as events, coalesce(sum(crc32(event_id)), 0) as numbers,
        coalesce(sum(crc32(concat(writer_id, writer_seq, mac))), 0) as macs,
        coalesce(sum(case when writer_seq = 1 then 0 else crc32(concat(writer_id, writer_seq - 1, prev)) end), 0) as before_them,
        coalesce(sum(writer_seq = 1 and prev <> :first), 0) as begun_wrongly
    from posko_audit.audit_event"""
_NEWEST = """
    select coalesce(sum(crc32(concat(event.writer_id, event.writer_seq, event.mac))), 0) as macs
    from (select writer_id, max(writer_seq) as writer_seq from posko_audit.audit_event group by writer_id) as newest
    straight_join posko_audit.audit_event as event
        on event.writer_id = newest.writer_id and event.writer_seq = newest.writer_seq"""
"""From the writers to their events: MariaDB would else look for the newest of its writer once for every event."""
_SEALS = "select count(*) as events, coalesce(sum(crc32(event_id)), 0) as numbers from posko_audit.audit_seal"
_WAITING = """
    select count(*) as events, coalesce(sum(crc32(waits.event_id)), 0) as numbers
    from posko_audit.audit_pending as waits join posko_audit.audit_event as event on event.event_id = waits.event_id
    left join posko_audit.audit_seal as seal on seal.event_id = waits.event_id where seal.event_id is null"""


class LogTotals:
    """The totals of the whole log as it stands; ask inside one snapshot while others write.

    Attributes:
        is_chained: every event goes on from the mac of the one before it, each writer's first from `FIRST_PREV`.
        is_sealed: every event is sealed or waits for it, and every seal has its event.
    """

    def __init__(self, db: sa.Connection) -> None:
        events, newest, seals, waiting = (
            many(db, sql, first=FIRST_PREV)[0] for sql in (_EVENTS, _NEWEST, _SEALS, _WAITING)
        )
        self.is_chained = not events["begun_wrongly"] and events["macs"] - newest["macs"] == events["before_them"]
        self.is_sealed = all(events[name] == seals[name] + waiting[name] for name in ("events", "numbers"))
